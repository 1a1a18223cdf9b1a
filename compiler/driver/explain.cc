#include "compiler/driver/explain.h"

#include <algorithm>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <optional>

#include "compiler/filter/background.h"

namespace hpol::driver {
namespace {

// Measured with bench/work_bench, rounded. A place that fires is a mispredicted branch and a short look; one
// that the word tables let pass is mostly turned down by its hash; a step runs about twice a KiB.
constexpr double kNsAnEvent = 20;
constexpr double kNsALiteralEvent = 3;
constexpr double kNsAStep = 0.3;
constexpr double kNsToRead = 30;         // a KiB, into planes
constexpr double kNsALiteralGroup = 30;  // a KiB, through the word tables
constexpr double kOften = 5;             // a KiB; from here on an author is told

struct Steps {
  uint32_t all = 0;
  double run = 0;  // in a block of ordinary text, on average
};

// Steps that the outputs of one detector depend on, or of all: LLVM leaves out the others.
Steps StepsOf(const filter::Derived& derived, std::optional<uint16_t> detector) {
  const filter::Program& program = derived.program;
  std::vector<bool> needed(program.planes, false);
  for (const filter::Output& output : program.outputs) {
    if (!detector || output.detector == *detector) needed[output.plane] = true;
  }
  Steps steps;
  for (size_t g = program.groups.size(); g-- > 0;) {
    const size_t begin = g > 0 ? program.groups[g - 1].ops : 0;
    for (size_t i = program.groups[g].ops; i-- > begin;) {
      const filter::Op& op = program.ops[i];
      if (!needed[op.result]) continue;
      if (g > 0) needed[program.groups[g].guard] = true;
      ++steps.all;
      steps.run += derived.shares[g];
      needed[op.left] = true;
      if (op.kind != filter::Op::Kind::kDelay) needed[op.right] = true;
    }
  }
  return steps;
}

PatternExplained ExplainOne(const filter::Derived& derived, uint16_t detector,
                            const pattern::Matcher& matcher, DetectorCost cost) {
  using Filter = PatternExplained::Filter;
  PatternExplained explained;
  explained.cost = std::move(cost);
  const filter::Program& program = derived.program;
  if (std::find(program.unfiltered.begin(), program.unfiltered.end(), detector) != program.unfiltered.end()) {
    const filter::Background& background = filter::Background::Get();
    explained.filter = Filter::kEverywhere;
    explained.per_kilobyte =
        background.PerKilobyte(filter::Background::Count(background.BitsOf(matcher.FirstBytes())));
    explained.ns_per_kilobyte = explained.per_kilobyte * kNsAnEvent;
    return explained;
  }
  const filter::Plan& plan = derived.plans[detector];
  explained.filter = static_cast<Filter>(plan.kind);
  explained.condition = plan.condition;
  explained.per_kilobyte = plan.per_kilobyte;
  const Steps steps = StepsOf(derived, detector);
  explained.steps = steps.all;
  explained.steps_run = steps.run;
  const double event = explained.filter == Filter::kLiterals ? kNsALiteralEvent : kNsAnEvent;
  explained.ns_per_kilobyte = explained.per_kilobyte * event + explained.steps_run * kNsAStep;
  return explained;
}

std::string Number(double value, int digits) {
  char text[32];
  std::snprintf(text, sizeof text, "%.*f", digits, value);
  return text;
}

std::string Where(const PatternExplained& pattern) {
  using Filter = PatternExplained::Filter;
  switch (pattern.filter) {
    case Filter::kBegin:
      return "where these bytes stand, counted from a match's first byte: " + pattern.condition;
    case Filter::kInside:
      return "round a byte that every match contains, counted from that byte: " + pattern.condition;
    case Filter::kLiterals:
      return "where one of the texts stands that a match begins with: " + pattern.condition;
    case Filter::kEverywhere:
      break;
  }
  return "at every byte that can begin a match: nothing rarer is in all of its matches";
}

void PrintOne(const PatternExplained& pattern, std::string& out) {
  out += pattern.cost.name + "\n  looks   " + Where(pattern) + "\n  fires   ";
  out += pattern.per_kilobyte > 0 && pattern.per_kilobyte < 0.01 ? "less than 0.01"
                                                                 : Number(pattern.per_kilobyte, 2);
  out += " times a KiB of ordinary text";
  if (pattern.per_kilobyte >= kOften)
    out += ": often. A longer fixed part, or a rarer byte in it, makes it cheaper";
  out += "\n  costs   about " + Number(pattern.ns_per_kilobyte, 1) + " ns a KiB";
  if (pattern.steps > 0) {
    out += ", " + std::to_string(pattern.steps) + (pattern.steps == 1 ? " step" : " steps") +
           " of it in the filter";
  }
  out += "\n  then    matches of at most " + std::to_string(pattern.cost.max_length) + " bytes; " +
         BoundText(pattern.cost) + "\n";
}

}  // namespace

Explained Explain(const Build& build, cache::Store* store) {
  MadeAnew anew;
  const auto filtering = FilteringOf(build.policy.detectors, build.matchers, store, anew);
  const filter::Derived& derived = filtering->derived;
  Explained explained;
  std::vector<DetectorCost> costs = Costs(build);
  for (size_t i = 0; i < costs.size(); ++i) {
    explained.patterns.push_back(
        ExplainOne(derived, static_cast<uint16_t>(i), build.matchers[i], std::move(costs[i])));
  }
  const Steps steps = StepsOf(derived, std::nullopt);
  explained.steps = steps.all;
  explained.steps_run = steps.run;
  explained.literal_groups = static_cast<uint32_t>(derived.program.literals.groups);
  explained.shared_ns_per_kilobyte = kNsToRead + explained.literal_groups * kNsALiteralGroup;
  // Steps that are shared run once.
  explained.ns_per_kilobyte = explained.shared_ns_per_kilobyte + explained.steps_run * kNsAStep;
  for (const PatternExplained& pattern : explained.patterns)
    explained.ns_per_kilobyte += pattern.ns_per_kilobyte - pattern.steps_run * kNsAStep;
  return explained;
}

std::string ExplainText(const hir::Policy& policy, const Explained& explained) {
  std::string out = policy.name + ": where its detectors look, and what that costs on ordinary text\n";
  for (const PatternExplained& pattern : explained.patterns) {
    out += '\n';
    PrintOne(pattern, out);
  }
  out += "\nAll together: about " + Number(explained.ns_per_kilobyte, 0) + " ns a KiB, of it " +
         Number(explained.shared_ns_per_kilobyte, 0) + " for reading the text";
  if (explained.literal_groups > 0) out += " and looking into the word tables";
  out += ", " + Number(explained.steps_run * kNsAStep, 0) + " for " + std::to_string(explained.steps) +
         " steps of the filter, " + Number(explained.steps_run, 0) +
         " of which run in a block of such text.\n"
         "A condition only says where to look; a detector then reads the text there, so that none is missed "
         "and none\n"
         "is made up. Ordinary text is prose, dialogue, code and data in several languages. Costs are "
         "estimates for\n"
         "one core with AVX-512 at 2.6 GHz, not measured here; `hpol check --cost` has the worst that any "
         "text can do.\n";
  return out;
}

std::string ExplainJson(const hir::Policy& policy, const Explained& explained) {
  static constexpr const char* kFilters[] = {"begin", "inside", "literals", "everywhere"};
  using Json = nlohmann::ordered_json;
  const auto rounded = [](double value) {
    return static_cast<double>(static_cast<int64_t>(value * 1000 + 0.5)) / 1000;
  };
  Json json{{"policy", policy.name},
            {"ns_per_kib", rounded(explained.ns_per_kilobyte)},
            {"shared_ns_per_kib", rounded(explained.shared_ns_per_kilobyte)},
            {"filter_steps", explained.steps},
            {"filter_steps_run", explained.steps_run},
            {"literal_groups", explained.literal_groups},
            {"detectors", Json::array()}};
  for (const PatternExplained& pattern : explained.patterns) {
    json["detectors"].push_back({{"name", pattern.cost.name},
                                 {"filter", kFilters[static_cast<size_t>(pattern.filter)]},
                                 {"condition", pattern.condition},
                                 {"fires_per_kib", rounded(pattern.per_kilobyte)},
                                 {"filter_steps", pattern.steps},
                                 {"filter_steps_run", pattern.steps_run},
                                 {"ns_per_kib", rounded(pattern.ns_per_kilobyte)},
                                 {"max_length", pattern.cost.max_length},
                                 {"verifier", pattern.cost.tracked ? "tracked" : "bounded"},
                                 {"live_states", pattern.cost.live_states},
                                 {"worst_steps_per_byte", pattern.cost.worst_reads},
                                 {"judged_again", pattern.cost.judged_again}});
  }
  return json.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

}  // namespace hpol::driver
