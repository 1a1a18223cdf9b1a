// HIR → text, for `--dump=hir` and for reports that quote a condition. One way: no
// stage reads this text back, so it may grow, but its order never depends on hashing.
#include <string>
#include <string_view>
#include <vector>

#include "compiler/hir/hir.h"

namespace hpol::hir {
namespace {

constexpr std::string_view kOps[] = {"==", "!=", "<", "<=", ">", ">="};
constexpr std::string_view kTiers[] = {"shape", "context", "checksum"};
constexpr std::string_view kTypes[] = {"bool",          "int",         "string", "enum",
                                       "set of string", "set of enum", "label"};
constexpr std::string_view kSources[] = {"nowhere", "identity", "gateway", "caller"};
constexpr std::string_view kGauges[] = {"load", "health", "budget"};
constexpr std::string_view kDays[] = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"};
constexpr std::string_view kUnits[] = {"tokens", "requests", "money"};
constexpr std::string_view kPeriods[] = {"minute", "hour", "day", "month"};
constexpr std::string_view kActions[] = {"shift",      "fpe",  "encrypt", "pseudonym",
                                         "generalize", "hash", "mask",    "remove"};
constexpr std::string_view kResponds[] = {"alert", "mask", "block"};

template <typename E, size_t N>
std::string_view Word(const std::string_view (&table)[N], E value) {
  const auto index = static_cast<size_t>(value);
  return index < N ? table[index] : "?";
}

std::string Quote(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    if (c == '\n') {
      out += "\\n";
      continue;
    }
    out += c;
  }
  return out + '"';
}

template <typename Items, typename Text>
std::string Join(const Items& items, std::string_view separator, Text text) {
  std::string out;
  for (const auto& item : items) {
    if (!out.empty()) out += separator;
    out += text(item);
  }
  return out;
}

class Printer {
 public:
  Printer(const Policy& policy, const dsl::SourceMap* sources) : policy_(policy), sources_(sources) {}

  std::string All() {
    Line("policy " + (policy_.name.empty() ? std::string("(unnamed)") : policy_.name) + " version " +
         Quote(policy_.version));
    Line("levels " + Join(policy_.levels, " < ", [](const std::string& s) { return s; }));
    Line("categories " + Join(policy_.categories, ", ", [](const std::string& s) { return s; }));
    if (policy_.steps_off != 0) Line("steps off " + std::to_string(policy_.steps_off));
    for (const Attribute& attribute : policy_.attributes) Print(attribute);
    for (const Detector& detector : policy_.detectors) Print(detector);
    Line("classify");
    for (const Floor& floor : policy_.floors) {
      Line("  start at " + Written(floor.label) +
               (floor.condition ? " when " + Text(*floor.condition) : std::string(" otherwise")),
           floor.span);
    }
    for (const Raise& raise : policy_.raises) {
      Line("  when " + Text(raise.condition) + Trusting(raise.trusting_caller) + " raise to " +
               Written(raise.label),
           raise.span);
    }
    for (const Zone& zone : policy_.zones) Print(zone);
    for (const Target& target : policy_.targets) Print(target);
    for (const Sink& sink : policy_.sinks)
      Line("sink " + sink.name + " clears " + Written(sink.clearance), sink.span);
    for (const Redaction& redaction : policy_.redactions) Print(redaction);
    Line("route");
    for (const Route& route : policy_.routes) Print(route);
    if (!policy_.responds.empty()) Line("respond");
    for (const RespondRule& rule : policy_.responds) {
      Line("  when " + Text(rule.condition) + " " + std::string(Word(kResponds, rule.action)) +
               (rule.action == RespondAction::kMask ? "" : " " + Quote(rule.reason)),
           rule.span);
    }
    for (const Schedule& schedule : policy_.schedules) Print(schedule);
    for (const Limit& limit : policy_.limits) Print(limit);
    for (const Requirement& requirement : policy_.requirements) {
      Line("require " + Quote(requirement.title) + " " + Text(requirement.condition) +
               Trusting(requirement.trusting_caller),
           requirement.span);
    }
    for (const Guarantee& guarantee : policy_.guarantees) {
      Line("guarantee " + Quote(guarantee.title) + (guarantee.about_candidates ? " of candidates" : "") +
               (guarantee.when ? " when " + Text(*guarantee.when) : "") +
               (guarantee.never ? " never " : " always ") + Text(guarantee.property),
           guarantee.span);
    }
    for (const Test& test : policy_.tests) Print(test);
    return std::move(out_);
  }

