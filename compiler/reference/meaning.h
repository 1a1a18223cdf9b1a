// The meaning of a policy, once: what a request's label is, which rules take part, and
// which (target, redaction) pairs remain. A template over an algebra of truth values, so
// that the evaluator, the prover, simulation and explanations cannot drift apart.
//
// An algebra B gives
//   Truth                three-valued; copyable
//   Bit                  two-valued; copyable
//   Bit   Const(bool), And(Bit, Bit), Or(Bit, Bit), Not(Bit)
//   Truth And(Truth, Truth), Or(Truth, Truth), Not(Truth)
//   Truth FromBit(Bit)   a known fact
//   Bit   Must(Truth)    surely true;  May(Truth): not surely false
// and answers about the request at hand
//   Truth Atom(const hir::Atom&, RedactionId cover)   with the findings that `cover` covers
//                        switched off (kNoRedaction: the request as it is). Asked only
//                        about content and inputs: labels and candidates are known here.
//   Bit   Unscanned()    some content could not be read
//   Bit   Unregistered() the body has a field that only fully cleared targets may see
//   Bit   Writes(RedactionId, size_t line)   the line covers at least one finding
//
// Nothing here branches on a value of B: later instances are a solver's literals and 64
// requests a word. What branches is the policy, which is known.
#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <set>
#include <utility>
#include <vector>

#include "compiler/hir/hir.h"
#include "runtime/abi/vocabulary.h"

namespace hpol::reference {

struct CandidatePair {
  TargetId target;
  RedactionId redaction = kNoRedaction;
  friend auto operator<=>(const CandidatePair&, const CandidatePair&) = default;
};

// The distinct pairs that some route offers, in the order of their first mention.
inline std::vector<CandidatePair> DistinctCandidates(const hir::Policy& policy) {
  std::vector<CandidatePair> pairs;
  std::set<CandidatePair> known;
  for (const hir::Route& route : policy.routes)
    for (const hir::Step& step : route.steps) {
      const CandidatePair pair{step.target, step.redaction};
      if (known.insert(pair).second) pairs.push_back(pair);
    }
  return pairs;
}

template <typename B>
class Meaning {
 public:
  using Truth = typename B::Truth;
  using Bit = typename B::Bit;

  // A label whose 64 bits (vocabulary.h) are values of the algebra.
  using LabelBits = std::vector<Bit>;

  // One condition in the two readings. Must implies May.
  struct Row {
    Bit must;
    Bit may;
  };

  // What the ordered routes leave. Vectors run over routes or over DistinctCandidates.
  struct Walk {
    std::vector<Row> rows;
    std::vector<Bit> taking_part;  // by route: reached, and it may apply
    std::vector<Bit> hit;          // by route: the first that is surely true
    std::vector<Bit> going;        // by route: none before it is surely true
    std::vector<Bit> refused;      // by candidate: some route that wavers does not offer it
    std::vector<Bit> offered;      // by candidate: offered by every route that takes part, none a denial
    Bit denied;                    // the route that was hit denies
    Bit undecided;                 // no route was hit
  };

  // What a guarantee is demanded of: a candidate of a request, or the request itself.
  struct Outcome {
    const LabelBits* label = nullptr;  // the request's
    const LabelBits* sent = nullptr;   // what the candidate would be sent; null: of no candidate
    size_t candidate = 0;              // where `sent` is not null
    Bit denied;
    Bit undecided;
  };

  Meaning(const hir::Policy& policy, B& algebra)
      : policy_(policy), b_(algebra), candidates_(DistinctCandidates(policy)), top_(hir::TopLabel(policy)) {
    for (size_t i = 0; i < candidates_.size(); ++i) index_[candidates_[i]] = i;
  }

  const std::vector<CandidatePair>& candidates() const { return candidates_; }

  // ---- the door ----

  // Every `require` is surely true. A request of which that is not known is turned away.
  Bit Admitted() {
    Bit admitted = b_.Const(true);
    for (const hir::Requirement& requirement : policy_.requirements)
      admitted = b_.And(admitted, b_.Must(Condition(requirement.condition, kNoRedaction, nullptr)));
    return admitted;
  }

  // ---- phase one: content and attributes → label ----

  // The classify rows: floors first, each only where no earlier floor applies; then the
  // raises. A floor that is unknown may apply, and so may the floors after it.
  std::vector<Row> ClassifyRows(RedactionId cover) {
    std::vector<Row> rows;
    Truth no_earlier = Known(true);
    for (const hir::Floor& floor : policy_.floors) {
      const Truth condition = floor.condition ? Condition(*floor.condition, cover, nullptr) : Known(true);
      rows.push_back(Read(b_.And(condition, no_earlier)));
      no_earlier = b_.And(no_earlier, b_.Not(condition));
    }
    for (const hir::Raise& raise : policy_.raises)
      rows.push_back(Read(Condition(raise.condition, cover, nullptr)));
    return rows;
  }

