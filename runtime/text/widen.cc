// One pass with one character of memory: what stood last in the wider text.
#include "runtime/text/widen.h"

#include <algorithm>
#include <iterator>

#include "runtime/text/fold.h"

namespace hpol::text {
namespace {

bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsSpace(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }
bool IsAscii(char c) { return (static_cast<uint8_t>(c) & 0x80) == 0; }
char Lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

// Tags that leave the digits around them together, and tags that set them apart. Others are no markup here:
// a placeholder in angle brackets is a word.
constexpr std::string_view kInlineTags[] = {
    "a",    "abbr",   "b",      "bdi", "bdo", "big",  "cite", "code", "del",  "dfn",
    "em",   "font",   "i",      "ins", "kbd", "mark", "q",    "s",    "samp", "small",
    "span", "strike", "strong", "sub", "sup", "tt",   "u",    "var",  "wbr"};
constexpr std::string_view kBlockTags[] = {"br",    "dd",    "div", "dl", "dt", "h1", "h2",
                                           "h3",    "h4",    "hr",  "li", "ol", "p",  "pre",
                                           "table", "tbody", "td",  "th", "tr", "ul"};

enum class Tag : uint8_t { kNone, kInline, kBlock };

// The tag or comment that begins with `<` at `at`, not past `limit`; `end` follows it.
Tag ReadTag(std::string_view text, uint32_t at, uint32_t limit, uint32_t& end) {
  if (text.substr(at, 4) == "<!--") {
    const size_t close = text.substr(0, limit).find("-->", at + 4);
    if (close == std::string_view::npos) return Tag::kNone;
    end = static_cast<uint32_t>(close + 3);
    return Tag::kInline;
  }
  uint32_t i = at + 1;
  if (i < limit && text[i] == '/') ++i;
  char name[8];
  size_t size = 0;
  for (; i < limit && size < sizeof name; ++i) {
    const char c = Lower(text[i]);
    if ((c < 'a' || c > 'z') && (size == 0 || !IsDigit(c))) break;
    name[size++] = c;
  }
  if (i >= limit || (text[i] != '>' && text[i] != '/' && !IsSpace(text[i]))) return Tag::kNone;
  while (i < limit && text[i] != '>') {
    if (text[i] == '<') return Tag::kNone;
    ++i;
  }
  if (i >= limit) return Tag::kNone;
  end = i + 1;
  const std::string_view word(name, size);
  if (std::find(std::begin(kInlineTags), std::end(kInlineTags), word) != std::end(kInlineTags))
    return Tag::kInline;
  return std::find(std::begin(kBlockTags), std::end(kBlockTags), word) != std::end(kBlockTags) ? Tag::kBlock
                                                                                               : Tag::kNone;
}

class Widener {
 public:
  Widener(Source source, Steps steps, Draft& draft) : text_(source.text), steps_(steps), draft_(draft) {
    draft.Begin(source, source.text.size());
  }

  void Run() {
    const auto size = static_cast<uint32_t>(text_.size());
    for (uint32_t at = 0; at < size;) at = IsAscii(text_[at]) ? Plain(at) : Other(at);
    if (draft_.changed()) draft_.Copy(copied_, size);
  }

 private:
  // ASCII up to what is next of interest; returns what follows.
  uint32_t Plain(uint32_t at) {
    const auto size = static_cast<uint32_t>(text_.size());
    const uint32_t begin = at;
    for (; at < size && IsAscii(text_[at]); ++at) {
      const bool after_digit = at == begin ? IsDigit(last_) : IsDigit(text_[at - 1]);
      if (!after_digit || IsDigit(text_[at]) || !steps_.Has(Step::kGaps)) continue;
      const Gap gap = ReadGap(text_, at, true);
      if (gap.end == 0) continue;
      Put(at, gap.end, gap.text);
      return gap.end;
    }
    last_ = text_[at - 1];
    return at;
  }

  uint32_t Other(uint32_t at) {
    const Decoded decoded = DecodeUtf8(text_, at);
    const uint32_t end = at + decoded.size;
    if (!decoded.valid) {
      last_ = text_[at];
    } else if (const std::string_view form = WidenCodePoint(decoded.code, steps_); !form.empty()) {
      Put(at, end, form);
    } else if (IsNumeral(decoded.code, end)) {
      const char digit = static_cast<char>('0' + CjkDigit(decoded.code));
      Put(at, end, {&digit, 1});
    } else if (IsAscii(last_) && last_ > ' ' && steps_.Has(Step::kMarks) && IsMark(decoded.code)) {
      Put(at, end, {});
    } else {
      last_ = text_[at];
    }
    return end;
  }

  // A CJK numeral with another digit right before or behind it.
  bool IsNumeral(char32_t code, uint32_t end) const {
    if (!steps_.Has(Step::kCjkNumerals) || CjkDigit(code) < 0) return false;
    if (IsDigit(last_)) return true;
    if (end >= text_.size()) return false;
    if (IsAscii(text_[end])) return IsDigit(text_[end]);
    const Decoded next = DecodeUtf8(text_, end);
    if (!next.valid) return false;
    const std::string_view form = WidenCodePoint(next.code, steps_);
    return CjkDigit(next.code) >= 0 || (!form.empty() && IsDigit(form[0]));
  }

  // INVARIANT: no form is longer than the UTF-8 it stands for, so the limit is never met.
  void Put(uint32_t begin, uint32_t end, std::string_view form) {
    draft_.Copy(copied_, begin);
    draft_.Put(begin, end, form, false);
    copied_ = end;
    if (!form.empty()) last_ = form.back();
  }

  std::string_view text_;
  Steps steps_;
  Draft& draft_;
  uint32_t copied_ = 0;  // source bytes before this are written
  char last_ = ' ';      // what stands last in the wider text
};

}  // namespace

Gap ReadGap(std::string_view text, uint32_t at, bool wide_end) {
  const auto limit = static_cast<uint32_t>(std::min<size_t>(text.size(), size_t{at} + kMaxGap));
  bool dash = false;
  bool space = false;
  uint32_t i = at;
  while (i < limit) {
    const char c = text[i];
    uint32_t end = i + 1;
    if (c == '-') {
      dash = true;
    } else if (IsSpace(c) || c == '_') {
      space = true;
    } else if (c == '~') {
      space = space || i + 1 >= limit || text[i + 1] != '~';
      if (i + 1 < limit && text[i + 1] == '~') ++end;
    } else if (c == '<') {
      const Tag tag = ReadTag(text, i, limit, end);
      if (tag == Tag::kNone) return {};
      space = space || tag == Tag::kBlock;
    } else if (c != '*' && c != '`' && c != '$' && c != '\\') {
      break;
    }
    i = end;
  }
  if (i == at || i >= text.size()) return {};
  if (!IsDigit(text[i]) && (!wide_end || IsAscii(text[i]))) return {};
  const std::string_view becomes = dash ? "-" : space ? " " : "";
  if (text.substr(at, i - at) == becomes) return {};
  return {i, becomes};
}

void Widen(Source source, Steps steps, Draft& draft) { Widener(source, steps, draft).Run(); }

}  // namespace hpol::text
