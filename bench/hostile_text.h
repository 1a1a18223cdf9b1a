// Text that an attacker would send to make scanning slow: each family aims at one of our own verifiers.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace hpol::bench {

struct HostileText {
  std::string name;
  std::string aim;  // what it tries to make slow
  std::string text;
};

// Every family, each of exactly `size` bytes; the same for the same size.
std::vector<HostileText> HostileTexts(size_t size);

}  // namespace hpol::bench