  // The join of every row that may apply, and of everything when content was not read.
  LabelBits LabelOf(const std::vector<Row>& rows) {
    LabelBits label = Bottom();
    for (size_t i = 0; i < rows.size(); ++i) JoinIf(label, ClassifyLabel(i), rows[i].may);
    JoinIf(label, top_, b_.Unscanned());
    return label;
  }

  // The label of what a candidate would be sent, read (a): classify without the findings
  // that its redaction covers, joined with what the redaction writes in their place.
  const LabelBits& SentLabel(size_t candidate) {
    const RedactionId redaction = candidates_[candidate].redaction;
    const auto [entry, added] = sent_.try_emplace(redaction);  // the same for every target
    if (!added) return entry->second;
    LabelBits& label = entry->second = LabelOf(ClassifyRows(redaction));
    if (redaction == kNoRedaction) return label;
    const std::vector<hir::RedactionLine>& lines = policy_.redactions[redaction.value].lines;
    for (size_t i = 0; i < lines.size(); ++i) JoinIf(label, lines[i].leaves, b_.Writes(redaction, i));
    return label;
  }

  // ---- phase two: label and attributes → candidates ----

  // Walks the routes in order. A route that may apply takes away what it does not offer;
  // the first that surely applies ends the walk. Routes see the label as it was classified.
  Walk WalkRoutes(const LabelBits& label) {
    Walk walk{{}, {}, {}, {}, {}, {}, b_.Const(false), b_.Const(false)};
    std::vector<Bit> wavers;  // by route: takes part without being surely true
    Bit going = b_.Const(true);
    for (const hir::Route& route : policy_.routes) {
      const Row row = Read(route.condition ? Condition(*route.condition, kNoRedaction, &label) : Known(true));
      const Bit takes_part = b_.And(going, row.may);
      const Bit hit = b_.And(going, row.must);
      if (route.deny) walk.denied = b_.Or(walk.denied, hit);
      walk.rows.push_back(row);
      walk.taking_part.push_back(takes_part);
      walk.hit.push_back(hit);
      walk.going.push_back(going);
      wavers.push_back(b_.And(takes_part, b_.Not(row.must)));
      going = b_.And(going, b_.Not(row.must));
    }
    walk.undecided = going;
    Offer(wavers, walk);
    return walk;
  }

  // `label` may flow to `clearance`.
  Bit FlowsTo(const LabelBits& label, hpol::Label clearance) {
    Bit flows = b_.Const(true);
    for (size_t i = 0; i < label.size(); ++i)
      if (((clearance.word >> i) & 1) == 0) flows = b_.And(flows, b_.Not(label[i]));
    return flows;
  }

  // The candidate's target is cleared for what it would be sent.
  Bit Cleared(size_t candidate) { return FlowsTo(SentLabel(candidate), TargetOf(candidate).clearance); }

  // The candidate may be sent what the field registry does not know.
  Bit MaySeeUnregistered(size_t candidate) {
    if (TargetOf(candidate).clearance == top_) return b_.Const(true);
    return b_.Not(b_.Unregistered());
  }

  // What the run time may choose from. A request that it leaves without any is denied.
  std::vector<Bit> Remaining(const Walk& walk) {
    std::vector<Bit> remaining;
    for (size_t i = 0; i < candidates_.size(); ++i)
      remaining.push_back(b_.And(walk.offered[i], b_.And(Cleared(i), MaySeeUnregistered(i))));
    return remaining;
  }

  // ---- guarantees ----

  // The guarantee does not hold of this outcome (DESIGN 2.2.8): `never P` unless P is surely false, `always
  // P` unless P is surely true; with a `when` that is surely false nothing is demanded.
  Bit Broken(const hir::Guarantee& guarantee, const Outcome& outcome) {
    const Truth property = ConditionOf(guarantee.property, kNoRedaction, outcome);
    const Bit broken = guarantee.never ? b_.May(property) : b_.Not(b_.Must(property));
    if (!guarantee.when) return broken;
    return b_.And(b_.May(ConditionOf(*guarantee.when, kNoRedaction, outcome)), broken);
  }

