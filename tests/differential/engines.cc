#include "tests/differential/engines.h"

#include <utility>

#include "compiler/aot/bundle.h"
#include "compiler/check/check.h"
#include "compiler/filter/filter.h"
#include "compiler/ir/ir.h"
#include "compiler/jit/jit.h"
#include "compiler/pattern/openings.h"
#include "compiler/pattern/pattern.h"
#include "compiler/plan/plan.h"
#include "compiler/prove/tables.h"
#include "dsl/parse/parse.h"
#include "hpol/bundle.h"
#include "tests/differential/table_engine.h"

namespace hpol::differential {
namespace {

constexpr char kPseudonymKey[] = "one key for all engines";

// The tables, printed and read back: what a bundle would carry.
std::shared_ptr<const ir::Tables> ReadBack(const ir::Tables& tables, std::string& fault) {
  const std::string text = ir::Print(tables);
  Result<ir::Tables> parsed = ir::Parse(text);
  if (!parsed) fault = "tables do not read back: " + parsed.error().message;
  if (parsed && ir::Print(*parsed) != text) fault = "tables read back differently";
  return fault.empty() ? std::make_shared<const ir::Tables>(*std::move(parsed)) : nullptr;
}

bool AddEngine(BuiltPolicy& built, const char* name, Program program, std::string& fault) {
  Result<std::shared_ptr<const Engine>> engine = Engine::Make(std::move(program), kPseudonymKey);
  if (!engine) fault = std::string(name) + ": " + engine.error().message;
  if (engine) built.engines.push_back({name, *std::move(engine)});
  return engine.ok();
}

bool AddCode(BuiltPolicy& built, const char* name, const std::shared_ptr<const ir::Tables>& tables,
             const std::vector<pattern::Matcher>& matchers, jit::Optimize optimize,
             std::shared_ptr<const filter::Program> filter, std::string& fault) {
  Result<jit::Code> code = jit::Compile(matchers, optimize, filter.get());
  if (!code) fault = std::string(name) + ": " + code.error().message;
  auto openings = std::make_shared<const Openings>(pattern::FindOpenings(matchers));
  return code.ok() &&
         AddEngine(built, name, {tables, code->artifact, code->owner, std::move(filter), std::move(openings)},
                   fault);
}

// What a gateway runs: a bundle, written and read back, at every level of CPU that this machine has.
bool AddBundle(BuiltPolicy& built, const std::shared_ptr<const ir::Tables>& tables,
               const std::vector<pattern::Matcher>& matchers, const filter::Program& filter,
               std::string& fault) {
  const std::string name(tables->Text(tables->policy)), version(tables->Text(tables->version));
  const std::string manifest = R"({"policy":")" + name + R"(","version":")" + version +
                               R"(","minimum_version":")" + version + R"(","revokes":false})";
  const Result<std::string> bytes =
      aot::WriteBundle({*tables, matchers, filter, pattern::FindOpenings(matchers), manifest});
  if (!bytes) fault = "bundle: " + bytes.error().message;
  uint32_t last = 0;
  for (const auto& [level, level_name] : {std::pair{2u, "aot v2"}, {3u, "aot v3"}, {4u, "aot v4"}}) {
    if (!fault.empty()) return false;
    const Result<Bundle> bundle = Bundle::Read(*bytes, {.allow_unsigned = true, .max_level = level});
    if (!bundle) fault = std::string(level_name) + ": " + bundle.error().message;
    if (!bundle || bundle->info().level == last) continue;
    last = bundle->info().level;
    AddEngine(built, level_name, bundle->program(), fault);
  }
  return fault.empty();
}

}  // namespace

