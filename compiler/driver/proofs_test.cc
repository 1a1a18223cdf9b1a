// Proofs about the shipped example, their counterexamples on the compiled code, and the table that people
// read.
#include "compiler/driver/proofs.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <regex>

#include "compiler/driver/policy_tests.h"

namespace hpol::driver {
namespace {

std::string Acme() { return ReadInput("policies/examples/acme.hpol")->text; }

std::string Without(std::string text, const std::string& part, const std::string& instead = "") {
  const size_t at = text.find(part);
  EXPECT_NE(at, std::string::npos) << part;
  return at == std::string::npos ? text : text.replace(at, part.size(), instead);
}

// Checked and proved, with no pattern compiled: a proof needs none.
Build Proved(std::string text) {
  Options options;
  options.stop_after = Stage::kHir;
  Build build = Run({"test.hpol", std::move(text), ""}, options);
  if (build.ok()) build.proofs = prove::Prove(build.policy, {}, build.diagnostics);
  return build;
}

// As `hpol prove` does it: counterexamples are tried on native code.
Build Compiled(std::string text) {
  Options options;
  options.optimize = jit::Optimize::kNone;
  options.filter = false;
  return Run({"test.hpol", std::move(text), ""}, options);
}

const dsl::Diagnostic* Find(const Build& build, dsl::DiagnosticKind kind) {
  for (const dsl::Diagnostic& one : build.diagnostics.all())
    if (one.kind == kind) return &one;
  return nullptr;
}

constexpr char kApplications[] = " or application not in { website_chat, copywriting }";

TEST(Acme, IsProvedWholeAndSoonEnough) {
  const Build acme = Proved(Acme());
  EXPECT_TRUE(acme.ok());
  EXPECT_TRUE(acme.diagnostics.all().empty());
  EXPECT_EQ(acme.proofs.ways, 11u);
  EXPECT_EQ(acme.proofs.ways_proved, 11u);
}

TEST(Acme, WithoutTheApplicationConditionTheFloorEscapes) {
  const Build acme = Proved(Without(Acme(), kApplications));
  const dsl::Diagnostic* leak = Find(acme, dsl::DiagnosticKind::kLabelEscapes);
  ASSERT_NE(leak, nullptr);
  EXPECT_EQ(acme.sources->Text(leak->primary.span), "gpt4o");
  EXPECT_NE(leak->message.find("`internal` can reach `gpt4o`"), std::string::npos) << leak->message;
  ASSERT_TRUE(leak->example.has_value());
  EXPECT_NE(leak->example->find("application assistant"), std::string::npos) << *leak->example;
  ASSERT_TRUE(leak->help && leak->help->edits.size() == 1);
  EXPECT_EQ(leak->help->edits[0].replacement,
            "when level == internal and application in { assistant, analytics }  send to qwen72b\n  ");
}

TEST(Acme, WithoutEmployeeIdInTheRedactionItEscapes) {
  const Build acme = Proved(Without(Acme(), "mask      codename, employee_id", "mask      codename"));
  const dsl::Diagnostic* leak = Find(acme, dsl::DiagnosticKind::kLabelEscapes);
  ASSERT_NE(leak, nullptr);
  EXPECT_EQ(acme.sources->Text(leak->primary.span), "gpt4o");
  ASSERT_TRUE(leak->example.has_value());
  EXPECT_NE(leak->example->find("\"staff no E-482913\""), std::string::npos) << *leak->example;
  ASSERT_TRUE(leak->help && leak->help->edits.size() == 1);
  EXPECT_EQ(leak->help->edits[0].replacement, "\n  mask employee_id");
}

TEST(Acme, TheOfferedEditsRepairIt) {
  for (const auto& [part, instead] : std::vector<std::pair<std::string, std::string>>{
           {kApplications, ""}, {"mask      codename, employee_id", "mask      codename"}}) {
    std::string text = Without(Acme(), part, instead);
    const Build broken = Proved(text);
    const dsl::Diagnostic* leak = Find(broken, dsl::DiagnosticKind::kLabelEscapes);
    ASSERT_TRUE(leak != nullptr && leak->help && leak->help->edits.size() == 1);
    const dsl::Edit& edit = leak->help->edits[0];
    text.replace(edit.span.begin, edit.span.end - edit.span.begin, edit.replacement);
    EXPECT_EQ(Find(Proved(text), dsl::DiagnosticKind::kLabelEscapes), nullptr);
  }
}

TEST(Counterexamples, AreReplayedAndRunAsTests) {
  const std::string policy = R"(policy p
levels public < internal < confidential
input { region : enum { us, eu } from identity }
zone home  { trusted   clears confidential + all }
zone cloud { untrusted clears public }
target local in home  { clears confidential + all }
target big   in cloud { clears public  region us }
detector codename { words "nightjar" matches "the nightjar budget" }
redaction scrub { mask codename }
classify { start at public  when codename raise to internal }
route {
  when level == confidential  send to local
  otherwise                   send redacted by scrub to big
}
)";
  const Build build = Compiled(
      policy +
      "guarantee \"codenames stay in Europe\" when region == eu and codename always zone is trusted\n");
  ASSERT_TRUE(build.fault.empty()) << build.fault;
  ASSERT_FALSE(build.proofs.proofs.empty());
  const prove::Proof& proof = build.proofs.proofs.back();
  ASSERT_EQ(proof.status, prove::Status::kBroken);
  ASSERT_TRUE(proof.example.has_value());
  EXPECT_TRUE(proof.example->written);
  EXPECT_TRUE(proof.example->replayed);
  const std::optional<std::string> block = prove::TestBlock(build.policy, *proof.example, "shows it");
  ASSERT_TRUE(block.has_value());
  const Build tested = Compiled(policy + *block);
  ASSERT_TRUE(tested.ok()) << *block;
  const std::vector<TestResult> results = RunPolicyTests(tested);
  ASSERT_FALSE(results.empty());
  EXPECT_TRUE(results.back().passed) << *block << results.back().actual;
}

TEST(Counterexamples, OfCallersAreReplayedToo) {
  const Build build = Compiled(R"(policy p
levels public < internal < confidential
zone home  { trusted   clears confidential + all }
zone cloud { untrusted clears public }
target local in home  { clears confidential + all }
target big   in cloud { clears public }
input { purpose : optional string from caller }
classify { start at public }
route {
  when level == confidential  send to local
  when purpose == "press"     send to big
  otherwise                   send to local
}
)");
  ASSERT_TRUE(build.fault.empty()) << build.fault;
  const auto caller =
      std::find_if(build.proofs.proofs.begin(), build.proofs.proofs.end(),
                   [](const prove::Proof& proof) { return proof.kind == prove::Proof::Kind::kCaller; });
  ASSERT_NE(caller, build.proofs.proofs.end());
  EXPECT_EQ(caller->status, prove::Status::kBroken);
  ASSERT_TRUE(caller->example.has_value());
  EXPECT_TRUE(caller->example->replayed);
}

TEST(Table, SaysWhatHoldsOnlyAfterRedaction) {
  const Build build = Proved(R"(policy p
levels public < internal < confidential
zone home  { trusted   clears confidential + all }
zone cloud { untrusted clears public }
target local in home  { clears confidential + all }
target big   in cloud { clears public }
detector codename { words "nightjar" matches "the nightjar budget" }
redaction scrub { mask codename }
classify { start at public  when codename raise to internal }
route {
  when level == confidential  send to local
  otherwise                   send redacted by scrub to big
}
guarantee "only public bytes leave" never sent.level > public and zone is untrusted
guarantee "internal stays home"     never request.level >= internal and zone is untrusted
)");
  std::string table = ProofTable(build);
  table = std::regex_replace(table, std::regex("[0-9.]+ ms"), "T ms");
  table = table.substr(0, table.rfind("5 proofs"));
  EXPECT_EQ(table, R"(proved  every candidate is cleared for what it is sent  T ms
proved  what a caller says gains no candidate           T ms
proved  a rule decides every request                    T ms
proved  only public bytes leave                         T ms
        holds only after redaction: of the request's own label it does not hold
broken  internal stays home                             T ms
        of what is sent, after redaction, it holds
        example: prompt "the nightjar budget": labelled `internal` (scanned again)
        test "internal stays home" {
          given  prompt "the nightjar budget"
          expect internal, sent to big redacted by scrub
        }
)");
}

}  // namespace
}  // namespace hpol::driver
