#include "dsl/ast/print.h"

#include <functional>

namespace hpol::dsl::ast {
namespace {

template <typename... Cases>
struct Match : Cases... {
  using Cases::operator()...;
};
template <typename... Cases>
Match(Cases...) -> Match<Cases...>;

std::string Quote(const std::string& text) {
  std::string out = "\"";
  for (const char c : text) {
    switch (c) {
      case '"':
      case '\\':
        out += '\\';
        out += c;
        break;
      case '\n':
        out += "\\n";
        break;
      case '\t':
        out += "\\t";
        break;
      case '\r':
        out += "\\r";
        break;
      default:
        out += c;
    }
  }
  return out + "\"";
}

std::string_view Text(RedactionAction action) {
  switch (action) {
    case RedactionAction::kMask:
      return "mask";
    case RedactionAction::kRemove:
      return "remove";
    case RedactionAction::kPseudonym:
      return "pseudonym";
    case RedactionAction::kHash:
      return "hash";
    case RedactionAction::kEncrypt:
      return "encrypt";
    case RedactionAction::kFpe:
      return "fpe";
    case RedactionAction::kShift:
      return "shift";
    case RedactionAction::kGeneralize:
      return "generalize";
  }
  return "?";
}

std::string_view Text(CompareOp op) {
  switch (op) {
    case CompareOp::kEqual:
      return "==";
    case CompareOp::kNotEqual:
      return "!=";
    case CompareOp::kLess:
      return "<";
    case CompareOp::kLessEqual:
      return "<=";
    case CompareOp::kGreater:
      return ">";
    case CompareOp::kExceeds:
      return "exceeds";
    case CompareOp::kGreaterEqual:
      return ">=";
  }
  return "?";
}

std::string List(std::string_view head, const std::vector<ExprPtr>& operands) {
  std::string out = "(" + std::string(head);
  for (const ExprPtr& operand : operands) out += " " + Print(*operand);
  return out + ")";
}

std::string Call(const CallExpr& call) {
  std::string out = call.function.text + "(";
  for (size_t i = 0; i < call.arguments.size(); ++i) out += (i > 0 ? ", " : "") + Print(*call.arguments[i]);
  return out + ")";
}

std::string In(const InExpr& in) {
  std::string out = std::string(in.negated ? "(not-in " : "(in ") + Print(*in.subject);
  for (const ExprPtr& member : in.members) out += " " + Print(*member);
  return out + ")";
}

std::string Join(const std::vector<Name>& names, std::string_view separator = ", ") {
  std::string out;
  for (const Name& name : names) out += (out.empty() ? "" : std::string(separator)) + name.text;
  return out;
}

std::string Join(const std::vector<String>& strings) {
  std::string out;
  for (const String& string : strings) out += (out.empty() ? "" : ", ") + Quote(string.value);
  return out;
}

class Printer {
 public:
  std::string Take() { return std::move(out_); }

  void Policy(const ast::Policy& policy) {
    if (policy.name) {
      Line("policy " + policy.name->text +
           (policy.version ? " version " + Quote(policy.version->value) : ""));
    }
    for (const Import& import : policy.imports) {
      Line("import " + import.path.text + (import.names.empty() ? "" : " { " + Join(import.names) + " }"));
    }
    for (const std::vector<Name>& levels : policy.levels) Line("levels " + Join(levels, " < "));
    if (!policy.categories.empty()) Line("categories " + Join(policy.categories));
    if (!policy.read_without.empty()) Line("read without " + Join(policy.read_without));
    for (const Input& input : policy.inputs) Block("input", [&] { Fields(input); });
    for (const Detector& detector : policy.detectors) {
      Block("detector " + detector.name.text + (detector.base ? " extends " + detector.base->text : ""),
            [&] { Fields(detector); });
    }
    for (const Classify& classify : policy.classifies) Block("classify", [&] { Fields(classify); });
    for (const Zone& zone : policy.zones) Block("zone " + zone.name.text, [&] { Fields(zone); });
    for (const Target& target : policy.targets) {
      Block("target " + target.name.text + " in " + target.zone.text, [&] { Fields(target); });
    }
    for (const Sink& sink : policy.sinks) Block("sink " + sink.name.text, [&] { Clearance(sink.clearance); });
    for (const Redaction& redaction : policy.redactions) {
      Block("redaction " + redaction.name.text, [&] { Fields(redaction); });
    }
    for (const Route& route : policy.routes) Block("route", [&] { Fields(route); });
    for (const Respond& respond : policy.responds) Block("respond", [&] { Fields(respond); });
    for (const Schedule& schedule : policy.schedules) {
      Block("schedule " + schedule.name.text, [&] { Fields(schedule); });
    }
    for (const Limit& limit : policy.limits) {
      Line("limit " + Text(limit.amount) + " per " + limit.period.text + " by " + limit.attribute.text +
           " beyond that " + (limit.only ? "only " + limit.only->text : "deny"));
    }
    for (const Requirement& requirement : policy.requirements) {
      Line("require " + Quote(requirement.title.value) + " " + Print(*requirement.condition) +
           Trusting(requirement.trusting));
    }
    for (const Guarantee& guarantee : policy.guarantees) {
      Line("guarantee " + Quote(guarantee.title.value) +
           (guarantee.when ? " when " + Print(*guarantee.when) : "") +
           (guarantee.never ? " never " : " always ") + Print(*guarantee.property));
    }
    for (const Test& test : policy.tests) Block("test " + Quote(test.title.value), [&] { Fields(test); });
  }

