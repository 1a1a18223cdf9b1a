// The standard packs: each compiles without a word, std.all has them all and no name twice, names.json knows
// every detector, and the policy to start from passes its own tests.
#include "policies/packs.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <string>

#include "compiler/driver/driver.h"
#include "compiler/driver/policy_tests.h"
#include "dsl/diag/render.h"

namespace hpol {
namespace {

using Json = nlohmann::json;

driver::Build BuildTo(const policies::Pack& pack, driver::Stage stage) {
  driver::Options options;
  options.stop_after = stage;
  options.keep_imports = true;
  options.optimize = jit::Optimize::kNone;
  options.filter = false;
  return driver::Run({std::string(pack.file), std::string(pack.text), ""}, options);
}

const policies::Pack* Find(std::string_view path) {
  for (const policies::Pack& pack : policies::Packs()) {
    if (pack.path == path) return &pack;
  }
  return nullptr;
}

// `std.pii`, not `std.pii.us`.
bool IsTop(const policies::Pack& pack) { return std::count(pack.path.begin(), pack.path.end(), '.') == 1; }

TEST(Packs, EachCompilesWithoutAWord) {
  for (const policies::Pack& pack : policies::Packs()) {
    if (pack.path == "std.all" || pack.path == "std.baseline") continue;  // made of the others
    const driver::Build build = BuildTo(pack, IsTop(pack) ? driver::Stage::kHir : driver::Stage::kPattern);
    EXPECT_TRUE(build.ok()) << pack.path;
    EXPECT_TRUE(build.diagnostics.all().empty()) << dsl::RenderTerminal(build.diagnostics, *build.sources);
  }
}

TEST(Packs, AllHasEveryPackAndNoNameTwice) {
  const policies::Pack* all = Find("std.all");
  ASSERT_NE(all, nullptr);
  for (const policies::Pack& pack : policies::Packs()) {
    if (!IsTop(pack) || pack.path == "std.all" || pack.path == "std.baseline") continue;
    EXPECT_NE(all->text.find("import " + std::string(pack.path) + "\n"), std::string_view::npos) << pack.path;
  }
  const driver::Build build = BuildTo(*all, driver::Stage::kHir);
  ASSERT_TRUE(build.ok());
  std::set<std::string> names;
  for (const hir::Detector& detector : build.policy.detectors) {
    EXPECT_EQ(detector.name.find('.'), std::string::npos) << detector.name << " stands in more than one pack";
    EXPECT_TRUE(names.insert(detector.name).second) << detector.name;
  }
  EXPECT_GE(names.size(), 200u);
}

TEST(Packs, EveryDetectorHasSamplesOfBothKinds) {
  const driver::Build build = BuildTo(*Find("std.all"), driver::Stage::kHir);
  for (const hir::Detector& detector : build.policy.detectors) {
    EXPECT_GE(detector.matches.size(), 5u) << detector.name;
    EXPECT_GE(detector.rejects.size(), 5u) << detector.name;
  }
}

TEST(Packs, NamesJsonKnowsEveryDetector) {
  std::ifstream file("policies/std/names.json");
  const Json names = Json::parse(file, nullptr, /*allow_exceptions=*/false);
  ASSERT_TRUE(names.is_object());
  const driver::Build build = BuildTo(*Find("std.all"), driver::Stage::kHir);
  std::set<std::string> known;
  for (const hir::Detector& detector : build.policy.detectors) {
    known.insert(detector.name);
    ASSERT_TRUE(names.contains(detector.name)) << detector.name;
    const std::string pack = names[detector.name]["pack"];
    EXPECT_NE(Find(pack), nullptr) << pack;
  }
  for (const auto& [name, entry] : names.items())
    EXPECT_TRUE(known.contains(name)) << name << " is no detector";
}

TEST(Baseline, PassesItsOwnTests) {
  const driver::Build build = BuildTo(*Find("std.baseline"), driver::Stage::kCode);
  ASSERT_TRUE(build.ok()) << dsl::RenderTerminal(build.diagnostics, *build.sources);
  EXPECT_TRUE(build.diagnostics.all().empty()) << dsl::RenderTerminal(build.diagnostics, *build.sources);
  const std::vector<driver::TestResult> results = driver::RunPolicyTests(build);
  EXPECT_GE(results.size(), 12u);
  for (const driver::TestResult& result : results)
    EXPECT_TRUE(result.passed) << result.title << ": " << result.actual;
}

}  // namespace
}  // namespace hpol