  // The guarantee does not hold of the request whose `label`, `walk` and `remaining` these are: of some
  // candidate that remains, or of the request itself where it asks about no candidate.
  Bit Broken(const hir::Guarantee& guarantee, const LabelBits& label, const Walk& walk,
             const std::vector<Bit>& remaining) {
    Outcome outcome{&label, nullptr, 0, b_.Const(true), walk.undecided};
    for (const Bit& one : remaining) outcome.denied = b_.And(outcome.denied, b_.Not(one));
    if (!guarantee.about_candidates) return Broken(guarantee, outcome);
    outcome.denied = outcome.undecided = b_.Const(false);
    Bit broken = b_.Const(false);
    for (size_t i = 0; i < candidates_.size(); ++i) {
      outcome.sent = &SentLabel(i);
      outcome.candidate = i;
      broken = b_.Or(broken, b_.And(remaining[i], Broken(guarantee, outcome)));
    }
    return broken;
  }

  // ---- conditions ----

  // `label` is what kLevel and kCategory ask about; null in classify, where none may occur.
  Truth Condition(const hir::Expr& expr, RedactionId cover, const LabelBits* label) {
    return ConditionOf(expr, cover, {label, nullptr, 0, b_.Const(false), b_.Const(false)});
  }

  Truth ConditionOf(const hir::Expr& expr, RedactionId cover, const Outcome& outcome) {
    switch (expr.kind) {
      case hir::Expr::Kind::kTrue:
        return Known(true);
      case hir::Expr::Kind::kFalse:
        return Known(false);
      case hir::Expr::Kind::kAtom:
        return AtomOf(expr.atom, cover, outcome);
      case hir::Expr::Kind::kNot:
        return b_.Not(ConditionOf(expr.operands[0], cover, outcome));
      case hir::Expr::Kind::kAnd: {
        Truth all = Known(true);
        for (const hir::Expr& operand : expr.operands)
          all = b_.And(all, ConditionOf(operand, cover, outcome));
        return all;
      }
      case hir::Expr::Kind::kOr: {
        Truth any = Known(false);
        for (const hir::Expr& operand : expr.operands) any = b_.Or(any, ConditionOf(operand, cover, outcome));
        return any;
      }
    }
    return Known(false);
  }

 private:
  Truth Known(bool value) { return b_.FromBit(b_.Const(value)); }
  Row Read(Truth truth) { return {b_.Must(truth), b_.May(truth)}; }
  LabelBits Bottom() { return LabelBits(64, b_.Const(false)); }

  hpol::Label ClassifyLabel(size_t row) const {
    const size_t floors = policy_.floors.size();
    return row < floors ? policy_.floors[row].label : policy_.raises[row - floors].label;
  }

  void JoinIf(LabelBits& label, hpol::Label joined, Bit condition) {
    for (size_t i = 0; i < label.size(); ++i)
      if ((joined.word >> i) & 1) label[i] = b_.Or(label[i], condition);
  }

  const hir::Target& TargetOf(size_t candidate) const {
    return policy_.targets[candidates_[candidate].target.value];
  }

  // A candidate is offered where the route that was hit offers it, and so does every route that wavers.
  // With thousands of routes, "every route but those that offer it" is read from sums over ranges.
  void Offer(const std::vector<Bit>& wavers, Walk& walk) {
    std::vector<std::vector<size_t>> offering(candidates_.size());  // routes, in order
    for (size_t row = 0; row < policy_.routes.size(); ++row)
      for (const hir::Step& step : policy_.routes[row].steps) {
        std::vector<size_t>& rows = offering[index_.at({step.target, step.redaction})];
        if (rows.empty() || rows.back() != row) rows.push_back(row);
      }
    const RangeOr any_waver(b_, wavers);
    for (const std::vector<size_t>& rows : offering) {
      Bit taken = b_.Const(false);
      Bit refused = b_.Const(false);
      size_t next = 0;
      for (const size_t row : rows) {
        taken = b_.Or(taken, walk.hit[row]);
        refused = b_.Or(refused, any_waver(next, row));
        next = row + 1;
      }
      refused = b_.Or(refused, any_waver(next, wavers.size()));
      walk.refused.push_back(refused);
      walk.offered.push_back(b_.And(taken, b_.Not(refused)));
    }
  }

  // OR of any range of bits, by the sums of aligned blocks of 1, 2, 4, …
  class RangeOr {
   public:
    RangeOr(B& algebra, std::vector<Bit> bits) : b_(algebra) {
      sums_.push_back(std::move(bits));
      while (sums_.back().size() > 1) {
        const std::vector<Bit>& below = sums_.back();
        std::vector<Bit> above;
        for (size_t i = 0; i + 1 < below.size(); i += 2) above.push_back(b_.Or(below[i], below[i + 1]));
        sums_.push_back(std::move(above));
      }
    }
    Bit operator()(size_t begin, size_t end) const {
      Bit any = b_.Const(false);
      for (size_t level = 0; begin < end; ++level, begin /= 2, end /= 2) {
        if (begin % 2 == 1) any = b_.Or(any, sums_[level][begin++]);
        if (end % 2 == 1) any = b_.Or(any, sums_[level][--end]);
      }
      return any;
    }