  std::string Text(const Expr& expr) const {
    switch (expr.kind) {
      case Expr::Kind::kTrue:
        return "true";
      case Expr::Kind::kFalse:
        return "false";
      case Expr::Kind::kAtom:
        return Text(expr.atom);
      case Expr::Kind::kNot:
        return expr.operands.empty() ? "?" : "not " + Text(expr.operands[0]);
      case Expr::Kind::kAnd:
        return "(" + Operands(expr, " and ") + ")";
      case Expr::Kind::kOr:
        return "(" + Operands(expr, " or ") + ")";
    }
    return "?";
  }

 private:
  std::string Operands(const Expr& expr, std::string_view word) const {
    return Join(expr.operands, word, [this](const Expr& e) { return Text(e); });
  }

  std::string Text(const Atom& atom) const {
    const std::string op = " " + std::string(Word(kOps, atom.op)) + " ";
    switch (atom.kind) {
      case Atom::Kind::kDetector:
        if (atom.at_firing) return "found(" + Detectors(atom.detectors) + ")";
        return "tier(" + Detectors(atom.detectors) + ")" + op + std::string(Word(kTiers, atom.tier));
      case Atom::Kind::kCount:
        return "count(" + Detectors(atom.detectors) + ")" + op + std::to_string(atom.number);
      case Atom::Kind::kDistinct:
        return "distinct(" + Detectors(atom.detectors) + ")" + op + std::to_string(atom.number);
      case Atom::Kind::kBool:
        return Name(atom.attribute);
      case Atom::Kind::kCompare:
        return Name(atom.attribute) + op + Constant(atom);
      case Atom::Kind::kIn:
        return Name(atom.attribute) + " in { " + Members(atom) + " }";
      case Atom::Kind::kHas:
        return Name(atom.attribute) + " has { " + Members(atom) + " }";
      case Atom::Kind::kPresent:
        return Name(atom.attribute) + " is present";
      case Atom::Kind::kLevel:
        return Whose(atom) + "level" + op + LevelName(atom.label);
      case Atom::Kind::kCategory:
        return Whose(atom) + "label has " + CategoryNames(atom.label);
      case Atom::Kind::kLabel:
        return Whose(atom) + "label" + op + Written(atom.label);
      case Atom::Kind::kTarget:
        return "target in { " + Names(atom.members, policy_.targets) + " }";
      case Atom::Kind::kZone:
        return "zone in { " + Names(atom.members, policy_.zones) + " }";
      case Atom::Kind::kTrusted:
        return "zone is trusted";
      case Atom::Kind::kRegion:
        return "target.region in { " + Join(atom.texts, ", ", [](const std::string& s) { return s; }) + " }";
      case Atom::Kind::kRedaction:
        return "redaction in { " + Names(atom.members, policy_.redactions) + " }";
      case Atom::Kind::kDenied:
        return "denied";
      case Atom::Kind::kUndecided:
        return "undecided";
    }
    return "?";
  }

  static std::string Whose(const Atom& atom) {
    return atom.whose == LabelOf::kSent ? "sent." : atom.whose == LabelOf::kAnswer ? "answer." : "";
  }
  static std::string Trusting(bool trusting) { return trusting ? " trusting caller" : ""; }

  template <typename Rows>
  static std::string Names(const std::vector<uint32_t>& indices, const Rows& rows) {
    return Join(indices, ", ", [&](uint32_t i) { return i < rows.size() ? rows[i].name : std::string("?"); });
  }

  std::string Constant(const Atom& atom) const {
    const bool label = atom.attribute.value < policy_.attributes.size() &&
                       policy_.attributes[atom.attribute.value].type == AttributeType::kLabel;
    return label ? Written(atom.label) : std::to_string(atom.number);
  }

  std::string Members(const Atom& atom) const {
    if (!atom.texts.empty()) return Join(atom.texts, ", ", Quote);
    return Join(atom.members, ", ", [&](uint32_t index) {
      if (atom.attribute.value >= policy_.attributes.size()) return std::string("?");
      const auto& members = policy_.attributes[atom.attribute.value].members;
      return index < members.size() ? members[index] : "?";
    });
  }

  std::string Detectors(const std::vector<DetectorId>& ids) const {
    return Join(ids, ", ", [this](DetectorId id) {
      return id.value < policy_.detectors.size() ? policy_.detectors[id.value].name : std::string("?");
    });
  }

