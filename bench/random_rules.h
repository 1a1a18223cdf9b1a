// Random rules over 12 attributes as decision tables, with no policy text: eight enums of 4 to 256 members,
// a set of 32 roles, and three ranges of numbers. And the families that an index finds hardest.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "hpol/engine.h"
#include "runtime/abi/tables.h"

namespace hpol::bench {

enum class Family : uint8_t {
  kLoose,         // 2 to 5 conditions: most requests meet a rule early
  kSelective,     // 5 conditions, two of them always on the same two attributes: mostly no rule
  kScattered,     // 5 conditions on any attributes
  kOneAttribute,  // hostile: every rule asks for one value of the largest enum and a role
  kRanges,        // hostile: nothing but ranges
  kNegations,     // hostile: every condition is negated
  kStrings,       // hostile: every rule names a string of its own, and a role
};
const char* FamilyName(Family family);

struct RandomRule {
  static constexpr uint32_t kEnums = 8;
  uint32_t asks = 0;     // bit a: enum a; bit 8: roles; bits 9 to 11: ranges; bit 12: the string
  bool negated = false;  // each of them
  std::array<std::array<uint64_t, 4>, kEnums> members{};
  uint32_t roles = 0;
  std::array<std::array<int64_t, 2>, 3> range{};  // [from, to)
  uint32_t name = 0;
};

struct RandomQuery {
  std::array<uint8_t, RandomRule::kEnums> members{};
  uint32_t roles = 0;
  std::array<int64_t, 3> numbers{};
  uint32_t name = 0;
};

std::vector<RandomRule> MakeRules(Family family, uint32_t count);
std::vector<RandomQuery> MakeQueries(uint32_t count, uint32_t names);
std::shared_ptr<const ir::Tables> ToTables(const std::vector<RandomRule>& rules);

// Reads one rule after the other: the number of the first that applies, or Choice::kNoRow.
uint32_t DecideByScan(const std::vector<RandomRule>& rules, const RandomQuery& query);

void Fill(AttributeSet& set, const RandomQuery& query);
std::shared_ptr<const Engine> MakeEngineOf(std::shared_ptr<const ir::Tables> tables);

}  // namespace hpol::bench
