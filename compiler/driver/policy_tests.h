// Runs the `test` blocks of a policy on the compiled engine.
#pragma once

#include <string>
#include <vector>

#include "compiler/driver/driver.h"

namespace hpol::driver {

struct TestResult {
  std::string title;
  dsl::Span span;
  bool passed = false;
  std::string expected;  // as written: `confidential + pii, unavailable`
  std::string actual;    // the same words for what happened
};

// `build` must be ok and hold code.
std::vector<TestResult> RunPolicyTests(const Build& build);

}  // namespace hpol::driver
