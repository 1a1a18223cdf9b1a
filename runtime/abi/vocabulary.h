// The words that both sides of the seam share: labels, tiers, sources, actions.
// Plain data; no behaviour beyond the lattice.
#pragma once

#include <compare>
#include <cstdint>
#include <string_view>

namespace hpol {

// A label as one word, so that join is OR and "at most" is an AND:
//   bits 0…15   levels as a thermometer: level k (0 = lowest) sets bits 0…k-1
//   bits 16…63  categories, one bit each; bit 16 is the built-in `pseudonymous`
struct Label {
  uint64_t word = 0;

  static constexpr int kMaxLevels = 17;
  static constexpr int kMaxCategories = 48;
  static constexpr uint64_t kLevelMask = 0xffff;

  static constexpr Label Level(int level) { return {(uint64_t{1} << level) - 1}; }
  static constexpr Label Category(int category) { return {uint64_t{1} << (16 + category)}; }

  constexpr Label Join(Label other) const { return {word | other.word}; }
  // The order of the lattice: this may flow to a place cleared for `other`.
  constexpr bool FlowsTo(Label other) const { return (word & ~other.word) == 0; }
  constexpr int level() const { return __builtin_popcountll(word & kLevelMask); }
  constexpr bool has_category(int category) const { return (word >> (16 + category)) & 1; }
  friend constexpr bool operator==(Label, Label) = default;
};

// Category 0 of every policy; left by every reversible redaction (DESIGN 2.2.6).
inline constexpr int kPseudonymousCategory = 0;

// Evidence of a finding, weakest first: what it looks like, words around it, its validator's word.
enum class Tier : uint8_t { kShape = 0, kContext = 1, kChecksum = 2 };

// How every report writes a tier.
constexpr std::string_view TierName(Tier tier) {
  switch (tier) {
    case Tier::kShape:
      return "shape";
    case Tier::kContext:
      return "context";
    case Tier::kChecksum:
      return "checksum";
  }
  return "shape";
}

// Where an attribute's value came from. kNone never matches a declaration.
enum class Source : uint8_t { kNone = 0, kIdentity, kGateway, kCaller };

enum class AttributeType : uint8_t { kBool, kInt, kString, kEnum, kStringSet, kEnumSet, kLabel };

// Ordered by strength: where spans merge, the strongest action wins. Those up to kPseudonym can be turned
// back.
enum class RedactionAction : uint8_t {
  kShift = 0,
  kFpe,
  kEncrypt,
  kPseudonym,
  kGeneralize,
  kHash,
  kMask,
  kRemove
};

// What it writes is put back in the answer.
constexpr bool IsReversible(RedactionAction action) { return action <= RedactionAction::kPseudonym; }
// It is personal data still, whatever a policy says: it can be turned back, or linked.
constexpr bool IsPseudonymous(RedactionAction action) {
  return IsReversible(action) || action == RedactionAction::kHash;
}

// What a rule does to an answer, weakest first.
enum class RespondAction : uint8_t { kAlert = 0, kMask, kBlock };

// What `until` measures at a target, in millionths: requests in flight over capacity; share of recent
// attempts that were answered; share of the request's limits that is left. The first ends a step when it is
// high, the others when they are low.
enum class Gauge : uint8_t { kLoad = 0, kHealth, kBudget };

// What a limit counts, and over which calendar span (UTC).
enum class LimitUnit : uint8_t { kTokens = 0, kRequests, kMoney };
enum class Period : uint8_t { kMinute = 0, kHour, kDay, kMonth };

// When clocks change in a year: weekday (0 = Sunday) number `week` of the month (5 = the last), and the
// second of that local day, which may lie outside of it.
struct ClockChange {
  uint32_t month = 0;  // 1 … 12; 0: clocks do not change
  uint32_t week = 0;
  uint32_t weekday = 0;
  int32_t second = 0;
};

// Local time: seconds east of UTC, and in summer.
struct TimeZone {
  int32_t offset = 0;
  int32_t summer_offset = 0;
  ClockChange to_summer;
  ClockChange to_standard;
};

// Three-valued truth. The order makes AND a minimum and OR a maximum.
enum class Truth : uint8_t { kFalse = 0, kUnknown = 1, kTrue = 2 };

// Small distinct indices into the tables of one policy.
template <typename Tag>
struct Id {
  uint32_t value = 0;
  friend constexpr auto operator<=>(Id, Id) = default;
};
using DetectorId = Id<struct DetectorTag>;
using AttributeId = Id<struct AttributeTag>;
using ZoneId = Id<struct ZoneTag>;
using TargetId = Id<struct TargetTag>;
using RedactionId = Id<struct RedactionTag>;
using FactId = Id<struct FactTag>;
using CandidateId = Id<struct CandidateTag>;

inline constexpr RedactionId kNoRedaction{0xffffffff};

}  // namespace hpol
