// Conditions. Depth is bounded by kMaxNesting before the parser runs; chains of `and`,
// `or` and `+` are flat.
#include "dsl/parse/build.h"

namespace hpol::dsl::parse {
namespace {

template <typename Node>
ast::ExprPtr Make(Span span, Node node) {
  auto expr = std::make_unique<ast::Expr>();
  expr->span = span;
  expr->node = std::move(node);
  return expr;
}

class Conditions {
 public:
  explicit Conditions(Leaves& leaves) : leaves_(leaves) {}

  ast::ExprPtr Or(P::ConditionContext* context) {
    std::vector<ast::ExprPtr> operands;
    for (P::ConjunctionContext* part : context->conjunction()) operands.push_back(And(part));
    if (operands.size() == 1) return std::move(operands.front());
    return Make(leaves_.SpanOf(context), ast::OrExpr{std::move(operands)});
  }

 private:
  ast::ExprPtr And(P::ConjunctionContext* context) {
    std::vector<ast::ExprPtr> operands;
    for (P::NegationContext* part : context->negation()) operands.push_back(Not(part));
    if (operands.size() == 1) return std::move(operands.front());
    return Make(leaves_.SpanOf(context), ast::AndExpr{std::move(operands)});
  }

  ast::ExprPtr Not(P::NegationContext* context) {
    if (P::NegationContext* inner = context->negation()) {
      return Make(leaves_.SpanOf(context), ast::NotExpr{Not(inner)});
    }
    return Comparison(context->comparison());
  }

  ast::ExprPtr Comparison(P::ComparisonContext* context) {
    ast::ExprPtr subject = Sum(context->sum());
    P::TailContext* tail = context->tail();
    if (tail == nullptr) return subject;
    const Span span = leaves_.SpanOf(context);
    if (tail->sum() != nullptr) {
      return Make(span, ast::CompareExpr{CompareOperator(tail->op), leaves_.SpanOf(tail->op),
                                         std::move(subject), Sum(tail->sum())});
    }
    if (tail->IN() != nullptr) {
      ast::InExpr in{std::move(subject), tail->NOT() != nullptr, {}};
      for (P::MemberContext* member : tail->member()) in.members.push_back(Member(member));
      return Make(span, std::move(in));
    }
    if (tail->BY() != nullptr) return Redacted(*subject, span, tail);
    if (tail->TRUSTED() != nullptr || tail->UNTRUSTED() != nullptr)
      return Make(span, ast::TrustedExpr{std::move(subject), tail->UNTRUSTED() != nullptr});
    if (tail->HAS() != nullptr) return Make(span, ast::HasExpr{std::move(subject), Member(tail->member(0))});
    return Make(span, ast::PresentExpr{std::move(subject), tail->MISSING() != nullptr});
  }

  // A name may be called `redacted`, so the grammar takes any word before `by`.
  ast::ExprPtr Redacted(const ast::Expr& subject, Span span, P::TailContext* tail) {
    const auto* name = std::get_if<ast::NameExpr>(&subject.node);
    if (name == nullptr || name->name.text != "redacted") {
      Diagnostic* error =
          leaves_.errors().Add(subject.span.begin, subject.span.end, "only `redacted` stands before `by`");
      if (error != nullptr) error->help = Help{"write `redacted by`", {{subject.span, "redacted"}}};
    }
    return Make(span, ast::RedactedExpr{leaves_.Name(tail->name())});
  }

  ast::ExprPtr Sum(P::SumContext* context) {
    std::vector<ast::ExprPtr> terms;
    for (P::TermContext* term : context->term()) terms.push_back(Term(term));
    if (terms.size() == 1) return std::move(terms.front());
    return Make(leaves_.SpanOf(context), ast::SumExpr{std::move(terms)});
  }

  ast::ExprPtr Term(P::TermContext* context) {
    if (context->condition() != nullptr) return Or(context->condition());
    const Span span = leaves_.SpanOf(context);
    if (context->STRING() != nullptr) return Make(span, ast::StringExpr{leaves_.String(context->STRING())});
    if (context->INTEGER() != nullptr)
      return Make(span, ast::IntegerExpr{leaves_.Integer(context->INTEGER())});
    ast::Name name = leaves_.Name(context->qname());
    if (context->sum().empty()) return Make(span, ast::NameExpr{std::move(name)});
    ast::CallExpr call{std::move(name), {}};
    for (P::SumContext* argument : context->sum()) call.arguments.push_back(Sum(argument));
    return Make(span, std::move(call));
  }

  ast::ExprPtr Member(P::MemberContext* context) {
    const Span span = context == nullptr ? leaves_.errors().At(0, 0) : leaves_.SpanOf(context);
    if (context != nullptr && context->STRING() != nullptr) {
      return Make(span, ast::StringExpr{leaves_.String(context->STRING())});
    }
    if (context != nullptr && context->INTEGER() != nullptr) {
      return Make(span, ast::IntegerExpr{leaves_.Integer(context->INTEGER())});
    }
    return Make(span, ast::NameExpr{leaves_.Name(context == nullptr ? nullptr : context->qname())});
  }

  Leaves& leaves_;
};

}  // namespace

ast::CompareOp CompareOperator(antlr4::Token* token) {
  switch (token == nullptr ? size_t{P::EQUAL} : token->getType()) {
    case P::NOT_EQUAL:
      return ast::CompareOp::kNotEqual;
    case P::LESS:
      return ast::CompareOp::kLess;
    case P::LESS_EQUAL:
      return ast::CompareOp::kLessEqual;
    case P::GREATER:
      return ast::CompareOp::kGreater;
    case P::GREATER_EQUAL:
      return ast::CompareOp::kGreaterEqual;
    case P::EXCEEDS:
      return ast::CompareOp::kExceeds;
    default:
      return ast::CompareOp::kEqual;
  }
}

ast::ExprPtr BuildCondition(P::ConditionContext* context, Leaves& leaves) {
  return Conditions(leaves).Or(context);
}

}  // namespace hpol::dsl::parse
