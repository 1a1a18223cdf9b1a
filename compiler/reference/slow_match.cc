#include "compiler/reference/slow_match.h"

#include <algorithm>
#include <functional>
#include <map>
#include <set>
#include <utility>

#include "compiler/pattern/pattern.h"
#include "runtime/detect/validators.h"

namespace hpol::reference {
namespace {

using pattern::Edge;
using pattern::Regex;
using Positions = std::set<uint32_t>;

bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsLetter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool IsWord(char c) { return IsDigit(c) || IsLetter(c) || c == '_'; }
char Lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

// `inner` is the match's byte at one end, `outer` the neighbour outside it.
bool MayStandBeside(char inner, char outer) {
  if (IsDigit(inner)) return !IsDigit(outer);
  if (IsLetter(inner)) return !IsDigit(outer) && !IsLetter(outer);
  return true;
}

bool IsBounded(std::string_view text, uint32_t begin, uint32_t end) {
  return (begin == 0 || MayStandBeside(text[begin], text[begin - 1])) &&
         (end == text.size() || MayStandBeside(text[end - 1], text[end]));
}

// The code point at `at`, and where it ends; false unless it is well-formed UTF-8 (RFC 3629).
bool Decode(std::string_view text, uint32_t at, uint32_t& code_point, uint32_t& end) {
  if (at >= text.size()) return false;
  const auto first = static_cast<unsigned char>(text[at]);
  const uint32_t length = first < 0x80   ? 1
                          : first < 0xc2 ? 0
                          : first < 0xe0 ? 2
                          : first < 0xf0 ? 3
                          : first < 0xf5 ? 4
                                         : 0;
  if (length == 0 || at + length > text.size()) return false;
  code_point = length == 1 ? first : first & (0x7fu >> length);
  for (uint32_t i = 1; i < length; ++i) {
    const auto byte = static_cast<unsigned char>(text[at + i]);
    if ((byte & 0xc0) != 0x80) return false;
    code_point = code_point << 6 | (byte & 0x3f);
  }
  constexpr uint32_t kLeast[] = {0, 0, 0x80, 0x800, 0x10000};
  if (code_point < kLeast[length] || code_point > 0x10ffff) return false;
  if (code_point >= 0xd800 && code_point <= 0xdfff) return false;
  end = at + length;
  return true;
}

// Sets of ends for one text and one start of the whole match, each computed once.
class Walker {
 public:
  Walker(std::string_view text, uint32_t begin)
      : text_(text),
        limit_(
            static_cast<uint32_t>(std::min<size_t>(text.size(), size_t{begin} + pattern::kMaxMatchBytes))) {}

  Positions Ends(const Regex& node, uint32_t at) {
    if (node.parts.empty()) return Compute(node, at);
    const auto [entry, added] = memo_.try_emplace({&node, at});
    // A node never needs its own ends at the same place, so the empty entry is not read meanwhile.
    if (added) entry->second = Compute(node, at);
    return entry->second;
  }

 private:
  Positions Compute(const Regex& node, uint32_t at) {
    switch (node.kind) {
      case Regex::Kind::kEmpty:
        return {at};
      case Regex::Kind::kEdge:
        return Holds(node.edge, at) ? Positions{at} : Positions{};
      case Regex::Kind::kClass: {
        uint32_t code_point = 0;
        uint32_t end = 0;
        const bool one = Decode(text_, at, code_point, end) && end <= limit_ && node.Contains(code_point);
        return one ? Positions{end} : Positions{};
      }
      case Regex::Kind::kConcat: {
        Positions ends{at};
        for (const Regex& part : node.parts) ends = Step(part, ends);
        return ends;
      }
      case Regex::Kind::kAlternate: {
        Positions ends;
        for (const Regex& part : node.parts) ends.merge(Ends(part, at));
        return ends;
      }
      case Regex::Kind::kRepeat:
        return Repeat(node, at);
    }
    return {};
  }

  Positions Step(const Regex& part, const Positions& from) {
    Positions ends;
    for (const uint32_t at : from) ends.merge(Ends(part, at));
    return ends;
  }

