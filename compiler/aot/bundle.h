// A compiled policy → one unsigned file (runtime/bundle/container.h). Signing is another step, with another
// key holder (runtime/bundle/sign.h).
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "compiler/pattern/pattern.h"
#include "hpol/result.h"
#include "runtime/abi/filter.h"
#include "runtime/abi/openings.h"
#include "runtime/abi/tables.h"
#include "runtime/bundle/image.h"

namespace hpol::aot {

struct BundleParts {
  const ir::Tables& tables;
  const std::vector<pattern::Matcher>& matchers;
  const filter::Program& filter;
  const Openings& openings;
  std::string manifest;
  std::vector<std::pair<std::string, std::string>> sources = {};  // name and text, for people
  std::vector<bundle::Machine> machines = {bundle::Machine::kX86_64};
};

// Equal parts give equal bytes.
Result<std::string> WriteBundle(const BundleParts& parts);

}  // namespace hpol::aot
