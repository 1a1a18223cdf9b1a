#include "runtime/redact/forms.h"

#include <array>
#include <charconv>
#include <chrono>

namespace hpol::redact {
namespace {

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// Numbers between single separators.
struct Part {
  size_t begin = 0;
  size_t size = 0;
  int number = 0;
};
template <size_t n>
bool Split(std::string_view text, std::array<Part, n>& parts, char& separator) {
  size_t at = 0;
  for (size_t i = 0; i < n; ++i) {
    if (i > 0) {
      if (at >= text.size() || (i > 1 && text[at] != separator)) return false;
      separator = text[at++];
    }
    const size_t begin = at;
    while (at < text.size() && IsDigit(text[at])) ++at;
    if (at == begin || at - begin > 4) return false;
    parts[i] = {begin, at - begin, 0};
    std::from_chars(text.data() + begin, text.data() + at, parts[i].number);
  }
  return at == text.size();
}

struct Date {
  std::array<Part, 3> parts;
  char separator = 0;
  size_t year = 0, month = 1, day = 2;  // which part is which
  std::chrono::year_month_day value;
};

std::optional<Date> DateOf(std::string_view text) {
  Date date;
  if (!Split(text, date.parts, date.separator)) return std::nullopt;
  const char separator = date.separator;
  if (separator != '-' && separator != '/' && separator != '.') return std::nullopt;
  if (date.parts[0].size != 4) {
    if (date.parts[2].size != 4) return std::nullopt;
    date.year = 2;
    date.day = 0;
    // Where both could be the day, only dots say which.
    const bool day_first = separator == '.' || date.parts[0].number > 12;
    if (!day_first && date.parts[1].number <= 12) return std::nullopt;
    if (!day_first) {
      date.day = 1;
      date.month = 0;
    }
  }
  if (date.parts[date.month].size > 2 || date.parts[date.day].size > 2) return std::nullopt;
  date.value = std::chrono::year(date.parts[date.year].number) /
               std::chrono::month(static_cast<unsigned>(date.parts[date.month].number)) /
               std::chrono::day(static_cast<unsigned>(date.parts[date.day].number));
  const int year = date.parts[date.year].number;
  if (!date.value.ok() || year < 1800 || year > 2200) return std::nullopt;
  return date;
}

// As wide as what it stands for.
std::string Padded(int number, size_t width) {
  std::string text = std::to_string(number);
  if (text.size() < width) text.insert(0, width - text.size(), '0');
  return text;
}

}  // namespace

std::optional<std::string> Shifted(std::string_view date, int days) {
  const std::optional<Date> read = DateOf(date);
  if (!read) return std::nullopt;
  const std::chrono::year_month_day later = std::chrono::sys_days(read->value) + std::chrono::days(days);
  std::string text;
  for (size_t i = 0; i < 3; ++i) {
    if (i > 0) text.push_back(read->separator);
    const int number = i == read->year    ? static_cast<int>(later.year())
                       : i == read->month ? static_cast<int>(static_cast<unsigned>(later.month()))
                                          : static_cast<int>(static_cast<unsigned>(later.day()));
    text += Padded(number, read->parts[i].size);
  }
  return text;
}

std::optional<std::string> General(std::string_view value) {
  if (const std::optional<Date> date = DateOf(value)) return std::to_string(date->parts[date->year].number);
  std::array<Part, 4> parts;
  char separator = 0;
  if (!Split(value, parts, separator) || separator != '.') return std::nullopt;
  for (const Part& part : parts) {
    if (part.number > 255) return std::nullopt;
  }
  return std::string(value.substr(0, parts[3].begin)) + "0/24";
}

std::vector<uint32_t> DigitsOf(std::string_view value) {
  std::vector<uint32_t> digits;
  for (const char c : value) {
    if (IsDigit(c)) digits.push_back(static_cast<uint32_t>(c - '0'));
  }
  return digits;
}

std::string WithDigits(std::string_view value, const std::vector<uint32_t>& digits) {
  std::string text(value);
  size_t next = 0;
  for (char& c : text) {
    if (IsDigit(c)) c = static_cast<char>('0' + digits[next++]);
  }
  return text;
}

}  // namespace hpol::redact
