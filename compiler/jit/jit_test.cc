// Native code against the tables it was made from, at O0 and O2.
#include "compiler/jit/jit.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "compiler/pattern/coarsen.h"
#include "compiler/pattern/slow_matcher_for_test.h"

namespace hpol::jit {
namespace {

using pattern::testing::PatternMaker;

constexpr Optimize kBoth[] = {Optimize::kNone, Optimize::kFull};

Code CompileOrDie(const ir::Tables& tables, const std::vector<pattern::Matcher>& matchers,
                  Optimize optimize) {
  Result<Code> code = Compile(tables, matchers, optimize);
  EXPECT_TRUE(code) << code.error().message;
  return code ? *code : Code{};
}

// ---- rows ----

bool Interpret(const ir::Tables& tables, ir::Range range, const std::vector<uint64_t>& positive,
               const std::vector<uint64_t>& negative) {
  const auto bit = [](const std::vector<uint64_t>& words, uint32_t fact) {
    return ((words[fact / 64] >> (fact % 64)) & 1) != 0;
  };
  std::vector<bool> stack;
  for (uint32_t i = range.begin; i < range.begin + range.count; ++i) {
    const ir::Node& node = tables.nodes[i];
    if (node.kind == ir::NodeKind::kAnd || node.kind == ir::NodeKind::kOr) {
      const auto first = stack.end() - static_cast<ptrdiff_t>(node.value);
      const bool all = std::all_of(first, stack.end(), [](bool value) { return value; });
      const bool any = std::any_of(first, stack.end(), [](bool value) { return value; });
      stack.erase(first, stack.end());
      stack.push_back(node.kind == ir::NodeKind::kAnd ? all : any);
    } else {
      stack.push_back(node.kind == ir::NodeKind::kTrue    ? true
                      : node.kind == ir::NodeKind::kFalse ? false
                      : node.kind == ir::NodeKind::kFact  ? bit(positive, node.value)
                                                          : bit(negative, node.value));
    }
  }
  return stack.empty() || stack.back();
}

class TableMaker {
 public:
  explicit TableMaker(uint32_t seed) : random_(seed) {}

  ir::Tables Make(uint32_t facts, uint32_t classify_rows, uint32_t route_rows) {
    ir::Tables tables;
    tables.strings = {""};
    tables.facts.resize(facts);
    for (uint32_t i = 0; i < classify_rows; ++i) tables.classify.push_back({Condition(tables), 0, {}});
    for (uint32_t i = 0; i < route_rows; ++i) {
      ir::RouteRow row;
      row.condition = Condition(tables);
      tables.route.push_back(row);
    }
    return tables;
  }

  uint64_t Word() { return random_() & (Below(2) == 0 ? random_() : ~uint64_t{0}); }
  uint32_t Below(uint32_t n) { return static_cast<uint32_t>(random_() % n); }

 private:
  ir::Range Condition(ir::Tables& tables) {
    const auto begin = static_cast<uint32_t>(tables.nodes.size());
    if (Below(10) != 0) Node(tables, 3);
    return {begin, static_cast<uint32_t>(tables.nodes.size()) - begin};
  }
  void Node(ir::Tables& tables, int depth) {
    const uint32_t choice = Below(depth == 0 || tables.facts.empty() ? 12 : 24);
    if (choice < 2 || tables.facts.empty()) {
      tables.nodes.push_back({choice % 2 == 0 ? ir::NodeKind::kTrue : ir::NodeKind::kFalse, 0});
    } else if (choice < 12) {
      tables.nodes.push_back({choice < 8 ? ir::NodeKind::kFact : ir::NodeKind::kNotFact,
                              Below(static_cast<uint32_t>(tables.facts.size()))});
    } else {
      const uint32_t operands = 1 + Below(4);
      for (uint32_t i = 0; i < operands; ++i) Node(tables, depth - 1);
      tables.nodes.push_back({choice < 18 ? ir::NodeKind::kAnd : ir::NodeKind::kOr, operands});
    }
  }

