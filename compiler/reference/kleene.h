// The meaning in Kleene's three values about one request: the algebra that turns
// Meaning<B> into an evaluator. Holds the request's facts; decides nothing itself.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/hir/hir.h"
#include "compiler/reference/attributes.h"
#include "runtime/abi/vocabulary.h"

namespace hpol::reference {

// One finding as conditions see it.
struct Evidence {
  DetectorId detector;
  Tier tier = Tier::kShape;
  std::string text;          // as matched, folded
  bool replaceable = false;  // every byte stands in free text, so a redaction can write over it
};

// Everything that conditions may ask about one request.
struct Facts {
  std::vector<Value> attributes;  // by AttributeId
  std::vector<Evidence> findings;
  bool unscanned = false;
  bool unregistered = false;
};

class Kleene {
 public:
  using Truth = hpol::Truth;
  using Bit = bool;

  // Both must outlive this.
  Kleene(const hir::Policy& policy, const Facts& facts) : policy_(policy), facts_(facts) {}

  static Bit Const(bool value) { return value; }
  static Bit And(Bit a, Bit b) { return a && b; }
  static Bit Or(Bit a, Bit b) { return a || b; }
  static Bit Not(Bit a) { return !a; }

  static Truth And(Truth a, Truth b) { return a < b ? a : b; }
  static Truth Or(Truth a, Truth b) { return a < b ? b : a; }
  static Truth Not(Truth a) { return static_cast<Truth>(2 - static_cast<int>(a)); }
  static Truth FromBit(Bit a) { return a ? Truth::kTrue : Truth::kFalse; }
  static Bit Must(Truth a) { return a == Truth::kTrue; }
  static Bit May(Truth a) { return a != Truth::kFalse; }

  Truth Atom(const hir::Atom& atom, RedactionId cover) const;
  Bit Unscanned() const { return facts_.unscanned; }
  Bit Unregistered() const { return facts_.unregistered; }
  Bit Writes(RedactionId redaction, size_t line) const;

 private:
  bool Covered(const Evidence& evidence, RedactionId cover) const;
  // Findings of `detectors` that are not covered and reach `tier` (or each its own firing tier).
  std::vector<const Evidence*> Findings(const std::vector<DetectorId>& detectors, RedactionId cover,
                                        const Tier* tier) const;
  Truth EvidenceAtom(const hir::Atom& atom, RedactionId cover) const;
  Truth AttributeAtom(const hir::Atom& atom) const;
  // What is at least `found`, where unread content may hold more.
  Truth AtLeast(int64_t found, int64_t number) const;

  const hir::Policy& policy_;
  const Facts& facts_;
};

}  // namespace hpol::reference
