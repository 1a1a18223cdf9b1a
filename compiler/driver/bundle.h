// A build → the file that gateways load: what `hpol build` writes.
#pragma once

#include <string>
#include <vector>

#include "compiler/driver/driver.h"
#include "hpol/result.h"
#include "runtime/bundle/image.h"

namespace hpol::driver {

struct BundleWish {
  std::vector<bundle::Machine> machines = {bundle::Machine::kX86_64};
  std::string minimum_version = {};  // what may follow at least; empty: the policy's own version
  bool revokes = false;              // ends requests in flight under older policies
  bool source = false;               // carries the policy's text
};

// For a build with Options::filter that reached Stage::kCode; `jit` may be off. The bundle is not signed.
// Bytes depend on the policy, its files' names without folders, this compiler, and the wish alone.
Result<std::string> MakeBundle(const Build& build, const BundleWish& wish = {});

}  // namespace hpol::driver