std::optional<BuiltPolicy> Build(const std::string& text, std::string& fault) {
  dsl::SourceMap sources;
  dsl::Diagnostics diagnostics;
  const dsl::FileId file = sources.Add("random.hpol", text);
  const dsl::ast::Policy ast = dsl::Parse(sources, file, diagnostics);
  if (diagnostics.has_errors()) return std::nullopt;
  BuiltPolicy built;
  built.policy = check::Check(ast, {}, sources, diagnostics);
  if (diagnostics.has_errors()) return std::nullopt;  // leaks are the prover's, and decide too

  std::vector<pattern::Matcher> matchers;
  for (const hir::Detector& detector : built.policy.detectors) {
    std::optional<pattern::Matcher> matcher = pattern::Compile(detector, diagnostics);
    if (!matcher) return std::nullopt;
    matchers.push_back(*std::move(matcher));
  }
  const auto tables = std::make_shared<const ir::Tables>(plan::Plan(built.policy, matchers, sources));
  if (const Result<bool> verified = ir::Verify(*tables); !verified) {
    fault = "tables do not verify: " + verified.error().message;
    return std::nullopt;
  }
  if (const std::string difference = prove::DifferenceOf(built.policy, *tables); !difference.empty()) {
    fault = "tables mean something else: " + difference;
    return std::nullopt;
  }
  const std::shared_ptr<const ir::Tables> read_back = ReadBack(*tables, fault);
  // The engine that ships looks only where the filter fires; the others look at every byte.
  const auto filter =
      std::make_shared<const filter::Program>(filter::Derive(built.policy.detectors, matchers).program);
  const bool made = read_back != nullptr &&
                    AddEngine(built, "tables", MakeTableProgram(tables, matchers), fault) &&
                    AddCode(built, "jit -O0", tables, matchers, jit::Optimize::kNone, nullptr, fault) &&
                    AddCode(built, "jit -O2", read_back, matchers, jit::Optimize::kFull, filter, fault) &&
                    AddBundle(built, tables, matchers, *filter, fault);
  if (!made) return std::nullopt;
  return built;
}

reference::Outcome Decide(const Engine& engine, const Request& request, Scratch& scratch) {
  const Decision& decision = engine.Decide(request, scratch);
  reference::Outcome outcome;
  outcome.verdict = decision.verdict();
  if (outcome.verdict == Verdict::kDeny) outcome.cause = decision.cause();
  outcome.label = decision.label();
  outcome.reasons = decision.reasons();
  for (const Candidate& candidate : decision.candidates())
    outcome.candidates.push_back({candidate.target, candidate.redaction, candidate.sent_label});
  outcome.findings = decision.findings();
  return outcome;
}

std::string Describe(const hir::Policy& policy, const reference::Outcome& outcome) {
  static constexpr const char* kCauses[] = {"internal",  "body",         "input",       "rule",
                                            "undecided", "unknown fact", "not cleared", "require"};
  static constexpr const char* kTables[] = {"classify ", "route ", "require "};
  const auto label = [&](Label one) { return hir::LabelText(one, policy.levels, policy.categories); };
  std::string text = "  label " + label(outcome.label);
  text += outcome.verdict == Verdict::kSend
              ? ", send\n"
              : std::string(", deny: ") + kCauses[static_cast<size_t>(outcome.cause)] + "\n";
  for (const Reason& reason : outcome.reasons)
    text += std::string("  ") + kTables[static_cast<size_t>(reason.table)] + std::to_string(reason.row) +
            (reason.unknown ? " may apply\n" : " applies\n");
  for (const auto& candidate : outcome.candidates)
    text += "  to " + policy.targets[candidate.target.value].name +
            (candidate.redaction == kNoRedaction
                 ? ""
                 : " redacted by " + policy.redactions[candidate.redaction.value].name) +
            ", sent label " + label(candidate.sent_label) + "\n";
  for (const Finding& finding : outcome.findings)
    text += "  " + policy.detectors[finding.detector.value].name + " at [" + std::to_string(finding.begin) +
            "," + std::to_string(finding.end) + ") tier " + std::to_string(static_cast<int>(finding.tier)) +
            "\n";
  return text;
}

}  // namespace hpol::differential
