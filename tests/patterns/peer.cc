#include "tests/patterns/peer.h"

#include <algorithm>

#include "compiler/pattern/unicode.h"
#include "runtime/text/fold.h"

namespace hpol::patterns {

bool IsAssigned(uint32_t code_point) {
  using pattern::CodePoints;
  static const std::vector<CodePoints> assigned = [] {
    std::vector<CodePoints> all;
    for (const char* name : {"C", "L", "M", "N", "P", "S", "Z"}) {
      const std::vector<CodePoints> ranges = *pattern::UnicodeClass(name);
      all.insert(all.end(), ranges.begin(), ranges.end());
    }
    std::sort(all.begin(), all.end(), [](CodePoints a, CodePoints b) { return a.first < b.first; });
    return all;
  }();
  const auto after = std::upper_bound(assigned.begin(), assigned.end(), code_point,
                                      [](uint32_t value, CodePoints range) { return value < range.first; });
  return after != assigned.begin() && code_point <= std::prev(after)->last;
}

bool Peer::Understands(std::string_view text) {
  for (size_t at = 0; at < text.size();) {
    const text::Decoded decoded = text::DecodeUtf8(text, at);
    if (!decoded.valid || !IsAssigned(decoded.code)) return false;
    at += decoded.size;
  }
  return true;
}

}  // namespace hpol::patterns

#ifdef HPOL_HAS_RE2

#include <re2/re2.h>

namespace hpol::patterns {
namespace {

re2::RE2::Options Options(bool ignoring_case) {
  re2::RE2::Options options;
  options.set_longest_match(true);
  options.set_log_errors(false);
  options.set_case_sensitive(!ignoring_case);
  options.set_max_mem(64 << 20);
  return options;
}

class Re2 : public Peer {
 public:
  Re2(std::string_view pattern, bool ignoring_case)
      : regex_(re2::StringPiece(pattern.data(), pattern.size()), Options(ignoring_case)) {}

  bool ok() const { return regex_.ok(); }

  Spans Find(std::string_view text) const override {
    Spans spans;
    for (size_t at = 0; at < text.size();) {
      re2::StringPiece match;
      if (!regex_.Match(text, at, text.size(), re2::RE2::UNANCHORED, &match, 1)) break;
      const auto begin = static_cast<size_t>(match.data() - text.data());
      if (!match.empty()) spans.emplace_back(begin, begin + match.size());
      at = begin + match.size();
      // The longest match here is empty, so none begins here: go on at the next character.
      if (match.empty()) {
        ++at;
        while (at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0) == 0x80) ++at;
      }
    }
    return spans;
  }

  bool IsWhole(std::string_view text) const override { return re2::RE2::FullMatch(text, regex_); }

 private:
  re2::RE2 regex_;
};

}  // namespace

std::unique_ptr<Peer> Peer::Make(std::string_view pattern, bool ignoring_case) {
  auto peer = std::make_unique<Re2>(pattern, ignoring_case);
  if (!peer->ok()) return nullptr;
  return peer;
}

bool Peer::Installed() { return true; }

}  // namespace hpol::patterns

#else

namespace hpol::patterns {

std::unique_ptr<Peer> Peer::Make(std::string_view, bool) { return nullptr; }
bool Peer::Installed() { return false; }

}  // namespace hpol::patterns

#endif
