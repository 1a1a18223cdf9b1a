// Templates of the text generator: names, numbers, dates.
#include <algorithm>
#include <cstdio>

#include "compiler/filter/background_text_english.h"

namespace hpol::filter {
namespace {

constexpr std::string_view kHexDigits = "0123456789abcdef";
constexpr std::string_view kTypes[] = {"int ",         "char *",        "size_t ",      "bool ",
                                       "void *",       "uint32_t ",     "std::string ", "double ",
                                       "const char *", "unsigned int ", "long ",        "uint8_t "};
constexpr std::string_view kEndings[] = {".c",   ".h",    ".cc", ".py", ".md",
                                         ".txt", ".json", ".sh", ".rs", ".html"};
constexpr std::string_view kFolders[] = {"src", "usr", "lib",   "include", "home",
                                         "var", "etc", "tests", "docs",    "bin"};
constexpr std::string_view kMonths[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                        "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
constexpr std::string_view kDays[] = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};

std::string_view NamePart(Random& random) {
  const Lexicon& lexicon = Lexicon::Get();
  const uint32_t die = random.Below(100);
  if (die < 62) return lexicon.technical_nouns.Pick(random);
  if (die < 84) return lexicon.technical_verbs.Pick(random);
  return lexicon.nouns.Pick(random);
}

void Upper(std::string& out, size_t from, size_t to) {
  for (size_t i = from; i < to; ++i) {
    if (out[i] >= 'a' && out[i] <= 'z') out[i] = static_cast<char>(out[i] - 32);
  }
}

// A name of one to three words: `mark` is the template's letter.
void Name(Random& random, std::string& out, char mark) {
  const uint32_t die = random.Below(100);
  const int parts = die < 60 ? 1 : die < 90 ? 2 : 3;
  if (mark == 'i' && random.Chance(8)) out += random.Chance(60) ? "__" : "_";
  for (int part = 0; part < parts; ++part) {
    if (part > 0 && (mark == 'i' || mark == 'U')) out += '_';
    const size_t at = out.size();
    out += NamePart(random);
    if (mark == 'U') Upper(out, at, out.size());
    if (mark == 'P' || (mark == 'c' && part > 0)) Upper(out, at, at + 1);
  }
  if (random.Chance(mark == 'U' ? 9 : 4)) out += static_cast<char>('0' + random.Below(10));
}

void Append(std::string& out, const char* format, uint32_t a, uint32_t b = 0, uint32_t c = 0) {
  char buffer[40];
  const int size = std::snprintf(buffer, sizeof buffer, format, a, b, c);
  out.append(buffer, static_cast<size_t>(std::clamp(size, 0, 39)));
}

void Hex(Random& random, std::string& out, uint32_t digits) {
  for (uint32_t i = 0; i < digits; ++i) out += kHexDigits[random.Below(16)];
}

void IsoDate(Random& random, std::string& out) {
  const uint32_t year = random.Between(1998, 2026);
  const uint32_t month = random.Between(1, 12);
  Append(out, "%u-%02u-%02u", year, month, random.Between(1, 28));
}

void Date(Random& random, std::string& out) {
  if (random.Chance(30)) return IsoDate(random, out);
  out += random.Of(kDays);
  out += ", ";
  Append(out, "%02u ", random.Between(1, 28));
  out += random.Of(kMonths);
  Append(out, " %u", random.Between(1998, 2026));
}

void Time(Random& random, std::string& out) {
  const uint32_t hour = random.Below(24);
  const uint32_t minute = random.Below(60);
  Append(out, "%02u:%02u:%02u", hour, minute, random.Below(60));
}

void Version(Random& random, std::string& out) {
  const uint32_t major = random.Below(16);
  const uint32_t minor = random.Below(30);
  Append(out, "%u.%u", major, minor);
  if (random.Chance(50)) Append(out, ".%u", random.Below(12));
  if (random.Chance(2)) Append(out, ".%u", random.Between(256, 999));
  if (random.Chance(20)) Append(out, "-%u", random.Between(1, 9));
}

void BigNumber(Random& random, std::string& out) {
  switch (random.Below(6)) {
    case 0:
      return Append(out, "%u,%03u", random.Between(1, 99), 500);
    case 1:
      return Append(out, "%u", random.Between(1800, 2030));
    case 2:
      return Append(out, "%u", random.Between(10000, 999999));
    case 3:
      return Append(out, "%u%%", random.Between(1, 100));
    case 4:
      return Append(out, "$%u", random.Between(5, 900) * 10);
    default:
      return Append(out, "%u", random.Between(100, 5000));
  }
}

void Path(Random& random, std::string& out) {
  const uint32_t parts = random.Between(1, 3);
  for (uint32_t i = 0; i < parts; ++i) {
    if (i > 0 || random.Chance(40)) out += '/';
    out += i == 0 ? random.Of(kFolders) : NamePart(random);
  }
}

void Mark(Random& random, std::string& out, char mark) {
  const Lexicon& lexicon = Lexicon::Get();
  switch (mark) {
    case 'i':
    case 'c':
    case 'P':
    case 'U':
      return Name(random, out, mark);
    case 'w':
      out += NamePart(random);
      return;
    case 'v':
      out += lexicon.technical_verbs.Pick(random);
      return;
    case 'd': {
      const uint32_t limit = random.Chance(60) ? 10 : 130;
      return Append(out, "%u", random.Below(limit));
    }
    case 'n':
      return Append(out, "%u", random.Between(100, 999));
    case 'b':
      return BigNumber(random, out);
    case 'r': {
      const uint32_t whole = random.Below(random.Chance(70) ? 3 : 300);
      return Append(out, "%u.%02u", whole, random.Below(100));
    }
    case 'x':
      out += "0x";
      return Hex(random, out, random.Chance(60) ? 2 : random.Chance(60) ? 4 : 8);
    case 'h':
      return Hex(random, out, random.Chance(70) ? 7 : 12);
    case 'V':
      return Version(random, out);
    case 'f':
      Name(random, out, 'i');
      out += random.Of(kEndings);
      return;
    case '/':
      return Path(random, out);
    case 'D':
      return Date(random, out);
    case 'I':
      return IsoDate(random, out);
    case 'T':
      return Time(random, out);
    case 'Y':
      return Append(out, "%u", random.Between(1990, 2026));
    case 't':
      out += random.Of(kTypes);
      return;
    case 'm':
      out += lexicon.first_names.Pick(random);
      return;
    case 'M':
      out += lexicon.surnames.Pick(random);
      return;
    case 'L':
      out += lexicon.places.Pick(random);
      return;
    case 's':
      English(random, out, {.technical = 55, .marked = 2}).Sentence();
      return;
    case 'k':
      English(random, out, {.technical = 75, .marked = 1}).Command();
      return;
    case 'p': {
      English english(random, out, {.technical = 70});
      english.Continue();
      english.NounPhrase(1);
      return;
    }
    default:
      out += mark;
  }
}

}  // namespace

void Fill(Random& random, std::string& out, std::string_view text, size_t indent) {
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 1 < text.size()) {
      Mark(random, out, text[++i]);
    } else {
      out += text[i];
      if (text[i] == '\n' && i + 1 < text.size() && text[i + 1] != '\n') out.append(indent, ' ');
    }
  }
}

void Wrap(std::string& out, std::string_view paragraph, size_t width, std::string_view line_end,
          size_t indent) {
  size_t column = indent;
  while (!paragraph.empty()) {
    const size_t end = std::min(paragraph.find(' '), paragraph.size());
    if (column + end > width && column > indent) {
      out.back() = line_end[0];  // the blank
      out += line_end.substr(1);
      out.append(indent, ' ');
      column = indent;
    }
    out += paragraph.substr(0, end);
    out += ' ';
    column += end + 1;
    paragraph.remove_prefix(std::min(end + 1, paragraph.size()));
  }
  if (!out.empty() && out.back() == ' ') out.pop_back();
  out += line_end;
}

}  // namespace hpol::filter
