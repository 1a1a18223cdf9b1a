#include "tests/patterns/random_text.h"

#include <algorithm>
#include <vector>

#include "runtime/text/fold.h"

namespace hpol::patterns {
namespace {

using pattern::Regex;

constexpr size_t kMaxBytes = 60;  // of one text: the slow matcher is slow

void Append(uint32_t code_point, std::string& text) {
  char bytes[4];
  text.append(bytes, text::EncodeUtf8(code_point, bytes));
}

uint32_t MemberOf(const Regex& regex, Random& random) {
  // Most classes begin with what other parts of the pattern are made of.
  const auto ranges = static_cast<uint32_t>(regex.code_points.size());
  const pattern::CodePoints range =
      regex.code_points[random.Chance(70) ? random.Below(std::min(ranges, 4u)) : random.Below(ranges)];
  switch (random.Below(4)) {
    case 0:
      return range.first;
    case 1:
      return range.last;
    default:
      return random.Between(range.first, std::min(range.last, range.first + 60));
  }
}

// A text that the tree matches, edges aside.
void Sample(const Regex& regex, Random& random, std::string& text) {
  if (text.size() > kMaxBytes) return;
  switch (regex.kind) {
    case Regex::Kind::kEmpty:
      return;
    case Regex::Kind::kEdge:
      // What an edge asks for stands there now and then.
      if (random.Chance(30)) text += random.Chance(50) ? '\n' : ' ';
      return;
    case Regex::Kind::kClass:
      return Append(MemberOf(regex, random), text);
    case Regex::Kind::kConcat:
      for (const Regex& part : regex.parts) Sample(part, random, text);
      return;
    case Regex::Kind::kAlternate:
      return Sample(random.Pick(regex.parts), random, text);
    case Regex::Kind::kRepeat: {
      const uint32_t most = std::min(regex.max, regex.min + 3);
      for (uint32_t count = random.Between(regex.min, most); count > 0; --count)
        Sample(regex.parts[0], random, text);
    }
  }
}

size_t Boundary(const std::string& text, size_t at) {
  while (at > 0 && at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0) == 0x80) --at;
  return at;
}

std::string Noise(Random& random) {
  static const std::vector<std::string> kNoise = {"a",      "b",      "A",  "0", "1",  "_",  " ",
                                                  "\n",     "-",      "é",  "Σ", "中", "😀", "k",
                                                  "\u212a", "\u017f", "ab", "s", "S",  "я"};
  return random.Pick(kNoise);
}

// Drops, doubles, puts in, or changes the case of one character.
void Mutate(Random& random, std::string& text) {
  if (text.empty()) return;
  const size_t at = Boundary(text, random.Below(static_cast<uint32_t>(text.size())));
  const text::Decoded here = text::DecodeUtf8(text, at);
  switch (random.Below(4)) {
    case 0:
      text.erase(at, here.size);
      return;
    case 1:
      text.insert(at, text.substr(at, here.size));
      return;
    case 2:
      text.insert(at, Noise(random));
      return;
    default: {
      std::string other;
      if (here.valid) Append(pattern::NextCase(here.code), other);
      text.replace(at, here.size, other);
    }
  }
}

}  // namespace

std::string RandomText(const Regex& regex, Random& random) {
  std::string text;
  for (uint32_t pieces = random.Between(0, 3); pieces > 0; --pieces) {
    std::string piece;
    Sample(regex, random, piece);
    for (uint32_t changes = random.Below(3); changes > 0; --changes) Mutate(random, piece);
    text += piece;
    for (uint32_t noise = random.Below(3); noise > 0; --noise) text += Noise(random);
  }
  text.resize(Boundary(text, std::min(text.size(), kMaxBytes)));
  // RE2 has another idea of what is no UTF-8, so such texts are compared with the slow matcher only.
  if (random.Chance(2)) text.insert(random.Below(static_cast<uint32_t>(text.size() + 1)), "\xc3");
  return text;
}

}  // namespace hpol::patterns
