// Random (policy, request) pairs: the reference against every engine. Label, verdict, cause,
// candidates with their sent labels, reasons and findings must be the same.
//
//   differential_test [--pairs N] [--seed S]
#include <gtest/gtest.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <set>
#include <string>

#include "compiler/pattern/pattern.h"
#include "compiler/reference/choice.h"
#include "compiler/reference/reference.h"
#include "tests/differential/engines.h"
#include "tests/differential/random_policy.h"
#include "tests/differential/random_request.h"
#include "tests/differential/shrink.h"

namespace hpol::differential {
namespace {

constexpr uint32_t kRequestsEach = 80;  // compiling a policy costs as much as some hundred decisions

uint64_t pairs_wanted = 20000;
uint64_t first_seed = 20260711;

// What the run came across: a comparison of requests that are all refused proves nothing.
struct Counts {
  uint64_t pairs = 0;
  uint64_t policies = 0;
  uint64_t refused = 0;  // policies
  uint64_t sent = 0;
  uint64_t unknown = 0;  // outcomes with a rule that only may apply
  uint64_t redacted = 0;
  uint64_t findings = 0;
  std::array<uint64_t, 3> tiers{};  // of them
  std::array<uint64_t, 8> causes{};
  uint64_t skipped = 0;  // candidates, by run-time state
  uint64_t broken = 0;   // guarantees

  void Add(const reference::Outcome& outcome) {
    ++pairs;
    if (outcome.verdict == Verdict::kSend) ++sent;
    if (outcome.verdict == Verdict::kDeny) ++causes[static_cast<size_t>(outcome.cause)];
    for (const Reason& reason : outcome.reasons)
      if (reason.unknown) {
        ++unknown;
        break;
      }
    for (const auto& candidate : outcome.candidates)
      if (candidate.redaction != kNoRedaction) {
        ++redacted;
        break;
      }
    findings += outcome.findings.size();
    for (const Finding& finding : outcome.findings) ++tiers[static_cast<size_t>(finding.tier)];
  }

  void Print() const {
    std::printf("seed %llu: %llu pairs over %llu policies (%llu refused)\n", Number(first_seed),
                Number(pairs), Number(policies), Number(refused));
    std::printf("  sent %llu, with a redaction %llu, with an unknown rule %llu, findings %llu\n",
                Number(sent), Number(redacted), Number(unknown), Number(findings));
    std::printf("  tiers: shape %llu, context %llu, checksum %llu\n", Number(tiers[0]), Number(tiers[1]),
                Number(tiers[2]));
    std::printf(
        "  denied: body %llu, input %llu, rule %llu, undecided %llu, unknown fact %llu, not cleared %llu, "
        "require %llu\n",
        Number(causes[1]), Number(causes[2]), Number(causes[3]), Number(causes[4]), Number(causes[5]),
        Number(causes[6]), Number(causes[7]));
    std::printf("  skipped by run-time state %llu, guarantees that do not hold %llu\n", Number(skipped),
                Number(broken));
  }