  std::string Name(AttributeId id) const {
    return id.value < policy_.attributes.size() ? policy_.attributes[id.value].name : "?";
  }
  std::string Name(TargetId id) const {
    return id.value < policy_.targets.size() ? policy_.targets[id.value].name : "?";
  }
  std::string Name(RedactionId id) const {
    return id.value < policy_.redactions.size() ? policy_.redactions[id.value].name : "?";
  }
  std::string Written(Label label) const { return LabelText(label, policy_.levels, policy_.categories); }
  std::string LevelName(Label label) const {
    return LabelText(Label::Level(label.level()), policy_.levels, {});
  }
  std::string CategoryNames(Label label) const {
    std::string out;
    for (size_t i = 0; i < policy_.categories.size(); ++i) {
      if (label.has_category(static_cast<int>(i))) out += (out.empty() ? "" : ", ") + policy_.categories[i];
    }
    return out;
  }

  void Print(const Attribute& attribute) {
    std::string text = "input " + attribute.name + ": " + (attribute.optional ? "optional " : "") +
                       std::string(Word(kTypes, attribute.type));
    if (!attribute.members.empty()) {
      text += " { " + Join(attribute.members, ", ", [](const std::string& s) { return s; }) + " }";
    }
    Line(text + " from " + std::string(Word(kSources, attribute.source)), attribute.span);
  }

  void Print(const Detector& detector) {
    Line("detector " + detector.name + " fires at " + std::string(Word(kTiers, detector.firing)) +
             (detector.validator != 0 ? ", validator " + std::to_string(detector.validator) : ""),
         detector.span);
    if (detector.severity != Severity::kNone)
      Line("  severity " + std::string(SeverityName(detector.severity)));
    if (!detector.suggests.empty()) Line("  suggests " + detector.suggests);
    for (const Pattern& pattern : detector.patterns) {
      Line("  pattern `" + pattern.text + "`" + (pattern.bounded ? " bounded" : "") +
           (pattern.ignoring_case ? " ignoring case" : ""));
    }
    for (const WordList& list : detector.words) {
      Line("  words " + Join(list.words, ", ", Quote) + (list.ignoring_case ? " ignoring case" : ""));
    }
    for (const Near& near : detector.near) {
      Line(std::string(near.negated  ? "  not near "
                       : near.needed ? "  needs near "
                                     : "  near ") +
           Join(near.words, ", ", Quote) + " within " + std::to_string(near.within) + " characters");
    }
    if (!detector.exceptions.empty()) Line("  except " + Join(detector.exceptions, ", ", Quote));
    for (const Sample& sample : detector.matches) Line("  matches " + Quote(sample.text));
    for (const Sample& sample : detector.rejects) Line("  rejects " + Quote(sample.text));
  }

  void Print(const Zone& zone) {
    std::string text = "zone " + zone.name + (zone.trusted ? " trusted" : " untrusted") + " clears " +
                       Written(zone.clearance);
    if (zone.tls_required) text += " tls required";
    if (!zone.hosts.empty()) text += " hosts " + Join(zone.hosts, ", ", Quote);
    Line(text, zone.span);
  }

  void Print(const Target& target) {
    std::string text =
        "target " + target.name + " in " +
        (target.zone.value < policy_.zones.size() ? policy_.zones[target.zone.value].name : "?") +
        " clears " + Written(target.clearance);
    if (!target.models.empty()) text += " models " + Join(target.models, ", ", Quote);
    if (!target.region.empty()) text += " region " + target.region;
    if (target.capacity != 0) text += " capacity " + std::to_string(target.capacity);
    if (target.price) text += " price " + std::to_string(*target.price) + " millionths " + target.currency;
    Line(text, target.span);
  }

  void Print(const Redaction& redaction) {
    Line("redaction " + redaction.name, redaction.span);
    for (const RedactionLine& line : redaction.lines) {
      Line("  " + std::string(Word(kActions, line.action)) + " " + Detectors(line.detectors) + " leaves " +
               Written(line.leaves),
           line.span);
    }
  }

  void Print(const Route& route) {
    std::string text = route.condition ? "  when " + Text(*route.condition) : std::string("  otherwise");
    text += Trusting(route.trusting_caller);
    if (route.deny) {
      text += " deny " + Quote(route.reason);
    } else {
      text += " send " + Join(route.steps, " then ", [this](const Step& step) {
                return (step.redaction == kNoRedaction ? std::string()
                                                       : "redacted by " + Name(step.redaction) + " ") +
                       "to " + Name(step.target) + Gates(step);
              });
    }
    Line(text, route.span);
  }