  Positions Repeat(const Regex& node, uint32_t at) {
    Positions reached{at};
    for (uint32_t i = 0; i < node.min && !reached.empty(); ++i) reached = Step(node.parts[0], reached);
    Positions all = reached;
    // A place that was reached before gains nothing: it already went on, with more rounds left.
    for (uint32_t i = node.min; i < node.max && !reached.empty(); ++i) {
      Positions fresh;
      for (const uint32_t end : Step(node.parts[0], reached))
        if (all.insert(end).second) fresh.insert(end);
      reached = std::move(fresh);
    }
    return all;
  }

  bool Holds(Edge edge, uint32_t at) const {
    const bool word_before = at > 0 && IsWord(text_[at - 1]);
    const bool word_after = at < text_.size() && IsWord(text_[at]);
    switch (edge) {
      case Edge::kTextStart:
        return at == 0;
      case Edge::kTextEnd:
        return at == text_.size();
      case Edge::kWordEdge:
        return word_before != word_after;
      case Edge::kNotWordEdge:
        return word_before == word_after;
      case Edge::kLineStart:
        return at == 0 || text_[at - 1] == '\n';
      case Edge::kLineEnd:
        return at == text_.size() || text_[at] == '\n';
    }
    return false;
  }

  std::string_view text_;
  uint32_t limit_;
  std::map<std::pair<const Regex*, uint32_t>, Positions> memo_;
};

// In lower case, if that is how words are compared.
std::string Spelling(std::string_view text, bool ignoring_case) {
  std::string spelling(text);
  if (ignoring_case) std::transform(spelling.begin(), spelling.end(), spelling.begin(), Lower);
  return spelling;
}

}  // namespace

SlowMatcher::SlowMatcher(const hir::Detector& detector, pattern::Purpose purpose) : detector_(detector) {
  for (const hir::Pattern& pattern : detector.patterns) {
    dsl::Diagnostics ignored;
    std::optional<Regex> tree = pattern::Parse(pattern, ignored, purpose);
    ok_ = ok_ && tree.has_value();
    if (tree) alternatives_.push_back({*std::move(tree), pattern.bounded});
  }
  for (const hir::WordList& list : detector.words) {
    Words& words = words_.emplace_back();
    words.ignoring_case = list.ignoring_case;
    for (const std::string& word : list.words) {
      if (word.empty()) continue;
      words.words.insert(Spelling(word, list.ignoring_case));
      words.lengths.insert(word.size());
    }
  }
}

std::vector<uint32_t> SlowMatcher::Ends(std::string_view text, uint32_t begin) const {
  Positions ends;
  for (const Alternative& alternative : alternatives_) {
    Walker walker(text, begin);
    for (const uint32_t end : walker.Ends(alternative.tree, begin))
      if (end > begin && (!alternative.bounded || IsBounded(text, begin, end))) ends.insert(end);
  }
  for (const Words& list : words_)
    for (const size_t length : list.lengths) {
      if (length > text.size() - begin) break;
      const auto end = static_cast<uint32_t>(begin + length);
      if (!IsBounded(text, begin, end)) continue;
      if (list.words.contains(Spelling(text.substr(begin, length), list.ignoring_case))) ends.insert(end);
    }
  return {ends.rbegin(), ends.rend()};
}

bool SlowMatcher::Accept(std::string_view match, Tier& tier) const {
  const std::vector<std::string>& exceptions = detector_.exceptions;
  if (std::find(exceptions.begin(), exceptions.end(), match) != exceptions.end()) return false;
  tier = Tier::kShape;
  if (detector_.validator == 0) return true;
  const detect::Validity validity = detect::Validators()[detector_.validator].check(match);
  if (validity == detect::Validity::kAccept) tier = Tier::kChecksum;
  return validity != detect::Validity::kReject;
}

std::vector<Match> SlowMatcher::Find(std::string_view text) const {
  std::vector<Match> matches;
  for (uint32_t begin = 0; begin < text.size();) {
    uint32_t next = begin + 1;
    for (const uint32_t end : Ends(text, begin)) {
      Tier tier = Tier::kShape;
      if (!Accept(text.substr(begin, end - begin), tier)) continue;
      matches.push_back({begin, end, tier});
      next = end;
      break;
    }
    begin = next;
  }
  return matches;
}

}  // namespace hpol::reference
