// Test blocks: given values against the types of their inputs, and what is expected.
#include <algorithm>
#include <chrono>
#include <string>
#include <utility>

#include "compiler/check/context.h"

namespace hpol::check {
namespace {

using Value = std::variant<ast::Name, ast::String, ast::Integer>;

Span SpanOf(const Value& value) {
  return std::visit([](const auto& v) { return v.span; }, value);
}

bool IsSet(AttributeType type) {
  return type == AttributeType::kStringSet || type == AttributeType::kEnumSet;
}

std::string_view Expected(AttributeType type) {
  switch (type) {
    case AttributeType::kBool:
      return "`true` or `false`";
    case AttributeType::kInt:
      return "a whole number";
    case AttributeType::kString:
    case AttributeType::kStringSet:
      return "a string in quotes";
    case AttributeType::kEnum:
    case AttributeType::kEnumSet:
      return "a member of the enum";
    case AttributeType::kLabel:
      return "a label";
  }
  return "";
}

class TestResolver {
 public:
  explicit TestResolver(Context& context) : context_(context) {}

  hir::Test Resolve(const ast::Test& declaration) {
    hir::Test test;
    test.title = declaration.title.value;
    test.span = declaration.title.span;
    ResolveGiven(declaration, test);
    for (const ast::State& state : declaration.states) ResolveState(state, test);
    test.label = ResolveLabel(context_, declaration.expected_label);
    test.label_span = declaration.expected_label.span;
    if (declaration.expected_outcome) ResolveOutcome(*declaration.expected_outcome, test);
    return test;
  }

 private:
  void ResolveState(const ast::State& state, hir::Test& test) {
    const std::string& name = state.name.text;
    if (state.down) {
      if (const std::optional<TargetId> target = ResolveTarget(state.name)) test.down.push_back(*target);
    } else if (state.of && (name == "load" || name == "health")) {
      if (!IsShare(state)) return;
      if (const std::optional<TargetId> target = ResolveTarget(*state.of))
        test.measured.push_back(
            {*target, name == "load" ? Gauge::kLoad : Gauge::kHealth, state.value->millionths});
    } else if (!state.of && state.value && name == "budget") {
      if (IsShare(state)) test.left = state.value->millionths;
    } else if (state.text && name == "time") {
      test.time = ReadTime(state.text->value);
      if (!test.time)
        context_.diagnostics.Error(DiagnosticKind::kTypeMismatch, state.text->span, "this is no time",
                                   "written as \"2026-03-02T10:00Z\", in UTC");
    } else {
      Diagnostic& error = context_.diagnostics.Error(DiagnosticKind::kUnknownName, state.span,
                                                     "no state of a test is written so");
      error.help = dsl::Help{
          "write `TARGET down`, `load of TARGET 0.9`, `health of TARGET 0.5`, `budget 0.1` or `time \"…\"`",
          {}};
    }
  }

  bool IsShare(const ast::State& state) {
    if (state.value && state.value->millionths <= 1'000'000) return true;
    context_.diagnostics.Error(DiagnosticKind::kUnitMismatch, state.value ? state.value->span : state.span,
                               "a share is from 0 to 1", "0.9 is nine tenths");
    return false;
  }

  // `2026-03-02T10:00Z`, seconds since 1970.
  static std::optional<int64_t> ReadTime(std::string_view text) {
    constexpr std::string_view kForm = "0000-00-00T00:00Z";
    if (text.size() != kForm.size()) return std::nullopt;
    for (size_t i = 0; i < text.size(); ++i) {
      if (kForm[i] == '0' ? text[i] < '0' || text[i] > '9' : text[i] != kForm[i]) return std::nullopt;
    }
    const auto number = [&](size_t begin, size_t count) {
      int value = 0;
      for (size_t i = begin; i < begin + count; ++i) value = value * 10 + (text[i] - '0');
      return value;
    };
    const std::chrono::year_month_day date{std::chrono::year(number(0, 4)),
                                           std::chrono::month(static_cast<unsigned>(number(5, 2))),
                                           std::chrono::day(static_cast<unsigned>(number(8, 2)))};
    if (!date.ok() || number(11, 2) > 23 || number(14, 2) > 59) return std::nullopt;
    const int64_t day = std::chrono::sys_days(date).time_since_epoch().count();
    return day * 86400 + number(11, 2) * 3600 + number(14, 2) * 60;
  }

  void ResolveGiven(const ast::Test& declaration, hir::Test& test) {
    const ast::Given* prompt = nullptr;
    Names given;
    for (const ast::Given& one : declaration.given) {
      if (!given.Declare(one.name, 0, "given value", context_.diagnostics)) continue;
      if (one.name.text == "prompt") {
        prompt = &one;
        ResolvePrompt(one, test);
        continue;
      }
      ResolveAttribute(one, test);
    }
    if (prompt != nullptr) return;
    Diagnostic& error = context_.diagnostics.Error(DiagnosticKind::kMissingPart, declaration.title.span,
                                                   "the test gives no prompt", "needs `given prompt \"…\"`");
    if (!declaration.given.empty()) {
      error.help = {"say what the request asks",
                    {{BeginOf(declaration.given[0].span), "prompt \"hello\", "}}};
    }
  }

  void ResolvePrompt(const ast::Given& given, hir::Test& test) {
    const ast::String* text = given.values.size() == 1 ? std::get_if<ast::String>(&given.values[0]) : nullptr;
    if (text == nullptr) {
      context_.diagnostics.Error(DiagnosticKind::kTypeMismatch, given.span,
                                 "a prompt is one string in quotes");
      return;
    }
    test.prompt = text->value;
  }

