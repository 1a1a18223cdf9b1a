// Any bytes as a text: every variant of the kernel leads to the same matches, and a scan finds the same with
// the filter and without it.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "compiler/filter/filter.h"
#include "compiler/jit/jit.h"
#include "compiler/pattern/pattern.h"
#include "compiler/plan/plan.h"
#include "runtime/detect/scan.h"
#include "runtime/detect/validators.h"
#include "runtime/detect/walk.h"

namespace {

using namespace hpol;

void Check(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "broken: %s\n", what);
  std::abort();
}

hir::Detector Pattern(const char* name, const char* text, bool bounded, const char* validator = "") {
  hir::Detector detector;
  detector.name = name;
  detector.patterns.push_back({text, {}, bounded, false});
  detector.validator = detect::FindValidator(validator);
  return detector;
}

hir::Detector Words(const char* name, std::vector<std::string> words, bool ignoring_case) {
  hir::Detector detector;
  detector.name = name;
  detector.words.push_back({std::move(words), ignoring_case, {}});
  return detector;
}

// Each way of being filtered, and each way of not being so.
hir::Policy MakePolicy() {
  hir::Policy policy;
  policy.levels = {"low", "high"};
  policy.categories = {"pseudonymous"};
  policy.detectors = {
      Pattern("email", "[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+\\.[A-Za-z]{2,24}", false),
      Pattern("ssn", "[0-9]{3}-[0-9]{2}-[0-9]{4}", true, "us_ssn"),
      Pattern("card", "[0-9](?:[ -]?[0-9]){12,18}", true, "luhn"),
      Pattern("address", "\\b[0-9]{1,3}(?:\\.[0-9]{1,3}){3}\\b", false, "ipv4"),
      Pattern("token", "eyJ[A-Za-z0-9_-]{8,}\\.eyJ[A-Za-z0-9_-]{8,}", false),
      Pattern("secret", "(?i)(?:secret|passwd)[:=] ?[a-z0-9]{4,8}", false),
      Pattern("number", "号[0-9]{2,4}", false),
      Pattern("accents", "(?i)straße|é[^a]", false),
      Pattern("line", "(?m)^id: \\w+$", false),
      Pattern("start", "^a[bc]+$", false),
      Pattern("any", "[^ ]{3}@", false),
      Pattern("one", "x", false),
      Pattern("pairs", "(?:ab|cd){2,30}z", false),
      Words("names", {"nightjar", "cat", "blue moon", "夜鹰", "e-mail", "ab"}, true),
      Words("exact", {"Halcyon", "X-1", "项目"}, false),
  };
  hir::Near near;
  near.words = {"card", "卡号"};
  near.within = 20;
  policy.detectors[2].near.push_back(near);
  return policy;
}

struct World {
  ir::Tables tables;
  filter::Program program;
  jit::Code code;
};

const World& TheWorld() {
  static const World world = [] {
    const hir::Policy policy = MakePolicy();
    dsl::Diagnostics diagnostics;
    std::vector<pattern::Matcher> matchers;
    for (const hir::Detector& detector : policy.detectors) {
      std::optional<pattern::Matcher> matcher = pattern::Compile(detector, diagnostics);
      Check(matcher.has_value(), "a detector of the fuzzer itself");
      matchers.push_back(*std::move(matcher));
    }
    World made;
    made.tables = plan::Plan(policy, matchers, {});
    made.program = filter::Derive(policy.detectors, matchers).program;
    Result<jit::Code> code = jit::Compile(matchers, jit::Optimize::kFull, &made.program);
    Check(code.ok(), "the code of the fuzzer's detectors");
    made.code = *std::move(code);
    return made;
  }();
  return world;
}

using Place = std::tuple<uint32_t, uint32_t, uint32_t, Tier>;

// What the walk finds with a variant of the filter, or without any.
std::vector<Place> Walked(const filter::Program* program, filter::Variant variant, std::string_view text) {
  detect::Walking walking;
  Check(walking.Run(TheWorld().tables, *TheWorld().code.artifact, program, text, 0, variant), "a walk");
  std::vector<Place> places;
  for (const detect::Walked& match : walking.found)
    places.emplace_back(match.detector, match.begin, match.end, match.tier);
  return places;
}

// Everything that a scan says, in order.
std::vector<std::tuple<uint32_t, Tier, uint32_t, uint32_t>> Findings(const filter::Program* filter,
                                                                     const text::Views& views) {
  detect::Matches matches;
  Check(detect::Scan(TheWorld().tables, *TheWorld().code.artifact, filter, views, matches), "a scan");
  std::vector<std::tuple<uint32_t, Tier, uint32_t, uint32_t>> findings;
  for (const detect::Match& match : matches.all) {
    const Finding& finding = match.finding;
    findings.emplace_back(finding.detector.value, finding.tier, finding.begin, finding.end);
  }
  return findings;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  // Vectors are loaded to the end of the text and not beyond: only a copy of just this size would show it.
  const auto copy = std::make_unique<char[]>(size);
  std::copy(data, data + size, copy.get());
  const std::string_view body(copy.get(), size);
  if (body.empty()) return 0;
  const std::vector<Place> expected = Walked(nullptr, filter::Variant::kScalar, body);
  for (const filter::Variant variant :
       {filter::Variant::kScalar, filter::Variant::kAvx2, filter::Variant::kAvx512}) {
    if (filter::Supported(variant))
      Check(Walked(&TheWorld().program, variant, body) == expected, "every variant finds what none would");
  }
  surface::Content content;
  surface::Piece piece;
  piece.end = static_cast<uint32_t>(body.size());
  piece.joins = true;
  content.pieces.push_back(piece);
  text::Views views;
  views.Build(body, content);
  Check(Findings(&TheWorld().program, views) == Findings(nullptr, views), "findings without the filter");
  return 0;
}
