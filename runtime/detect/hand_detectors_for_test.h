// Detectors as a code generator would write them, but by hand: the runtime is tested
// without a compiler. Each function keeps the contract of hpol_match_fn.
#pragma once

#include <cstdint>
#include <string_view>

#include "runtime/abi/artifact.h"

namespace hpol::hand {

inline bool Digit(uint8_t c) { return c >= '0' && c <= '9'; }
inline bool Lower(uint8_t c) { return c >= 'a' && c <= 'z'; }

// [0-9]{3}-[0-9]{2}-[0-9]{4}, bounded.
inline hpol_match MatchSsn(const void*, const uint8_t* text, uint64_t size, uint64_t at, uint64_t limit) {
  constexpr std::string_view kShape = "000-00-0000";
  if (limit - at < kShape.size() || (at > 0 && Digit(text[at - 1]))) return {0, at};
  for (uint64_t i = 0; i < kShape.size(); ++i) {
    if (kShape[i] == '0' ? !Digit(text[at + i]) : text[at + i] != '-') return {0, at + i + 1};
  }
  const uint64_t end = at + kShape.size();
  return {end < size && Digit(text[end]) ? 0 : end, end};
}

// [a-z]{1,30}@[a-z]{1,30}(\.[a-z]{2,10}){1,3}
inline hpol_match MatchEmail(const void*, const uint8_t* text, uint64_t, uint64_t at, uint64_t limit) {
  uint64_t i = at;
  while (i < limit && i - at < 30 && Lower(text[i])) ++i;
  if (i == at || i >= limit || text[i] != '@') return {0, i};
  const uint64_t host = ++i;
  while (i < limit && i - host < 30 && Lower(text[i])) ++i;
  if (i == host) return {0, i};
  uint64_t end = 0;
  for (int part = 0; part < 3 && i < limit && text[i] == '.'; ++part) {
    const uint64_t label = ++i;
    while (i < limit && i - label < 10 && Lower(text[i])) ++i;
    if (i - label < 2) break;
    end = i;
  }
  return {end, i};
}

// [0-9]{7,20}
inline hpol_match MatchNumber(const void*, const uint8_t* text, uint64_t, uint64_t at, uint64_t limit) {
  uint64_t i = at;
  while (i < limit && i - at < 20 && Digit(text[i])) ++i;
  return {i - at >= 7 ? i : 0, i};
}

// The word that `context` points at, a C string.
inline hpol_match MatchWord(const void* context, const uint8_t* text, uint64_t, uint64_t at, uint64_t limit) {
  const std::string_view word = static_cast<const char*>(context);
  const uint64_t end = at + word.size();
  if (limit < end) return {0, at};
  return {std::string_view(reinterpret_cast<const char*>(text) + at, word.size()) == word ? end : 0, end};
}

// Any run of `x`, unbounded: cut off at the cap as compiled code is.
inline hpol_match MatchRun(const void*, const uint8_t* text, uint64_t, uint64_t at, uint64_t limit) {
  uint64_t i = at;
  while (i < limit && i - at < 4096 && text[i] == 'x') ++i;
  return {i == at ? 0 : i, i};
}

// Breaks the contract.
inline hpol_match MatchBackwards(const void*, const uint8_t*, uint64_t, uint64_t at, uint64_t) {
  return {at, at};
}

// A row of the artifact; `first` lists the bytes that can begin a match (empty: any).
inline hpol_detector_code Code(hpol_match_fn match, std::string_view first = {}, const char* word = nullptr) {
  hpol_detector_code code = {match, word, {}, nullptr, nullptr, nullptr, 0};
  if (first.empty()) {
    for (uint64_t& bits : code.first_bytes) bits = ~uint64_t{0};
  }
  for (const char c : first) {
    const auto byte = static_cast<uint8_t>(c);
    code.first_bytes[byte >> 6] |= uint64_t{1} << (byte & 63);
  }
  return code;
}

}  // namespace hpol::hand
