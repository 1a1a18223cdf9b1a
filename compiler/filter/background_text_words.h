// The dice and the dictionary of the text generator. Inside background_text only.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace hpol::filter {

// splitmix64: integers only, so that texts are the same on every machine.
class Random {
 public:
  explicit Random(uint64_t seed) : state_(seed) {}

  uint32_t Next() {
    uint64_t z = (state_ += 0x9e3779b97f4a7c15u);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return static_cast<uint32_t>((z ^ (z >> 31)) >> 32);
  }
  uint32_t Below(uint32_t limit) { return static_cast<uint32_t>((uint64_t{Next()} * limit) >> 32); }
  uint32_t Between(uint32_t low, uint32_t high) { return low + Below(high - low + 1); }
  bool Chance(uint32_t percent) { return Below(100) < percent; }

  template <size_t N>
  std::string_view Of(const std::string_view (&choices)[N]) {
    return choices[Below(N)];
  }

 private:
  uint64_t state_;
};

// Draws ranks by Zipf's law: rank r with weight 1 / (r + head).
class Ranks {
 public:
  Ranks(size_t count, uint32_t head);
  size_t Pick(Random& random) const;

 private:
  std::vector<uint32_t> cumulative_;
};

// A list of words, each with a few forms (one form: the word itself).
class WordList {
 public:
  enum class Inflection : uint8_t { kNone, kNoun, kVerb };

  WordList(std::string_view words, uint32_t head, Inflection inflection);
  std::string_view Pick(Random& random, size_t form = 0) const { return forms_[ranks_.Pick(random)][form]; }

 private:
  std::vector<std::array<std::string, 5>> forms_;
  Ranks ranks_;
};

// Forms of nouns and verbs.
enum NounForm : size_t { kSingular, kPlural };
enum VerbForm : size_t { kBase, kThirdPerson, kIng, kPast, kParticiple };

struct Lexicon {
  Lexicon();
  static const Lexicon& Get();

  WordList nouns, verbs, adjectives, adverbs, prepositions, first_names, surnames, places, interjections;
  WordList technical_nouns, technical_verbs;
  WordList russian, chinese, french, spanish, german;
};

}  // namespace hpol::filter
