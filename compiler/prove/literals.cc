#include "compiler/prove/literals.h"

#include <algorithm>
#include <limits>

namespace hpol::prove {
namespace {

using Kind = hir::Atom::Kind;
using hir::CompareOp;

}  // namespace

Literals::Literals(const hir::Policy& policy, World& world)
    : policy_(policy), world_(world), aig_(world.aig()), variables_(world.VariablesOf(policy)) {
  for (const hir::Redaction& redaction : policy.redactions) {
    std::vector<bool>& covers = covers_.emplace_back(policy.detectors.size(), false);
    for (const hir::RedactionLine& line : redaction.lines)
      for (const DetectorId id : line.detectors) covers[id.value] = true;
  }
}

bool Literals::Covers(RedactionId cover, DetectorId detector) const {
  return cover != kNoRedaction && covers_[cover.value][detector.value];
}

Lit Literals::Writes(RedactionId redaction, size_t line) {
  std::vector<Lit> written;
  for (const DetectorId id : policy_.redactions[redaction.value].lines[line].detectors)
    written.push_back(variables_.detectors[id.value]->replaceable.at_tier.front());
  return aig_.Any(std::move(written));
}

Literals::Truth Literals::Atom(const hir::Atom& atom, RedactionId cover) {
  switch (atom.kind) {
    case Kind::kDetector:
    case Kind::kCount:
    case Kind::kDistinct:
      return EvidenceAtom(atom, cover);
    case Kind::kBool:
    case Kind::kCompare:
    case Kind::kIn:
    case Kind::kHas:
    case Kind::kPresent:
      return AttributeAtom(atom);
    default:
      return {kFalse, kTrue};  // about a label that is not there: the meaning never asks
  }
}

// ---- findings ----

// What is not found yet may stand in what could not be read; a tier above the highest and a number above the
// largest cannot.
Literals::Truth Literals::EvidenceAtom(const hir::Atom& atom, RedactionId cover) {
  const bool above = atom.op == CompareOp::kGreater;
  Lit found = kFalse;
  if (atom.kind == Kind::kDetector) {
    if (!atom.at_firing && above && atom.tier == Tier::kChecksum) return {kFalse, kFalse};
    found = Found(atom, cover);
  } else {
    if (above && atom.number == std::numeric_limits<int64_t>::max()) return {kFalse, kFalse};
    found = Total(atom, cover, atom.number + (above ? 1 : 0));
  }
  return {found, aig_.Or(found, world_.unscanned())};
}

Lit Literals::Found(const hir::Atom& atom, RedactionId cover) {
  std::vector<Lit> found;
  for (const DetectorId id : atom.detectors) {
    const DetectorVariable& detector = *variables_.detectors[id.value];
    auto tier = static_cast<size_t>(atom.at_firing ? detector.declared.firing : atom.tier);
    if (!atom.at_firing && atom.op == CompareOp::kGreater) ++tier;
    if (detector.covered) found.push_back(detector.fixed.at_tier[tier]);
    if (!Covers(cover, id)) found.push_back(detector.replaceable.at_tier[tier]);
  }
  return aig_.Any(std::move(found));
}

Lit Literals::Total(const hir::Atom& atom, RedactionId cover, int64_t least) {
  if (least == 1) {  // the same question as the bare name, and by far the most common
    hir::Atom any = atom;
    any.kind = Kind::kDetector;
    any.at_firing = true;
    return Found(any, cover);
  }
  const bool distinct = atom.kind == Kind::kDistinct;
  Number total;
  for (const DetectorId id : atom.detectors) {
    const DetectorVariable& detector = *variables_.detectors[id.value];
    for (const FindingsVariable* side : {&detector.fixed, &detector.replaceable}) {
      if (side == &detector.fixed ? !detector.covered : Covers(cover, id)) continue;
      total = Add(aig_, total, distinct ? side->distinct : side->count);
    }
  }
  return AtLeast(aig_, total, least);
}

// ---- inputs ----

Lit Literals::Present(AttributeId attribute) {
  const InputVariable& variable = *variables_.inputs[attribute.value];
  const hir::Attribute& declared = policy_.attributes[attribute.value];
  Lit present = variable.present;
  // Members that only another policy of this world declares are no values here.
  for (size_t i = 0; i < variable.values.size(); ++i) {
    const bool known = std::find(declared.members.begin(), declared.members.end(), variable.values[i]) !=
                       declared.members.end();
    if (known) continue;
    if (declared.type == AttributeType::kEnum) present = aig_.And(present, Negate(variable.choice.Is(i)));
    if (declared.type == AttributeType::kEnumSet) present = aig_.And(present, Negate(variable.bits[i]));
  }
  return present;
}

Lit Literals::BadInput() {
  Lit bad = kFalse;
  for (uint32_t i = 0; i < policy_.attributes.size(); ++i)
    if (!policy_.attributes[i].optional) bad = aig_.Or(bad, Negate(Present({i})));
  return bad;
}

Literals::Truth Literals::AttributeAtom(const hir::Atom& atom) {
  const InputVariable& variable = *variables_.inputs[atom.attribute.value];
  const Lit present = Present(atom.attribute);
  if (atom.kind == Kind::kPresent) return FromBit(present);
  Lit value = kFalse;
  switch (atom.kind) {
    case Kind::kBool:
      value = variable.bits.front();
      break;
    case Kind::kCompare:
      value = variable.declared.type == AttributeType::kLabel ? CompareLabel(variable, atom)
                                                              : CompareNumber(variable, atom);
      break;
    default:
      value = Member(variable, atom);
      break;
  }
  return {aig_.And(present, value), aig_.Or(Negate(present), value)};
}

Lit Literals::CompareNumber(const InputVariable& variable, const hir::Atom& atom) {
  // INVARIANT: World notes `number` and the one after it of every comparison.
  const auto at_least = [&](int64_t number) {
    const auto place = std::lower_bound(variable.thresholds.begin(), variable.thresholds.end(), number);
    return variable.choice.AtLeast(static_cast<size_t>(place - variable.thresholds.begin()) + 1);
  };
  const bool last = atom.number == std::numeric_limits<int64_t>::max();
  const bool first = atom.number == std::numeric_limits<int64_t>::min();
  const Lit here = first ? kTrue : at_least(atom.number);
  const Lit beyond = last ? kFalse : at_least(atom.number + 1);
  switch (atom.op) {
    case CompareOp::kEqual:
      return aig_.And(here, Negate(beyond));
    case CompareOp::kNotEqual:
      return aig_.Or(Negate(here), beyond);
    case CompareOp::kLess:
      return Negate(here);
    case CompareOp::kLessEqual:
      return Negate(beyond);
    case CompareOp::kGreater:
      return beyond;
    case CompareOp::kGreaterEqual:
      return here;
  }
  return kFalse;
}

Lit Literals::CompareLabel(const InputVariable& variable, const hir::Atom& atom) {
  std::vector<Lit> most;
  std::vector<Lit> least;
  for (size_t i = 0; i < 64; ++i) {
    Lit bit = kFalse;  // levels and categories that the policy has not
    if (i < 16 && i + 1 < variable.choice.size()) bit = variable.choice.AtLeast(i + 1);
    if (i >= 16 && i - 16 < variable.bits.size()) bit = variable.bits[i - 16];
    if (((atom.label.word >> i) & 1) != 0) {
      least.push_back(bit);
    } else {
      most.push_back(Negate(bit));
    }
  }
  const Lit at_most = aig_.All(std::move(most));
  const Lit at_least = aig_.All(std::move(least));
  switch (atom.op) {
    case CompareOp::kEqual:
      return aig_.And(at_most, at_least);
    case CompareOp::kNotEqual:
      return Negate(aig_.And(at_most, at_least));
    case CompareOp::kLess:
      return aig_.And(at_most, Negate(at_least));
    case CompareOp::kLessEqual:
      return at_most;
    case CompareOp::kGreater:
      return aig_.And(at_least, Negate(at_most));
    case CompareOp::kGreaterEqual:
      return at_least;
  }
  return kFalse;
}

Lit Literals::Member(const InputVariable& variable, const hir::Atom& atom) {
  std::vector<std::string> texts = atom.texts;
  const hir::Attribute& declared = policy_.attributes[atom.attribute.value];
  for (const uint32_t member : atom.members)
    if (member < declared.members.size()) texts.push_back(declared.members[member]);
  const bool scalar = declared.type == AttributeType::kString || declared.type == AttributeType::kEnum;
  std::vector<Lit> any;
  for (const std::string& text : texts) {
    const auto place = std::find(variable.values.begin(), variable.values.end(), text);
    if (place == variable.values.end()) continue;
    const auto index = static_cast<size_t>(place - variable.values.begin());
    any.push_back(scalar ? variable.choice.Is(index) : variable.bits[index]);
  }
  return aig_.Any(std::move(any));
}

}  // namespace hpol::prove
