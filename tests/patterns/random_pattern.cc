#include "tests/patterns/random_pattern.h"

#include <vector>

namespace hpol::patterns {
namespace {

using Choices = std::vector<std::string>;

std::string Atom(Random& random, int depth);
std::string Alternate(Random& random, int depth);

std::string Character(Random& random) {
  static const Choices kCharacters = {
      "a",  "b",   "c",   "k", "s", "A",   "B",   "K",     "S",       "0",         "1",         "2",
      "_",  "-",   " ",   "é", "É", "ß",   "Σ",   "ς",     "я",       "中",        "\u212a",    "\u017f",
      "😀", "\\n", "\\t", ":", "@", "\\.", "\\*", "\\x41", "\\x{e9}", "\\x{4E2D}", "\\x{1F600}"};
  return random.Pick(kCharacters);
}

// A class that has a name, alone or between brackets.
std::string NamedClass(Random& random) {
  static const Choices kNames = {"\\d",         "\\w",        "\\s",      "\\D",           "\\W",
                                 "\\S",         "\\pL",       "\\pN",     "\\PL",          "\\p{Lu}",
                                 "\\p{Ll}",     "\\P{Lu}",    "\\p{^Ll}", "\\p{Han}",      "\\p{Greek}",
                                 "\\p{Latin}",  "\\p{Nd}",    "\\p{Sc}",  "\\p{Cyrillic}", "\\p{Any}",
                                 "\\p{Common}", "\\P{Latin}", "\\pZ",     "\\p{So}",       "\\pM"};
  return random.Pick(kNames);
}

std::string PosixClass(Random& random) {
  static const Choices kNames = {"[:alpha:]", "[:digit:]",  "[:^digit:]", "[:alnum:]", "[:upper:]",
                                 "[:lower:]", "[:^upper:]", "[:space:]",  "[:punct:]", "[:word:]",
                                 "[:ascii:]", "[:^ascii:]", "[:xdigit:]", "[:blank:]"};
  return random.Pick(kNames);
}

std::string Range(Random& random) {
  static const Choices kRanges = {"a-c",
                                  "a-z",
                                  "A-Z",
                                  "0-9",
                                  "b-s",
                                  "α-ω",
                                  "а-я",
                                  "\\x{100}-\\x{17f}",
                                  "é-я",
                                  " -~",
                                  "\\x00-\\x{10FFFF}",
                                  "一-龥",
                                  "K-S"};
  return random.Pick(kRanges);
}

std::string Class(Random& random) {
  std::string text = random.Chance(25) ? "[^" : "[";
  if (random.Chance(5)) text += "]";
  for (uint32_t items = random.Between(1, 3); items > 0; --items) {
    switch (random.Below(5)) {
      case 0:
        text += NamedClass(random);
        break;
      case 1:
        text += PosixClass(random);
        break;
      case 2: {
        const std::string one = Character(random);
        text += one == "-" ? "\\-" : one;
        break;
      }
      default:
        text += Range(random);
    }
  }
  return text + "]";
}

std::string Edge(Random& random) {
  static const Choices kEdges = {"^", "$", "\\A", "\\z", "\\b", "\\b", "\\B"};
  return random.Pick(kEdges);
}

std::string Group(Random& random, int depth) {
  static const Choices kOpen = {
      "(", "(", "(?:", "(?:", "(?P<name>", "(?i:", "(?i:", "(?-i:", "(?s:", "(?m:", "(?im:", "(?is-m:"};
  return random.Pick(kOpen) + Alternate(random, depth - 1) + ")";
}

std::string Atom(Random& random, int depth) {
  const uint32_t choice = random.Below(100);
  if (depth > 0 && choice < 35) return Group(random, depth);
  if (choice < 65) return Character(random);
  if (choice < 75) return Class(random);
  if (choice < 83) return NamedClass(random);
  if (choice < 88) return ".";
  if (choice < 96) return Edge(random);
  if (choice < 98) return "\\Qa*" + random.Pick(Choices{"", "(", "|b", "\\"}) + "\\E";
  return random.Pick(Choices{"(?i)", "(?s)", "(?m)", "(?-i)"}) + Character(random);
}

std::string Quantifier(Random& random) {
  static const Choices kQuantifiers = {"?",     "*",    "+",   "{2}",   "{1,3}",
                                       "{0,2}", "{2,}", "{0}", "{3,5}", "{0,}"};
  return random.Chance(40) ? random.Pick(kQuantifiers) : "";
}

std::string Concat(Random& random, int depth) {
  std::string text;
  for (uint32_t parts = random.Between(1, 4); parts > 0; --parts)
    text += Atom(random, depth) + Quantifier(random);
  return text;
}

std::string Alternate(Random& random, int depth) {
  std::string text = Concat(random, depth);
  while (random.Chance(22)) text += "|" + (random.Chance(8) ? "" : Concat(random, depth));
  return text;
}

}  // namespace

hir::Pattern RandomPattern(Random& random) {
  hir::Pattern pattern;
  if (random.Chance(10)) pattern.text = "(?i)";
  pattern.text += Alternate(random, static_cast<int>(random.Between(0, 3)));
  pattern.span.end = static_cast<uint32_t>(pattern.text.size()) + 2;
  pattern.bounded = random.Chance(25);
  pattern.ignoring_case = random.Chance(15);
  return pattern;
}

}  // namespace hpol::patterns