 private:
  void Line(const std::string& text) { out_ += std::string(indent_, ' ') + text + "\n"; }
  void Block(const std::string& head, const std::function<void()>& body) {
    Line(head);
    indent_ += 2;
    body();
    indent_ -= 2;
  }

  void Fields(const Input& input) {
    for (const InputField& field : input.fields) {
      const Type& type = field.type;
      Line(field.name.text + ": " + (type.optional ? "optional " : "") + (type.set ? "set of " : "") +
           type.base.text + (type.members.empty() ? "" : " { " + Join(type.members) + " }") + " from " +
           field.source.text);
    }
  }

  void Fields(const Detector& detector) {
    for (const Pattern& pattern : detector.patterns) {
      Line("pattern `" + pattern.text + "`" + (pattern.bounded ? " bounded" : "") +
           (pattern.ignoring_case ? " ignoring case" : ""));
    }
    for (const Words& words : detector.words) {
      Line("words " + (words.file ? "from " + Quote(words.file->value) : Join(words.list)) +
           (words.ignoring_case ? " ignoring case" : ""));
    }
    if (detector.validator) Line("validate " + detector.validator->text);
    for (const Near& near : detector.near) {
      Line((near.negated  ? "not near "
            : near.needed ? "needs near "
                          : "near ") +
           Join(near.words) +
           (near.within ? " within " + std::to_string(near.within->value) + " characters" : ""));
    }
    if (detector.fires_at) Line("fires at " + detector.fires_at->text);
    if (detector.severity) Line("severity " + detector.severity->text);
    if (detector.suggests) Line("suggests " + Print(*detector.suggests));
    if (!detector.exceptions.empty()) Line("except " + Join(detector.exceptions));
    if (!detector.matches.empty()) Line("matches " + Join(detector.matches));
    if (!detector.rejects.empty()) Line("rejects " + Join(detector.rejects));
  }

  void Fields(const Classify& classify) {
    for (const Floor& floor : classify.floors) {
      Line("start at " + Print(floor.label) +
           (floor.condition ? " when " + Print(*floor.condition) : " otherwise"));
    }
    for (const Raise& raise : classify.raises) {
      Line("when " + Print(*raise.condition) + Trusting(raise.trusting) + " raise to " + Print(raise.label));
    }
  }

  static std::string Trusting(const std::optional<Span>& trusting) {
    return trusting ? " trusting caller" : "";
  }

  void Clearance(const std::optional<Label>& label) {
    if (label) Line("clears " + Print(*label));
  }

  void Fields(const Zone& zone) {
    if (zone.trusted) Line(*zone.trusted ? "trusted" : "untrusted");
    Clearance(zone.clearance);
    if (!zone.hosts.empty()) Line("hosts " + Join(zone.hosts));
    if (zone.tls_required) Line("tls required");
  }

  static std::string Decimal(int64_t millionths) {
    std::string decimals = std::to_string(1'000'000 + millionths % 1'000'000).substr(1);
    while (!decimals.empty() && decimals.back() == '0') decimals.pop_back();
    return std::to_string(millionths / 1'000'000) + (decimals.empty() ? "" : "." + decimals);
  }
  static std::string Amount(const Price::Amount& amount) {
    return Decimal(amount.millionths) + " " + amount.currency.text;
  }
  static std::string Text(const Quantity& quantity) {
    return Decimal(quantity.millionths) + (quantity.unit ? " " + quantity.unit->text : "");
  }

  static std::string Text(const Clock& clock) {
    const auto two = [](int64_t n) { return (n < 10 ? "0" : "") + std::to_string(n); };
    return two(clock.hour.value) + ":" + two(clock.minute.value);
  }

  void Fields(const Schedule& schedule) {
    if (schedule.zone) Line("time zone " + Quote(schedule.zone->value));
    for (const Window& window : schedule.windows) {
      Line("on " + window.first_day.text + (window.last_day ? " to " + window.last_day->text : "") +
           " from " + Text(window.from) + " to " + Text(window.to));
    }
  }

  void Fields(const Target& target) {
    Clearance(target.clearance);
    if (!target.models.empty()) Line("models " + Join(target.models));
    if (target.region) Line("region " + target.region->text);
    if (target.price) {
      Line("price " + Amount(target.price->prompt) + " prompt, " + Amount(target.price->answer) +
           " answer per 1M tokens");
    }
    if (target.capacity) Line("capacity " + std::to_string(target.capacity->value));
  }

