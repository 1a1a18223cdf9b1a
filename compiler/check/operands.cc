#include "compiler/check/operands.h"

#include <algorithm>
#include <utility>

namespace hpol::check {
namespace {

constexpr std::string_view kTierWords[] = {"shape", "context", "checksum"};

const ast::Name* NameOf(const ast::Expr& expr) {
  const auto* node = std::get_if<ast::NameExpr>(&expr.node);
  return node == nullptr ? nullptr : &node->name;
}
const ast::String* StringOf(const ast::Expr& expr) {
  const auto* node = std::get_if<ast::StringExpr>(&expr.node);
  return node == nullptr ? nullptr : &node->string;
}

std::string_view ConstantWord(const ast::Expr& expr) {
  if (StringOf(expr) != nullptr) return "a string";
  if (std::holds_alternative<ast::IntegerExpr>(expr.node)) return "a number";
  if (NameOf(expr) != nullptr) return "a name";
  if (std::holds_alternative<ast::SumExpr>(expr.node)) return "a sum";
  return "a condition";
}

Diagnostic& Mismatch(Context& context, const ast::Expr& expr, std::string message, std::string label = {}) {
  return context.diagnostics.Error(DiagnosticKind::kTypeMismatch, expr.span, std::move(message),
                                   std::move(label));
}

Diagnostic& Mismatch(Context& context, const ast::Expr& expr, const hir::Attribute& attribute) {
  Diagnostic& error =
      Mismatch(context, expr, Tick(attribute.name) + " is compared with " + std::string(ConstantWord(expr)),
               "expected a value of type " + Tick(TypeWord(attribute.type)));
  error.others.push_back({attribute.span, Tick(attribute.name) + " is declared here"});
  return error;
}

// The detectors of one call, each once: counting one twice would be a slip.
void AddDetectors(Context& context, const ast::Expr& argument, Operand& operand) {
  const ast::Name* name = NameOf(argument);
  if (name == nullptr) {
    Mismatch(context, argument, "only detectors can be counted", "expected the name of a detector");
    operand.kind = Operand::Kind::kError;
    return;
  }
  const std::vector<uint32_t> ids = context.detectors.Resolve(*name, context.diagnostics);
  if (ids.empty()) operand.kind = Operand::Kind::kError;
  for (const uint32_t id : ids) {
    if (std::find(operand.detectors.begin(), operand.detectors.end(), DetectorId{id}) ==
        operand.detectors.end()) {
      operand.detectors.push_back(DetectorId{id});
      continue;
    }
    const std::string& twice = context.detectors.entries()[id].declaration->name.text;
    context.diagnostics.Error(DiagnosticKind::kDuplicateName, name->span, Tick(twice) + " is counted twice",
                              "already in this sum");
    operand.kind = Operand::Kind::kError;
    return;
  }
}

void ReadCall(Context& context, const ast::CallExpr& call, Operand& operand) {
  const std::string& function = call.function.text;
  if (function == "count") {
    operand.kind = Operand::Kind::kCount;
  } else if (function == "distinct") {
    operand.kind = Operand::Kind::kDistinct;
  } else if (function == "tier") {
    operand.kind = Operand::Kind::kTier;
  } else {
    ReportUnknown(call.function, "function", {"count", "distinct", "tier"}, context.diagnostics);
    operand.kind = Operand::Kind::kError;
    return;
  }
  if (call.arguments.empty()) {
    context.diagnostics.Error(DiagnosticKind::kMissingPart, call.function.span,
                              Tick(function) + " of nothing", "needs the name of a detector");
    operand.kind = Operand::Kind::kError;
  }
  for (const ast::ExprPtr& argument : call.arguments) {
    if (argument) AddDetectors(context, *argument, operand);
    if (operand.kind == Operand::Kind::kError) return;
  }
}

bool IsNameSum(const ast::SumExpr& sum) {
  return std::all_of(sum.terms.begin(), sum.terms.end(),
                     [](const ast::ExprPtr& term) { return term && NameOf(*term) != nullptr; });
}

// `count(a) + count(b)`: one kind of call in one sum.
void ReadSum(Context& context, const ast::SumExpr& sum, Operand& operand) {
  if (IsNameSum(sum)) {
    operand.kind = Operand::Kind::kConstant;
    return;
  }
  std::optional<Operand::Kind> kind;
  for (const ast::ExprPtr& term : sum.terms) {
    if (!term) return;
    const auto* call = std::get_if<ast::CallExpr>(&term->node);
    if (call == nullptr) {
      Mismatch(context, *term, std::string(ConstantWord(*term)) + " in a sum",
               "only `count` and `distinct` add up");
      return;
    }
    Operand one;
    one.detectors = operand.detectors;
    ReadCall(context, *call, one);
    if (one.kind == Operand::Kind::kError) return;
    if (one.kind == Operand::Kind::kTier || (kind && *kind != one.kind)) {
      Mismatch(context, *term, "a sum of different things", "add up `count` alone, or `distinct` alone");
      return;
    }
    kind = one.kind;
    operand.detectors = std::move(one.detectors);
  }
  if (kind) operand.kind = *kind;
}

// `level`, `label`, and both with `request.` or `sent.` before them.
bool ReadLabelName(std::string_view name, Operand& operand) {
  for (const std::string_view owner : {"request.", "sent.", "answer."}) {
    if (!name.starts_with(owner)) continue;
    name.remove_prefix(owner.size());
    operand.qualified = true;
    if (owner == "sent.") operand.whose = hir::LabelOf::kSent;
    if (owner == "answer.") operand.whose = hir::LabelOf::kAnswer;
  }
  if (name == "level") operand.kind = Operand::Kind::kLevel;
  if (name == "label") operand.kind = Operand::Kind::kLabel;
  return name == "level" || name == "label";
}

void ReadName(Context& context, const ast::Name& name, Operand& operand) {
  if (ReadLabelName(name.text, operand)) return;
  if (const Names::Entry* entry = context.attributes.Find(name.text)) {
    operand.kind = Operand::Kind::kAttribute;
    operand.attribute.value = entry->index;
  } else if (context.detectors.Knows(name.text)) {
    for (const uint32_t id : context.detectors.Resolve(name, context.diagnostics)) {
      operand.detectors.push_back(DetectorId{id});
    }
    operand.kind = operand.detectors.empty() ? Operand::Kind::kError : Operand::Kind::kDetector;
  } else {
    operand.kind = Operand::Kind::kConstant;
  }
}

}  // namespace

std::optional<hir::Atom::Kind> OutcomeOf(std::string_view name) {
  using Kind = hir::Atom::Kind;
  static const std::pair<std::string_view, Kind> kNames[] = {
      {"target", Kind::kTarget},       {"zone", Kind::kZone},          {"target.region", Kind::kRegion},
      {"redaction", Kind::kRedaction}, {"redacted", Kind::kRedaction}, {"denied", Kind::kDenied},
      {"undecided", Kind::kUndecided},
  };
  for (const auto& [word, kind] : kNames) {
    if (word == name) return kind;
  }
  return std::nullopt;
}

Operand ReadOperand(Context& context, const ast::Expr& expr) {
  Operand operand;
  operand.expr = &expr;
  if (const ast::Name* name = NameOf(expr)) {
    ReadName(context, *name, operand);
  } else if (const auto* call = std::get_if<ast::CallExpr>(&expr.node)) {
    ReadCall(context, *call, operand);
  } else if (const auto* sum = std::get_if<ast::SumExpr>(&expr.node)) {
    ReadSum(context, *sum, operand);
  } else if (StringOf(expr) != nullptr || std::holds_alternative<ast::IntegerExpr>(expr.node)) {
    operand.kind = Operand::Kind::kConstant;
  } else {
    Mismatch(context, expr, "a condition cannot be compared",
             "expected an input, `level`, `count(…)` or `tier(…)`");
  }
  return operand;
}

std::string_view TypeWord(AttributeType type) {
  switch (type) {
    case AttributeType::kBool:
      return "bool";
    case AttributeType::kInt:
      return "int";
    case AttributeType::kString:
      return "string";
    case AttributeType::kEnum:
      return "enum";
    case AttributeType::kStringSet:
      return "set of string";
    case AttributeType::kEnumSet:
      return "set of enum";
    case AttributeType::kLabel:
      return "label";
  }
  return "";
}

std::string Describe(const Context& context, const Operand& operand) {
  switch (operand.kind) {
    case Operand::Kind::kError:
      return "this";
    case Operand::Kind::kConstant:
      return std::string(ConstantWord(*operand.expr));
    case Operand::Kind::kLevel:
      return "`level`";
    case Operand::Kind::kLabel:
      return "`label`";
    case Operand::Kind::kOutcome:
      return Tick(NameOf(*operand.expr)->text);
    case Operand::Kind::kAttribute: {
      const hir::Attribute& attribute = context.hir.attributes[operand.attribute.value];
      return Tick(attribute.name) + ", of type " + Tick(TypeWord(attribute.type)) + ",";
    }
    case Operand::Kind::kDetector:
      return "a detector";
    case Operand::Kind::kTier:
      return "a tier";
    case Operand::Kind::kCount:
    case Operand::Kind::kDistinct:
      return "a number of findings";
  }
  return "this";
}

std::optional<int64_t> ReadInteger(Context& context, const ast::Expr& expr, std::string_view compared_with) {
  if (const auto* node = std::get_if<ast::IntegerExpr>(&expr.node)) return node->integer.value;
  Mismatch(context, expr, std::string(compared_with) + " is compared with " + std::string(ConstantWord(expr)),
           "expected a whole number");
  return std::nullopt;
}

std::optional<int> ReadLevel(Context& context, const ast::Expr& expr) {
  if (const ast::Name* name = NameOf(expr)) return ResolveLevel(context, *name);
  Diagnostic& error = Mismatch(context, expr, "`level` is compared with " + std::string(ConstantWord(expr)),
                               "expected the name of a level");
  if (std::holds_alternative<ast::SumExpr>(expr.node)) {
    error.help = dsl::Help{"test categories with `label has …`", {}};
  }
  return std::nullopt;
}

std::optional<Label> ReadLabel(Context& context, const ast::Expr& expr) {
  ast::Label label;
  label.span = expr.span;
  if (const ast::Name* name = NameOf(expr)) {
    label.level = *name;
  } else if (const auto* sum = std::get_if<ast::SumExpr>(&expr.node); sum != nullptr && IsNameSum(*sum)) {
    for (size_t i = 0; i < sum->terms.size(); ++i) {
      const ast::Name& term = *NameOf(*sum->terms[i]);
      if (i == 0) {
        label.level = term;
      } else if (term.text == "all") {
        label.all = term.span;
      } else {
        label.categories.push_back(term);
      }
    }
  } else {
    Mismatch(context, expr, "a label is compared with " + std::string(ConstantWord(expr)),
             "expected a label such as `internal + pii`");
    return std::nullopt;
  }
  const size_t before = context.diagnostics.error_count();
  const Label result = ResolveLabel(context, label);
  if (context.diagnostics.error_count() != before) return std::nullopt;
  return result;
}

std::optional<bool> ReadBool(Context& context, const ast::Expr& expr, const hir::Attribute& attribute) {
  const ast::Name* name = NameOf(expr);
  if (name != nullptr && name->text == "true") return true;
  if (name != nullptr && name->text == "false") return false;
  Mismatch(context, expr, attribute);
  return std::nullopt;
}

std::optional<Tier> ReadTier(Context& context, const ast::Expr& expr) {
  const ast::Name* name = NameOf(expr);
  if (name == nullptr) {
    Mismatch(context, expr, "a tier is compared with " + std::string(ConstantWord(expr)),
             "expected `shape`, `context` or `checksum`");
    return std::nullopt;
  }
  return ReadTier(context, *name);
}

std::optional<Tier> ReadTier(Context& context, const ast::Name& name) {
  for (size_t i = 0; i < std::size(kTierWords); ++i) {
    if (kTierWords[i] == name.text) return static_cast<Tier>(i);
  }
  ReportUnknown(name, "tier", {"shape", "context", "checksum"}, context.diagnostics);
  return std::nullopt;
}

std::optional<uint32_t> ReadMember(Context& context, const ast::Expr& expr, const hir::Attribute& attribute) {
  const ast::Name* name = NameOf(expr);
  const std::string* written = name != nullptr ? &name->text : nullptr;
  if (const ast::String* string = StringOf(expr)) written = &string->value;
  const auto it = written == nullptr
                      ? attribute.members.end()
                      : std::find(attribute.members.begin(), attribute.members.end(), *written);
  if (name != nullptr && it != attribute.members.end()) {
    return static_cast<uint32_t>(it - attribute.members.begin());
  }
  if (name == nullptr) {
    Diagnostic& error = Mismatch(context, expr, attribute);
    if (it != attribute.members.end())
      error.help = {"members are written without quotes", {{expr.span, *written}}};
    return std::nullopt;
  }
  if (context.attributes.Find(name->text) != nullptr) {
    Diagnostic& error = Mismatch(context, expr, Tick(attribute.name) + " is compared with another input",
                                 "expected a member of " + Tick(attribute.name));
    error.others.push_back({attribute.span, Tick(attribute.name) + " is declared here"});
    return std::nullopt;
  }
  Diagnostic& error =
      ReportUnknown(*name, "member of " + Tick(attribute.name), attribute.members, context.diagnostics);
  error.others.push_back({attribute.span, Tick(attribute.name) + " is declared here"});
  return std::nullopt;
}

std::optional<std::string> ReadText(Context& context, const ast::Expr& expr,
                                    const hir::Attribute& attribute) {
  if (const ast::String* string = StringOf(expr)) return string->value;
  Diagnostic& error = Mismatch(context, expr, attribute);
  if (const ast::Name* name = NameOf(expr);
      name != nullptr && context.attributes.Find(name->text) == nullptr) {
    error.help = {"texts stand in quotes", {{expr.span, "\"" + name->text + "\""}}};
  }
  return std::nullopt;
}

}  // namespace hpol::check
