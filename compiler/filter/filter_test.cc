// The one promise of a filter: where it does not fire, no match begins. And: every variant
// of the kernel fires at the same places.
#include "compiler/filter/filter.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <random>
#include <string>
#include <tuple>
#include <vector>

#include "compiler/jit/jit.h"
#include "compiler/pattern/pattern.h"
#include "runtime/kernels/filter.h"

namespace hpol::filter {
namespace {

hir::Detector PatternDetector(std::string text, bool bounded = false, bool ignoring_case = false) {
  hir::Detector detector;
  detector.name = text;
  hir::Pattern pattern;
  pattern.text = std::move(text);
  pattern.bounded = bounded;
  pattern.ignoring_case = ignoring_case;
  detector.patterns.push_back(std::move(pattern));
  return detector;
}

hir::Detector WordDetector(std::vector<std::string> words) {
  hir::Detector detector;
  detector.name = "words";
  hir::WordList list;
  list.words = std::move(words);
  list.ignoring_case = true;
  detector.words.push_back(std::move(list));
  return detector;
}

std::vector<hir::Detector> Detectors() {
  return {
      PatternDetector("[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+\\.[A-Za-z]{2,24}"),
      PatternDetector("[0-9]{3}-[0-9]{2}-[0-9]{4}", true),
      PatternDetector("[0-9](?:[ -]?[0-9]){12,18}", true),
      PatternDetector("\\b[0-9]{1,3}(?:\\.[0-9]{1,3}){3}\\b"),
      PatternDetector("\\b(?:[0-9a-f]{1,4}:){1,6}(?::[0-9a-f]{1,4}){1,6}\\b"),
      PatternDetector("eyJ[A-Za-z0-9_-]{8,}\\.eyJ[A-Za-z0-9_-]{8,}"),
      PatternDetector("(?:secret|passwd)[:=] ?[a-z0-9]{4,8}", false, true),
      PatternDetector("[^ ]{3}@"),  // any byte but a blank: the planes hold ASCII alone
      PatternDetector("号[0-9]{2,4}"),
      PatternDetector("^a[bc]+$"),
      PatternDetector("x"),
      PatternDetector("(?:ab|cd){2,30}z"),
      WordDetector({"nightjar", "cat", "blue moon", "夜鹰", "e-mail", "ab"}),
  };
}

class Filter : public ::testing::Test {
 protected:
  void SetUp() override {
    dsl::Diagnostics diagnostics;
    detectors_ = Detectors();
    for (const hir::Detector& detector : detectors_) {
      std::optional<pattern::Matcher> matcher = pattern::Compile(detector, diagnostics);
      ASSERT_TRUE(matcher.has_value()) << detector.name;
      matchers_.push_back(*std::move(matcher));
    }
    program_ = Derive(detectors_, matchers_).program;
    Result<jit::Code> code = jit::Compile(matchers_, jit::Optimize::kFull, &program_);
    ASSERT_TRUE(code.ok());
    code_ = *code;
  }

  std::vector<Candidate> Find(Variant variant, std::string_view text) const {
    Candidates found;
    FindCandidates(program_, variant, StepsFor(*code_.artifact, variant), text, nullptr, found);
    Candidates interpreted;
    FindCandidates(program_, variant, nullptr, text, nullptr, interpreted);
    EXPECT_EQ(found.all, interpreted.all) << "native and interpreted steps: " << text;
    std::vector<Candidate> candidates = found.all;
    std::sort(candidates.begin(), candidates.end(), [](const Candidate& a, const Candidate& b) {
      return std::tuple(a.detector, a.last, a.first) < std::tuple(b.detector, b.last, b.first);
    });
    candidates.erase(std::unique(candidates.begin(), candidates.end()), candidates.end());
    return candidates;
  }

  bool Allows(const std::vector<Candidate>& candidates, uint32_t detector, uint32_t begin) const {
    const std::vector<uint16_t>& all = program_.unfiltered;
    if (std::find(all.begin(), all.end(), detector) != all.end()) return true;
    return std::any_of(candidates.begin(), candidates.end(), [&](const Candidate& c) {
      return c.detector == detector && c.first <= begin && begin <= c.last;
    });
  }

  // Every byte at which some match begins, overlapping ones too, for every variant; and windows fire at the
  // same bytes for all of them. (What passes the word tables by accident depends on the tables.)
  void ExpectComplete(const std::string& text) const {
    const auto* bytes = reinterpret_cast<const uint8_t*>(text.data());
    const std::vector<Candidate> scalar = Find(Variant::kScalar, text);
    for (const Variant variant : {Variant::kScalar, Variant::kAvx2, Variant::kAvx512}) {
      if (!Supported(variant)) continue;
      const std::vector<Candidate> candidates = Find(variant, text);
      ASSERT_EQ(OfWindows(candidates), OfWindows(scalar)) << "variant " << int(variant) << ": " << text;
      for (uint32_t d = 0; d < matchers_.size(); ++d) {
        for (uint32_t at = 0; at < text.size(); ++at) {
          if (pattern::Match(matchers_[d], bytes, text.size(), at, text.size()) == 0) continue;
          ASSERT_TRUE(Allows(candidates, d, at))
              << "variant " << int(variant) << ": " << detectors_[d].name << " at " << at << " of " << text;
        }
      }
    }
  }

