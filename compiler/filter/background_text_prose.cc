// Text that people write for people.
#include "compiler/filter/background_text_english.h"
#include "compiler/filter/background_text_kinds.h"

namespace hpol::filter {
namespace {

constexpr Style kNovel = {.past = true};
constexpr Style kManual = {.technical = 50, .marked = 14};
constexpr Style kLetter = {.spoken = true, .technical = 15};
constexpr Style kNotes = {.technical = 70};

std::string Sentences(Random& random, const Style& style, uint32_t count, std::string_view between) {
  std::string text;
  for (uint32_t i = 0; i < count; ++i) {
    if (i > 0) text += between;
    English(random, text, style).Sentence();
  }
  return text;
}

// "…," said Mary. "…"
std::string Quoted(Random& random) {
  static constexpr std::string_view kSaid[] = {"said", "asked", "cried", "answered", "remarked", "said"};
  const Style style = {.spoken = random.Chance(50)};
  std::string text = "\"";
  English(random, text, style).Sentence();
  if (random.Chance(60)) {
    text.back() = ',';
    text += "\" ";
    text += random.Chance(50) ? "he " : "I ";
    text += random.Of(kSaid);
    text += ". \"";
    English(random, text, style).Sentence();
  } else if (random.Chance(50)) {
    text += ' ';
    English(random, text, style).Sentence();
  }
  text += '"';
  return text;
}

void Heading(Random& random, std::string& out, std::string_view ends) {
  const size_t at = out.size();
  English(random, out, kNotes).Command();
  const size_t width = out.size() - at;
  switch (random.Below(8)) {
    case 0:
      out += '\n';
      out.append(width, '=');
      break;
    case 1:
      out += '\n';
      out.append(width, '-');
      break;
    default:
      out.insert(at, random.Chance(50) ? "## " : "### ");
  }
  out += ends;
}

void MarkdownTable(Random& random, std::string& out) {
  Fill(random, out, "| %w | %w | %w |\n|---|:---|---:|\n");
  const uint32_t rows = random.Between(2, 5);
  for (uint32_t row = 0; row < rows; ++row) {
    Fill(random, out, random.Chance(50) ? "| `%i` | %p | %d |\n" : "| `%w` | %p | - |\n");
  }
  out += '\n';
}

constexpr std::string_view kListItems[] = {
    "* %k.\n",
    "- %s\n",
    "- `%i`: %p.\n",
    "1. %k\n",
    "- **%w**: %p\n",
    "* [%p](https://%w.example/%w/%w.html)\n",
    "- See _%p_ for %p.\n",
};
constexpr std::string_view kFences[] = {
    "<!-- %s -->\n\n",
    "#### %k\n\n",
    "```rust,ignore\n#![%w(%w)]\n\nimpl<%P> %P for %P<T> {\n    fn %i(&self) -> Option<T> {\n        // %s\n "
    "       "
    "self.%w.%i()\n    }\n}\n```\n\n",
    "    --%w %w\n    -%d\n        %s  %s\n\n",
    "IMPORTANT: NO %U OF THIS %U IS \"%U\" UNLESS THE %U AND %U WERE ASKED FOR IN\n%U. DO NOT %U BEFORE "
    "%U\n\n",
    "```console\n$ %w %v --%w %f\n   building %w v%V (file:///%/%w)\n    done: %w in %r secs\n```\n\n",
    "```rust\nfn main() {\n    let %w = %P::%v(%d);\n\n    println!(\"%k: {%w}\");\n}\n```\n\n",
    "    $ %w %v -%d %f\n    %s\n\n",
    "```json\n{\n  \"%i\": %d,\n  \"%i\": \"%w\"\n}\n```\n\n",
    "<%P id=\"%d-%d\" source=\"%/%f\" title=\"%p\">\n\n```rust\nuse std::%w;\n\nstruct %P {\n    "
    "%i: u32,\n"
    "    %i: String,\n}\n```\n\n</%P>\n\n",
};

}  // namespace

void AppendProse(Random& random, std::string& out, bool crlf) {
  std::string paragraph;
  if (random.Chance(45)) {
    paragraph = Quoted(random);
  } else {
    paragraph = Sentences(random, kNovel, random.Between(2, 6), " ");
    if (random.Chance(15)) paragraph += " " + Quoted(random);
  }
  if (random.Chance(20)) paragraph.insert(paragraph.find(' '), "--");
  const std::string_view end = crlf ? "\r\n" : "\n";
  Wrap(out, paragraph, 66, end);
  out += end;
}

void AppendDialogue(Random& random, std::string& out) {
  if (random.Chance(3)) {
    Fill(random, out, random.Chance(50) ? "[%p]\n" : "%M: ");
  }
  const size_t at = out.size();
  English(random, out, {.past = random.Chance(30), .spoken = true}).Spoken();
  if (random.Chance(5)) {
    for (size_t i = at; i < out.size(); ++i) {
      if (out[i] >= 'a' && out[i] <= 'z') out[i] = static_cast<char>(out[i] - 32);
    }
  }
  out += '\n';
}

void AppendDocumentation(Random& random, std::string& out) {
  const uint32_t die = random.Below(100);
  if (die < 60) {
    const uint32_t sentences = random.Between(2, 5);
    Wrap(out, Sentences(random, kManual, sentences, " "), 79, "\n");
    out += '\n';
  } else if (die < 70) {
    Heading(random, out, "\n\n");
  } else if (die < 80) {
    const std::string_view item = random.Of(kListItems);
    const uint32_t items = random.Between(2, 5);
    for (uint32_t i = 0; i < items; ++i) {
      std::string line;
      Fill(random, line, item);
      line.pop_back();
      Wrap(out, line, 79, "\n");
    }
    out += '\n';
  } else if (die < 96) {
    Fill(random, out, random.Of(kFences));
  } else if (die < 97) {
    MarkdownTable(random, out);
  } else {
    out += random.Chance(60) ? "---\n\n" : "-----------------\n\n";
  }
}

void AppendMail(Random& random, std::string& out) {
  static constexpr std::string_view kOpenings[] = {"Hi %m,\n\n", "Dear Mr. %M,\n\n", "Hello %m and %m,\n\n",
                                                   "%m,\n\n"};
  static constexpr std::string_view kClosings[] = {"Best regards,\n%m\n\n", "Thanks,\n%m %M\n\n",
                                                   "-- \n%m %M\n%L\n\n", "Yours sincerely,\n\n%m %M\n\n"};
  Fill(random, out, "From: %m %M\nTo: %m %M\nDate: %D %T +0200\nSubject: Re: %p\n\n");
  Fill(random, out, random.Of(kOpenings));
  const uint32_t paragraphs = random.Between(1, 4);
  for (uint32_t i = 0; i < paragraphs; ++i) {
    Wrap(out, Sentences(random, kLetter, random.Between(2, 4), "  "), 72, "\n");
    out += '\n';
    if (random.Chance(30)) {
      Fill(random, out, "On %D, at %T, %m %M wrote:\n");
      std::string quoted;
      Wrap(quoted, Sentences(random, kLetter, 2, " "), 68, "\n> ");
      quoted.resize(quoted.size() - 2);
      out += "> " + quoted + "\n";
    }
  }
  Fill(random, out, random.Of(kClosings));
}

void AppendChangeLog(Random& random, std::string& out) {
  static constexpr std::string_view kTabbed[] = {
      "\t* %/%f (%i): %k.\n", "\t* %f: Likewise.\n", "\t* %/%f (%P::%i): New function.\n",
      "\t* %f: %s\n",         "\t(%i): %k.\n",       "\tPR %w/%n%n\n"};
  static constexpr std::string_view kStarred[] = {"  * %k.\n",
                                                  "  * New release %V.\n",
                                                  "  * %/%w: %k. (Closes: #%n%n)\n",
                                                  "    - %k.\n",
                                                  "  * %s\n",
                                                  "    + %/%f: %k.\n",
                                                  "  * %k (%w >= %V).\n"};
  const bool tabbed = random.Chance(25);
  if (tabbed) {
    Fill(random, out, "%I  %m %M  <%w@%w>\n\n");
  } else {
    Fill(random, out, "%w-%w (%V~rc%d) unstable; urgency=medium\n\n");
  }
  const uint32_t entries = random.Between(2, 7);
  for (uint32_t i = 0; i < entries; ++i) {
    std::string line;
    Fill(random, line, tabbed ? random.Of(kTabbed) : random.Of(kStarred));
    line.pop_back();
    Wrap(out, line, 76, tabbed ? "\n" : "\n", 0);
  }
  if (!tabbed) Fill(random, out, "\n -- %m %M <%w@%w>  %D %T +0200\n");
  out += '\n';
}

namespace {

// The first letter in upper case: ASCII, Cyrillic and the accents of Latin-1.
void Capitalise(std::string& out, size_t at) {
  const auto first = static_cast<uint8_t>(out[at]);
  if (first >= 'a' && first <= 'z') out[at] = static_cast<char>(first - 32);
  if (first < 0xc3 || at + 1 >= out.size()) return;
  const auto second = static_cast<uint8_t>(out[at + 1]);
  if (first == 0xd0 && second >= 0xb0) out[at + 1] = static_cast<char>(second - 0x20);
  if (first == 0xd1 && second < 0x90) {
    out[at] = static_cast<char>(0xd0);
    out[at + 1] = static_cast<char>(second + 0x20);
  }
  if (first == 0xc3 && second >= 0xa0) out[at + 1] = static_cast<char>(second - 0x20);
}

void Chinese(Random& random, std::string& out) {
  const WordList& words = Lexicon::Get().chinese;
  const uint32_t clauses = random.Between(1, 3);
  for (uint32_t clause = 0; clause < clauses; ++clause) {
    if (clause > 0) out += "，";
    const uint32_t count = random.Between(2, 8);
    for (uint32_t i = 0; i < count; ++i) out += words.Pick(random);
    if (random.Chance(5)) Fill(random, out, random.Chance(50) ? " %d " : "%Y年");
  }
  static constexpr std::string_view kEnds[] = {"。", "。", "？", "！", "", ""};
  out += random.Of(kEnds);
  out += '\n';
}

}  // namespace

void AppendForeign(Random& random, std::string& out, uint32_t language) {
  const Lexicon& lexicon = Lexicon::Get();
  if (language % 8 >= 5) return Chinese(random, out);
  const WordList& words = language % 8 < 3     ? lexicon.russian
                          : language % 16 == 3 ? lexicon.french
                          : language % 16 == 4 ? lexicon.spanish
                                               : lexicon.german;
  if (random.Chance(15)) out += "- ";
  const size_t at = out.size();
  const uint32_t count = random.Between(2, 9);
  for (uint32_t i = 0; i < count; ++i) {
    if (i > 0) out += random.Chance(12) ? ", " : " ";
    if (random.Chance(1)) Fill(random, out, "%b ");
    out += words.Pick(random);
  }
  Capitalise(out, at);
  static constexpr std::string_view kEnds[] = {".", ".", ".", "?", "!", "...", ",", ""};
  out += random.Of(kEnds);
  out += '\n';
}

}  // namespace hpol::filter
