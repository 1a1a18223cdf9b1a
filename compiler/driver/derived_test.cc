// Compiling through a cache: what is compiled anew, that the results are the same, and that nothing odd in
// the cache can change them.
#include "compiler/driver/derived.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <random>

#include "compiler/driver/derived_pack.h"
#include "compiler/driver/driver.h"

namespace hpol::driver {
namespace {

namespace fs = std::filesystem;

constexpr MadeAnew kNothing;

std::string PolicyText(const std::string& rules) {
  return R"(policy cached.things version "1"
import std.pii
levels public < internal < secret
detector ticket { pattern `T-[0-9]{6}` bounded }
detector token { pattern `tok_[a-z0-9]{20,80}` bounded }
detector codename { words "bluefin", "manticore", "project orion" ignoring case }
detector shout { pattern `[^\p{L}]ALARM!` }
classify {
  start at public otherwise
  when us_ssn or iban or email raise to secret
)" + rules +
         R"(
}
zone home { trusted clears secret + all hosts "10.0.0.0/8" }
target local in home { clears secret + all models "m" }
route { otherwise send to local }
)";
}

const std::string kRules = "when ticket or token or codename or shout raise to secret";
const std::string kOtherRules =
    "when count(ticket) >= 2 or token raise to internal\n when codename or shout raise to secret";

Build Compile(const std::string& rules, std::shared_ptr<cache::Store> store) {
  Options options;
  options.cache = std::move(store);
  return driver::Run({"cached.hpol", PolicyText(rules), ""}, options);
}

std::string Packed(const auto& value) {
  pack::Packer packer;
  packer(value);
  return packer.Take();
}

// Texts with and without findings, of every detector of the policy.
std::string RandomText(std::mt19937& random) {
  static const char* const kPieces[] = {"T-123456",
                                        "tok_abcdefghij0123456789",
                                        "Bluefin",
                                        "project orion ",
                                        ".ALARM!",
                                        "536-22-8145",
                                        " ssn ",
                                        "jane@example.org",
                                        "DE44500105175407324931",
                                        "word ",
                                        "T-12",
                                        "tok_",
                                        "\xC3\xA9",
                                        "1",
                                        "-",
                                        " "};
  std::string text;
  for (int i = 0; i < 40; ++i) text += kPieces[random() % std::size(kPieces)];
  return text;
}

std::shared_ptr<const Engine> EngineOf(const Build& build) {
  const Result<std::shared_ptr<const Engine>> engine = Engine::Make(build.program);
  EXPECT_TRUE(engine.ok());
  return *engine;
}

std::vector<Finding> Findings(const Engine& engine, const std::string& text) {
  Scratch scratch;
  std::vector<Finding> findings;
  EXPECT_TRUE(engine.Scan(text, scratch, findings));
  return findings;
}

void ExpectSame(const Build& a, const Build& b) {
  ASSERT_TRUE(a.ok() && b.ok());
  ASSERT_EQ(a.matchers.size(), b.matchers.size());
  for (size_t i = 0; i < a.matchers.size(); ++i) EXPECT_EQ(Packed(a.matchers[i]), Packed(b.matchers[i]));
  EXPECT_EQ(Packed(*a.program.filter), Packed(*b.program.filter));
  EXPECT_EQ(Packed(*a.program.openings), Packed(*b.program.openings));
  const std::shared_ptr<const Engine> engines[] = {EngineOf(a), EngineOf(b)};
  std::mt19937 random(7);
  size_t found = 0;
  for (int i = 0; i < 100; ++i) {
    const std::string text = RandomText(random);
    const std::vector<Finding> findings = Findings(*engines[0], text);
    EXPECT_EQ(findings, Findings(*engines[1], text));
    found += findings.size();
  }
  EXPECT_GT(found, 100u);
}

class DerivedTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = testing::TempDir() + "/hpol_derived_XXXXXX";
    ASSERT_NE(mkdtemp(name.data()), nullptr);
    folder_ = name;
  }
  void TearDown() override { fs::remove_all(folder_); }
  std::shared_ptr<cache::Store> Open() const { return std::make_shared<cache::Store>(folder_ + "/hpol"); }

  std::string folder_;
};

TEST_F(DerivedTest, WithoutACacheEverythingIsMade) {
  const Build build = Compile(kRules, nullptr);
  ASSERT_TRUE(build.ok());
  EXPECT_EQ(build.anew.matchers, build.matchers.size());
  EXPECT_EQ(build.anew.filters, 1u);
  EXPECT_EQ(build.anew.detectors_code + build.anew.filter_code, 2u);
}

