#include "compiler/pattern/blame.h"

#include <algorithm>
#include <optional>
#include <tuple>
#include <vector>

#include "compiler/pattern/dfa.h"
#include "compiler/pattern/nfa.h"
#include "compiler/pattern/pattern.h"

namespace hpol::pattern {
namespace {

// So many repetitions are tried without their counts, the largest counts first.
constexpr size_t kSuspects = 6;

Place PlaceOf(const Regex& regex) { return {regex.begin, regex.end}; }

// What explodes soon passes a fraction of the limit too, and this is asked of many parts.
constexpr uint32_t kFewRawStates = kMaxRawStates / 10;

std::optional<Matcher> CompileAlone(const Regex& regex, bool bounded,
                                    uint32_t max_raw_states = kMaxRawStates) {
  NfaBuilder alone;
  alone.AddPattern(regex, bounded);
  return Automaton(std::move(alone), max_raw_states);
}

bool IsLarge(const Regex& regex, bool bounded) { return !CompileAlone(regex, bounded, kFewRawStates); }

// The smallest part that `holds`, which is true of `regex`, is still true of.
template <typename Predicate>
const Regex& Smallest(const Regex& regex, const Predicate& holds) {
  for (const Regex& part : regex.parts) {
    if (holds(part)) return Smallest(part, holds);
  }
  return regex;
}

void Collect(Regex& regex, Regex::Kind kind, std::vector<Regex*>& found) {
  if (regex.kind == kind) found.push_back(&regex);
  for (Regex& part : regex.parts) Collect(part, kind, found);
}

uint32_t Count(const Regex& repeat) { return repeat.max == kUnbounded ? repeat.min : repeat.max; }

}  // namespace

uint32_t ShortestMatch(const Regex& regex) {
  uint64_t bytes = 0;
  switch (regex.kind) {
    case Regex::Kind::kEmpty:
    case Regex::Kind::kEdge:
      break;
    case Regex::Kind::kClass: {
      const uint32_t first = regex.code_points.front().first;
      bytes = first < 0x80 ? 1 : first < 0x800 ? 2 : first < 0x10000 ? 3 : 4;
      break;
    }
    case Regex::Kind::kConcat:
      for (const Regex& part : regex.parts) bytes += ShortestMatch(part);
      break;
    case Regex::Kind::kAlternate:
      bytes = ShortestMatch(regex.parts[0]);
      for (const Regex& part : regex.parts) bytes = std::min<uint64_t>(bytes, ShortestMatch(part));
      break;
    case Regex::Kind::kRepeat:
      bytes = uint64_t{regex.min} * ShortestMatch(regex.parts[0]);
      break;
  }
  return static_cast<uint32_t>(std::min<uint64_t>(bytes, kMaxMatchBytes + 1));
}

Place TooLong(const Regex& regex) {
  return PlaceOf(Smallest(regex, [](const Regex& part) { return ShortestMatch(part) > kMaxMatchBytes; }));
}

Place Contradiction(const Regex& regex, bool bounded) {
  Regex copy = regex;
  std::vector<Regex*> edges;
  Collect(copy, Regex::Kind::kEdge, edges);
  for (Regex* edge : edges) {
    edge->kind = Regex::Kind::kEmpty;
    const std::optional<Matcher> without = CompileAlone(copy, bounded);
    edge->kind = Regex::Kind::kEdge;
    if (without && without->max_length > 0) return PlaceOf(*edge);
  }
  return PlaceOf(regex);
}

bool IsTooLarge(const Regex& regex, bool bounded) { return !CompileAlone(regex, bounded); }

Place TooLarge(const Regex& regex, bool bounded) {
  Regex part = Smallest(regex, [&](const Regex& each) { return IsLarge(each, bounded); });
  if (part.kind == Regex::Kind::kRepeat) return PlaceOf(part);
  std::vector<Regex*> repeats;
  Collect(part, Regex::Kind::kRepeat, repeats);
  std::erase_if(repeats, [](const Regex* repeat) { return Count(*repeat) < 2; });
  std::sort(repeats.begin(), repeats.end(), [](const Regex* a, const Regex* b) {
    return std::tuple(Count(*b), a->begin) < std::tuple(Count(*a), b->begin);
  });
  if (repeats.size() > kSuspects) repeats.resize(kSuspects);
  for (Regex* repeat : repeats) {
    const Regex counted = *repeat;
    repeat->min = std::min(repeat->min, 1u);
    repeat->max = kUnbounded;
    const bool fits = !IsLarge(part, bounded);
    if (fits) return PlaceOf(counted);
    repeat->min = counted.min;
    repeat->max = counted.max;
  }
  return PlaceOf(part);
}

}  // namespace hpol::pattern