  std::string Gates(const Step& step) const {
    std::string text;
    if (step.schedule) {
      text += (step.outside ? " outside " : " within ") +
              (*step.schedule < policy_.schedules.size() ? policy_.schedules[*step.schedule].name : "?");
    }
    if (step.until.empty()) return text;
    return text + " until " + Join(step.until, " or ", [](const GaugeLimit& limit) {
             const std::string op = limit.gauge == Gauge::kLoad ? ">" : "<";
             return std::string(Word(kGauges, limit.gauge)) + " " + op + (limit.or_equal ? "= " : " ") +
                    std::to_string(limit.millionths) + " millionths";
           });
  }

  void Print(const Schedule& schedule) {
    const TimeZone& zone = schedule.zone;
    Line("schedule " + schedule.name + " time zone " + Quote(schedule.zone_name) + " offset " +
             std::to_string(zone.offset) +
             (zone.to_summer.month == 0 ? "" : ", in summer " + std::to_string(zone.summer_offset)),
         schedule.span);
    for (const Window& window : schedule.windows) {
      std::string days;
      for (uint32_t day = 0; day < 7; ++day) {
        if ((window.days >> day) & 1) days += (days.empty() ? "" : ", ") + std::string(kDays[day]);
      }
      Line("  on " + days + " from minute " + std::to_string(window.from) + " to " +
           std::to_string(window.to));
    }
  }

  void Print(const Limit& limit) {
    Line("limit " + std::to_string(limit.amount) + " " +
             (limit.unit == LimitUnit::kMoney ? "millionths " + limit.currency
                                              : std::string(Word(kUnits, limit.unit))) +
             " per " + std::string(Word(kPeriods, limit.period)) + " by " + Name(limit.attribute) +
             " beyond that " +
             (!limit.only ? "deny"
                          : "only " + (limit.only->value < policy_.zones.size()
                                           ? policy_.zones[limit.only->value].name
                                           : std::string("?"))),
         limit.span);
  }

  void Print(const Test& test) {
    Line("test " + Quote(test.title), test.span);
    std::string given = "  given prompt " + Quote(test.prompt);
    for (const GivenAttribute& attribute : test.given) {
      given += ", " + Name(attribute.attribute) + " { " + Join(attribute.values, ", ", Quote) + " }";
    }
    Line(given);
    for (const Test::Measured& measured : test.measured) {
      Line("  " + std::string(Word(kGauges, measured.gauge)) + " of " + Name(measured.target) + " " +
           std::to_string(measured.millionths) + " millionths");
    }
    if (test.left != 1'000'000) Line("  budget left " + std::to_string(test.left) + " millionths");
    if (test.time) Line("  time " + std::to_string(*test.time));
    if (!test.down.empty()) Line("  down " + Join(test.down, ", ", [this](TargetId id) { return Name(id); }));
    Line("  expect " + Written(test.label) + Outcome(test));
  }

  std::string Outcome(const Test& test) const {
    switch (test.outcome) {
      case Test::Outcome::kNone:
        return "";
      case Test::Outcome::kDenied:
        return ", denied" + (test.reason ? " " + Quote(*test.reason) : std::string());
      case Test::Outcome::kUndecided:
        return ", undecided";
      case Test::Outcome::kUnavailable:
        return ", unavailable";
      case Test::Outcome::kSent:
        return ", sent to " + Name(test.target) +
               (test.redaction == kNoRedaction ? std::string() : " redacted by " + Name(test.redaction));
    }
    return "";
  }

  void Line(std::string_view text) { out_.append(text).append("\n"); }
  void Line(std::string_view text, Span span) {
    out_.append(text);
    if (sources_ != nullptr && span.file.value < sources_->size()) {
      const dsl::SourceFile& file = sources_->Get(span.file);
      const dsl::Position at = file.Locate(span.begin);
      out_.append("  // " + file.name() + ":" + std::to_string(at.line) + ":" + std::to_string(at.column));
    }
    out_.append("\n");
  }

  const Policy& policy_;
  const dsl::SourceMap* sources_;
  std::string out_;
};

}  // namespace

std::string Print(const Policy& policy, const dsl::SourceMap& sources) {
  return Printer(policy, &sources).All();
}

std::string ExprText(const Expr& expr, const Policy& policy) { return Printer(policy, nullptr).Text(expr); }

}  // namespace hpol::hir
