// The algebra of Meaning<B> whose truths are literals of a graph: what a policy means of every request at
// once. Private to compiler/prove.
#pragma once

#include <vector>

#include "compiler/prove/world.h"

namespace hpol::prove {

class Literals {
 public:
  using Bit = Lit;
  // Three values as two literals; `must` implies `may`.
  struct Truth {
    Lit must = kFalse;
    Lit may = kFalse;
  };

  // All must outlive this; `world` is built and has noted `policy`.
  Literals(const hir::Policy& policy, World& world);

  static Bit Const(bool value) { return value ? kTrue : kFalse; }
  Bit And(Bit a, Bit b) { return aig_.And(a, b); }
  Bit Or(Bit a, Bit b) { return aig_.Or(a, b); }
  static Bit Not(Bit a) { return Negate(a); }

  Truth And(Truth a, Truth b) { return {aig_.And(a.must, b.must), aig_.And(a.may, b.may)}; }
  Truth Or(Truth a, Truth b) { return {aig_.Or(a.must, b.must), aig_.Or(a.may, b.may)}; }
  static Truth Not(Truth a) { return {Negate(a.may), Negate(a.must)}; }
  static Truth FromBit(Bit a) { return {a, a}; }
  static Bit Must(Truth a) { return a.must; }
  static Bit May(Truth a) { return a.may; }

  Truth Atom(const hir::Atom& atom, RedactionId cover);
  Bit Unscanned() const { return world_.unscanned(); }
  Bit Unregistered() const { return world_.unregistered(); }
  Bit Writes(RedactionId redaction, size_t line);

  const Variables& variables() const { return variables_; }

  // A required input is missing: the request is denied at the door.
  Bit BadInput();

 private:
  bool Covers(RedactionId cover, DetectorId detector) const;
  Lit Present(AttributeId attribute);
  Truth EvidenceAtom(const hir::Atom& atom, RedactionId cover);
  Truth AttributeAtom(const hir::Atom& atom);
  Lit Found(const hir::Atom& atom, RedactionId cover);
  Lit Total(const hir::Atom& atom, RedactionId cover, int64_t least);
  Lit CompareNumber(const InputVariable& variable, const hir::Atom& atom);
  Lit CompareLabel(const InputVariable& variable, const hir::Atom& atom);
  Lit Member(const InputVariable& variable, const hir::Atom& atom);

  const hir::Policy& policy_;
  World& world_;
  Aig& aig_;
  Variables variables_;
  std::vector<std::vector<bool>> covers_;  // [redaction][detector]
};

}  // namespace hpol::prove