 private:
  static unsigned long long Number(uint64_t n) { return n; }
};

// The first engine that disagrees, or null.
const NamedEngine* Disagreeing(const BuiltPolicy& built, const RequestSource& source,
                               const reference::Outcome& expected, Scratch& scratch) {
  const RequestView view(source);
  for (const NamedEngine& engine : built.engines)
    if (Decide(*engine.engine, view.request(), scratch) != expected) return &engine;
  return nullptr;
}

bool Disagrees(const PolicySource& policy, const RequestSource& request) {
  std::string fault;
  const std::optional<BuiltPolicy> built = Build(policy.Text(), fault);
  if (!built) return !fault.empty();
  Scratch scratch;
  const reference::Outcome expected = reference::Decide(built->policy, RequestView(request).request());
  return Disagreeing(*built, request, expected, scratch) != nullptr;
}

// Everything that a person needs to see what went wrong.
std::string Report(PolicySource policy, RequestSource request) {
  Shrink(policy, request, Disagrees);
  std::string report = "\n" + policy.Text() + "\n--- request: " + request.Describe();
  std::string fault;
  const std::optional<BuiltPolicy> built = Build(policy.Text(), fault);
  if (!built) return report + "--- fault: " + fault;
  const RequestView view(request);
  report += "--- reference\n" + Describe(built->policy, reference::Decide(built->policy, view.request()));
  Scratch scratch;
  for (const NamedEngine& engine : built->engines)
    report += std::string("--- ") + engine.name + "\n" +
              Describe(built->policy, Decide(*engine.engine, view.request(), scratch));
  return report;
}

// What Render hands out is cleared, and the same from all engines.
void CheckOutbound(const BuiltPolicy& built, const RequestSource& source, Scratch& scratch) {
  const RequestView view(source);
  std::set<std::string> bodies;
  for (const NamedEngine& engine : built.engines) {
    const reference::Outcome outcome = Decide(*engine.engine, view.request(), scratch);
    std::string bodies_of_engine;
    for (size_t i = 0; i < outcome.candidates.size(); ++i) {
      const Outbound outbound = engine.engine->Render(i, {"model"}, scratch);
      const hir::Target& target = built.policy.targets[outcome.candidates[i].target.value];
      if (outbound.allowed) {
        EXPECT_TRUE(outbound.sent_label.FlowsTo(target.clearance)) << source.Describe();
        EXPECT_TRUE(outcome.candidates[i].sent_label.FlowsTo(outbound.sent_label)) << source.Describe();
      } else {
        EXPECT_TRUE(outbound.body.empty());
      }
      bodies_of_engine += std::string(outbound.body) + '\0';
    }
    bodies.insert(bodies_of_engine);
  }
  EXPECT_EQ(bodies.size(), 1u) << source.Describe();
}

// Any run-time state, much of it unknown.
struct RandomState {
  RandomState(const hir::Policy& policy, Random& random) {
    const auto share = [&random] {
      static const std::vector<int64_t> kShares = {kUnknownShare, 0, 250'000, 500'000, 900'000, 1'000'000};
      return random.Pick(kShares);
    };
    const auto known = random.Below(static_cast<uint32_t>(policy.targets.size()) + 1);
    for (uint32_t i = 0; i < known; ++i) targets.push_back({random.Chance(85), share(), share()});
    for (size_t i = 0; i < policy.limits.size() && !random.Chance(20); ++i) left.push_back(share());
    state = {random.Chance(10) ? -1 : int64_t{random.Below(2'000'000'000)} * 2, targets, left};
  }
  std::vector<TargetState> targets;
  std::vector<int64_t> left;
  RunState state;
};

// Every candidate may be used now, or may not be, as the reference says.
uint64_t CheckChoice(const BuiltPolicy& built, const RequestSource& source, Random& random,
                     Scratch& scratch) {
  const RequestView view(source);
  const RandomState random_state(built.policy, random);
  uint64_t skipped = 0;
  for (const NamedEngine& engine : built.engines) {
    const Decision& decision = engine.engine->Decide(view.request(), scratch);
    for (size_t i = 0; i < decision.candidates().size(); ++i) {
      const Candidate& candidate = decision.candidates()[i];
      const hir::Route& route = built.policy.routes[decision.reasons().back().row];
      const Availability expected =
          reference::Now(built.policy, route, candidate.target, candidate.redaction, random_state.state);
      EXPECT_EQ(engine.engine->Now(i, decision, random_state.state), expected) << source.Describe();
      skipped += expected == Availability::kUsable ? 0 : 1;
    }
    EXPECT_EQ(engine.engine->Now(decision.candidates().size(), decision, random_state.state),
              Availability::kNoCandidate);
  }
  return skipped;
}

TEST(Differential, EveryEngineDecidesAsTheReference) {
  Counts counts;
  Scratch scratch;
  for (uint64_t seed = first_seed; counts.pairs < pairs_wanted && !HasFailure(); ++seed) {
    Random random(seed);
    const PolicySource source = RandomPolicy(random);
    std::string fault;
    const std::optional<BuiltPolicy> built = Build(source.Text(), fault);
    ASSERT_EQ(fault, "") << "policy seed " << seed << "\n" << source.Text();
    if (!built) {
      ++counts.refused;
      continue;
    }
    ++counts.policies;
    for (uint32_t i = 0; i < kRequestsEach && counts.pairs < pairs_wanted; ++i) {
      const RequestSource request = RandomRequest(built->policy, source.detectors, random);
      const reference::Outcome expected = reference::Decide(built->policy, RequestView(request).request());
      counts.Add(expected);
      if (const NamedEngine* wrong = Disagreeing(*built, request, expected, scratch)) {
        FAIL() << "policy seed " << seed << ", request " << i << ", engine " << wrong->name
               << Report(source, request);
      }
      if (i % 8 == 0) CheckOutbound(*built, request, scratch);
      if (expected.verdict == Verdict::kSend) counts.skipped += CheckChoice(*built, request, random, scratch);
      if (i % 8 == 1)
        counts.broken += reference::BrokenGuarantees(built->policy, RequestView(request).request()).size();
    }
  }
  counts.Print();
  // A generator that drifts into refusals would make this test say nothing.
  EXPECT_GT(counts.policies, counts.refused);
  EXPECT_GT(counts.sent * 5, counts.pairs);
  EXPECT_GT(counts.tiers[1] * 50, counts.findings);
  EXPECT_GT(counts.skipped * 50, counts.pairs);
  EXPECT_GT(counts.broken * 100, counts.pairs);
  EXPECT_GT(counts.causes[static_cast<size_t>(DenyCause::kRequire)], 0u);
}

// The compiler's check of samples reads a text as the reference does.
TEST(Differential, SamplesAreReadAsTheReferenceReads) {
  uint64_t found = 0;
  uint64_t by_context = 0;
  for (uint64_t seed = first_seed; seed < first_seed + 40 && !HasFailure(); ++seed) {
    Random random(seed);
    const PolicySource source = RandomPolicy(random);
    std::string fault;
    const std::optional<BuiltPolicy> built = Build(source.Text(), fault);
    if (!built) continue;
    for (uint32_t i = 0; i < built->policy.detectors.size(); ++i) {
      dsl::Diagnostics diagnostics;
      const hir::Detector& detector = built->policy.detectors[i];
      const std::optional<pattern::Matcher> matcher = pattern::Compile(detector, diagnostics);
      ASSERT_TRUE(matcher);
      for (int texts = 0; texts < 20; ++texts) {
        const RequestSource request = RandomRequest(built->policy, source.detectors, random);
        std::vector<Finding> findings;
        for (const pattern::Found& each : pattern::FindAll(detector, *matcher, request.body))
          findings.push_back({DetectorId{i}, each.tier, each.begin, each.end});
        EXPECT_EQ(findings, reference::Find(built->policy, DetectorId{i}, request.body))
            << "policy seed " << seed << "\n"
            << request.body << "\n"
            << source.Text();
        for (const Finding& finding : findings) by_context += finding.tier == Tier::kContext ? 1 : 0;
        found += findings.size();
      }
    }
  }
  EXPECT_GT(by_context * 50, found);
}

}  // namespace
}  // namespace hpol::differential

int main(int argc, char** argv) {
  testing::InitGoogleTest(&argc, argv);
  for (int i = 1; i + 1 < argc; i += 2) {
    const std::string_view flag = argv[i];
    const uint64_t value = std::strtoull(argv[i + 1], nullptr, 10);
    if (flag == "--pairs") hpol::differential::pairs_wanted = value;
    if (flag == "--seed") hpol::differential::first_seed = value;
  }
  return RUN_ALL_TESTS();
}
