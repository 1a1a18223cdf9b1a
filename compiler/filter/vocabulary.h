// Words of several languages, the most frequent of each kind first, for background_text.h.
// Facts of the languages, no text: lists are separated by blanks.
#pragma once

#include <string_view>

namespace hpol::filter::vocabulary {

// English. An entry may hold forms that rules do not give, separated by `/`:
// nouns singular/plural, verbs base/past/participle.
extern const std::string_view kNouns;
extern const std::string_view kVerbs;
extern const std::string_view kAdjectives;
extern const std::string_view kAdverbs;
extern const std::string_view kPrepositions;
extern const std::string_view kFirstNames;
extern const std::string_view kSurnames;
extern const std::string_view kPlaces;
extern const std::string_view kInterjections;

// English words of software: `kTechnicalNouns` as nouns, `kTechnicalVerbs` as verbs.
extern const std::string_view kTechnicalNouns;
extern const std::string_view kTechnicalVerbs;

// Whole forms of other languages.
extern const std::string_view kRussian;
extern const std::string_view kChinese;
extern const std::string_view kFrench;
extern const std::string_view kSpanish;
extern const std::string_view kGerman;

}  // namespace hpol::filter::vocabulary
