#include "runtime/answer/restore.h"

#include <array>

#include "runtime/redact/redact.h"
#include "runtime/text/wipe.h"

namespace hpol::answer {
namespace {

bool IsWord(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}
char Lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

constexpr std::array<std::string_view, 4> kOpen = {"<", "\\<", "&lt;", "\\u003c"};
constexpr std::array<std::string_view, 4> kClose = {">", "\\>", "&gt;", "\\u003e"};
constexpr std::array<std::string_view, 2> kOwns = {"'s", "\xe2\x80\x99s"};

// Which of `marks` stands at a place.
struct Mark {
  size_t size = 0;    // 0: none
  bool more = false;  // the text ends inside of one
};
template <size_t n>
Mark MarkAt(std::string_view text, size_t at, const std::array<std::string_view, n>& marks) {
  Mark found;
  for (const std::string_view mark : marks) {
    size_t i = 0;
    while (i < mark.size() && at + i < text.size() && Lower(text[at + i]) == mark[i]) ++i;
    if (i == mark.size()) return {mark.size(), false};
    if (at + i == text.size()) found.more = true;
  }
  return found;
}

}  // namespace

Restorer::~Restorer() { text::Wipe(held_); }

void Restorer::Finish(std::string& out) {
  Run({}, true, out);
  context_ = {};
  before_ = '\n';
}

bool Restorer::MayRestore() const {
  return kind_ == TextKind::kProse ? context_.harmless() : admitted_ && !context_.in_url();
}

Restorer::Match Restorer::At(std::string_view text, size_t at, bool final) const {
  Match match;
  size_t i = at;
  const Mark open = MarkAt(text, i, kOpen);
  if (open.size == 0 && open.more && !final) return {Match::Kind::kMore, 0, {}, {}};
  i += open.size;
  if (open.size == 0 && IsWord(before_)) return match;
  Tokens::Fit fit = Tokens::Fit::kNo;
  for (; i < text.size(); ++i) {
    if (text[i] == '\\' && i + 1 < text.size() && text[i + 1] == '_') continue;
    if (text[i] == '\\' && i + 1 == text.size() && !final) break;
    match.token.push_back(Lower(text[i]));
    const Tokens::Fit next = tokens_.FitOf(match.token);
    if (next == Tokens::Fit::kNo) {
      match.token.pop_back();
      break;
    }
    fit = next;
  }
  const bool ended = i == text.size() || (text[i] == '\\' && i + 1 == text.size());
  if (ended && !final && (fit != Tokens::Fit::kNo || match.token.empty()))
    return {Match::Kind::kMore, 0, {}, {}};
  if (fit != Tokens::Fit::kWhole) return match;
  // `s` of a plural; any other letter makes it another word.
  if (i < text.size() && IsWord(text[i])) {
    if (Lower(text[i]) != 's') return match;
    if (i + 1 == text.size() && !final) return {Match::Kind::kMore, 0, {}, {}};
    if (i + 1 < text.size() && IsWord(text[i + 1])) return match;
    match.after = text.substr(i++, 1);
  }
  match.kind = Match::Kind::kToken;
  match.end = i;
  if (open.size == 0) return match;
  const Mark owns = MarkAt(text, i, kOwns);
  if (owns.more && !final) return {Match::Kind::kMore, 0, {}, {}};
  const Mark close = MarkAt(text, i + owns.size, kClose);
  if (close.more && !final) return {Match::Kind::kMore, 0, {}, {}};
  if (close.size == 0) return {};  // perhaps a tag; the token is looked at without its bracket
  if (owns.size != 0) match.after = text.substr(i, owns.size);
  match.end = i + owns.size + close.size;
  return match;
}

void Restorer::Write(const Match& match, std::string_view raw, std::string& out) {
  const std::string* value = tokens_.Find(match.token);
  if (value == nullptr || !MayRestore()) {
    if (value != nullptr) ++tokens_.counts.withheld;
    out.append(raw);
  } else {
    ++tokens_.counts.restored;
    kind_ == TextKind::kJson ? redact::AppendJsonEscaped(*value, out) : void(out.append(*value));
    out.append(match.after);
  }
  context_.TakeWord();
  before_ = 'x';
}

void Restorer::Run(std::string_view chunk, bool final, std::string& out) {
  held_.append(chunk);
  const std::string_view text = held_;
  size_t at = 0;
  while (at < text.size()) {
    const Match match = At(text, at, final);
    if (match.kind == Match::Kind::kMore) break;
    if (match.kind == Match::Kind::kToken) {
      Write(match, text.substr(at, match.end - at), out);
      at = match.end;
    } else {
      context_.Take(text.substr(at, 1));
      before_ = text[at];
      out.push_back(text[at++]);
    }
  }
  if (at == text.size()) {
    text::Wipe(held_);
  } else {
    held_.erase(0, at);
  }
}

}  // namespace hpol::answer
