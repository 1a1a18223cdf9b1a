// Any bytes as a pattern and a text: the compiler ends, points inside the pattern wherever it
// refuses, and what it accepts finds what the slow matcher finds.
//
// The first byte holds flags; a zero byte ends the pattern and begins the text.
#include <cstdlib>
#include <string>
#include <string_view>

#include "compiler/pattern/pattern.h"
#include "compiler/reference/slow_match.h"

namespace {

using namespace hpol;

// The slow matcher takes its time with more.
constexpr size_t kMaxText = 48;

void Require(bool holds) {
  if (!holds) std::abort();
}

// At byte i + 1 of its literal stands byte i of the pattern.
void RequireInside(dsl::Span span, size_t size) {
  Require(span.begin >= 1 && span.begin <= span.end && span.end <= size + 1);
}

void CheckDiagnostics(const dsl::Diagnostics& diagnostics, size_t size) {
  for (const dsl::Diagnostic& diagnostic : diagnostics.all()) {
    Require(!diagnostic.message.empty());
    RequireInside(diagnostic.primary.span, size);
    if (!diagnostic.help) continue;
    for (const dsl::Edit& edit : diagnostic.help->edits) RequireInside(edit.span, size);
  }
}

void CheckMatches(const hir::Detector& detector, const pattern::Matcher& matcher, pattern::Purpose purpose,
                  std::string_view text) {
  const reference::SlowMatcher slow(detector, purpose);
  Require(slow.ok());
  const std::vector<pattern::Found> found = pattern::FindAll(detector, matcher, text);
  const std::vector<reference::Match> expected = slow.Find(text);
  Require(found.size() == expected.size());
  for (size_t i = 0; i < found.size(); ++i)
    Require(found[i].begin == expected[i].begin && found[i].end == expected[i].end);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) return 0;
  const uint8_t flags = data[0];
  const std::string_view rest(reinterpret_cast<const char*>(data) + 1, size - 1);
  const std::string_view written = rest.substr(0, rest.find('\0'));
  const std::string_view text = written.size() < rest.size() ? rest.substr(written.size() + 1) : rest;

  hir::Pattern pattern;
  pattern.text = written;
  pattern.span.end = static_cast<uint32_t>(written.size()) + 2;
  pattern.bounded = (flags & 1) != 0;
  pattern.ignoring_case = (flags & 2) != 0;
  const auto purpose = (flags & 4) != 0 ? pattern::Purpose::kDetector : pattern::Purpose::kSearch;
  hir::Detector detector;
  detector.patterns = {pattern};
  detector.span = {{}, 1, static_cast<uint32_t>(written.size()) + 1};

  dsl::Diagnostics diagnostics;
  const std::optional<pattern::Matcher> matcher = pattern::Compile(detector, diagnostics, purpose);
  Require(matcher.has_value() != diagnostics.has_errors());
  CheckDiagnostics(diagnostics, written.size());
  if (matcher) CheckMatches(detector, *matcher, purpose, text.substr(0, kMaxText));
  return 0;
}
