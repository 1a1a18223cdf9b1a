// Excerpts never show a value; reports are what their formats say; inputs that are not read say why.
#include "compiler/tools/scan_report.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "compiler/tools/scan_inputs.h"

namespace hpol::tools {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

size_t Hidden(const std::string& value) {
  const std::string masked = Mask(value);
  return static_cast<size_t>(std::count(masked.begin(), masked.end(), '*'));
}

TEST(Mask, HidesThreeQuartersAtLeast) {
  EXPECT_EQ(Mask("536-22-8145"), "5**-**-***5");
  EXPECT_EQ(Mask("hunter2"), "*******");
  EXPECT_EQ(Mask("#@!-"), "****");
  EXPECT_EQ(Mask("内部文件"), "****");
  const std::string token = "ghp_" + std::string(36, 'k');
  EXPECT_GE(Hidden(token) * 4, token.size() * 3);
  for (size_t size = 1; size < 36; ++size) EXPECT_GE(Hidden(std::string(size, 'a')) * 4, size * 3) << size;
}

TEST(Mask, LongValuesAreCut) {
  const std::string masked = Mask(std::string(4000, 'a'));
  EXPECT_EQ(masked.size(), 40u);
  EXPECT_TRUE(masked.ends_with("..."));
  EXPECT_EQ(Mask("a\nb\x1b[31m").find('\n'), std::string::npos);
  EXPECT_EQ(Mask("a\nb\x1b[31m").find('\x1b'), std::string::npos);
}

ScanReport OneFinding() {
  ScanReport report;
  hir::Detector detector;
  detector.name = "us_ssn";
  detector.severity = hir::Severity::kHigh;
  detector.suggests = "confidential + pii";
  report.detectors = {detector};
  ScannedFile file;
  file.path = "notes/a b.txt";
  file.findings = {{0, Tier::kChecksum, 3, 8, 3, 19, 40, 51, "5**-**-***5"}};
  ScannedFile skipped;
  skipped.path = "x.bin";
  skipped.skipped = WhySkipped(ScanInput::Kind::kBinary);
  report.files = {file, skipped};
  return report;
}

TEST(Report, SarifHasRuleRegionAndUri) {
  std::ostringstream out;
  WriteSarif(OneFinding(), "1.2.3", out);
  const Json sarif = Json::parse(out.str());
  EXPECT_EQ(sarif["version"], "2.1.0");
  const Json& run = sarif["runs"][0];
  EXPECT_EQ(run["tool"]["driver"]["rules"][0]["id"], "us_ssn");
  EXPECT_EQ(run["columnKind"], "unicodeCodePoints");
  EXPECT_EQ(run["results"][0]["ruleIndex"], 0);
  EXPECT_EQ(run["results"][0]["level"], "error");
  const Json& place = run["results"][0]["locations"][0]["physicalLocation"];
  EXPECT_EQ(place["artifactLocation"]["uri"], "notes/a%20b.txt");
  EXPECT_EQ(place["region"]["startLine"], 3);
  EXPECT_EQ(place["region"]["endColumn"], 19);
  EXPECT_EQ(run["invocations"][0]["executionSuccessful"], true);
  EXPECT_EQ(run["invocations"][0]["toolExecutionNotifications"].size(), 1u);
}

TEST(Report, JsonSaysWhatWasSkipped) {
  std::ostringstream out;
  WriteJson(OneFinding(), out);
  const Json json = Json::parse(out.str());
  EXPECT_EQ(json["findings"], 1);
  EXPECT_EQ(json["files"][0]["findings"][0]["severity"], "high");
  EXPECT_EQ(json["files"][1]["skipped"], "is binary");
  EXPECT_FALSE(json["files"][1].contains("findings"));
}

TEST(Report, TheTableHasPlaceAndExcerpt) {
  std::ostringstream out;
  WriteTable(OneFinding(), /*color=*/false, out);
  EXPECT_NE(out.str().find("us_ssn"), std::string::npos);
  EXPECT_NE(out.str().find("5**-**-***5"), std::string::npos);
  EXPECT_EQ(out.str().find("x.bin"), std::string::npos);
}

class InputsTest : public testing::Test {
 protected:
  void SetUp() override {
    root_ = fs::temp_directory_path() / ("hpol_inputs_" + std::to_string(getpid()));
    fs::create_directories(root_ / "deep" / ".git");
    Write("a.txt", "plain");
    Write("deep/b.txt", "caf\xe9 \xc3\xa9");
    Write("deep/.git/config", "x");
    Write("deep/c.bin", std::string("a\0b", 3));
    fs::create_symlink(root_, root_ / "deep" / "up");
  }
  void TearDown() override { fs::remove_all(root_); }
  void Write(const std::string& name, const std::string& text) {
    std::ofstream(root_ / name, std::ios::binary) << text;
  }
  fs::path root_;
};

TEST_F(InputsTest, FoldersWithoutFollowingLinks) {
  std::vector<ScanInput> inputs = FindInputs({root_.string()});
  ASSERT_EQ(inputs.size(), 4u);
  size_t repaired = 0;
  EXPECT_EQ(ReadInputText(inputs[0], 100, &repaired), "plain");
  EXPECT_EQ(ReadInputText(inputs[1], 100, &repaired), "caf? \xc3\xa9");
  EXPECT_EQ(repaired, 1u);
  EXPECT_EQ(ReadInputText(inputs[2], 100, &repaired), "");
  EXPECT_EQ(inputs[2].kind, ScanInput::Kind::kBinary);
  EXPECT_EQ(inputs[3].kind, ScanInput::Kind::kLink);
}

TEST_F(InputsTest, MissingAndTooLargeAreFailures) {
  std::vector<ScanInput> inputs = FindInputs({(root_ / "none").string(), (root_ / "a.txt").string()});
  size_t repaired = 0;
  ReadInputText(inputs[0], 100, &repaired);
  ReadInputText(inputs[1], 4, &repaired);
  EXPECT_EQ(inputs[0].kind, ScanInput::Kind::kUnreadable);
  EXPECT_EQ(inputs[1].kind, ScanInput::Kind::kTooLarge);
  EXPECT_TRUE(IsFailure(inputs[0].kind) && IsFailure(inputs[1].kind));
}

}  // namespace
}  // namespace hpol::tools
