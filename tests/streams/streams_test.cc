// Findings do not depend on where chunks are cut: texts cut at every byte, byte by byte, and at random
// places, against the scan of the whole text.
//
//   streams_test [--seconds N] [--seed S]
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>

#include "compiler/driver/driver.h"
#include "hpol/stream.h"
#include "runtime/text/views.h"
#include "tests/differential/engines.h"
#include "tests/differential/random_policy.h"
#include "tests/streams/random_text.h"

namespace hpol::streams {
namespace {

using differential::DetectorSource;
using differential::Random;

uint64_t seconds = 8;
uint64_t first_seed = 20260712;

struct Counts {
  uint64_t texts = 0;
  uint64_t streams = 0;
  uint64_t findings = 0;
  uint64_t unscanned = 0;
  uint64_t settled_early = 0;  // findings that were there before the text was complete
};
Counts counts;

struct Whole {
  std::vector<Finding> findings;
  bool unscanned = false;
};

// What the engine finds in the text, and whether a decision would take it as scanned.
Whole Scan(const Engine& engine, std::string_view text) {
  static Scratch scratch;
  static text::Views views;
  Whole whole;
  EXPECT_TRUE(engine.Scan(text, scratch, whole.findings));
  surface::Content content;
  content.pieces.push_back({.end = static_cast<uint32_t>(text.size())});
  views.Build(text, content, text::Steps::AllBut(engine.tables().steps_off));
  whole.unscanned = !views.opaque().empty();
  return whole;
}

std::string Describe(const Engine& engine, const std::vector<Finding>& findings) {
  std::string text;
  for (const Finding& finding : findings) {
    text += std::string(engine.tables().Text(engine.tables().detectors[finding.detector.value].name)) + " [" +
            std::to_string(finding.begin) + "," + std::to_string(finding.end) + ") tier " +
            std::to_string(static_cast<int>(finding.tier)) + "\n";
  }
  return text;
}

std::string Escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    char hex[8];
    std::snprintf(hex, sizeof hex, "\\x%02x", static_cast<uint8_t>(c));
    out += c >= ' ' && c <= '~' && c != '\\' ? std::string(1, c) : std::string(hex);
  }
  return out;
}

// Feeds the chunks that end at `cuts` and the rest; true when all is as in the whole text.
bool Same(const Engine& engine, StreamScanner& scanner, std::string_view text,
          const std::vector<size_t>& cuts, const Whole& whole, std::string& report) {
  static std::vector<Finding> findings;
  findings.clear();
  scanner.Reset();
  bool fine = true;
  size_t begin = 0;
  uint64_t settled = 0;
  const auto feed = [&](size_t end) {
    const size_t before = findings.size();
    fine = fine && scanner.Feed(text.substr(begin, end - begin), findings);
    for (size_t i = before; i < findings.size(); ++i) {
      fine = fine && findings[i].begin >= settled && findings[i].end <= scanner.settled();
    }
    fine = fine && scanner.settled() >= settled && scanner.settled() <= end;
    settled = scanner.settled();
    begin = end;
  };
  for (const size_t cut : cuts) feed(cut);
  feed(text.size());
  const size_t early = findings.size();
  fine = fine && scanner.Finish(findings) && scanner.settled() == text.size();
  ++counts.streams;
  counts.settled_early += early;
  if (fine && findings == whole.findings && scanner.unscanned() == whole.unscanned) return true;
  report = "text: " + Escaped(text) + "\nwhole" + (whole.unscanned ? " (unscanned)" : "") + ":\n" +
           Describe(engine, whole.findings) + "stream" + (scanner.unscanned() ? " (unscanned)" : "") +
           (fine ? "" : " (broken promise)") + ":\n" + Describe(engine, findings) + "cuts:";
  for (const size_t cut : cuts) report += " " + std::to_string(cut);
  return false;
}

// Cut once at every place (or every `stride`-th), byte by byte, and at random.
bool CheckText(const std::shared_ptr<const Engine>& engine, const std::string& text, Random& random,
               std::string& report, size_t stride = 1) {
  const Whole whole = Scan(*engine, text);
  StreamScanner scanner(engine);
  ++counts.texts;
  counts.findings += whole.findings.size();
  counts.unscanned += whole.unscanned ? 1 : 0;
  for (size_t cut = stride == 1 ? 0 : random.Below(static_cast<uint32_t>(stride)); cut <= text.size();
       cut += stride) {
    if (!Same(*engine, scanner, text, {cut}, whole, report)) return false;
  }
  std::vector<size_t> all;
  for (size_t cut = 1; cut < text.size(); ++cut) all.push_back(cut);
  if (!Same(*engine, scanner, text, all, whole, report)) return false;
  for (int round = 0; round < 8; ++round) {
    std::vector<size_t> cuts;
    for (size_t at = random.Below(8); at < text.size(); at += 1 + random.Below(round < 4 ? 40 : 300))
      cuts.push_back(at);
    if (!Same(*engine, scanner, text, cuts, whole, report)) return false;
  }
  return true;
}

