#include "compiler/pattern/near_tables.h"

#include <string>

#include "runtime/detect/near.h"

namespace hpol::pattern {

ir::Tables NearTables(const std::vector<hir::Near>& clauses, bool needs_near) {
  ir::Tables tables;
  for (const hir::Near& near : clauses) {
    const std::vector<std::string> words = detect::NormalWords(near.words);
    ir::NearClause clause{near.negated,
                          near.within,
                          {static_cast<uint32_t>(tables.lists.size()), static_cast<uint32_t>(words.size())}};
    detect::SetFirstBytes(words, clause.first);
    for (const std::string& word : words) {
      tables.lists.push_back(static_cast<ir::StringId>(tables.strings.size()));
      tables.strings.push_back(word);
    }
    tables.near.push_back(clause);
  }
  ir::Detector row;
  row.near.count = static_cast<uint32_t>(tables.near.size());
  row.needs_near = needs_near;
  tables.detectors.push_back(row);
  return tables;
}

}  // namespace hpol::pattern
