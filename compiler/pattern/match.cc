// Running a matcher by table. The compiled code of compiler/lower does the same, faster.
#include <algorithm>

#include "compiler/pattern/near_tables.h"
#include "compiler/pattern/pattern.h"
#include "runtime/detect/near.h"
#include "runtime/detect/validators.h"
#include "runtime/detect/words.h"

namespace hpol::pattern {
namespace {

bool IsExcepted(const hir::Detector& detector, std::string_view match) {
  return std::find(detector.exceptions.begin(), detector.exceptions.end(), match) !=
         detector.exceptions.end();
}

// The longest accepted match at `at`, shorter and shorter until one is accepted.
std::optional<Found> FindAt(const hir::Detector& detector, const Matcher& matcher, std::string_view text,
                            uint64_t at) {
  const auto* bytes = reinterpret_cast<const uint8_t*>(text.data());
  uint64_t limit = text.size();
  while (limit > at) {
    const uint64_t end = Match(matcher, bytes, text.size(), at, limit);
    if (end == 0) return std::nullopt;
    const std::string_view match = text.substr(at, end - at);
    const detect::Validity validity = detect::Validators()[detector.validator].check(match);
    if (validity != detect::Validity::kReject && !IsExcepted(detector, match)) {
      return Found{static_cast<uint32_t>(at), static_cast<uint32_t>(end),
                   validity == detect::Validity::kAccept ? Tier::kChecksum : Tier::kShape};
    }
    limit = end - 1;
  }
  return std::nullopt;
}

hpol_match RunAutomaton(const Matcher& matcher, const uint8_t* text, uint64_t size, uint64_t at,
                        uint64_t limit) {
  const uint64_t k = matcher.class_count;
  const auto class_at = [&](uint64_t place) {
    return place < size ? matcher.class_of[text[place]] : matcher.edge_class;
  };
  const uint16_t before = at == 0 ? matcher.edge_class : matcher.class_of[text[at - 1]];
  uint64_t state = matcher.next[matcher.start * k + before];
  const uint64_t stop = at + std::min<uint64_t>(limit - at, matcher.max_length);
  uint64_t end = 0;
  uint64_t place = at;
  while (state != 0 && place < stop) {
    state = matcher.next[state * k + class_at(place)];
    ++place;
    if (state >= matcher.first_accepting && matcher.accepts[state * k + class_at(place)]) end = place;
  }
  return {end, place};
}

}  // namespace

uint32_t Matcher::LongestMatch() const {
  uint32_t longest = max_length;
  for (const WordTrie& trie : tries) longest = std::max(longest, trie.max_length());
  return longest;
}

std::bitset<256> Matcher::FirstBytes() const {
  std::bitset<256> bytes = first_bytes;
  for (const WordTrie& trie : tries) bytes |= trie.FirstBytes();
  return bytes;
}

hpol_match Attempt(const Matcher& matcher, const uint8_t* text, uint64_t size, uint64_t at, uint64_t limit) {
  hpol_match longest = RunAutomaton(matcher, text, size, at, limit);
  for (const WordTrie& trie : matcher.tries) {
    const hpol_match word = detect::MatchWords(trie.View(), text, size, at, limit);
    longest = {std::max(longest.end, word.end), std::max(longest.stopped, word.stopped)};
  }
  return longest;
}

uint64_t Match(const Matcher& matcher, const uint8_t* text, uint64_t size, uint64_t at, uint64_t limit) {
  return Attempt(matcher, text, size, at, limit).end;
}

std::vector<Found> FindMatches(const hir::Detector& detector, const Matcher& matcher, std::string_view text) {
  std::vector<Found> found;
  const std::bitset<256> first_bytes = matcher.FirstBytes();
  uint64_t at = 0;
  while (at < text.size()) {
    const std::optional<Found> match =
        first_bytes[static_cast<uint8_t>(text[at])] ? FindAt(detector, matcher, text, at) : std::nullopt;
    if (match) found.push_back(*match);
    at = match ? match->end : at + 1;
  }
  return found;
}

std::vector<Found> FindAll(const hir::Detector& detector, const Matcher& matcher, std::string_view text) {
  std::vector<Found> found;
  const ir::Tables tables = NearTables(detector.near, detector.needs_near);
  detect::NearWords words;
  for (Found match : FindMatches(detector, matcher, text)) {
    const std::optional<Tier> tier =
        words.TierOf(tables, tables.detectors[0], {text, match.begin, match.end, text, 0, {}}, match.tier);
    if (!tier) continue;
    match.tier = *tier;
    found.push_back(match);
  }
  return found;
}

}  // namespace hpol::pattern
