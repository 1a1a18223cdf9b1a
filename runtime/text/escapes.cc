// Readers of one escape each; the loop copies what lies between.
#include "runtime/text/escapes.h"

#include <algorithm>
#include <iterator>

#include "runtime/text/fold.h"

namespace hpol::text {
namespace {

constexpr uint32_t kMaxBackslashes = 8;  // before an `x`: each level of JSON doubles them

// What one escape stands for: a byte (UTF-8 is put together later) or a character.
struct Escape {
  uint32_t end = 0;  // 0: none
  char32_t value = 0;
  bool byte = false;
};

// Up to `most` digits of `base` at `at`; returns how many.
uint32_t ReadNumber(std::string_view text, uint32_t at, uint32_t base, uint32_t most, char32_t& value) {
  uint32_t count = 0;
  value = 0;
  for (; count < most && at + count < text.size(); ++count) {
    const int digit = HexValue(static_cast<uint8_t>(text[at + count]));
    if (digit < 0 || digit >= static_cast<int>(base)) break;
    value = value * base + static_cast<char32_t>(digit);
  }
  return count;
}

bool At(std::string_view text, uint32_t at, char c) { return at < text.size() && text[at] == c; }

Escape ReadPercent(std::string_view text, uint32_t at) {
  char32_t value = 0;
  if (ReadNumber(text, at + 1, 16, 2, value) == 2) return {at + 3, value, true};
  const bool code = At(text, at + 1, 'u') || At(text, at + 1, 'U');
  if (code && ReadNumber(text, at + 2, 16, 4, value) == 4) return {at + 6, value, false};
  return {};
}

struct Name {
  std::string_view name;
  char32_t value;
};
constexpr Name kNames[] = {{"nbsp", ' '},    {"ensp", ' '},   {"emsp", ' '},
                           {"thinsp", ' '},  {"numsp", ' '},  {"hyphen", '-'},
                           {"dash", '-'},    {"ndash", '-'},  {"mdash", '-'},
                           {"minus", '-'},   {"horbar", '-'}, {"shy", 0xad},
                           {"zwnj", 0x200c}, {"zwj", 0x200d}, {"amp", '&'},
                           {"AMP", '&'},     {"lt", '<'},     {"gt", '>'},
                           {"quot", '"'},    {"apos", '\''},  {"commat", '@'},
                           {"period", '.'},  {"comma", ','},  {"colon", ':'},
                           {"semi", ';'},    {"sol", '/'},    {"bsol", '\\'},
                           {"lowbar", '_'},  {"plus", '+'},   {"num", '#'},
                           {"percnt", '%'},  {"equals", '='}, {"lpar", '('},
                           {"rpar", ')'},    {"Tab", '\t'},   {"NewLine", '\n'},
                           {"ast", '*'},     {"dollar", '$'}, {"ZeroWidthSpace", 0x200b}};

Escape ReadEntity(std::string_view text, uint32_t at) {
  char32_t value = 0;
  if (!At(text, at + 1, '#')) {
    for (const Name& name : kNames) {
      const auto end = at + 1 + static_cast<uint32_t>(name.name.size());
      if (text.substr(at + 1, name.name.size()) == name.name && At(text, end, ';'))
        return {end + 1, name.value, false};
    }
    return {};
  }
  const bool hex = At(text, at + 2, 'x') || At(text, at + 2, 'X');
  const uint32_t begin = at + (hex ? 3 : 2);
  uint32_t zeros = 0;  // `&#00000053;` is a 5 for browsers
  while (zeros < 16 && At(text, begin + zeros, '0')) ++zeros;
  const uint32_t digits = ReadNumber(text, begin + zeros, hex ? 16 : 10, 7, value);
  if (digits == 0) return {};
  const uint32_t end = begin + zeros + digits;
  return {At(text, end, ';') ? end + 1 : end, value, false};  // browsers do not need the semicolon
}

// `braced`: `{` digits `}`.
Escape ReadBraced(std::string_view text, uint32_t at) {
  char32_t value = 0;
  const uint32_t digits = ReadNumber(text, at + 1, 16, 8, value);
  if (digits == 0 || !At(text, at + 1 + digits, '}')) return {};
  return {at + 2 + digits, value, false};
}

// `at` is behind the backslashes.
Escape ReadBackslash(std::string_view text, uint32_t at) {
  char32_t value = 0;
  if (at >= text.size()) return {};
  if ((text[at] == 'x' || text[at] == 'u') && At(text, at + 1, '{')) return ReadBraced(text, at + 1);
  if (text[at] == 'x' && ReadNumber(text, at + 1, 16, 2, value) == 2) return {at + 3, value, true};
  if (text[at] == 'U' && ReadNumber(text, at + 1, 16, 8, value) == 8) return {at + 9, value, false};
  if (text[at] <= '3' && ReadNumber(text, at, 8, 3, value) == 3) return {at + 3, value, true};
  return {};
}

class Resolver {
 public:
  Resolver(Source source, Steps steps, bool nested, Draft& draft)
      : text_(source.text),
        size_(static_cast<uint32_t>(source.text.size())),
        steps_(steps),
        nested_(nested),
        draft_(draft) {
    draft.Begin(source, source.text.size());
  }

