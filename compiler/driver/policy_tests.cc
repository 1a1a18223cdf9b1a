#include "compiler/driver/policy_tests.h"

#include <memory>
#include <utility>

#include "compiler/driver/request.h"

namespace hpol::driver {
namespace {

using Kind = hir::Test::Outcome;

// What a test sees of a request: what happened, and to whom it went.
struct Observed {
  Label label;
  Kind outcome = Kind::kDenied;
  std::string reason;
  TargetId target;
  RedactionId redaction = kNoRedaction;
};

// The first candidate that is up and whose body may leave, as the gateway would choose.
bool Choose(const Engine& engine, const Decision& decision, const RunState& state, Scratch& scratch,
            Observed& observed) {
  for (size_t i = 0; i < decision.candidates().size(); ++i) {
    const Candidate& candidate = decision.candidates()[i];
    if (engine.Now(i, decision, state) != Availability::kUsable) continue;
    if (!engine.Render(i, {}, scratch).allowed) continue;
    observed.target = candidate.target;
    observed.redaction = candidate.redaction;
    return true;
  }
  return false;
}

// The run-time state of a test. What it does not say is up, idle, healthy and within budget.
struct World {
  World(const hir::Policy& policy, const hir::Test& test)
      : targets(policy.targets.size(), {true, 0, 1'000'000}), left(policy.limits.size(), test.left) {
    for (const TargetId target : test.down) targets[target.value].up = false;
    for (const hir::Test::Measured& measured : test.measured) {
      TargetState& target = targets[measured.target.value];
      (measured.gauge == Gauge::kLoad ? target.load : target.health) = measured.millionths;
    }
    state = {test.time.value_or(-1), targets, left};
  }

  std::vector<TargetState> targets;
  std::vector<int64_t> left;
  RunState state;
};

std::string DenyReason(const hir::Policy& policy, const Decision& decision) {
  if (decision.cause() == DenyCause::kRequire && !decision.reasons().empty())
    return policy.requirements[decision.reasons().back().row].title;
  if (decision.cause() == DenyCause::kRule && !decision.reasons().empty()) {
    return policy.routes[decision.reasons().back().row].reason;
  }
  return {};
}

Observed Observe(const Engine& engine, const hir::Policy& policy, const hir::Test& test, Scratch& scratch) {
  const OwnedRequest request = OwnedRequest::FromTest(policy, test);
  const Decision& decision = engine.Decide(request.view(), scratch);
  Observed observed;
  observed.label = decision.label();
  if (decision.verdict() == Verdict::kDeny) {
    observed.outcome = decision.cause() == DenyCause::kUndecided ? Kind::kUndecided : Kind::kDenied;
    observed.reason = DenyReason(policy, decision);
    return observed;
  }
  const World world(policy, test);
  observed.outcome =
      Choose(engine, decision, world.state, scratch, observed) ? Kind::kSent : Kind::kUnavailable;
  return observed;
}

std::string OutcomeText(const hir::Policy& policy, const Observed& observed) {
  switch (observed.outcome) {
    case Kind::kNone:
      return {};
    case Kind::kDenied:
      return observed.reason.empty() ? "denied" : "denied \"" + observed.reason + "\"";
    case Kind::kUndecided:
      return "undecided";
    case Kind::kUnavailable:
      return "unavailable";
    case Kind::kSent:
      break;
  }
  std::string text = "sent to " + policy.targets[observed.target.value].name;
  if (observed.redaction != kNoRedaction) {
    text += " redacted by " + policy.redactions[observed.redaction.value].name;
  }
  return text;
}

bool Matches(const hir::Test& test, const Observed& observed) {
  if (!(test.label == observed.label)) return false;
  if (test.outcome == Kind::kNone) return true;
  if (test.outcome != observed.outcome) return false;
  if (test.outcome == Kind::kDenied) return !test.reason || *test.reason == observed.reason;
  if (test.outcome != Kind::kSent) return true;
  return test.target == observed.target && test.redaction == observed.redaction;
}

std::string Describe(const hir::Policy& policy, const Observed& observed, bool with_outcome) {
  std::string text = hir::LabelText(observed.label, policy.levels, policy.categories);
  return with_outcome ? text + ", " + OutcomeText(policy, observed) : text;
}

}  // namespace

std::vector<TestResult> RunPolicyTests(const Build& build) {
  std::vector<TestResult> results;
  const Result<std::shared_ptr<const Engine>> engine = Engine::Make(build.program);
  Scratch scratch;
  for (const hir::Test& test : build.policy.tests) {
    TestResult& result = results.emplace_back();
    result.title = test.title;
    result.span = test.span;
    const Observed expected{test.label, test.outcome, test.reason.value_or(""), test.target, test.redaction};
    result.expected = Describe(build.policy, expected, test.outcome != Kind::kNone);
    if (!engine) {
      result.actual = engine.error().message;
      continue;
    }
    const Observed observed = Observe(**engine, build.policy, test, scratch);
    result.passed = Matches(test, observed);
    result.actual = Describe(build.policy, observed, true);
  }
  return results;
}

}  // namespace hpol::driver