  void Fields(const Redaction& redaction) {
    for (const RedactionLine& line : redaction.lines) {
      Line(std::string(ast::Text(line.action)) + " " + Join(line.detectors) +
           (line.leaves ? " leaves " + Print(*line.leaves) : ""));
    }
  }

  void Fields(const Route& route) {
    for (const RouteRule& rule : route.rules) {
      Block(rule.condition ? "when " + Print(*rule.condition) + Trusting(rule.trusting) : "otherwise", [&] {
        std::visit(Match{[&](const Deny& deny) { Line("deny " + Quote(deny.reason.value)); },
                         [&](const Send& send) {
                           for (const Step& step : send.steps) Line("send " + StepText(step));
                         }},
                   rule.action);
      });
    }
  }

  void Fields(const Respond& respond) {
    for (const RespondRule& rule : respond.rules) {
      const char* action = rule.action == RespondRule::Action::kMask    ? " mask"
                           : rule.action == RespondRule::Action::kBlock ? " block "
                                                                        : " alert ";
      Line("when " + Print(*rule.condition) + action + (rule.reason ? Quote(rule.reason->value) : ""));
    }
  }

  static std::string StepText(const Step& step) {
    std::string text = (step.redaction ? "redacted by " + step.redaction->text + " " : "") + "to " +
                       (step.cheapest ? "cheapest of " : "") + Join(step.targets);
    if (step.schedule) text += (step.outside ? " outside " : " within ") + step.schedule->text;
    for (size_t i = 0; i < step.until.size(); ++i) {
      const Gauge& gauge = step.until[i];
      text += (i == 0 ? " until " : " or ") + gauge.name.text + " " + std::string(ast::Text(gauge.op)) + " " +
              Text(gauge.value);
    }
    return text;
  }

  static std::string Value(const Given& given) {
    std::string out;
    for (const auto& value : given.values) {
      out += " " + std::visit(Match{[](const Name& name) { return name.text; },
                                    [](const String& string) { return Quote(string.value); },
                                    [](const Integer& integer) { return std::to_string(integer.value); }},
                              value);
    }
    return out;
  }

  static std::string OutcomeText(const Outcome& outcome) {
    switch (outcome.kind) {
      case Outcome::Kind::kDenied:
        return "denied" + (outcome.reason ? " " + Quote(outcome.reason->value) : "");
      case Outcome::Kind::kUndecided:
        return "undecided";
      case Outcome::Kind::kUnavailable:
        return "unavailable";
      case Outcome::Kind::kSent:
        return "sent to " + (outcome.target ? outcome.target->text : "") +
               (outcome.redaction ? " redacted by " + outcome.redaction->text : "");
    }
    return {};
  }

  void Fields(const Test& test) {
    for (const Given& given : test.given) Line("given " + given.name.text + Value(given));
    for (const State& state : test.states) {
      Line("with " + state.name.text + (state.down ? " down" : "") +
           (state.of ? " of " + state.of->text : "") + (state.value ? " " + Text(*state.value) : "") +
           (state.text ? " " + Quote(state.text->value) : ""));
    }
    Line("expect " + Print(test.expected_label) +
         (test.expected_outcome ? ", " + OutcomeText(*test.expected_outcome) : ""));
  }

  std::string out_;
  size_t indent_ = 0;
};

}  // namespace

std::string Print(const Expr& expr) {
  return std::visit(
      Match{[](const NameExpr& e) { return e.name.text; },
            [](const StringExpr& e) { return Quote(e.string.value); },
            [](const IntegerExpr& e) { return std::to_string(e.integer.value); },
            [](const CallExpr& e) { return Call(e); }, [](const SumExpr& e) { return List("+", e.terms); },
            [](const CompareExpr& e) {
              return "(" + std::string(Text(e.op)) + " " + Print(*e.left) + " " + Print(*e.right) + ")";
            },
            [](const InExpr& e) { return In(e); },
            [](const HasExpr& e) { return "(has " + Print(*e.subject) + " " + Print(*e.member) + ")"; },
            [](const PresentExpr& e) {
              return std::string(e.negated ? "(missing " : "(present ") + Print(*e.subject) + ")";
            },
            [](const TrustedExpr& e) {
              return std::string(e.negated ? "(untrusted " : "(trusted ") + Print(*e.subject) + ")";
            },
            [](const RedactedExpr& e) { return "(redacted-by " + e.redaction.text + ")"; },
            [](const NotExpr& e) { return "(not " + Print(*e.operand) + ")"; },
            [](const AndExpr& e) { return List("and", e.operands); },
            [](const OrExpr& e) { return List("or", e.operands); }},
      expr.node);
}

std::string Print(const Label& label) {
  std::string out = label.level.text;
  for (const Name& category : label.categories) out += " + " + category.text;
  return label.all ? out + " + all" : out;
}

std::string Print(const Policy& policy) {
  Printer printer;
  printer.Policy(policy);
  return printer.Take();
}

}  // namespace hpol::dsl::ast
