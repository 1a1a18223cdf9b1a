// What stands on one side of a comparison. Private to compiler/check.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "compiler/check/context.h"

namespace hpol::check {

struct Operand {
  enum class Kind : uint8_t {
    kError,      // reported
    kConstant,   // a name, a string, a number, or names joined by `+` (a label)
    kLevel,      // a level: the request's, or what is sent
    kLabel,      // a label: the request's, or what is sent
    kOutcome,    // in a guarantee: the target, its zone or region, the redaction, or `denied`, `undecided`
    kAttribute,  // an input
    kDetector,   // a detector's bare name
    kTier,       // tier(…)
    kCount,      // count(…) + …
    kDistinct,   // distinct(…) + …
  };
  Kind kind = Kind::kError;
  AttributeId attribute;
  std::vector<DetectorId> detectors;
  hir::LabelOf whose = hir::LabelOf::kRequest;  // of a level or a label
  bool qualified = false;                       // `request.` or `sent.` stands before it
  hir::Atom::Kind outcome = hir::Atom::Kind::kTarget;
  const ast::Expr* expr = nullptr;
};

// Reads one side. A name that is neither `level`, `label`, an input nor a detector is a constant.
Operand ReadOperand(Context& context, const ast::Expr& expr);

// What `name` asks of a decision, if it does: only guarantees do.
std::optional<hir::Atom::Kind> OutcomeOf(std::string_view name);

// "an input of type `enum`", for messages.
std::string Describe(const Context& context, const Operand& operand);
std::string_view TypeWord(AttributeType type);

// Constants, typed by what they are compared with; nothing when they do not fit (reported).
std::optional<int64_t> ReadInteger(Context& context, const ast::Expr& expr, std::string_view compared_with);
std::optional<int> ReadLevel(Context& context, const ast::Expr& expr);
std::optional<Label> ReadLabel(Context& context, const ast::Expr& expr);
std::optional<bool> ReadBool(Context& context, const ast::Expr& expr, const hir::Attribute& attribute);
std::optional<Tier> ReadTier(Context& context, const ast::Expr& expr);
std::optional<Tier> ReadTier(Context& context, const ast::Name& name);
std::optional<uint32_t> ReadMember(Context& context, const ast::Expr& expr, const hir::Attribute& attribute);
std::optional<std::string> ReadText(Context& context, const ast::Expr& expr, const hir::Attribute& attribute);

}  // namespace hpol::check