   private:
    B& b_;
    std::vector<std::vector<Bit>> sums_;
  };

  Truth AtomOf(const hir::Atom& atom, RedactionId cover, const Outcome& outcome) {
    using Kind = hir::Atom::Kind;
    const LabelBits* label = atom.whose == hir::LabelOf::kSent ? outcome.sent : outcome.label;
    switch (atom.kind) {
      case Kind::kLevel:
        return label == nullptr ? Known(false) : b_.FromBit(LevelIs(atom, *label));
      case Kind::kCategory:
        return label == nullptr ? Known(false) : b_.FromBit(Reaches(*label, atom.label));
      case Kind::kLabel:
        return label == nullptr ? Known(false) : b_.FromBit(LabelIs(atom, *label));
      case Kind::kDenied:
        return b_.FromBit(outcome.denied);
      case Kind::kUndecided:
        return b_.FromBit(outcome.undecided);
      case Kind::kTarget:
      case Kind::kZone:
      case Kind::kTrusted:
      case Kind::kRegion:
      case Kind::kRedaction:
        return Known(outcome.sent != nullptr && Places(atom, candidates_[outcome.candidate]));
      default:
        return b_.Atom(atom, cover);
    }
  }

  // What an atom says of a candidate is known from the policy alone.
  bool Places(const hir::Atom& atom, const CandidatePair& pair) const {
    const auto one_of = [&](uint32_t index) {
      return std::find(atom.members.begin(), atom.members.end(), index) != atom.members.end();
    };
    const hir::Target& target = policy_.targets[pair.target.value];
    switch (atom.kind) {
      case hir::Atom::Kind::kTarget:
        return one_of(pair.target.value);
      case hir::Atom::Kind::kZone:
        return one_of(target.zone.value);
      case hir::Atom::Kind::kTrusted:
        return policy_.zones[target.zone.value].trusted;
      case hir::Atom::Kind::kRegion:
        return std::find(atom.texts.begin(), atom.texts.end(), target.region) != atom.texts.end();
      default:
        return pair.redaction != kNoRedaction && one_of(pair.redaction.value);
    }
  }

  // `wanted` flows to `label`.
  Bit Reaches(const LabelBits& label, hpol::Label wanted) {
    Bit reaches = b_.Const(true);
    for (size_t i = 0; i < label.size(); ++i)
      if ((wanted.word >> i) & 1) reaches = b_.And(reaches, label[i]);
    return reaches;
  }

  Bit LabelIs(const hir::Atom& atom, const LabelBits& label) {
    const Bit at_least = Reaches(label, atom.label);
    const Bit at_most = FlowsTo(label, atom.label);
    switch (atom.op) {
      case hir::CompareOp::kGreaterEqual:
        return at_least;
      case hir::CompareOp::kLessEqual:
        return at_most;
      case hir::CompareOp::kEqual:
        return b_.And(at_least, at_most);
      case hir::CompareOp::kNotEqual:
        return b_.Not(b_.And(at_least, at_most));
      case hir::CompareOp::kLess:
        return b_.And(at_most, b_.Not(at_least));
      case hir::CompareOp::kGreater:
        return b_.And(at_least, b_.Not(at_most));
    }
    return b_.Const(false);
  }

  Bit LevelAtLeast(const LabelBits& label, int level) {
    if (level <= 0) return b_.Const(true);
    if (level > static_cast<int>(policy_.levels.size()) - 1) return b_.Const(false);
    return label[static_cast<size_t>(level) - 1];
  }

  Bit LevelIs(const hir::Atom& atom, const LabelBits& label) {
    const int level = atom.label.level();
    const Bit at_least = LevelAtLeast(label, level);
    const Bit above = LevelAtLeast(label, level + 1);
    switch (atom.op) {
      case hir::CompareOp::kEqual:
        return b_.And(at_least, b_.Not(above));
      case hir::CompareOp::kNotEqual:
        return b_.Or(b_.Not(at_least), above);
      case hir::CompareOp::kLess:
        return b_.Not(at_least);
      case hir::CompareOp::kLessEqual:
        return b_.Not(above);
      case hir::CompareOp::kGreater:
        return above;
      case hir::CompareOp::kGreaterEqual:
        return at_least;
    }
    return b_.Const(false);
  }

  const hir::Policy& policy_;
  B& b_;
  std::vector<CandidatePair> candidates_;
  std::map<CandidatePair, size_t> index_;
  hpol::Label top_;
  std::map<RedactionId, LabelBits> sent_;
};

}  // namespace hpol::reference
