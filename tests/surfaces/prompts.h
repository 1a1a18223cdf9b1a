// Labelled prompts from a fixed seed.
#pragma once

#include <string>
#include <vector>

namespace hpol::surface_tests {

struct Prompt {
  std::string text;
  int level = 0;  // of the example policy: public, internal, confidential
};

// The same ones in every run. Valid identifiers are computed, not listed.
std::vector<Prompt> MakePrompts(size_t count);

}  // namespace hpol::surface_tests
