#include "compiler/filter/background_text_english.h"

#include <algorithm>

namespace hpol::filter {
namespace {

constexpr std::string_view kObjects[] = {"it",         "you", "me",  "him",  "them",      "her",
                                         "us",         "it",  "you", "that", "something", "nothing",
                                         "everything", "it",  "him", "me"};
constexpr std::string_view kDeterminers[] = {
    "this", "his", "my",  "your",  "her",  "their",   "its", "our",      "some",    "your",
    "his",  "my",  "any", "every", "that", "another", "no",  "the same", "all the", "your"};
constexpr std::string_view kPluralDeterminers[] = {"these", "those", "all",  "many",
                                                   "other", "most",  "both", "such"};
constexpr std::string_view kNumbers[] = {"two",  "three", "one",     "four", "ten",
                                         "five", "six",   "several", "a few"};
constexpr std::string_view kModals[] = {"would", "can",   "will", "could", "should",
                                        "must",  "might", "may",  "will",  "can"};
constexpr std::string_view kWanting[] = {"want", "try", "need", "have", "seem", "like", "begin", "come"};
constexpr std::string_view kWanted[] = {"wanted", "tried", "needed", "had",
                                        "seemed", "used",  "began",  "came"};
constexpr std::string_view kThinking[] = {"think", "know", "say",  "believe",
                                          "see",   "hope", "mean", "suppose"};
constexpr std::string_view kThought[] = {"thought", "knew",    "said", "believed",
                                         "saw",     "told me", "felt", "found"};
constexpr std::string_view kConjunctions[] = {"and",   "but",   "and",   "when",      "because", "if",
                                              "so",    "or",    "while", "where",     "as",      "which",
                                              "until", "since", "with",  "from which"};
constexpr std::string_view kOpenings[] = {"then",       "there",     "now",         "but",         "and",
                                          "so",         "however",   "in fact",     "for example", "at last",
                                          "after that", "of course", "as a result", "in this case"};

}  // namespace

void English::Word(std::string_view word) {
  if (!begin_ && !glue_) out_ += ' ';
  const size_t at = out_.size();
  out_ += word;
  if (begin_ && out_[at] >= 'a' && out_[at] <= 'z') out_[at] = static_cast<char>(out_[at] - 32);
  begin_ = glue_ = false;
}

void English::Noun(NounForm form) {
  const Lexicon& lexicon = Lexicon::Get();
  if (random_.Chance(style_.marked)) {
    Word("");
    return Fill(random_, out_, random_.Chance(94) ? "`%i`" : "`%P::%i`");
  }
  if (random_.Chance(style_.technical)) return Word(lexicon.technical_nouns.Pick(random_, form));
  Word(lexicon.nouns.Pick(random_, form));
}

void English::Verb(VerbForm form) {
  const Lexicon& lexicon = Lexicon::Get();
  Word((random_.Chance(style_.technical) ? lexicon.technical_verbs : lexicon.verbs).Pick(random_, form));
}

void English::Adverb() { Word(Lexicon::Get().adverbs.Pick(random_)); }

void English::Number() {
  switch (random_.Below(8)) {
    case 0:
      Word("");
      Fill(random_, out_, "%d");
      return;
    case 1:
      Word("");
      Fill(random_, out_, "%b");
      return;
    default:
      Word(random_.Of(kNumbers));
  }
}

bool English::NounPhrase(int depth) {
  const Lexicon& lexicon = Lexicon::Get();
  const uint32_t die = random_.Below(100);
  NounForm form = kSingular;
  bool article = false;
  if (die < 7) return Word((random_.Chance(70) ? lexicon.first_names : lexicon.places).Pick(random_)), false;
  if (die < 11) return Title(), false;
  if (die < 45) {
    Word("the");
    if (random_.Chance(25)) form = kPlural;
  } else if (die < 64) {
    article = true;
  } else if (die < 79) {
    Word(random_.Of(kDeterminers));
  } else if (die < 82) {
    Word(lexicon.first_names.Pick(random_));
    Suffix("'s");
  } else if (die < 86) {
    Number();
    form = kPlural;
  } else {
    form = kPlural;
    if (random_.Chance(30)) Word(random_.Of(kPluralDeterminers));
  }
  Nouns(form, article);
  if (depth > 0 && random_.Chance(20)) {
    Word("of");
    NounPhrase(depth - 1);
  } else if (depth > 0 && random_.Chance(5)) {
    Word(random_.Chance(50) ? "that" : random_.Chance(50) ? "which" : "who");
    Predicate(form == kPlural ? Person::kPlural : Person::kThird, depth - 1);
  } else if (depth > 0 && random_.Chance(5)) {
    Word(random_.Chance(75) ? "and" : "or");
    NounPhrase(depth - 1);
    return true;
  }
  return form == kPlural;
}

// Mr. Miller, a person as English has them in letters.
void English::Title() {
  Word(random_.Chance(60) ? "Mr." : "Mrs.");
  Word(Lexicon::Get().surnames.Pick(random_));
}

// A noun and what stands before it; `a` or `an` is known when the next word is.
void English::Nouns(NounForm form, bool article) {
  const Lexicon& lexicon = Lexicon::Get();
  if (article) {
    Word("a");
    out_ += ' ';
    glue_ = true;
  }
  const size_t at = out_.size();
  if (random_.Chance(32)) Word(lexicon.adjectives.Pick(random_));
  if (random_.Chance(5)) {
    Word(lexicon.nouns.Pick(random_));
    Suffix("-");
    glue_ = true;
    Verb(random_.Chance(60) ? kParticiple : kIng);
  }
  if (random_.Chance(style_.technical / 3)) Word(lexicon.technical_nouns.Pick(random_));
  Noun(form);
  if (article && std::string_view("aeio").find(out_[at]) != std::string_view::npos) out_.insert(at - 1, "n");
}

English::Person English::Subject(int depth) {
  struct Choice {
    std::string_view word;
    Person person;
  };
  static constexpr Choice kTold[] = {
      {"I", Person::kFirst},     {"he", Person::kThird},  {"it", Person::kThird},
      {"she", Person::kThird},   {"we", Person::kPlural}, {"they", Person::kPlural},
      {"you", Person::kPlural},  {"I", Person::kFirst},   {"he", Person::kThird},
      {"there", Person::kThird}, {"I", Person::kFirst},   {"which", Person::kThird}};
  static constexpr Choice kSaid[] = {
      {"I", Person::kFirst},   {"you", Person::kPlural}, {"it", Person::kThird},   {"he", Person::kThird},
      {"we", Person::kPlural}, {"that", Person::kThird}, {"she", Person::kThird},  {"they", Person::kPlural},
      {"I", Person::kFirst},   {"you", Person::kPlural}, {"this", Person::kThird}, {"what", Person::kThird}};
  static constexpr Choice kWritten[] = {{"you", Person::kPlural},
                                        {"it", Person::kThird},
                                        {"we", Person::kPlural},
                                        {"this", Person::kThird},
                                        {"that", Person::kThird}};
  const uint32_t pronoun = style_.spoken ? 72 : style_.technical > 0 ? 30 : 52;
  if (random_.Chance(pronoun)) {
    const Choice& choice = style_.spoken          ? kSaid[random_.Below(12)]
                           : style_.technical > 0 ? kWritten[random_.Below(5)]
                                                  : kTold[random_.Below(12)];
    Word(choice.word);
    return choice.person;
  }
  return NounPhrase(depth) ? Person::kPlural : Person::kThird;
}

void English::Object(int depth) {
  if (random_.Chance(style_.technical > 0 ? 8 : 24)) return Word(random_.Of(kObjects));
  NounPhrase(depth);
}

void English::Prepositional(int depth) {
  Word(Lexicon::Get().prepositions.Pick(random_));
  Object(depth);
}

void English::Be(Person person) {
  const bool contracted = style_.spoken && !style_.past && random_.Chance(60) && !begin_;
  switch (person) {
    case Person::kFirst:
      return contracted ? Suffix("'m") : Word(style_.past ? "was" : "am");
    case Person::kThird:
      return contracted ? Suffix("'s") : Word(style_.past ? "was" : "is");
    case Person::kPlural:
      return contracted ? Suffix("'re") : Word(style_.past ? "were" : "are");
  }
}

void English::AfterBe(int depth) {
  const uint32_t die = random_.Below(100);
  if (random_.Chance(12)) Word("not");
  if (die < 30) {
    if (random_.Chance(25)) Word(random_.Chance(50) ? "very" : "so");
    Word(Lexicon::Get().adjectives.Pick(random_));
  } else if (die < 50) {
    NounPhrase(depth);
  } else if (die < 60) {
    Prepositional(depth);
  } else if (die < 80) {
    Verb(kIng);
    if (random_.Chance(60)) Object(depth);
  } else {
    Verb(kParticiple);
    if (random_.Chance(50)) {
      Word(random_.Chance(50) ? "by" : "to");
      NounPhrase(depth);
    }
  }
}

void English::Finite(Person person) {
  Verb(style_.past ? kPast : person == Person::kThird ? kThirdPerson : kBase);
}

void English::Modal() {
  if (style_.spoken && random_.Chance(30)) {
    Suffix(random_.Chance(60) ? "'ll" : "'d");
  } else {
    Word(random_.Of(kModals));
    if (random_.Chance(15)) Word("not");
  }
  if (random_.Chance(12)) {
    Word(random_.Chance(60) ? "be" : "have");
    return Verb(kParticiple);
  }
  Verb(kBase);
}

void English::Negated(Person person) {
  if (style_.past) {
    Word(style_.spoken ? "didn't" : "did not");
  } else if (person == Person::kThird) {
    Word(style_.spoken ? "doesn't" : "does not");
  } else {
    Word(style_.spoken ? "don't" : "do not");
  }
  Verb(kBase);
}

void English::Predicate(Person person, int depth) {
  if (random_.Chance(6)) Adverb();
  const uint32_t die = random_.Below(100);
  const bool base = !style_.past && person != Person::kThird;
  if (die < 30) {
    Be(person);
    AfterBe(depth);
  } else if (die < 53) {
    Finite(person);
    Object(depth);
  } else if (die < 61) {
    Finite(person);
    Prepositional(depth);
  } else if (die < 75) {
    Modal();
    if (random_.Chance(70)) Object(depth);
  } else if (die < 82) {
    Word(base ? random_.Of(kWanting) : random_.Of(kWanted));
    Word("to");
    Verb(kBase);
    Object(depth);
  } else if (die < 89 && depth > 0) {
    Word(base ? random_.Of(kThinking) : random_.Of(kThought));
    if (random_.Chance(30)) Word("that");
    Clause(depth - 1);
  } else if (die < 94) {
    Word(style_.past ? "had" : person == Person::kThird ? "has" : "have");
    Verb(kParticiple);
    Object(depth);
  } else {
    Negated(person);
    Object(depth);
  }
  if (random_.Chance(style_.spoken ? 16 : 28)) Prepositional(depth);
  if (random_.Chance(8)) Adverb();
}

void English::Clause(int depth) {
  const Person person = Subject(depth);
  Predicate(person, depth);
}

void English::Sentence() {
  begin_ = true;
  if (random_.Chance(14)) {
    Word(random_.Of(kOpenings));
    if (random_.Chance(50)) Suffix(",");
  } else if (random_.Chance(6)) {
    Word(random_.Chance(60) ? "if" : "when");
    Clause(0);
    Suffix(",");
  }
  Clause(2);
  if (random_.Chance(38)) {
    if (random_.Chance(60)) Suffix(random_.Chance(92) ? "," : ";");
    Word(random_.Of(kConjunctions));
    Clause(1);
  }
  Suffix(random_.Chance(98) ? "." : ":");
}

void English::Command() {
  Verb(kBase);
  Object(1);
  if (random_.Chance(40)) Prepositional(0);
}

void English::Question() {
  static constexpr std::string_view kHeads[] = {
      "what do you", "do you",         "why did you", "how do you",   "what did he",
      "did you",     "where did they", "can you",     "would you",    "why don't you",
      "could we",    "what would you", "who would",   "have you ever"};
  if (random_.Chance(35)) {
    static constexpr std::string_view kWho[] = {"what", "who", "where", "how", "that"};
    Word(random_.Of(kWho));
    Be(Person::kThird);
    if (random_.Chance(80)) NounPhrase(0);
  } else {
    Word(random_.Of(kHeads));
    Verb(kBase);
    if (random_.Chance(70)) Object(0);
  }
  Suffix("?");
}

void English::Spoken() {
  const Lexicon& lexicon = Lexicon::Get();
  begin_ = true;
  if (random_.Chance(15)) {
    out_ += random_.Chance(85) ? "- " : "-";
  }
  const uint32_t die = random_.Below(100);
  if (die < 14) {
    Word(lexicon.interjections.Pick(random_));
    if (random_.Chance(30)) {
      Suffix(",");
      Word(random_.Chance(40) ? std::string_view("sir") : lexicon.first_names.Pick(random_));
    }
    static constexpr std::string_view kEnds[] = {".", ".", "!", "?", "..."};
    return Suffix(random_.Of(kEnds));
  }
  if (random_.Chance(12)) {
    Word(lexicon.interjections.Pick(random_));
    Suffix(",");
  }
  if (die < 32) return Question();
  if (die < 44) {
    Command();
  } else {
    Clause(1);
    if (random_.Chance(12)) {
      Suffix(",");
      Word(random_.Of(kConjunctions));
      Clause(0);
    }
    if (random_.Chance(6)) {
      Suffix(",");
      Word(lexicon.first_names.Pick(random_));
    }
  }
  Suffix(random_.Chance(80) ? "." : random_.Chance(65) ? "!" : "...");
}

}  // namespace hpol::filter
