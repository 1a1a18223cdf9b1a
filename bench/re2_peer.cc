#include "bench/re2_peer.h"

#include <re2/re2.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "dsl/diag/diagnostic.h"
#include "dsl/parse/parse.h"
#include "runtime/detect/validators.h"

namespace hpol::bench {
namespace {

bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsLetter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

bool IsBound(char inside, char outside) {
  if (IsDigit(inside)) return !IsDigit(outside);
  return !IsLetter(inside) || (!IsDigit(outside) && !IsLetter(outside));
}

struct Pattern {
  std::unique_ptr<re2::RE2> regex;
  bool bounded = false;
};

struct Detector {
  std::string name;
  std::unique_ptr<re2::RE2> any;  // all patterns at once: where to look
  std::vector<Pattern> patterns;
  uint32_t validator = 0;
  bool vouched = false;  // `needs near`: no word stands near in the bench's texts
  std::vector<std::string> exceptions;
};

std::unique_ptr<re2::RE2> Regex(const std::string& text) {
  re2::RE2::Options options;
  options.set_longest_match(true);
  options.set_log_errors(false);
  options.set_max_mem(64 << 20);
  return std::make_unique<re2::RE2>(text, options);
}

// The longest match of one pattern in [at, limit) whose ends are bounds; 0 for none.
size_t LongestOf(const Pattern& pattern, std::string_view text, size_t at, size_t limit) {
  if (pattern.bounded && at > 0 && !IsBound(text[at], text[at - 1])) return 0;
  while (limit > at) {
    re2::StringPiece match;
    if (!pattern.regex->Match(text, at, limit, re2::RE2::ANCHOR_START, &match, 1)) return 0;
    const size_t end = at + match.size();
    if (!pattern.bounded || end == text.size() || IsBound(text[end - 1], text[end])) return end;
    limit = end - 1;
  }
  return 0;
}

size_t AcceptedAt(const Detector& detector, std::string_view text, size_t at) {
  size_t limit = text.size();
  while (limit > at) {
    size_t end = 0;
    for (const Pattern& pattern : detector.patterns) end = std::max(end, LongestOf(pattern, text, at, limit));
    if (end == 0) return 0;
    const std::string_view match = text.substr(at, end - at);
    const auto& except = detector.exceptions;
    const detect::Validity validity = detect::Validators()[detector.validator].check(match);
    if (validity != detect::Validity::kReject &&
        std::find(except.begin(), except.end(), match) == except.end() &&
        (!detector.vouched || validity == detect::Validity::kAccept)) {
      return end;
    }
    limit = end - 1;
  }
  return 0;
}

class Peer : public Re2Peer {
 public:
  void Scan(std::string_view text, std::vector<Span>& spans) const override {
    spans.clear();
    for (const Detector& detector : detectors_) {
      size_t at = 0;
      re2::StringPiece found;
      while (at < text.size() &&
             detector.any->Match(text, at, text.size(), re2::RE2::UNANCHORED, &found, 1)) {
        const auto begin = static_cast<size_t>(found.data() - text.data());
        const size_t end = AcceptedAt(detector, text, begin);
        if (end != 0) spans.push_back({begin, end, detector.name});
        at = end != 0 ? end : begin + 1;
      }
    }
    std::sort(spans.begin(), spans.end());
  }

  bool AddPack(const std::string& path, std::string& error) {
    std::ifstream in(path, std::ios::binary);
    std::ostringstream text;
    text << in.rdbuf();
    dsl::SourceMap sources;
    dsl::Diagnostics diagnostics;
    const dsl::FileId file = sources.Add(path, std::move(text).str());
    const dsl::ast::Policy pack = dsl::Parse(sources, file, diagnostics);
    for (const dsl::ast::Detector& detector : pack.detectors) {
      if (!Add(detector)) error = "RE2 does not take a pattern of `" + detector.name.text + "`";
    }
    return error.empty();
  }

 private:
  bool Add(const dsl::ast::Detector& source) {
    Detector detector;
    detector.name = source.name.text;
    std::string any;
    for (const dsl::ast::Pattern& pattern : source.patterns) {
      const std::string text = (pattern.ignoring_case ? "(?i:" : "(?:") + pattern.text + ")";
      any += (any.empty() ? "" : "|") + text;
      detector.patterns.push_back({Regex(text), pattern.bounded});
      if (!detector.patterns.back().regex->ok()) return false;
    }
    detector.any = Regex(any);
    if (source.validator) detector.validator = detect::FindValidator(source.validator->text);
    for (const dsl::ast::String& exception : source.exceptions)
      detector.exceptions.push_back(exception.value);
    for (const dsl::ast::Near& near : source.near) detector.vouched = detector.vouched || near.needed;
    detectors_.push_back(std::move(detector));
    return detectors_.back().any->ok() && source.words.empty();
  }

  std::vector<Detector> detectors_;
};

}  // namespace

std::unique_ptr<Re2Peer> Re2Peer::Make(const std::string& folder, std::string& error) {
  auto peer = std::make_unique<Peer>();
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().extension() == ".hpol" && !peer->AddPack(entry.path().string(), error)) return nullptr;
  }
  return peer;
}

}  // namespace hpol::bench