  void ResolveAttribute(const ast::Given& given, hir::Test& test) {
    const Names::Entry* entry = context_.attributes.Find(given.name.text);
    if (entry == nullptr) {
      std::vector<std::string> known = context_.attributes.All();
      known.emplace_back("prompt");
      ReportUnknown(given.name, "input", known, context_.diagnostics);
      return;
    }
    const hir::Attribute& attribute = context_.hir.attributes[entry->index];
    hir::GivenAttribute result{AttributeId{entry->index}, {}};
    if (attribute.type == AttributeType::kLabel) {
      result.values = LabelValue(attribute, given);
    } else {
      if (!IsSet(attribute.type) && given.values.size() != 1) {
        Diagnostic& error = context_.diagnostics.Error(
            DiagnosticKind::kTypeMismatch, given.values.size() > 1 ? SpanOf(given.values[1]) : given.span,
            Tick(attribute.name) + " has one value", "expected " + std::string(Expected(attribute.type)));
        error.others.push_back({attribute.span, "declared here"});
        return;
      }
      for (const Value& value : given.values) {
        if (std::optional<std::string> text = ScalarValue(attribute, value))
          result.values.push_back(*std::move(text));
      }
    }
    test.given.push_back(std::move(result));
  }

  std::optional<std::string> ScalarValue(const hir::Attribute& attribute, const Value& value) {
    const auto* name = std::get_if<ast::Name>(&value);
    const auto* string = std::get_if<ast::String>(&value);
    const auto* integer = std::get_if<ast::Integer>(&value);
    switch (attribute.type) {
      case AttributeType::kBool:
        if (name != nullptr && (name->text == "true" || name->text == "false")) return name->text;
        break;
      case AttributeType::kInt:
        if (integer != nullptr) return std::to_string(integer->value);
        break;
      case AttributeType::kString:
      case AttributeType::kStringSet:
        if (string != nullptr) return string->value;
        break;
      case AttributeType::kEnum:
      case AttributeType::kEnumSet:
        if (name == nullptr) break;
        if (std::find(attribute.members.begin(), attribute.members.end(), name->text) !=
            attribute.members.end()) {
          return name->text;
        }
        ReportUnknown(*name, "member of " + Tick(attribute.name), attribute.members, context_.diagnostics)
            .others.push_back({attribute.span, "declared here"});
        return std::nullopt;
      case AttributeType::kLabel:
        break;
    }
    Mismatch(value, attribute, "this is no value of " + Tick(attribute.name));
    return std::nullopt;
  }

  // A label is given as its level and its categories; the request spells it `level+category`.
  std::vector<std::string> LabelValue(const hir::Attribute& attribute, const ast::Given& given) {
    std::string text;
    for (const Value& value : given.values) {
      const auto* name = std::get_if<ast::Name>(&value);
      if (name == nullptr) {
        Mismatch(value, attribute, "this is no value of " + Tick(attribute.name));
        return {};
      }
      const bool known = text.empty() ? ResolveLevel(context_, *name).has_value()
                                      : ResolveCategory(context_, *name).has_value();
      if (!known) return {};
      text += (text.empty() ? "" : "+") + name->text;
    }
    return {text};
  }

  void Mismatch(const Value& value, const hir::Attribute& attribute, std::string message) {
    Diagnostic& error =
        context_.diagnostics.Error(DiagnosticKind::kTypeMismatch, SpanOf(value), std::move(message),
                                   "expected " + std::string(Expected(attribute.type)));
    error.others.push_back({attribute.span, "declared here"});
  }

  std::optional<TargetId> ResolveTarget(const ast::Name& name) {
    if (const Names::Entry* entry = context_.targets.Find(name.text)) return TargetId{entry->index};
    ReportUnknown(name, "target", context_.targets.All(), context_.diagnostics);
    return std::nullopt;
  }

  void ResolveOutcome(const ast::Outcome& outcome, hir::Test& test) {
    test.outcome_span = outcome.span;
    switch (outcome.kind) {
      case ast::Outcome::Kind::kDenied:
        test.outcome = hir::Test::Outcome::kDenied;
        break;
      case ast::Outcome::Kind::kUndecided:
        test.outcome = hir::Test::Outcome::kUndecided;
        break;
      case ast::Outcome::Kind::kUnavailable:
        test.outcome = hir::Test::Outcome::kUnavailable;
        break;
      case ast::Outcome::Kind::kSent:
        test.outcome = hir::Test::Outcome::kSent;
        break;
    }
    if (outcome.reason) test.reason = outcome.reason->value;
    if (outcome.target) {
      if (const std::optional<TargetId> target = ResolveTarget(*outcome.target)) test.target = *target;
    }
    if (!outcome.redaction) return;
    if (const Names::Entry* entry = context_.redactions.Find(outcome.redaction->text)) {
      test.redaction.value = entry->index;
    } else {
      ReportUnknown(*outcome.redaction, "redaction", context_.redactions.All(), context_.diagnostics);
    }
  }

  Context& context_;
};

}  // namespace

void CheckTests(Context& context) {
  for (const ast::Test& declaration : context.ast.tests) {
    if (context.hir.tests.size() == kMaxRules) {
      ReportTooMany(declaration.title.span, "tests", kMaxRules, context.diagnostics);
      return;
    }
    context.hir.tests.push_back(TestResolver(context).Resolve(declaration));
  }
}

}  // namespace hpol::check