  std::vector<Candidate> OfWindows(std::vector<Candidate> candidates) const {
    const std::vector<uint64_t>& words = program_.literals.detectors;
    std::erase_if(candidates, [&](const Candidate& c) {
      return c.detector / 64 < words.size() && ((words[c.detector / 64] >> (c.detector % 64)) & 1) != 0;
    });
    return candidates;
  }

  std::vector<hir::Detector> detectors_;
  std::vector<pattern::Matcher> matchers_;
  Program program_;
  jit::Code code_;
};

TEST_F(Filter, TheCpuRunsSomething) {
  EXPECT_TRUE(Supported(Variant::kScalar));
  EXPECT_TRUE(Supported(BestVariant()));
  if (!Supported(Variant::kAvx2)) std::puts("this CPU has no AVX2: that variant is not tested here");
  if (!Supported(Variant::kAvx512))
    std::puts("this CPU has no AVX-512 with VBMI: that variant is not tested here");
}

TEST_F(Filter, FiresWhereverAMatchBegins) {
  // Pieces that match or nearly do, at every distance from the blocks' edges.
  const std::vector<std::string> pieces = {"jane.roe@example.net",
                                           "536-22-8145",
                                           "4111 1111 1111 1111",
                                           "10.0.0.1",
                                           "fe80::1",
                                           "abc",
                                           "eyJabcdefgh1.eyJabcdefgh1",
                                           "Secret: abcd1",
                                           "号123",
                                           "夜鹰",
                                           "nightjar",
                                           "cat",
                                           "blue moon",
                                           "E-Mail",
                                           "ab",
                                           "x",
                                           "ababcdz",
                                           "日本@",
                                           " ",
                                           "\n",
                                           "-",
                                           "1",
                                           ".",
                                           "中文"};
  const uint64_t seed = std::random_device{}();
  std::printf("seed %lu\n", static_cast<unsigned long>(seed));
  std::mt19937_64 random(seed);
  for (int round = 0; round < 400; ++round) {
    std::string text;
    const size_t size = random() % 1400;
    while (text.size() < size) {
      if (random() % 4 == 0) text += std::string(random() % 70, static_cast<char>('a' + random() % 3));
      text += pieces[random() % pieces.size()];
      if (random() % 2 == 0) text += ' ';
    }
    ASSERT_NO_FATAL_FAILURE(ExpectComplete(text));
  }
}

TEST_F(Filter, ReadsNothingBeyondTheText) {
  for (size_t size = 0; size <= 130; ++size) {
    for (const std::string& tail :
         {std::string("cat"), std::string("536-22-8145"), std::string("a@b.cc"), std::string("x")}) {
      if (tail.size() > size) continue;
      const std::string text = std::string(size - tail.size(), ' ') + tail;
      const std::unique_ptr<char[]> exact(new char[text.size()]);  // a sanitizer sees the first byte too many
      std::copy(text.begin(), text.end(), exact.get());
      const std::string_view view(exact.get(), text.size());
      for (const Variant variant : {Variant::kScalar, Variant::kAvx2, Variant::kAvx512}) {
        if (Supported(variant)) {
          ASSERT_EQ(Find(variant, view), Find(variant, text)) << size << " " << tail;
        }
      }
      ASSERT_NO_FATAL_FAILURE(ExpectComplete(text));
    }
  }
}

TEST_F(Filter, IsQuietOnOrdinaryText) {
  const Derived derived = Derive(detectors_, matchers_);
  ASSERT_EQ(derived.plans.size(), detectors_.size());
  EXPECT_LT(derived.plans[1].per_kilobyte, 0.1) << derived.plans[1].condition;  // 536-22-8145
  EXPECT_EQ(derived.plans[0].kind, Plan::Kind::kInside);                        // round the `@`
  EXPECT_EQ(derived.plans[12].kind, Plan::Kind::kBegin);                        // a word of two letters
}

TEST(FilterPlans, AWordListBesideAPatternHasBothConditions) {
  std::vector<std::string> words;
  for (int i = 0; i < 3000; ++i) words.push_back("name" + std::to_string(100000 + 31 * i));
  std::vector<hir::Detector> detectors = {WordDetector(words)};
  detectors[0].patterns.push_back(PatternDetector("T-[0-9]{6}").patterns[0]);
  dsl::Diagnostics diagnostics;
  const std::optional<pattern::Matcher> matcher = pattern::Compile(detectors[0], diagnostics);
  ASSERT_TRUE(matcher.has_value());
  const Derived derived = Derive(detectors, {*matcher});
  EXPECT_EQ(derived.plans[0].condition.find("3000 strings; or "), 0u) << derived.plans[0].condition;
}

}  // namespace
}  // namespace hpol::filter
