// Word lists of every size as a scan meets them: filter, native code and walk, beside the reference.
#include <gtest/gtest.h>

#include <cstdio>
#include <random>
#include <string>
#include <vector>

#include "compiler/filter/filter.h"
#include "compiler/jit/jit.h"
#include "compiler/pattern/pattern.h"
#include "compiler/reference/slow_match.h"
#include "runtime/detect/walk.h"

namespace hpol::patterns {
namespace {

using Spans = std::vector<std::pair<uint32_t, uint32_t>>;

class Maker {
 public:
  explicit Maker(uint32_t seed) : random_(seed) {}
  uint32_t Below(size_t n) { return static_cast<uint32_t>(random_() % n); }
  template <typename T>
  const T& Pick(const std::vector<T>& from) {
    return from[Below(from.size())];
  }

  // Six to twelve letters, sometimes two of those, words with beginnings in common, CJK, a capital.
  std::string Word(const std::vector<std::string>& others) {
    static const std::vector<std::string> kHan = {"夜", "鹰", "计", "划", "星", "河"};
    std::string word;
    if (Below(8) == 0) {
      for (uint32_t i = 2 + Below(4); i > 0; --i) word += Pick(kHan);
      return word;
    }
    if (!others.empty() && Below(6) == 0) word = Pick(others) + (Below(2) == 0 ? " " : "");
    for (uint32_t i = 6 + Below(7); i > 0; --i) word += static_cast<char>('a' + Below(26));
    if (Below(4) == 0) word[0] = static_cast<char>(word[0] & 0x5F);
    return word.size() <= 100 ? word : Word({});
  }
  std::vector<std::string> Words(size_t count) {
    std::vector<std::string> words;
    while (words.size() < count) words.push_back(Word(words));
    return words;
  }
  std::string Text(const std::vector<std::string>& words) {
    static const std::vector<std::string> kBetween = {" ", " ", " ", "", ", ", "9", "x", "_", "中", "\n"};
    static const std::vector<std::string> kOthers = {"the", "moonlight", "is", "over", "ab-12",
                                                     "q7",  "fgh-3",     "夜", "A",    "1234"};
    std::string text;
    for (uint32_t i = Below(120); i > 0; --i) {
      std::string word = Below(5) == 0 ? Pick(words) : Pick(kOthers);
      if (Below(8) == 0) word.pop_back();
      if (Below(8) == 0) word[0] = static_cast<char>(word[0] ^ 0x20);
      text += word + Pick(kBetween);
    }
    return text;
  }

 private:
  std::mt19937 random_;
};

std::vector<hir::Detector> Detectors(Maker& maker, const std::vector<std::string>& words) {
  std::vector<hir::Detector> detectors(3);
  detectors[0].words.push_back({words, /*ignoring_case=*/true, {}});
  // Words, one that is excepted, and patterns with a filter of another kind.
  detectors[1].words.push_back({words, /*ignoring_case=*/false, {}});
  detectors[1].words.push_back({{"ab", "A", "夜", "夜鹰"}, true, {}});
  detectors[1].patterns.emplace_back().text = "[a-h]+-[0-9]+";
  detectors[1].exceptions = {maker.Pick(words), "ab-12"};
  // A pattern whose places are followed in one pass, so that words are looked up beside that too.
  detectors[2].words.push_back({words, true, {}});
  detectors[2].patterns.emplace_back().text = "[a-zA-Z _]{60,}[0-9]";
  detectors[2].exceptions = {maker.Pick(words)};
  return detectors;
}

void Compare(Maker& maker, size_t count, uint32_t seed, int texts) {
  const std::vector<std::string> words = maker.Words(count);
  const std::vector<hir::Detector> detectors = Detectors(maker, words);
  std::vector<pattern::Matcher> matchers;
  ir::Tables tables;
  tables.strings.emplace_back();
  for (const hir::Detector& detector : detectors) {
    dsl::Diagnostics diagnostics;
    std::optional<pattern::Matcher> matcher = pattern::Compile(detector, diagnostics);
    ASSERT_TRUE(matcher) << diagnostics.all()[0].message;
    matchers.push_back(*std::move(matcher));
    ir::Detector& row = tables.detectors.emplace_back();
    row.exceptions = {static_cast<uint32_t>(tables.lists.size()),
                      static_cast<uint32_t>(detector.exceptions.size())};
    for (const std::string& text : detector.exceptions) {
      tables.lists.push_back(static_cast<ir::StringId>(tables.strings.size()));
      tables.strings.push_back(text);
    }
  }
  const filter::Program program = filter::Derive(detectors, matchers).program;
  const Result<jit::Code> code = jit::Compile(matchers, jit::Optimize::kNone, &program);
  ASSERT_TRUE(code.ok());
  std::vector<reference::SlowMatcher> slow;
  for (const hir::Detector& detector : detectors) slow.emplace_back(detector);
  std::vector<std::string> few(words.begin(),
                               words.begin() + static_cast<ptrdiff_t>(std::min<size_t>(count, 20)));
  for (const hir::Detector& detector : detectors)
    few.insert(few.end(), detector.exceptions.begin(), detector.exceptions.end());
  detect::Walking walking;
  size_t matches = 0;
  for (int i = 0; i < texts; ++i) {
    const std::string text = maker.Text(i % 2 == 0 ? words : few) + "end";
    for (const filter::Program* filter : {&program, static_cast<const filter::Program*>(nullptr)}) {
      ASSERT_TRUE(walking.Run(tables, *code->artifact, filter, text, 0));
      std::vector<Spans> found(detectors.size());
      for (const detect::Walked& each : walking.found)
        found[each.detector].emplace_back(each.begin, each.end);
      for (size_t d = 0; d < detectors.size(); ++d) {
        Spans expected;
        for (const reference::Match& each : slow[d].Find(text)) expected.emplace_back(each.begin, each.end);
        ASSERT_EQ(found[d], expected)
            << count << " words, seed " << seed << ", detector " << d
            << (filter != nullptr ? "" : " without filter") << ", in \"" << text << '"';
        matches += expected.size();
      }
    }
  }
  EXPECT_GT(matches, 100u);
}

TEST(WordsTest, ListsOfEverySizeAreFoundByScans) {
  const uint32_t seed = std::random_device{}();
  std::printf("seed %u\n", seed);
  Maker maker(seed);
  for (const size_t count : {1u, 2u, 10u, 1000u, 20000u, 100000u})
    ASSERT_NO_FATAL_FAILURE(Compare(maker, count, seed, 100));
}

}  // namespace
}  // namespace hpol::patterns
