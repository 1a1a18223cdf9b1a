// An authorization-style policy of 20 rules over a caller's department, roles, region, clearance, tokens,
// cost and a flag: for hpol as text, for peers as expressions, and by hand in C++ as the floor below which
// nobody can go. Denials come first, so that engines without an order of rules give the same verdicts.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace hpol::bench {

// One request, in the numbers that a hand-written service would use.
struct Caller {
  uint8_t department = 0;
  uint8_t region = 0;
  uint8_t clearance = 0;  // level
  uint32_t roles = 0;     // one bit a role
  int64_t tokens = 0;
  int64_t cost = 0;
  bool flagged = false;
};

// The same as it comes over a wire.
struct SpelledCaller {
  std::string_view department;
  std::string_view region;
  std::string_view clearance;
  std::array<std::string_view, 4> roles;
  size_t role_count = 0;
  int64_t tokens = 0;
  int64_t cost = 0;
  bool flagged = false;
};

inline constexpr uint32_t kNoRule = 0xffffffff;
inline constexpr uint32_t kDenials = 8;  // rules below this number deny

std::string AuthorizePolicy();

// The number of the first rule that applies, or kNoRule.
uint32_t DecideByHand(const Caller& caller);
uint32_t DecideByHand(const SpelledCaller& caller);

std::vector<Caller> RandomCallers(size_t count, uint32_t seed);
SpelledCaller Spell(const Caller& caller);

extern const std::array<std::string_view, 8> kDepartments;
extern const std::array<std::string_view, 6> kRegions;
extern const std::array<std::string_view, 12> kRoles;
extern const std::array<std::string_view, 4> kClearances;

}  // namespace hpol::bench
