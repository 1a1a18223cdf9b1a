#include "tests/streams/random_text.h"

#include <string_view>

namespace hpol::streams {
namespace {

using differential::DetectorSource;
using differential::Random;

std::string Base64(std::string_view text) {
  static constexpr char kAlphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  for (size_t i = 0; i < text.size(); i += 3) {
    uint32_t bits = 0;
    for (size_t k = 0; k < 3; ++k) {
      bits = bits << 8 | (i + k < text.size() ? static_cast<uint8_t>(text[i + k]) : 0u);
    }
    for (size_t k = 0; k < 4; ++k) {
      out += i + k <= text.size() ? kAlphabet[bits >> (18 - 6 * k) & 63] : '=';
    }
  }
  return out;
}

std::string Hex(char c) {
  static constexpr char kDigits[] = "0123456789abcdef";
  const auto byte = static_cast<uint8_t>(c);
  return {kDigits[byte >> 4], kDigits[byte & 15]};
}

template <typename Each>
std::string ForEach(std::string_view text, Each each) {
  std::string out;
  for (const char c : text) out += each(c);
  return out;
}

std::string Lines(const std::string& text, size_t width) {
  std::string out;
  for (size_t i = 0; i < text.size(); i += width) out += text.substr(i, width) + "\n";
  return out;
}

std::string Encoded(const std::string& text, Random& random) {
  const auto some = [&](uint32_t percent, auto each) {
    return ForEach(text, [&](char c) { return random.Chance(percent) ? each(c) : std::string(1, c); });
  };
  const uint32_t percent = random.Chance(50) ? 100 : 30;
  switch (random.Below(16)) {
    case 0:
      return Base64(text);
    case 1:
      return Lines(Base64(text + text + text), 4 * random.Between(2, 5));
    case 2:
      return some(percent, [](char c) { return "%" + Hex(c); });
    case 3:
      return some(percent, [](char c) { return "&#" + std::to_string(static_cast<uint8_t>(c)) + ";"; });
    case 4:
      return some(percent, [](char c) { return "=" + Hex(c); });
    case 5:
      return some(20, [](char c) { return std::string(1, c) + "=\n"; });
    case 6:
      return some(percent, [](char c) { return "\\u00" + Hex(c); });
    case 7:
      return some(percent, [](char c) { return "\\x" + Hex(c); });
    case 8:
      return ForEach(text, Hex);
    case 9:
      return ForEach(text, [](char c) { return Hex(c) + " "; });
    case 10:
      return ForEach(text, [](char c) { return std::to_string(static_cast<uint8_t>(c)) + ","; });
    case 11:
      return some(40, [](char c) { return std::string(1, c) + "<b>"; });
    case 12:
      return some(40, [](char c) { return std::string(1, c) + "\n "; });
    case 13:
      return some(percent, [](char c) {
        return c >= '!' && c <= '~' ? "\xef\xbc" + std::string(1, static_cast<char>(0x81 + c - '!'))
                                    : std::string(1, c);
      });
    case 14:
      return some(percent, [](char c) {
        return c >= ' ' && c <= '?' ? "\xf3\xa0\x80" + std::string(1, static_cast<char>(0x80 + c))
                                    : std::string(1, c);
      });
    default:
      return some(40, [](char c) { return std::string(1, c) + "\xcc\xb6"; });
  }
}

std::string Fragment(const std::vector<DetectorSource>& detectors, Random& random) {
  static const std::vector<std::string> kProse = {"the quick brown fox",
                                                  "Please write to",
                                                  "it was",
                                                  "added",
                                                  "be",
                                                  "hello,",
                                                  "a",
                                                  "of the house. And",
                                                  "12",
                                                  "4111",
                                                  "工作计划",
                                                  "四",
                                                  "é",
                                                  "½",
                                                  "\"key\": \"value\",",
                                                  "<td>12</td><td>",
                                                  "</p>",
                                                  "x < y",
                                                  "a=41",
                                                  "if (x == 10) {",
                                                  "3.14",
                                                  "e.g.",
                                                  "ssn",
                                                  "employee",
                                                  "staff no",
                                                  "\\",
                                                  "%",
                                                  "=",
                                                  "=\n",
                                                  "&",
                                                  "&amp;",
                                                  "0x41",
                                                  "deadbeef"};
  static const std::vector<std::string> kBetween = {" ", " ",  " ",  " ", ", ",   "\n",
                                                    "",  "  ", ": ", "-", "\n\n", "\t"};
  std::string text;
  switch (random.Below(8)) {
    case 0:
    case 1:
    case 2:
      text = random.Pick(kProse);
      break;
    case 3:
      text = random.Text(differential::kNoiseAlphabet, 10);
      break;
    case 4:
      text = random.Text("0123456789 -,\n", 12);
      break;
    default: {
      const DetectorSource& detector = random.Pick(detectors);
      const uint32_t kind = random.Below(10);
      const auto& from = kind < 6                               ? detector.hits
                         : kind < 8 || detector.context.empty() ? detector.misses
                                                                : detector.context;
      if (!from.empty()) text = random.Pick(from);
    }
  }
  if (random.Chance(25)) text = Encoded(text, random);
  if (random.Chance(6)) text = Encoded(text, random);
  if (random.Chance(2)) text = Encoded(text, random);
  return text + random.Pick(kBetween);
}

}  // namespace

std::string RandomText(const std::vector<DetectorSource>& detectors, uint32_t size, Random& random) {
  std::string text;
  while (text.size() < size) text += Fragment(detectors, random);
  return text;
}

}  // namespace hpol::streams
