#include "compiler/driver/driver.h"

#include <gtest/gtest.h>

#include "compiler/driver/policy_tests.h"
#include "compiler/driver/report.h"
#include "compiler/driver/request.h"
#include "hpol/compile.h"

namespace hpol::driver {
namespace {

constexpr char kAcme[] = "policies/examples/acme.hpol";

Build RunAcme(Options options = {}) { return Run(*ReadInput(kAcme), options); }

reference::Outcome Decide(const Build& build, std::string_view json) {
  const Result<OwnedRequest> request = OwnedRequest::FromJson(json, build.policy);
  EXPECT_TRUE(request.ok());
  const Result<std::shared_ptr<const Engine>> engine = Engine::Make(build.program);
  EXPECT_TRUE(engine.ok());
  Scratch scratch;
  return OutcomeOf((*engine)->Decide(request->view(), scratch));
}

TEST(Driver, TheExamplePolicyPassesItsOwnTests) {
  const Build build = RunAcme();
  ASSERT_TRUE(build.ok());
  const std::vector<TestResult> results = RunPolicyTests(build);
  EXPECT_GE(results.size(), 5u);
  for (const TestResult& result : results) {
    EXPECT_TRUE(result.passed) << result.title << ": expected " << result.expected << ", happened "
                               << result.actual;
  }
}

TEST(Driver, EveryStageCanBePrinted) {
  for (const std::string& name : DumpNames()) {
    Options options;
    options.stop_after = *StageFromName(name);
    const Build build = RunAcme(options);
    ASSERT_TRUE(build.ok()) << name;
    EXPECT_FALSE(Dump(build, options.stop_after, options.optimize).empty()) << name;
  }
  EXPECT_FALSE(StageFromName("no such stage").has_value());
}

TEST(Driver, BothEnginesSayTheSame) {
  const Build build = RunAcme();
  ASSERT_TRUE(build.ok());
  constexpr std::string_view kRequest =
      R"({"text":"my ssn is 536-22-8145","attributes":{"department":"marketing","application":"copywriting",
          "region":"us","env":"prod"}})";
  const reference::Outcome native = Decide(build, kRequest);
  const reference::Outcome slow =
      reference::Decide(build.policy, OwnedRequest::FromJson(kRequest, build.policy)->view());
  EXPECT_EQ(DecisionJson(native, build.policy, *build.sources),
            DecisionJson(slow, build.policy, *build.sources));
  EXPECT_EQ(native, slow);
  ASSERT_EQ(native.candidates.size(), 2u);
  EXPECT_EQ(build.policy.targets[native.candidates[0].target.value].name, "qwen72b");
}

TEST(Driver, AMissingRequiredInputIsDeniedAtTheDoor) {
  const Build build = RunAcme();
  ASSERT_TRUE(build.ok());
  const reference::Outcome outcome = Decide(build, R"({"text":"hello","attributes":{"env":"prod"}})");
  EXPECT_EQ(outcome.verdict, Verdict::kDeny);
  EXPECT_EQ(outcome.cause, DenyCause::kInput);
}

TEST(Driver, AnInputFromAnotherSourceThanDeclaredIsMissing) {
  const Build build = RunAcme();
  ASSERT_TRUE(build.ok());
  const reference::Outcome outcome =
      Decide(build, R"({"text":"hello","attributes":{"department":"marketing","application":"copywriting",
                        "region":"us","env":"prod"},"sources":{"department":"caller"}})");
  EXPECT_EQ(outcome.cause, DenyCause::kInput);
}

TEST(Driver, AWordFileCannotBeReadFromOutsideThePolicysFolder) {
  const Compilation compilation = CompileText("p.hpol", R"(policy p version "1"
    levels a < b
    detector d { words from "../../../etc/passwd" }
    classify { start at a  when d raise to b }
    zone z { trusted clears b + all }
    target t in z { clears b + all }
    route { otherwise send to t })");
  EXPECT_FALSE(compilation.ok);
  EXPECT_NE(compilation.report.find("error["), std::string::npos);
}

TEST(Driver, AFileThatIsNotThereSaysSo) {
  const Compilation compilation = CompileFile("no/such/policy.hpol");
  EXPECT_FALSE(compilation.ok);
  EXPECT_NE(compilation.report.find("no/such/policy.hpol"), std::string::npos);
}

TEST(Request, ErrorsNameTheField) {
  Options options;
  options.stop_after = Stage::kHir;
  const Build build = RunAcme(options);
  for (const auto& [json, words] : std::vector<std::pair<std::string, std::string>>{
           {"[]", "one JSON object"},
           {"{}", "`text` or `body`"},
           {R"({"text":"a","body":"{}"})", "`text` or `body`"},
           {R"({"text":1})", "`text` must be a string"},
           {R"({"text":"a","colour":1})", "unknown field `colour`"},
           {R"({"text":"a","attributes":{"colour":"red"}})", "no input `colour`"},
           {R"({"text":"a","attributes":{"env":{}}})", "`attributes.env`"},
           {R"({"text":"a","surface":"ollama_chat"})", "no meaning without `body`"},
           {R"({"body":"{}","surface":"text"})", "`surface` must be"},
           {R"({"body":"{}","surface":1})", "`surface` must be"},
           {R"({"text":"a","unscanned":"yes"})", "`unscanned`"}}) {
    const Result<OwnedRequest> request = OwnedRequest::FromJson(json, build.policy);
    ASSERT_FALSE(request.ok()) << json;
    EXPECT_NE(request.error().message.find(words), std::string::npos) << request.error().message;
  }
  const Result<OwnedRequest> ollama =
      OwnedRequest::FromJson(R"({"body":{"model":"m","input":"a"},"surface":"ollama_embed"})", build.policy);
  ASSERT_TRUE(ollama.ok());
  EXPECT_EQ(ollama->view().surface, Surface::kOllamaEmbed);
}

}  // namespace
}  // namespace hpol::driver