  std::mt19937_64 random_;
};

template <typename Row>
void ExpectRows(const ir::Tables& tables, const std::vector<Row>& rows, hpol_rows_fn function,
                const std::vector<uint64_t>& positive, const std::vector<uint64_t>& negative) {
  constexpr uint64_t kGuard = 0x0123456789ABCDEF;
  const size_t words = (rows.size() + 63) / 64;
  std::vector<uint64_t> got(words + 1, ~uint64_t{0});
  got[words] = kGuard;
  function(positive.data(), negative.data(), got.data());
  ASSERT_EQ(got[words], kGuard);
  for (size_t row = 0; row < words * 64; ++row) {
    const bool expected = row < rows.size() && Interpret(tables, rows[row].condition, positive, negative);
    ASSERT_EQ(((got[row / 64] >> (row % 64)) & 1) != 0, expected) << "row " << row;
  }
}

void ExpectTables(const ir::Tables& tables, const Code& code, TableMaker& maker, int inputs) {
  const size_t words = (tables.facts.size() + 63) / 64;
  for (int input = 0; input < inputs; ++input) {
    std::vector<uint64_t> positive(words);
    std::vector<uint64_t> negative(words);
    for (uint64_t& word : positive) word = maker.Word();
    for (uint64_t& word : negative) word = maker.Word();
    ExpectRows(tables, tables.classify, code.artifact->classify, positive, negative);
    ExpectRows(tables, tables.route, code.artifact->route, positive, negative);
  }
}

TEST(JitTest, RandomTablesAgreeWithTheInterpreter) {
  TableMaker maker(4711);
  for (int round = 0; round < 30; ++round) {
    const ir::Tables tables = maker.Make(maker.Below(200), maker.Below(150), maker.Below(80));
    for (Optimize optimize : kBoth) {
      const Code code = CompileOrDie(tables, {}, optimize);
      ASSERT_NE(code.artifact, nullptr);
      ExpectTables(tables, code, maker, 100);
    }
  }
}

TEST(JitTest, LargeTablesAreCutIntoFunctions) {
  TableMaker maker(12);
  const ir::Tables tables = maker.Make(700, 3000, 0);
  EXPECT_NE(DumpLlvm(tables, {}, Optimize::kNone).find("@hpol_classify_1("), std::string::npos);
  for (Optimize optimize : kBoth) ExpectTables(tables, CompileOrDie(tables, {}, optimize), maker, 5);
}

// ---- matchers ----

std::vector<pattern::Matcher> RandomMatchers(PatternMaker& maker, size_t count) {
  std::vector<pattern::Matcher> matchers;
  while (matchers.size() < count) {
    hir::Detector detector;
    for (uint32_t i = 0; i <= maker.Below(2); ++i) {
      hir::Pattern each;
      each.text = maker.Pattern(1);
      each.bounded = maker.Below(2) == 0;
      each.ignoring_case = maker.Below(3) == 0;
      detector.patterns.push_back(each);
    }
    dsl::Diagnostics diagnostics;
    if (std::optional<pattern::Matcher> matcher = pattern::Compile(detector, diagnostics)) {
      matchers.push_back(*std::move(matcher));
    }
  }
  return matchers;
}

void ExpectMatches(const std::vector<pattern::Matcher>& matchers, const Code& code, PatternMaker& maker,
                   int texts) {
  for (size_t i = 0; i < matchers.size(); ++i) {
    const hpol_detector_code& detector = code.artifact->detectors[i];
    for (size_t byte = 0; byte < 256; ++byte) {
      ASSERT_EQ((detector.first_bytes[byte / 64] >> (byte % 64)) & 1,
                matchers[i].first_bytes[byte] ? 1u : 0u);
    }
    for (int sample = 0; sample < texts; ++sample) {
      // A heap copy of exactly the text: sanitizers see every byte read too far.
      const std::string text = maker.Text();
      const std::vector<uint8_t> bytes(text.begin(), text.end());
      for (size_t at = 0; at < bytes.size(); ++at) {
        const size_t limit = at + 1 + maker.Below(static_cast<uint32_t>(bytes.size() - at));
        for (size_t stop : {limit, bytes.size()}) {
          const hpol_match found = detector.match(nullptr, bytes.data(), bytes.size(), at, stop);
          const hpol_match expected = pattern::Attempt(matchers[i], bytes.data(), bytes.size(), at, stop);
          ASSERT_EQ(found.end, expected.end)
              << "detector " << i << " in \"" << text << "\" at " << at << " limit " << stop;
          // Code need not look at the byte before, so it may find out one byte later that nothing matches.
          ASSERT_LE(expected.stopped, found.stopped);
          ASSERT_LE(found.stopped, std::max(expected.stopped, at + 1));
        }
      }
    }
  }
}

// The automaton as data says what the matcher says, cell by cell.
void ExpectAutomaton(const pattern::Matcher& matcher, const hpol_automaton& automaton) {
  const auto cell = [](const void* table, uint32_t bytes, size_t index) -> uint32_t {
    if (bytes == 1) return static_cast<const uint8_t*>(table)[index];
    if (bytes == 2) return static_cast<const uint16_t*>(table)[index];
    return static_cast<const uint32_t*>(table)[index];
  };
  const uint32_t k = matcher.class_count;
  ASSERT_EQ(automaton.class_count, k);
  ASSERT_EQ(automaton.edge_class, matcher.edge_class);
  ASSERT_EQ(automaton.cells, matcher.next.size());
  ASSERT_EQ(automaton.start, matcher.start * k);
  ASSERT_EQ(automaton.first_accepting, matcher.first_accepting * k);
  ASSERT_EQ(automaton.first_always, matcher.first_always * k);
  ASSERT_EQ(automaton.max_length, matcher.max_length);
  for (size_t byte = 0; byte < 256; ++byte)
    ASSERT_EQ(cell(automaton.class_of, automaton.class_bytes, byte), matcher.class_of[byte]);
  for (size_t i = 0; i < matcher.next.size(); ++i)
    ASSERT_EQ(cell(automaton.next, automaton.state_bytes, i), matcher.next[i] * k);
  for (size_t i = automaton.first_accepting; i < automaton.first_always; ++i)
    ASSERT_EQ(automaton.accepts[i - automaton.first_accepting] != 0, matcher.accepts[i]);
}

TEST(JitTest, RandomMatchersAgreeWithTheirTables) {
  PatternMaker maker(99);
  for (int round = 0; round < 6; ++round) {
    const std::vector<pattern::Matcher> matchers = RandomMatchers(maker, 40);
    for (Optimize optimize : kBoth) {
      const Code code = CompileOrDie({}, matchers, optimize);
      ASSERT_EQ(code.artifact->detector_count, matchers.size());
      ExpectMatches(matchers, code, maker, 30);
      for (size_t i = 0; i < matchers.size(); ++i)
        ExpectAutomaton(matchers[i], *code.artifact->detectors[i].automaton);
    }
  }
}

// Rows of more than 256 and 65,536 cells, the cap on unbounded matches, and one that never matches.
TEST(JitTest, WideTablesAndLongMatches) {
  hir::Detector words;
  words.words.emplace_back();
  PatternMaker maker(3);
  for (int i = 0; i < 600; ++i) {
    std::string word;
    for (int letter = 0; letter < 8; ++letter) word += static_cast<char>('a' + maker.Below(26));
    words.words[0].words.push_back(word);
  }
  hir::Detector run;
  run.patterns.emplace_back();
  run.patterns[0].text = "[^\\n]+";
  dsl::Diagnostics diagnostics;
  std::vector<pattern::Matcher> matchers;
  for (const hir::Detector& detector : {words, run, hir::Detector{}}) {
    std::optional<pattern::Matcher> matcher = pattern::Compile(detector, diagnostics);
    ASSERT_TRUE(matcher);
    matchers.push_back(*std::move(matcher));
  }
  EXPECT_GT(matchers[0].next.size(), 0x10000u);
  const std::string text =
      "see " + words.words[0].words[77] + " " + std::string(2 * pattern::kMaxMatchBytes, 'x');
  const auto* bytes = reinterpret_cast<const uint8_t*>(text.data());
  for (Optimize optimize : kBoth) {
    const Code code = CompileOrDie({}, matchers, optimize);
    const hpol_detector_code* detectors = code.artifact->detectors;
    EXPECT_EQ(detectors[0].match(nullptr, bytes, text.size(), 4, text.size()).end, 12u);
    EXPECT_EQ(detectors[0].match(nullptr, bytes, text.size(), 5, text.size()).end, 0u);
    EXPECT_EQ(detectors[1].match(nullptr, bytes, text.size(), 3, text.size()).end,
              3 + pattern::kMaxMatchBytes);
    EXPECT_EQ(detectors[2].match(nullptr, bytes, text.size(), 0, text.size()).end, 0u);
    for (size_t i = 0; i < matchers.size(); ++i) {
      ExpectAutomaton(matchers[i], *detectors[i].automaton);
      ASSERT_EQ(detectors[i].coarse != nullptr, pattern::HasCoarse(matchers[i]));
      if (detectors[i].coarse != nullptr)
        ExpectAutomaton(pattern::Coarsen(matchers[i]), *detectors[i].coarse);
    }
    EXPECT_EQ(detectors[2].first_bytes[0] | detectors[2].first_bytes[1], 0u);
  }
}

// ---- the artifact ----

TEST(JitTest, AnEmptyPolicyHasAnArtifact) {
  for (Optimize optimize : kBoth) {
    const Code code = CompileOrDie({}, {}, optimize);
    EXPECT_EQ(code.artifact->struct_size, sizeof(hpol_artifact));
    EXPECT_EQ(code.artifact->abi_version, HPOL_ABI_VERSION);
    EXPECT_EQ(code.artifact->detector_count, 0u);
    code.artifact->classify(nullptr, nullptr, nullptr);
    code.artifact->route(nullptr, nullptr, nullptr);
  }
}

TEST(JitTest, ManyThreadsMayCompileAtOnce) {
  TableMaker maker(5);
  const ir::Tables tables = maker.Make(40, 20, 10);
  std::vector<Code> codes(4);
  std::vector<std::thread> threads;
  for (Code& code : codes) {
    threads.emplace_back([&] { code = CompileOrDie(tables, {}, Optimize::kFull); });
  }
  for (std::thread& thread : threads) thread.join();
  for (const Code& code : codes) ExpectTables(tables, code, maker, 3);
}

TEST(JitTest, DumpsBothForms) {
  TableMaker maker(1);
  PatternMaker patterns(2);
  const std::vector<pattern::Matcher> matchers = RandomMatchers(patterns, 1);
  const ir::Tables tables = maker.Make(3, 2, 2);
  for (Optimize optimize : kBoth) {
    const std::string text = DumpLlvm(tables, matchers, optimize);
    EXPECT_NE(text.find("@hpol_classify("), std::string::npos);
    EXPECT_NE(text.find("@hpol_route("), std::string::npos);
    EXPECT_NE(text.find("@hpol_match_0("), std::string::npos);
    EXPECT_EQ(text.find("declare void"), std::string::npos);
  }
}

}  // namespace
}  // namespace hpol::jit
