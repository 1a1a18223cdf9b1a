// What tests of the driver's reports share: a policy with files beside it that hold its reports.
#pragma once

#include <fstream>
#include <sstream>
#include <string>

#include "compiler/driver/driver.h"

namespace hpol::driver {

// A policy compiled as far as its patterns.
inline Build BuildPatterns(const char* policy) {
  Options options;
  options.stop_after = Stage::kPattern;
  return Run(*ReadInput(policy), options);
}

// The file beside the policy that has `ending` for `.hpol`.
inline std::string GoldenBeside(std::string policy, const std::string& ending) {
  policy.replace(policy.rfind(".hpol"), 5, ending);
  std::ostringstream text;
  text << std::ifstream(policy).rdbuf();
  return text.str();
}

}  // namespace hpol::driver