TEST_F(DerivedTest, TheSamePolicyAgainMakesNothing) {
  const Build first = Compile(kRules, Open());
  ASSERT_TRUE(first.ok());
  EXPECT_EQ(first.anew.matchers, first.matchers.size());
  const Build second = Compile(kRules, Open());
  EXPECT_EQ(second.anew, kNothing);
  ExpectSame(second, Compile(kRules, nullptr));
}

TEST_F(DerivedTest, ARuleEditCompilesNoDetector) {
  const std::shared_ptr<cache::Store> store = Open();
  ASSERT_TRUE(Compile(kRules, store).ok());
  const Build edited = Compile(kOtherRules, store);
  EXPECT_EQ(edited.anew, kNothing);
  ExpectSame(edited, Compile(kOtherRules, nullptr));
}

TEST_F(DerivedTest, AnEditOfOneDetectorLeavesTheOthersAutomata) {
  const std::shared_ptr<cache::Store> store = std::make_shared<cache::Store>();
  ASSERT_TRUE(Compile(kRules, store).ok());
  std::string text = PolicyText(kRules);
  text.replace(text.find("T-[0-9]{6}"), 10, "T-[0-9]{7}");
  Options options;
  options.cache = store;
  const Build edited = driver::Run({"cached.hpol", text, ""}, options);
  ASSERT_TRUE(edited.ok());
  EXPECT_EQ(edited.anew.matchers, 1u);
  EXPECT_EQ(edited.anew.filters, 1u);
  options.cache = nullptr;
  ExpectSame(edited, driver::Run({"cached.hpol", text, ""}, options));
}

TEST_F(DerivedTest, LargeWordListsComeBackWhole) {
  std::string text = PolicyText(kRules);
  std::string words = "words \"night owl\"";
  for (int i = 1000; i < 4000; ++i) words += ", \"name" + std::to_string(i) + "-\"";
  text.replace(text.find("pattern `T-"), 0, words + " ignoring case\n");
  Options options;
  options.cache = Open();
  ASSERT_TRUE(driver::Run({"cached.hpol", text, ""}, options).ok());
  options.cache = Open();
  const Build cached = driver::Run({"cached.hpol", text, ""}, options);
  EXPECT_EQ(cached.anew, kNothing);
  ASSERT_FALSE(cached.matchers.empty());
  const std::string sample = "a Night Owl, NAME1234- and name9999-, T-123456";
  options.cache = nullptr;
  const Build made = driver::Run({"cached.hpol", text, ""}, options);
  EXPECT_EQ(Findings(*EngineOf(cached), sample), Findings(*EngineOf(made), sample));
  EXPECT_EQ(Findings(*EngineOf(cached), sample).size(), 3u);
  ExpectSame(cached, made);
}

// What is said of a pattern is said again.
TEST_F(DerivedTest, AWarningIsNotSwallowed) {
  std::string text = PolicyText(kRules);
  text.replace(text.find("ALARM!"), 6, "ALARM\xEF\xBC\x81");  // a full-width exclamation mark
  Options options;
  options.cache = std::make_shared<cache::Store>();
  const size_t warnings = driver::Run({"cached.hpol", text, ""}, options).diagnostics.all().size();
  EXPECT_GT(warnings, 0u);
  EXPECT_EQ(driver::Run({"cached.hpol", text, ""}, options).diagnostics.all().size(), warnings);
}

TEST_F(DerivedTest, SpoiltFilesAreIgnored) {
  ASSERT_TRUE(Compile(kRules, Open()).ok());
  std::mt19937 random(11);
  for (const auto& entry : fs::directory_iterator(folder_ + "/hpol")) {
    std::fstream file(entry.path(), std::ios::binary | std::ios::in | std::ios::out);
    const auto size = fs::file_size(entry.path());
    if (random() % 3 == 0) {
      fs::resize_file(entry.path(), size / 2);
    } else {
      const auto at = static_cast<std::streamoff>(random() % size);
      file.seekg(at);
      const int byte = file.get();
      file.seekp(at);
      file.put(static_cast<char>(byte ^ 0x10));
    }
  }
  const Build build = Compile(kRules, Open());
  EXPECT_EQ(build.anew.matchers, build.matchers.size());
  EXPECT_EQ(build.anew.filters + build.anew.detectors_code + build.anew.filter_code, 3u);
  ExpectSame(build, Compile(kRules, nullptr));
}

