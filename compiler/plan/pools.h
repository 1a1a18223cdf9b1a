// Fills the shared pools of the tables: strings once each, lists and indices as ranges.
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "dsl/source/source.h"
#include "runtime/abi/tables.h"

namespace hpol::plan {

class Pools {
 public:
  Pools(ir::Tables& tables, const dsl::SourceMap& sources);

  ir::StringId String(std::string_view text);
  ir::Range Strings(const std::vector<std::string>& texts);
  ir::Range Indices(const std::vector<uint32_t>& indices);
  template <typename Id>
  ir::Range Ids(const std::vector<Id>& ids) {
    std::vector<uint32_t> indices;
    for (const Id id : ids) indices.push_back(id.value);
    return Indices(indices);
  }
  ir::Place Place(dsl::Span span);

 private:
  ir::Tables& tables_;
  const dsl::SourceMap& sources_;
  std::unordered_map<std::string, ir::StringId> strings_;
};

}  // namespace hpol::plan
