#include "compiler/plan/pools.h"

namespace hpol::plan {

Pools::Pools(ir::Tables& tables, const dsl::SourceMap& sources) : tables_(tables), sources_(sources) {
  String("");  // strings[0], what every zero means
}

ir::StringId Pools::String(std::string_view text) {
  const auto [entry, added] =
      strings_.try_emplace(std::string(text), static_cast<ir::StringId>(tables_.strings.size()));
  if (added) tables_.strings.emplace_back(text);
  return entry->second;
}

ir::Range Pools::Strings(const std::vector<std::string>& texts) {
  const ir::Range range{static_cast<uint32_t>(tables_.lists.size()), static_cast<uint32_t>(texts.size())};
  for (const std::string& text : texts) tables_.lists.push_back(String(text));
  return range;
}

ir::Range Pools::Indices(const std::vector<uint32_t>& indices) {
  const ir::Range range{static_cast<uint32_t>(tables_.indices.size()), static_cast<uint32_t>(indices.size())};
  tables_.indices.insert(tables_.indices.end(), indices.begin(), indices.end());
  return range;
}

ir::Place Pools::Place(dsl::Span span) {
  if (span.file.value >= sources_.size()) return {};  // a policy that was built without source
  const dsl::SourceFile& file = sources_.Get(span.file);
  return {String(file.name()), file.Locate(span.begin).line, span.begin, span.end};
}

}  // namespace hpol::plan