// Bytes that the store vouches for and that still are not what they should be: whatever they are, the
// compiler makes the thing anew.
TEST_F(DerivedTest, NonsenseUnderTheRightKeyIsIgnored) {
  const auto store = std::make_shared<cache::Store>();
  const Build good = Compile(kRules, nullptr);
  ASSERT_TRUE(good.ok());
  for (const hir::Detector& detector : good.policy.detectors) store->Put(MatcherKey(detector), "nonsense");
  store->Put(cache::KeyBuilder("filtering").Add(MatchersKey(good.policy.detectors)).Finish(), "");
  const Build build = Compile(kRules, store);
  EXPECT_EQ(build.anew.matchers, build.matchers.size());
  EXPECT_EQ(build.anew.filters, 1u);
  ExpectSame(build, good);
}

TEST_F(DerivedTest, TablesWithIndexesOutsideAreNotSound) {
  const Build good = Compile(kRules, nullptr);
  ASSERT_TRUE(good.ok());
  for (const pattern::Matcher& matcher : good.matchers) EXPECT_TRUE(IsSound(matcher));
  pattern::Matcher bad = good.matchers[0];
  bad.next.back() = bad.state_count();
  EXPECT_FALSE(IsSound(bad));
  bad = good.matchers[0];
  bad.class_of[0] = bad.edge_class;
  EXPECT_FALSE(IsSound(bad));
  bad = good.matchers[0];
  bad.accepts.pop_back();
  EXPECT_FALSE(IsSound(bad));

  MadeAnew anew;
  const Filtering filtering = *FilteringOf(good.policy.detectors, good.matchers, nullptr, anew);
  const size_t detectors = good.matchers.size();
  EXPECT_TRUE(IsSound(filtering, detectors));
  const auto unsound = [&](auto change) {
    Filtering changed = filtering;
    change(changed.derived.program);
    EXPECT_FALSE(IsSound(changed, detectors));
  };
  unsound([](filter::Program& p) { p.ops.back().left = p.ops.back().result; });
  unsound([](filter::Program& p) { p.outputs.back().plane = p.planes; });
  unsound([](filter::Program& p) { p.groups.clear(); });
  unsound([](filter::Program& p) { p.groups.back().ops = static_cast<uint32_t>(p.ops.size()) + 1; });
  unsound([](filter::Program& p) { p.groups.back().outputs = 0; });
  unsound([](filter::Program& p) { p.groups.back().guard = p.planes; });
  // A plane that another group makes is not there when that group did not run.
  unsound([](filter::Program& p) {
    p.groups = {{0, 0, 0},
                {0, static_cast<uint32_t>(p.ops.size()) - 1, static_cast<uint32_t>(p.outputs.size())},
                {0, static_cast<uint32_t>(p.ops.size()), static_cast<uint32_t>(p.outputs.size())}};
    p.ops.back().left = p.ops.front().result;
  });
  unsound([&](filter::Program& p) { p.outputs.back().detector = static_cast<uint16_t>(detectors); });
  unsound([](filter::Program& p) {
    p.literals.wide.all.back().next = static_cast<uint32_t>(p.literals.wide.all.size());
  });
  unsound([](filter::Program& p) { p.literals.wide.heads.pop_back(); });
  unsound([](filter::Program& p) { p.literals.narrow.hash_width = 40; });
}

TEST_F(DerivedTest, FileNamesSayNothing) {
  ASSERT_TRUE(Compile(kRules, Open()).ok());
  for (const auto& entry : fs::directory_iterator(folder_ + "/hpol")) {
    const std::string name = entry.path().filename().string();
    EXPECT_EQ(name.size(), 64u) << name;
    EXPECT_EQ(name.find_first_not_of("0123456789abcdef"), std::string::npos) << name;
  }
}

TEST_F(DerivedTest, TwoProcessesAtOnce) {
  std::vector<pid_t> children;
  for (int child = 0; child < 2; ++child) {
    const pid_t pid = fork();
    if (pid == 0) _exit(Compile(kRules, Open()).ok() ? 0 : 1);
    children.push_back(pid);
  }
  for (const pid_t pid : children) {
    int status = 0;
    ASSERT_EQ(waitpid(pid, &status, 0), pid);
    EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0);
  }
  const Build build = Compile(kRules, Open());
  EXPECT_EQ(build.anew, kNothing);
  ExpectSame(build, Compile(kRules, nullptr));
}

}  // namespace
}  // namespace hpol::driver
