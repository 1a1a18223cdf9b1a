// hpol doing the shared work: filter and matchers, without policy, views or validators.
#include <algorithm>
#include <cstdio>
#include <tuple>

#include "bench/work_engines.h"
#include "compiler/filter/filter.h"
#include "compiler/jit/jit.h"
#include "compiler/pattern/pattern.h"
#include "runtime/kernels/filter.h"

namespace hpol::bench {
namespace {

bool IsWordByte(char c) {
  return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_';
}

class HpolEngine : public WorkEngine {
 public:
  HpolEngine(filter::Program program, jit::Code code, uint32_t words, filter::Variant variant)
      : program_(std::move(program)), code_(std::move(code)), words_(words), variant_(variant) {}

  void Spans(std::string_view text, std::vector<WorkSpan>* spans) override {
    spans->clear();
    Scan(text, [&](const WorkSpan& span) { spans->push_back(span); });
    std::sort(spans->begin(), spans->end());
  }
  size_t Count(std::string_view text) override {
    size_t count = 0;
    Scan(text, [&](const WorkSpan&) { ++count; });
    return count;
  }

 private:
  hpol_filter_fn Steps() const {
    switch (variant_) {
      case filter::Variant::kScalar:
        return nullptr;
      case filter::Variant::kAvx2:
        return code_.artifact->filter_avx2;
      case filter::Variant::kAvx512:
        return code_.artifact->filter_avx512;
    }
    return nullptr;
  }

  template <typename Found>
  void Scan(std::string_view text, Found found) {
    candidates_.clear();
    filter::FindCandidates(program_, variant_, Steps(), text, candidates_);
    std::sort(candidates_.begin(), candidates_.end(), [](const auto& a, const auto& b) {
      return std::tuple(a.detector, a.last, a.first) < std::tuple(b.detector, b.last, b.first);
    });
    const auto* bytes = reinterpret_cast<const uint8_t*>(text.data());
    uint32_t detector = 0;
    uint32_t next = 0;
    for (const filter::Candidate& candidate : candidates_) {
      if (candidate.detector != detector) next = 0;
      detector = candidate.detector;
      const hpol_detector_code& code = code_.artifact->detectors[detector];
      for (uint32_t at = std::max(candidate.first, next); at <= candidate.last; ++at) {
        if (((code.first_bytes[bytes[at] >> 6] >> (bytes[at] & 63)) & 1) == 0) continue;
        const uint64_t end = code.match(code.context, bytes, text.size(), at, text.size()).end;
        if (end == 0) continue;
        next = static_cast<uint32_t>(end);
        if (Stands(text, detector, at, next)) found(WorkSpan{detector, at, next});
        at = next - 1;
      }
    }
  }

  // The work's whole words end at `_` too, where hpol's word lists do not.
  bool Stands(std::string_view text, uint32_t detector, uint32_t begin, uint32_t end) const {
    return detector != words_ ||
           ((begin == 0 || !IsWordByte(text[begin - 1])) && (end == text.size() || !IsWordByte(text[end])));
  }

  filter::Program program_;
  jit::Code code_;
  uint32_t words_;
  filter::Variant variant_;
  std::vector<filter::Candidate> candidates_;
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
  ir::Tables no_rules;
  no_rules.strings.emplace_back();
  Result<jit::Code> code = jit::Compile(no_rules, matchers, jit::Optimize::kFull, &program);
  if (!code) {
    std::fprintf(stderr, "%s\n", code.error().message.c_str());
    return nullptr;
  }
  return std::make_unique<HpolEngine>(std::move(program), *std::move(code),
                                      static_cast<uint32_t>(work.patterns.size()), variant);
}

}  // namespace hpol::bench
