// hpol doing the shared work: what a scan does with one text, without views, rules or validators.
#include <algorithm>
#include <cstdio>

#include "bench/work_engines.h"
#include "compiler/filter/filter.h"
#include "compiler/jit/jit.h"
#include "compiler/pattern/pattern.h"
#include "runtime/detect/walk.h"

namespace hpol::bench {
namespace {

bool IsWordByte(char c) {
  return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_';
}

class HpolEngine : public SpanEngine<HpolEngine> {
 public:
  HpolEngine(ir::Tables tables, filter::Program program, jit::Code code, uint32_t words,
             filter::Variant variant)
      : tables_(std::move(tables)),
        program_(std::move(program)),
        code_(std::move(code)),
        words_(words),
        variant_(variant) {}

  template <typename Found>
  void Run(std::string_view text, Found found) {
    if (text.empty() || !walking_.Run(tables_, *code_.artifact, &program_, text, 0, variant_)) return;
    for (const detect::Walked& match : walking_.found) {
      if (Stands(text, match.detector, match.begin, match.end))
        found(WorkSpan{match.detector, match.begin, match.end});
    }
  }

 private:
  // The work's whole words end at `_` too, where hpol's word lists do not.
  bool Stands(std::string_view text, uint32_t detector, uint32_t begin, uint32_t end) const {
    return detector != words_ ||
           ((begin == 0 || !IsWordByte(text[begin - 1])) && (end == text.size() || !IsWordByte(text[end])));
  }

  ir::Tables tables_;
  filter::Program program_;
  jit::Code code_;
  uint32_t words_;
  filter::Variant variant_;
  detect::Walking walking_;
};

}  // namespace

std::unique_ptr<WorkEngine> MakeHpol(const SharedWork& work, filter::Variant variant) {
  std::vector<hir::Detector> detectors;
  for (const SharedWork::Pattern& pattern : work.patterns) {
    hir::Detector& detector = detectors.emplace_back();
    detector.name = pattern.name;
    detector.patterns.emplace_back().text = pattern.regex;
  }
  hir::Detector& words = detectors.emplace_back();
  words.name = "words";
  words.words.emplace_back().words = work.words;
  words.words.back().ignoring_case = true;

  dsl::Diagnostics diagnostics;
  std::vector<pattern::Matcher> matchers;
  for (const hir::Detector& detector : detectors) {
    std::optional<pattern::Matcher> matcher = pattern::Compile(detector, diagnostics);
    if (!matcher) {
      std::fprintf(stderr, "%s: %s\n", detector.name.c_str(), diagnostics.all().back().message.c_str());
      return nullptr;
    }
    matchers.push_back(*std::move(matcher));
  }
  filter::Program program = filter::Derive(detectors, matchers).program;
  ir::Tables tables;  // no rules, no validators
  tables.strings.emplace_back();
  tables.detectors.resize(detectors.size());
  Result<jit::Code> code = jit::Compile(matchers, jit::Optimize::kFull, &program);
  if (!code) {
    std::fprintf(stderr, "%s\n", code.error().message.c_str());
    return nullptr;
  }
  return std::make_unique<HpolEngine>(std::move(tables), std::move(program), *std::move(code),
                                      static_cast<uint32_t>(work.patterns.size()), variant);
}

}  // namespace hpol::bench
