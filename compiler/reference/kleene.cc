#include "compiler/reference/kleene.h"

#include <algorithm>
#include <limits>
#include <set>
#include <utility>

namespace hpol::reference {
namespace {

using Kind = hir::Atom::Kind;
using hir::CompareOp;

template <typename T>
bool Compare(const T& left, CompareOp op, const T& right) {
  switch (op) {
    case CompareOp::kEqual:
      return left == right;
    case CompareOp::kNotEqual:
      return !(left == right);
    case CompareOp::kLess:
      return left < right;
    case CompareOp::kLessEqual:
      return left <= right;
    case CompareOp::kGreater:
      return left > right;
    case CompareOp::kGreaterEqual:
      return left >= right;
  }
  return false;
}

// Labels are only partly ordered: neither of two may flow to the other.
bool CompareLabels(Label left, CompareOp op, Label right) {
  const bool at_most = left.FlowsTo(right);
  const bool at_least = right.FlowsTo(left);
  switch (op) {
    case CompareOp::kEqual:
      return at_most && at_least;
    case CompareOp::kNotEqual:
      return !(at_most && at_least);
    case CompareOp::kLess:
      return at_most && !at_least;
    case CompareOp::kLessEqual:
      return at_most;
    case CompareOp::kGreater:
      return at_least && !at_most;
    case CompareOp::kGreaterEqual:
      return at_least;
  }
  return false;
}

template <typename T>
bool Contains(const std::vector<T>& all, const T& one) {
  return std::find(all.begin(), all.end(), one) != all.end();
}

}  // namespace

Truth Kleene::Atom(const hir::Atom& atom, RedactionId cover) const {
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
      return Truth::kUnknown;  // about a label or a candidate: the meaning never asks
  }
}

bool Kleene::Covered(const Evidence& evidence, RedactionId cover) const {
  if (cover == kNoRedaction || !evidence.replaceable) return false;
  const std::vector<hir::RedactionLine>& lines = policy_.redactions[cover.value].lines;
  return std::any_of(lines.begin(), lines.end(), [&](const hir::RedactionLine& line) {
    return Contains(line.detectors, evidence.detector);
  });
}

bool Kleene::Writes(RedactionId redaction, size_t line) const {
  const std::vector<DetectorId>& detectors = policy_.redactions[redaction.value].lines[line].detectors;
  return std::any_of(facts_.findings.begin(), facts_.findings.end(), [&](const Evidence& evidence) {
    return evidence.replaceable && Contains(detectors, evidence.detector);
  });
}

std::vector<const Evidence*> Kleene::Findings(const std::vector<DetectorId>& detectors, RedactionId cover,
                                              const Tier* tier) const {
  std::vector<const Evidence*> found;
  for (const Evidence& evidence : facts_.findings) {
    if (!Contains(detectors, evidence.detector) || Covered(evidence, cover)) continue;
    const Tier wanted = tier != nullptr ? *tier : policy_.detectors[evidence.detector.value].firing;
    if (evidence.tier >= wanted) found.push_back(&evidence);
  }
  return found;
}

Truth Kleene::AtLeast(int64_t found, int64_t number) const {
  if (found >= number) return Truth::kTrue;
  return facts_.unscanned ? Truth::kUnknown : Truth::kFalse;
}

// Check lets only `>=` and `>` through: findings count upwards.
Truth Kleene::EvidenceAtom(const hir::Atom& atom, RedactionId cover) const {
  const bool above = atom.op == CompareOp::kGreater;
  if (atom.kind == Kind::kDetector) {
    if (atom.at_firing) return AtLeast(Findings(atom.detectors, cover, nullptr).empty() ? 0 : 1, 1);
    if (above && atom.tier == Tier::kChecksum) return Truth::kFalse;  // there is no tier above
    const auto tier = static_cast<Tier>(static_cast<int>(atom.tier) + (above ? 1 : 0));
    return AtLeast(Findings(atom.detectors, cover, &tier).empty() ? 0 : 1, 1);
  }
  const std::vector<const Evidence*> findings = Findings(atom.detectors, cover, nullptr);
  int64_t found = static_cast<int64_t>(findings.size());
  if (atom.kind == Kind::kDistinct) {
    std::set<std::pair<DetectorId, std::string_view>> texts;
    for (const Evidence* evidence : findings) texts.insert({evidence->detector, evidence->text});
    found = static_cast<int64_t>(texts.size());
  }
  if (!above) return AtLeast(found, atom.number);
  if (atom.number == std::numeric_limits<int64_t>::max()) return Truth::kFalse;  // nor a number
  return AtLeast(found, atom.number + 1);
}

Truth Kleene::AttributeAtom(const hir::Atom& atom) const {
  const Value& value = facts_.attributes[atom.attribute.value];
  if (atom.kind == Kind::kPresent) return FromBit(value.present);
  if (!value.present) return Truth::kUnknown;
  switch (atom.kind) {
    case Kind::kBool:
      return FromBit(value.boolean);
    case Kind::kCompare:
      return FromBit(policy_.attributes[atom.attribute.value].type == AttributeType::kLabel
                         ? CompareLabels(value.label, atom.op, atom.label)
                         : Compare(value.number, atom.op, atom.number));
    case Kind::kIn:
    case Kind::kHas: {
      // A scalar is read as the set of its one value: `in` and `has` then ask the same.
      const bool member = std::any_of(value.members.begin(), value.members.end(),
                                      [&](uint32_t index) { return Contains(atom.members, index); });
      const bool text = std::any_of(value.texts.begin(), value.texts.end(),
                                    [&](const std::string& one) { return Contains(atom.texts, one); });
      return FromBit(member || text);
    }
    default:
      return Truth::kUnknown;
  }
}

}  // namespace hpol::reference