// Drops parts of a text that is read differently, as long as it still is.
void Shrink(const std::shared_ptr<const Engine>& engine, std::string text, std::string& report) {
  Random random(1);
  for (size_t size = text.size() / 2; size > 0; size /= 2) {
    for (size_t at = 0; at + size <= text.size();) {
      const std::string shorter = text.substr(0, at) + text.substr(at + size);
      if (CheckText(engine, shorter, random, report)) {
        at += size;
      } else {
        text = shorter;
      }
    }
  }
  CheckText(engine, text, random, report);
}

class Clock {
 public:
  bool Runs(double share) const {
    const std::chrono::duration<double> passed = std::chrono::steady_clock::now() - start_;
    return passed.count() < share * static_cast<double>(seconds);
  }

 private:
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

TEST(Streams, RandomPoliciesAndTexts) {
  const Clock clock;
  uint64_t policies = 0;
  for (uint64_t seed = first_seed; clock.Runs(0.5) && !HasFailure(); ++seed) {
    Random random(seed);
    const differential::PolicySource source = differential::RandomPolicy(random);
    std::string fault;
    const auto built = differential::Build(source.Text(), fault);
    ASSERT_EQ(fault, "");
    if (!built) continue;
    ++policies;
    for (int i = 0; i < 12 && !HasFailure(); ++i) {
      const std::string text = RandomText(source.detectors, random.Between(10, 700), random);
      // The engine as it ships, with and without knowledge of how matches begin.
      const auto& engine = built->engines[2 - random.Below(2)].engine;
      std::string report;
      if (CheckText(engine, text, random, report, text.size() > 300 ? 7 : 1)) continue;
      Shrink(engine, text, report);
      FAIL() << "policy seed " << seed << ", text " << i << "\n" << report << "\n" << source.Text();
    }
  }
  std::printf("seed %llu: %llu policies\n", static_cast<unsigned long long>(first_seed),
              static_cast<unsigned long long>(policies));
  EXPECT_GT(policies, 0u);
}

std::shared_ptr<const Engine> PacksEngine() {
  static const std::shared_ptr<const Engine> engine = [] {
    driver::Build build = driver::Run(
        {"packs.hpol",
         "policy packs version \"1\"\nimport std.pii\nimport std.secrets\nlevels public < top\n"
         "classify { start at public otherwise }\nzone home { trusted clears top + all hosts \"10.0.0.0/8\" "
         "}\n"
         "target here in home { clears top + all models \"m\" }\nroute { otherwise send to here }\n",
         ""},
        {.keep_imports = true});
    for (const dsl::Diagnostic& each : build.diagnostics.all()) std::printf("%s\n", each.message.c_str());
    return build.ok() ? *Engine::Make(build.program) : nullptr;
  }();
  return engine;
}

// Values that the packs find, as their samples write them.
const std::vector<DetectorSource>& PackSources() {
  static const std::vector<DetectorSource> all = {
      {"",
       {"jane.roe@example.net", "<j.o'neil+news@mail.example.co.uk>", "请联系jane@example.com。"},
       {"jane@", "a@b"},
       {"mail"}},
      {"",
       {"536-22-8145", "536 22 8145", "536.22.8145"},
       {"000-22-8145", "536-22-81455"},
       {"ssn", "social security"}},
      {"", {"4539 5780 4917 3468", "4539578049173468", "3782-822463-10096"}, {"4539578049173465"}, {"card"}},
      {"", {"DE89370400440532013000", "GB82 WEST 1234 5698 7654 32"}, {"DE89370400440532013001"}, {"iban"}},
      {"", {"+1 (415) 555-0132", "+44 20 7946 0958", "13812345678"}, {"12345"}, {"phone", "call"}},
      {"",
       {"10.0.0.1", "2001:db8::8a2e:370:7334", "7c9e6679-7425-40de-944b-e07fc1f90ae7"},
       {"256.1.1.1"},
       {}},
      {"",
       {"AKIAIOSFODNN7EXAMPLE", "-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBg\n-----END PRIVATE KEY-----"},
       {"AKIA"},
       {"key"}}};
  return all;
}

TEST(Streams, StandardPacks) {
  ASSERT_NE(PacksEngine(), nullptr);
  const Clock clock;
  for (uint64_t seed = first_seed; clock.Runs(0.5) && !HasFailure(); ++seed) {
    Random random(seed);
    const std::string text = RandomText(PackSources(), random.Between(20, 1500), random);
    std::string report;
    if (CheckText(PacksEngine(), text, random, report, text.size() > 200 ? 11 : 1)) continue;
    Shrink(PacksEngine(), text, report);
    FAIL() << "text seed " << seed << "\n" << report;
  }
}

// The lines of a file, or what a command prints; nothing when there is none.
std::vector<std::string> Lines(const std::string& command) {
  std::vector<std::string> lines;
  FILE* pipe = popen(command.c_str(), "r");
  if (pipe == nullptr) return lines;
  char buffer[65536];
  std::string all;
  for (size_t n = 0; (n = std::fread(buffer, 1, sizeof buffer, pipe)) > 0;) all.append(buffer, n);
  pclose(pipe);
  for (size_t at = 0; at < all.size();) {
    const size_t end = std::min(all.find('\n', at), all.size());
    lines.push_back(all.substr(at, end - at));
    at = end + 1;
  }
  return lines;
}

// Ways to write one number, each in a sentence, and whole files of them.
TEST(Streams, SharedEncodings) {
  ASSERT_NE(PacksEngine(), nullptr);
  const std::string folder = HPOL_SOURCE_DIR "/tests/threats/encodings.jsonl";
  std::string all;
  Random random(first_seed);
  std::string report;
  for (const std::string& line : Lines("cat " + folder)) {
    EXPECT_TRUE(CheckText(PacksEngine(), line, random, report)) << report;
    all += line + "\n";
  }
  EXPECT_GT(all.size(), 4000u);
  EXPECT_TRUE(CheckText(PacksEngine(), all, random, report, 97)) << report;
}

// The prompts of the shared scanning work (four bytes of length before each), where they are.
TEST(Streams, SharedPrompts) {
  ASSERT_NE(PacksEngine(), nullptr);
  const std::string folder = HPOL_SOURCE_DIR "/../shared/scanbench/corpus/";
  uint64_t prompts = 0;
  for (const char* name : {"natural_256", "natural_2048", "pii1_2048", "pii10_2048"}) {
    std::string all;
    for (const std::string& line : Lines("xz -dc " + folder + name + ".bin.xz 2>/dev/null | head -c 400000"))
      all += line + "\n";
    Random random(first_seed);
    const Clock clock;
    for (size_t at = 0; at + 4 <= all.size() && clock.Runs(0.15) && !HasFailure();) {
      uint32_t size = 0;
      for (size_t i = 4; i > 0; --i) size = size << 8 | static_cast<uint8_t>(all[at + i - 1]);
      at += 4;
      std::string report;
      EXPECT_TRUE(CheckText(PacksEngine(), all.substr(at, size), random, report)) << report;
      at += size;
      ++prompts;
    }
  }
  std::printf("%llu shared prompts, each cut at every byte\n", static_cast<unsigned long long>(prompts));
}

// What has no place to cut is given up on, not kept and not forgotten.
TEST(Streams, TextWithoutAnEndIsUnscanned) {
  ASSERT_NE(PacksEngine(), nullptr);
  Random random(first_seed);
  const std::string about = "my ssn is 536-22-8145, as I said. ";
  const std::string endless[] = {random.Text("ABCdef0123", 1) + std::string(700'000, '7'),
                                 std::string(700'000, 'x'), [&] {
                                   std::string run;
                                   while (run.size() < 700'000) run += random.Text("AbCdEf01234+/", 20);
                                   return run;
                                 }()};
  for (const std::string& run : endless) {
    const std::string text = about + run + " " + about;
    EXPECT_TRUE(Scan(*PacksEngine(), text).unscanned);
    StreamScanner scanner(PacksEngine());
    std::vector<Finding> findings;
    uint64_t behind = 0;
    for (size_t at = 0; at < text.size(); at += 1000) {
      ASSERT_TRUE(scanner.Feed(std::string_view(text).substr(at, 1000), findings));
      behind = std::max(behind, std::min<uint64_t>(text.size(), at + 1000) - scanner.settled());
    }
    ASSERT_TRUE(scanner.Finish(findings));
    EXPECT_TRUE(scanner.unscanned());
    EXPECT_LT(behind, 320'000u);
    ASSERT_GE(findings.size(), 2u);
    EXPECT_EQ(findings.front().begin, 10u);
    EXPECT_EQ(findings.back().begin, about.size() + run.size() + 1 + 10);
  }
}

}  // namespace
}  // namespace hpol::streams

int main(int argc, char** argv) {
  testing::InitGoogleTest(&argc, argv);
  for (int i = 1; i + 1 < argc; i += 2) {
    const std::string_view flag = argv[i];
    const uint64_t value = std::strtoull(argv[i + 1], nullptr, 10);
    if (flag == "--seconds") hpol::streams::seconds = value;
    if (flag == "--seed") hpol::streams::first_seed = value;
  }
  const int result = RUN_ALL_TESTS();
  const auto& counts = hpol::streams::counts;
  const auto number = [](uint64_t n) { return static_cast<unsigned long long>(n); };
  std::printf(
      "%llu texts (%llu unscanned), %llu streams, %llu findings in the whole texts; in streams %llu before "
      "the end\n",
      number(counts.texts), number(counts.unscanned), number(counts.streams), number(counts.findings),
      number(counts.settled_early));
  return result;
}
