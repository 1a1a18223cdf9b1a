// Text → tables: reads back what Print wrote, field by field in the same order.
#include <charconv>
#include <type_traits>

#include "compiler/ir/ir.h"
#include "runtime/tables/fields.h"

namespace hpol::ir {
namespace {

// One line; every reader moves on, or keeps the first error and from then on does nothing.
class Line {
 public:
  explicit Line(std::string_view text) : rest_(text) {}

  bool ok() const { return expected_.empty(); }
  const std::string& expected() const { return expected_; }

  bool Take(std::string_view text) {
    if (!ok() || !rest_.starts_with(text)) return false;
    rest_.remove_prefix(text.size());
    return true;
  }
  void Expect(std::string_view text) {
    if (ok() && !Take(text)) Fail("`" + std::string(text) + "`");
  }
  void Fail(std::string expected) {
    if (ok()) expected_ = std::move(expected);
  }
  void ExpectEnd() {
    if (ok() && !rest_.empty() && !rest_.starts_with("  // ")) Fail("the end of the line");
  }

  template <typename N>
  void Number(N& number, int base = 10) {
    if (!ok()) return;
    const auto [end, error] = std::from_chars(rest_.data(), rest_.data() + rest_.size(), number, base);
    if (error != std::errc()) return Fail("a number");
    rest_.remove_prefix(static_cast<size_t>(end - rest_.data()));
  }

  void Quoted(std::string& text) {
    Expect("\"");
    while (ok() && !Take("\"")) {
      if (rest_.empty()) return Fail("a closing quote");
      const char c = rest_.front();
      rest_.remove_prefix(1);
      text += c == '\\' ? Escape() : c;
    }
  }

  std::string_view Word() {
    const std::string_view word = rest_.substr(0, rest_.find(' '));
    rest_.remove_prefix(word.size());
    return word;
  }

 private:
  char Escape() {
    if (Take("n")) return '\n';
    if (Take("\"")) return '"';
    if (Take("\\")) return '\\';
    unsigned value = 0;
    if (!Take("u") || rest_.size() < 4) {
      Fail("an escape");
      return 0;
    }
    const auto [end, error] = std::from_chars(rest_.data(), rest_.data() + 4, value, 16);
    if (error != std::errc() || end != rest_.data() + 4 || value > 0x7f) Fail("an escape");
    rest_.remove_prefix(4);
    return static_cast<char>(value);
  }

  std::string_view rest_;
  std::string expected_;
};

class FieldParser {
 public:
  explicit FieldParser(Line& line) : line_(line) {}

  template <typename T>
  void operator()(const char* name, T&& field) {
    line_.Expect(" ");
    line_.Expect(name);
    line_.Expect("=");
    Value(field);
  }

 private:
  template <typename T>
  void Value(T& field) {
    if constexpr (std::is_same_v<T, bool>) {
      field = line_.Take("true");
      if (!field) line_.Expect("false");
    } else if constexpr (std::is_enum_v<T>) {
      Enumerator(field);
    } else {
      line_.Number(field);
    }
  }
  void Value(Range& range) {
    line_.Number(range.begin);
    line_.Expect("+");
    line_.Number(range.count);
  }
  void Value(Place& place) {
    line_.Number(place.file);
    line_.Expect(":");
    line_.Number(place.line);
    line_.Expect("[");
    line_.Number(place.begin);
    line_.Expect(",");
    line_.Number(place.end);
    line_.Expect("]");
  }
  template <typename W>
  void Value(Word<W>& word) {
    line_.Expect("0x");
    line_.Number(word.value, 16);
  }

  // Names can begin with each other, so the whole word decides.
  template <typename E>
  void Enumerator(E& field) {
    if (!line_.ok()) return;
    const std::string_view word = line_.Word();
    for (size_t i = 0; i < EnumNames<E>::kNames.size(); ++i)
      if (EnumNames<E>::kNames[i] == word) {
        field = static_cast<E>(i);
        return;
      }
    std::string names;
    for (const std::string_view name : EnumNames<E>::kNames) {
      if (!names.empty()) names += ", ";
      names += "`" + std::string(name) + "`";
    }
    line_.Fail("one of " + names);
  }

  Line& line_;
};

void ParseRow(Tables& tables, Line& line, std::string_view kind) {
  const auto index_of = [&line](size_t expected) {
    line.Expect(" ");
    size_t index = 0;
    line.Number(index);
    if (line.ok() && index != expected) line.Fail("row " + std::to_string(expected));
  };
  if (kind == "string") {
    index_of(tables.strings.size());
    line.Expect(" ");
    line.Quoted(tables.strings.emplace_back());
    return;
  }
  bool known = false;
  EveryTable(tables, [&](const char* name, auto& rows, auto&& fields) {
    if (kind != name) return;
    known = true;
    index_of(rows.size());
    FieldParser parser(line);
    fields(parser, rows.emplace_back());
  });
  if (!known) line.Fail("the name of a table");
}

}  // namespace

Result<Tables> Parse(std::string_view text) {
  Tables tables;
  for (size_t number = 1; !text.empty() || number == 1; ++number) {
    const size_t end = text.find('\n');
    Line line(text.substr(0, end));
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    if (number == 1) {
      line.Expect("tables policy=");
      line.Number(tables.policy);
      line.Expect(" version=");
      line.Number(tables.version);
      line.Expect(" steps_off=");
      line.Number(tables.steps_off);
    } else {
      ParseRow(tables, line, line.Word());
    }
    line.ExpectEnd();
    if (!line.ok()) return Error{"line " + std::to_string(number) + ": expected " + line.expected()};
  }
  return tables;
}

}  // namespace hpol::ir
