#include "compiler/filter/background_text_words.h"

#include <algorithm>

#include "compiler/filter/vocabulary.h"

namespace hpol::filter {
namespace {

std::vector<std::string_view> Split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  while (!text.empty()) {
    const size_t end = std::min(text.find(separator), text.size());
    if (end > 0) parts.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return parts;
}

bool IsVowel(char c) { return std::string_view("aeiou").find(c) != std::string_view::npos; }

bool EndsInConsonantY(const std::string& word) {
  return word.size() > 1 && word.back() == 'y' && !IsVowel(word[word.size() - 2]);
}

std::string WithS(const std::string& word) {
  if (EndsInConsonantY(word)) return word.substr(0, word.size() - 1) + "ies";
  for (const std::string_view end : {"s", "x", "z", "ch", "sh", "do", "go"}) {
    if (word.ends_with(end)) return word + "es";
  }
  return word + "s";
}

// stop → stopp, before -ed and -ing: short words that end in consonant, vowel, consonant.
std::string Doubled(const std::string& word) {
  const size_t n = word.size();
  if (n < 3 || n > 4 || IsVowel(word[n - 1]) || !IsVowel(word[n - 2]) || IsVowel(word[n - 3])) return word;
  if (word[n - 1] == 'w' || word[n - 1] == 'x' || word[n - 1] == 'y') return word;
  if (word == "open") return word;
  return word + word.back();
}

std::string WithEd(const std::string& word) {
  if (word.ends_with('e')) return word + "d";
  if (EndsInConsonantY(word)) return word.substr(0, word.size() - 1) + "ied";
  return Doubled(word) + "ed";
}

std::string WithIng(const std::string& word) {
  if (word.ends_with("ie")) return word.substr(0, word.size() - 2) + "ying";
  if (word.ends_with('e') && !word.ends_with("ee") && word.size() > 2) {
    return word.substr(0, word.size() - 1) + "ing";
  }
  return Doubled(word) + "ing";
}

std::vector<std::array<std::string, 5>> Inflected(std::string_view words, WordList::Inflection inflection) {
  std::vector<std::array<std::string, 5>> all;
  for (const std::string_view entry : Split(words, ' ')) {
    const std::vector<std::string_view> parts = Split(entry, '/');
    std::array<std::string, 5>& forms = all.emplace_back();
    const std::string base(parts[0]);
    forms[0] = base;
    if (inflection == WordList::Inflection::kNoun) {
      forms[kPlural] = parts.size() > 1 ? std::string(parts[1]) : WithS(base);
    } else if (inflection == WordList::Inflection::kVerb) {
      forms[kThirdPerson] = base == "have" ? "has" : WithS(base);
      forms[kIng] = WithIng(base);
      forms[kPast] = parts.size() > 1 ? std::string(parts[1]) : WithEd(base);
      forms[kParticiple] = parts.size() > 2 ? std::string(parts[2]) : forms[kPast];
    }
  }
  return all;
}

}  // namespace

Ranks::Ranks(size_t count, uint32_t head) {
  uint32_t total = 0;
  cumulative_.reserve(count);
  for (uint32_t rank = 0; rank < count; ++rank) {
    total += (1u << 24) / (rank + head);
    cumulative_.push_back(total);
  }
}

size_t Ranks::Pick(Random& random) const {
  const uint32_t at = random.Below(cumulative_.back());
  return static_cast<size_t>(std::upper_bound(cumulative_.begin(), cumulative_.end(), at) -
                             cumulative_.begin());
}

WordList::WordList(std::string_view words, uint32_t head, Inflection inflection)
    : forms_(Inflected(words, inflection)), ranks_(forms_.size(), head) {}

// Function words come from the grammar, so the heads of these lists are flatter than those
// of whole languages.
Lexicon::Lexicon()
    : nouns(vocabulary::kNouns, 45, WordList::Inflection::kNoun),
      verbs(vocabulary::kVerbs, 10, WordList::Inflection::kVerb),
      adjectives(vocabulary::kAdjectives, 20, WordList::Inflection::kNone),
      adverbs(vocabulary::kAdverbs, 12, WordList::Inflection::kNone),
      prepositions(vocabulary::kPrepositions, 1, WordList::Inflection::kNone),
      first_names(vocabulary::kFirstNames, 10, WordList::Inflection::kNone),
      surnames(vocabulary::kSurnames, 20, WordList::Inflection::kNone),
      places(vocabulary::kPlaces, 10, WordList::Inflection::kNone),
      interjections(vocabulary::kInterjections, 6, WordList::Inflection::kNone),
      technical_nouns(vocabulary::kTechnicalNouns, 14, WordList::Inflection::kNoun),
      technical_verbs(vocabulary::kTechnicalVerbs, 6, WordList::Inflection::kVerb),
      russian(vocabulary::kRussian, 3, WordList::Inflection::kNone),
      chinese(vocabulary::kChinese, 3, WordList::Inflection::kNone),
      french(vocabulary::kFrench, 3, WordList::Inflection::kNone),
      spanish(vocabulary::kSpanish, 3, WordList::Inflection::kNone),
      german(vocabulary::kGerman, 3, WordList::Inflection::kNone) {}

const Lexicon& Lexicon::Get() {
  static const Lexicon lexicon;
  return lexicon;
}

}  // namespace hpol::filter
