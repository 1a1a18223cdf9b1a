#include "compiler/driver/report.h"

#include <nlohmann/json.hpp>
#include <utility>

namespace hpol::driver {
namespace {

using Json = nlohmann::ordered_json;
using reference::Outcome;

std::string Label(const hir::Policy& policy, hpol::Label label) {
  return hir::LabelText(label, policy.levels, policy.categories);
}

Json LabelJson(const hir::Policy& policy, hpol::Label label) {
  Json categories = Json::array();
  for (size_t i = 0; i < policy.categories.size(); ++i) {
    if (label.has_category(static_cast<int>(i))) categories.push_back(policy.categories[i]);
  }
  return {{"level", policy.levels[static_cast<size_t>(label.level())]},
          {"categories", std::move(categories)}};
}

// Where the rule of a reason is written: floors count before raises.
dsl::Span RuleSpan(const hir::Policy& policy, const Reason& reason) {
  if (reason.table == Reason::Table::kRequire) return policy.requirements[reason.row].span;
  if (reason.table == Reason::Table::kRoute) return policy.routes[reason.row].span;
  if (reason.row < policy.floors.size()) return policy.floors[reason.row].span;
  return policy.raises[reason.row - policy.floors.size()].span;
}

std::string_view TableName(Reason::Table table) {
  switch (table) {
    case Reason::Table::kClassify:
      return "classify";
    case Reason::Table::kRoute:
      return "route";
    case Reason::Table::kRequire:
      return "require";
  }
  return "?";
}

struct Rule {
  std::string_view table;
  std::string file;
  uint32_t line = 0;
  std::string text;  // the rule as written, on one line
  bool unknown = false;
};

Rule Describe(const hir::Policy& policy, const dsl::SourceMap& sources, const Reason& reason) {
  const dsl::Span span = RuleSpan(policy, reason);
  const dsl::SourceFile& file = sources.Get(span.file);
  Rule rule{TableName(reason.table), file.name(), file.Locate(span.begin).line, {}, reason.unknown};
  for (const char c : sources.Text(span)) {
    const bool blank = c == ' ' || c == '\n' || c == '\t' || c == '\r';
    if (!blank) rule.text += c;
    if (blank && !rule.text.empty() && rule.text.back() != ' ') rule.text += ' ';
  }
  return rule;
}

// The reason of the `deny` rule that decided, or the title of the `require` that was not met.
std::string DenyReason(const Outcome& outcome, const hir::Policy& policy) {
  if (outcome.reasons.empty()) return {};
  const Reason& last = outcome.reasons.back();
  if (outcome.cause == DenyCause::kRequire) return policy.requirements[last.row].title;
  if (outcome.cause != DenyCause::kRule) return {};
  return last.table == Reason::Table::kRoute ? policy.routes[last.row].reason : std::string();
}

std::string RedactionName(const hir::Policy& policy, RedactionId id) {
  return id == kNoRedaction ? std::string() : policy.redactions[id.value].name;
}

}  // namespace

reference::Outcome OutcomeOf(const Decision& decision) {
  Outcome outcome;
  outcome.verdict = decision.verdict();
  outcome.cause = decision.cause();
  outcome.label = decision.label();
  outcome.reasons = decision.reasons();
  outcome.findings = decision.findings();
  for (const Candidate& candidate : decision.candidates()) {
    outcome.candidates.push_back({candidate.target, candidate.redaction, candidate.sent_label});
  }
  return outcome;
}

std::string DecisionJson(const Outcome& outcome, const hir::Policy& policy, const dsl::SourceMap& sources) {
  Json json;
  json["label"] = LabelJson(policy, outcome.label);
  json["verdict"] = VerdictName(outcome.verdict);
  if (outcome.verdict == Verdict::kDeny) {
    json["cause"] = CauseName(outcome.cause);
    if (outcome.cause == DenyCause::kRule) json["reason"] = DenyReason(outcome, policy);
  }
  json["candidates"] = Json::array();
  for (const Outcome::Sent& sent : outcome.candidates) {
    Json candidate{{"target", policy.targets[sent.target.value].name}};
    candidate["redaction"] =
        sent.redaction == kNoRedaction ? Json() : Json(RedactionName(policy, sent.redaction));
    candidate["sent_label"] = LabelJson(policy, sent.sent_label);
    json["candidates"].push_back(std::move(candidate));
  }
  json["rules"] = Json::array();
  for (const Reason& reason : outcome.reasons) {
    const Rule rule = Describe(policy, sources, reason);
    json["rules"].push_back({{"table", rule.table},
                             {"row", reason.row},
                             {"file", rule.file},
                             {"line", rule.line},
                             {"rule", rule.text},
                             {"unknown", rule.unknown}});
  }
  json["findings"] = Json::array();
  for (const Finding& finding : outcome.findings) {
    json["findings"].push_back({{"detector", policy.detectors[finding.detector.value].name},
                                {"tier", TierName(finding.tier)},
                                {"start", finding.begin},
                                {"end", finding.end}});
  }
  return json.dump(2, ' ', false, Json::error_handler_t::replace);
}

std::string DecisionText(const Outcome& outcome, const hir::Policy& policy, const dsl::SourceMap& sources) {
  std::string text = "label     " + Label(policy, outcome.label) + "\n";
  text += "verdict   " + std::string(VerdictName(outcome.verdict));
  if (outcome.verdict == Verdict::kDeny) {
    text += " (" + std::string(CauseName(outcome.cause)) + ")";
    const std::string reason = DenyReason(outcome, policy);
    if (!reason.empty()) text += " " + reason;
  }
  text += "\n";
  for (const Outcome::Sent& sent : outcome.candidates) {
    text += "send to   " + policy.targets[sent.target.value].name;
    if (sent.redaction != kNoRedaction) text += ", redacted by " + RedactionName(policy, sent.redaction);
    text += "  (would carry " + Label(policy, sent.sent_label) + ")\n";
  }
  for (const Reason& reason : outcome.reasons) {
    const Rule rule = Describe(policy, sources, reason);
    text += "because   " + rule.file + ":" + std::to_string(rule.line) + "  " + rule.text;
    text += rule.unknown ? "  (may apply: a fact is unknown)\n" : "\n";
  }
  for (const Finding& finding : outcome.findings) {
    text += "found     " + policy.detectors[finding.detector.value].name + " at bytes " +
            std::to_string(finding.begin) + "–" + std::to_string(finding.end) + " (" +
            std::string(TierName(finding.tier)) + ")\n";
  }
  return text;
}

}  // namespace hpol::driver