  uint32_t Run() {
    for (uint32_t at = 0; at < size_;) {
      uint32_t end = at + 1;
      const Escape escape = Read(at, end);
      if (escape.end != 0) {
        Write(at, escape);
        end = escape.end;
      }
      at = end;
    }
    if (count_ > 0) draft_.Copy(copied_, size_);
    return count_;
  }

 private:
  // `next`: where to go on when there is none.
  Escape Read(uint32_t at, uint32_t& next) const {
    switch (text_[at]) {
      case '%':
        return steps_.Has(Step::kPercent) ? ReadPercent(text_, at) : Escape{};
      case '&':
        return steps_.Has(Step::kHtmlEntities) ? ReadEntity(text_, at) : Escape{};
      case '\\':
        while (next < size_ && text_[next] == '\\') ++next;
        return steps_.Has(Step::kBackslashes) && next - at <= kMaxBackslashes ? ReadBackslash(text_, next)
                                                                              : Escape{};
      default:
        return {};
    }
  }

  void Write(uint32_t at, const Escape& escape) {
    if (nested_ && !draft_.Touches(at, escape.end)) return;
    const bool scalar = escape.value <= 0x10ffff && (escape.value < 0xd800 || escape.value > 0xdfff);
    if (!escape.byte && !scalar) return;
    draft_.Copy(copied_, at);
    copied_ = escape.end;
    ++count_;
    char bytes[4] = {static_cast<char>(escape.value)};
    uint32_t size = escape.byte ? 1 : EncodeUtf8(escape.value, bytes);
    if (escape.value == 0) size = 0;  // between two digits it would hide them
    draft_.Put(at, escape.end, {bytes, size}, true);
  }

  std::string_view text_;
  uint32_t size_;
  Steps steps_;
  bool nested_;
  Draft& draft_;
  uint32_t copied_ = 0;  // source bytes before this are written
  uint32_t count_ = 0;
};

}  // namespace

QuotedPrintable ReadQuotedPrintable(std::string_view text, uint32_t at) {
  char32_t value = 0;
  if (ReadNumber(text, at + 1, 16, 2, value) == 2) return {at + 3, true, static_cast<char>(value)};
  uint32_t end = at + 1;
  while (end < text.size() && end - at < 8 && (text[end] == ' ' || text[end] == '\t')) ++end;
  if (At(text, end, '\r') && At(text, end + 1, '\n')) return {end + 2, false, 0};
  return {At(text, end, '\n') ? end + 1 : 0, false, 0};
}

uint32_t ResolveEscapes(Source source, Steps steps, bool nested, Draft& draft) {
  return Resolver(source, steps, nested, draft).Run();
}

uint32_t ResolveQuotedPrintable(Source source, bool nested, Draft& draft) {
  const std::string_view text = source.text;
  draft.Begin(source, text.size());
  // The last two that are not yet known to stand among three.
  struct Waiting {
    uint32_t at = 0;
    QuotedPrintable unit;
  };
  Waiting waiting[kMinQuotedPrintable - 1];
  uint32_t chain = 0;  // how many stand together up to the last one
  uint32_t last = 0;
  uint32_t count = 0;
  uint32_t copied = 0;
  const auto write = [&](uint32_t at, const QuotedPrintable& unit) {
    draft.Copy(copied, at);
    draft.Put(at, unit.end, {&unit.byte, unit.escape && unit.byte != 0 ? 1u : 0u}, true);
    copied = unit.end;
    ++count;
  };
  for (size_t next = text.find('='); next != std::string_view::npos; next = text.find('=', next)) {
    const auto at = static_cast<uint32_t>(next++);
    const QuotedPrintable unit = ReadQuotedPrintable(text, at);
    if (unit.end == 0 || (nested && !draft.Touches(at, unit.end))) continue;
    next = unit.end;
    chain = chain > 0 && at - last <= kQuotedPrintableApart ? chain + 1 : 1;
    last = at;
    if (chain < kMinQuotedPrintable) {
      waiting[chain - 1] = {at, unit};
      continue;
    }
    if (chain == kMinQuotedPrintable) {
      for (const Waiting& before : waiting) write(before.at, before.unit);
    }
    write(at, unit);
  }
  if (count > 0) draft.Copy(copied, static_cast<uint32_t>(text.size()));
  return count;
}

}  // namespace hpol::text
