// Short words for hand-made policies in tests.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "compiler/hir/hir.h"

namespace hpol::hir_build {

using hir::Atom;
using hir::CompareOp;
using hir::Expr;

inline Expr Of(Atom atom) {
  Expr expr;
  expr.kind = Expr::Kind::kAtom;
  expr.atom = std::move(atom);
  return expr;
}
inline Expr Node(Expr::Kind kind, std::vector<Expr> operands) {
  Expr expr;
  expr.kind = kind;
  expr.operands = std::move(operands);
  return expr;
}
inline Expr And(std::vector<Expr> operands) { return Node(Expr::Kind::kAnd, std::move(operands)); }
inline Expr Or(std::vector<Expr> operands) { return Node(Expr::Kind::kOr, std::move(operands)); }
inline Expr Not(Expr operand) { return Node(Expr::Kind::kNot, {std::move(operand)}); }
inline Expr Constant(bool value) { return Node(value ? Expr::Kind::kTrue : Expr::Kind::kFalse, {}); }

inline Expr Found(std::vector<uint32_t> detectors) {
  Atom atom;
  for (const uint32_t detector : detectors) atom.detectors.push_back({detector});
  return Of(atom);
}
inline Expr TierAtLeast(uint32_t detector, Tier tier) {
  Atom atom;
  atom.detectors = {{detector}};
  atom.at_firing = false;
  atom.tier = tier;
  return Of(atom);
}
inline Expr Count(std::vector<uint32_t> detectors, int64_t number, Atom::Kind kind = Atom::Kind::kCount) {
  Expr expr = Found(std::move(detectors));
  expr.atom.kind = kind;
  expr.atom.number = number;
  return expr;
}
inline Expr OnAttribute(Atom::Kind kind, uint32_t attribute) {
  Atom atom;
  atom.kind = kind;
  atom.attribute = {attribute};
  return Of(atom);
}
inline Expr Flag(uint32_t attribute) { return OnAttribute(Atom::Kind::kBool, attribute); }
inline Expr Present(uint32_t attribute) { return OnAttribute(Atom::Kind::kPresent, attribute); }
inline Expr In(uint32_t attribute, std::vector<uint32_t> members) {
  Expr expr = OnAttribute(Atom::Kind::kIn, attribute);
  expr.atom.members = std::move(members);
  return expr;
}
inline Expr InTexts(uint32_t attribute, std::vector<std::string> texts) {
  Expr expr = OnAttribute(Atom::Kind::kIn, attribute);
  expr.atom.texts = std::move(texts);
  return expr;
}
inline Expr Int(uint32_t attribute, CompareOp op, int64_t number) {
  Expr expr = OnAttribute(Atom::Kind::kCompare, attribute);
  expr.atom.op = op;
  expr.atom.number = number;
  return expr;
}
inline Expr LabelIs(uint32_t attribute, CompareOp op, Label label) {
  Expr expr = OnAttribute(Atom::Kind::kCompare, attribute);
  expr.atom.op = op;
  expr.atom.label = label;
  return expr;
}
inline Expr Level(CompareOp op, int level) {
  Expr expr = OnAttribute(Atom::Kind::kLevel, 0);
  expr.atom.op = op;
  expr.atom.label = Label::Level(level);
  return expr;
}
inline Expr Category(int category) {
  Expr expr = OnAttribute(Atom::Kind::kCategory, 0);
  expr.atom.label = Label::Category(category);
  return expr;
}

inline hir::Attribute Declare(std::string name, AttributeType type, bool optional,
                              std::vector<std::string> members = {}) {
  hir::Attribute attribute;
  attribute.name = std::move(name);
  attribute.type = type;
  attribute.source = Source::kIdentity;
  attribute.optional = optional;
  attribute.members = std::move(members);
  return attribute;
}
inline hir::Detector Detect(std::string name, std::string pattern, bool bounded = false) {
  hir::Detector detector;
  detector.name = std::move(name);
  if (!pattern.empty()) detector.patterns.push_back({std::move(pattern), {}, bounded, false});
  return detector;
}
inline hir::Floor StartAt(Label label, std::optional<Expr> condition = std::nullopt) {
  return {std::move(condition), label, {}};
}
inline hir::Raise RaiseTo(Label label, Expr condition) { return {std::move(condition), label, {}}; }
inline hir::Route Deny(std::string reason, std::optional<Expr> condition = std::nullopt) {
  hir::Route route;
  route.condition = std::move(condition);
  route.deny = true;
  route.reason = std::move(reason);
  return route;
}
inline hir::Route Send(std::vector<std::pair<uint32_t, RedactionId>> steps,
                       std::optional<Expr> condition = std::nullopt) {
  hir::Route route;
  route.condition = std::move(condition);
  for (const auto& [target, redaction] : steps) route.steps.push_back({{target}, redaction, {}});
  return route;
}
inline hir::Target TargetCleared(std::string name, Label clearance) {
  hir::Target target;
  target.name = std::move(name);
  target.clearance = clearance;
  return target;
}

// Three levels, two categories of its own, one zone that clears everything.
inline hir::Policy Skeleton() {
  hir::Policy policy;
  policy.name = "test";
  policy.levels = {"public", "internal", "confidential"};
  policy.categories = {"pseudonymous", "pii", "secret"};
  hir::Zone zone;
  zone.name = "zone";
  zone.trusted = true;
  zone.clearance = hir::TopLabel(policy);
  policy.zones.push_back(zone);
  return policy;
}

}  // namespace hpol::hir_build
