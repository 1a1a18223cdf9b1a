// Resolves one condition. Private to compiler/check; the door is ResolveCondition (context.h).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "compiler/check/operands.h"

namespace hpol::check {

using Op = ast::CompareOp;

hir::Expr AtomExpr(hir::Atom atom, Span span);
hir::Expr Negate(hir::Expr operand, Span span);

class ConditionResolver {
 public:
  ConditionResolver(Context& context, Phase phase) : context_(context), phase_(phase) {}

  // `negation`: the `not` around this part, if any. After an error the result means nothing.
  hir::Expr Resolve(const ast::Expr& expr, const Span* negation);

 private:
  // What stands on one side; in a guarantee, also what becomes of the request.
  Operand Read(const ast::Expr& expr);

  // ---- what stands alone: a bool input or a detector ----

  hir::Expr ResolveNode(const ast::NameExpr& node, Span span, const ast::Expr& expr, const Span* negation);
  hir::Expr BareAttribute(const Operand& operand, Span span);
  void ReportUnknownCondition(const ast::Name& name);
  hir::Expr ResolveNode(const ast::StringExpr&, Span span, const ast::Expr&, const Span*);
  hir::Expr ResolveNode(const ast::IntegerExpr&, Span span, const ast::Expr&, const Span*);
  hir::Expr ResolveNode(const ast::CallExpr&, Span span, const ast::Expr& expr, const Span*);
  hir::Expr ResolveNode(const ast::SumExpr&, Span span, const ast::Expr& expr, const Span*);
  hir::Expr BareNumber(const Operand& operand, Span span);

  // ---- comparisons ----

  hir::Expr ResolveNode(const ast::CompareExpr& node, Span span, const ast::Expr&, const Span* negation);
  hir::Expr TwoConstants(const ast::Expr& left, Span span);
  hir::Expr CompareLevel(const Operand& left, Op op, Span op_span, const ast::Expr& right, Span span);
  static hir::Expr LevelAtom(Op op, int level, hir::LabelOf whose, Span span);
  hir::Expr CompareExceeds(const Operand& left, Span op_span, const ast::Expr& right, Span span);
  hir::Expr CompareLabel(const Operand& left, Op op, Span op_span, const ast::Expr& right, Span span);
  hir::Expr CompareAttribute(const Operand& left, Op op, Span op_span, const ast::Expr& right, Span span);
  static std::string OperatorsFor(AttributeType type);

  // The atom of `attribute op constant`; `!=` gives the atom of `==`.
  std::optional<hir::Expr> EqualityAtom(AttributeId id, const hir::Attribute& attribute, Op op,
                                        const ast::Expr& right, Span span);

  // Findings count upwards only: `>=` and `>`.
  hir::Expr CompareCount(const Operand& left, Op op, Span op_span, const ast::Expr& right, Span span,
                         const Span* negation);
  hir::Expr CompareTier(const Operand& left, Op op, Span op_span, const ast::Expr& right, Span span,
                        const Span* negation);

  // Without a validator a finding never rises above its shape.
  void WarnTierOutOfReach(const Operand& operand, Tier tier, Span span);
  bool RaisesOnly(Op op, Span op_span, bool strict_allowed);

  // ---- sets ----

  hir::Expr ResolveNode(const ast::InExpr& node, Span span, const ast::Expr&, const Span*);
  std::optional<hir::Expr> AnyLevel(const ast::InExpr& node, hir::LabelOf whose, Span span);
  std::optional<hir::Expr> AnyValue(const ast::InExpr& node, const Operand& subject, Span span);
  static std::string OperatorsForIn(AttributeType type);
  std::optional<hir::Expr> AnyNumber(const ast::InExpr& node, AttributeId id, const hir::Attribute& attribute,
                                     Span span);
  hir::Expr ResolveNode(const ast::HasExpr& node, Span span, const ast::Expr&, const Span*);
  hir::Expr LabelHas(const Operand& subject, const ast::Expr& member, Span span);
  hir::Expr ResolveNode(const ast::PresentExpr& node, Span span, const ast::Expr&, const Span*);

  // ---- guarantees: what becomes of the request (conditions_outcome.cc) ----

  hir::Expr BareOutcome(const Operand& operand, Span span);
  hir::Expr CompareOutcome(const Operand& left, Op op, Span op_span, const ast::Expr& right, Span span);
  std::optional<hir::Expr> AnyOutcome(const ast::InExpr& node, const Operand& subject, Span span);
  bool AddOutcome(const ast::Expr& member, hir::Atom& atom);
  hir::Expr ResolveNode(const ast::TrustedExpr& node, Span span, const ast::Expr&, const Span*);
  hir::Expr ResolveNode(const ast::RedactedExpr& node, Span span, const ast::Expr&, const Span*);

  // ---- not, and, or ----

  hir::Expr ResolveNode(const ast::NotExpr& node, Span span, const ast::Expr&, const Span* negation);
  hir::Expr ResolveNode(const ast::AndExpr& node, Span span, const ast::Expr&, const Span* negation);
  hir::Expr ResolveNode(const ast::OrExpr& node, Span span, const ast::Expr&, const Span* negation);
  hir::Expr Many(hir::Expr::Kind kind, const std::vector<ast::ExprPtr>& operands, Span span,
                 const Span* negation);

  // ---- flow ----

  bool MayUseAttribute(AttributeId id, Span span);
  bool MayUseLabel(const Operand& operand);
  bool MayUseDetectors(Span span);
  bool IsPositive(Span span, const Span* negation);

  // ---- reports ----

  Diagnostic& Error(DiagnosticKind kind, Span span, std::string message, std::string label = {});
  Diagnostic& Constant(Span span, std::string why, bool value);

  Context& context_;
  Phase phase_;
};

}  // namespace hpol::check
