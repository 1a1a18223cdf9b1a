// English sentences without meaning: a small grammar over the dictionary, and templates
// whose `%` marks it fills. Inside background_text only.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "compiler/filter/background_text_words.h"

namespace hpol::filter {

struct Style {
  bool past = false;       // told in the past
  bool spoken = false;     // don't, I'll
  uint32_t technical = 0;  // percent of nouns and verbs that are those of software
  uint32_t marked = 0;     // percent of nouns that are `code`
};

class English {
 public:
  English(Random& random, std::string& out, const Style& style) : random_(random), out_(out), style_(style) {}

  void Sentence();  // with its full stop
  void Spoken();    // one line of dialogue
  void Clause(int depth);
  bool NounPhrase(int depth);  // whether it is plural
  void Command();              // `Add the buffer to the list`
  // The next word keeps its case and is not preceded by a blank.
  void Continue() {
    begin_ = false;
    glue_ = true;
  }

 private:
  enum class Person : uint8_t { kFirst, kThird, kPlural };

  void Word(std::string_view word);
  void Suffix(std::string_view text) { out_ += text; }
  void Noun(NounForm form);
  void Nouns(NounForm form, bool article);
  void Title();
  void Verb(VerbForm form);
  void Number();
  void Adverb();
  Person Subject(int depth);
  void Object(int depth);
  void Prepositional(int depth);
  void Be(Person person);
  void Predicate(Person person, int depth);
  void AfterBe(int depth);
  void Finite(Person person);
  void Modal();
  void Negated(Person person);
  void Question();

  Random& random_;
  std::string& out_;
  Style style_;
  bool begin_ = true;
  bool glue_ = false;
};

// Appends `text` with its marks filled and `indent` blanks after each line end:
//   %i snake_case  %c camelCase  %P PascalCase  %U UPPER_CASE  %w word  %v verb
//   %d small number  %n three digits  %b number  %r fraction  %x 0x hex  %h hex id  %V version  %f file name
//   %/ path %D date  %I ISO date  %T time  %Y year  %t type  %m first name  %M surname  %s sentence  %p
//   phrase  %k command %L Place  %% percent sign
void Fill(Random& random, std::string& out, std::string_view text, size_t indent = 0);

// `lines` with about `width` columns, words moved to the next line.
void Wrap(std::string& out, std::string_view paragraph, size_t width, std::string_view line_end,
          size_t indent = 0);

}  // namespace hpol::filter
