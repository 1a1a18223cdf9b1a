// For tests: the algebra of Meaning<B> whose values are 64 requests a word, and everything that the meaning
// says in one list. What another algebra is compared with.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <utility>
#include <vector>

#include "compiler/reference/kleene.h"
#include "compiler/reference/meaning.h"

namespace hpol::reference {

// 64 requests a word, each judged in Kleene's values. The policy and its conditions must outlive this.
class KleeneLanes {
 public:
  using Bit = uint64_t;
  struct Truth {
    Bit must = 0;
    Bit may = 0;
  };

  KleeneLanes(const hir::Policy& policy, std::span<const Facts> facts) {
    for (const Facts& one : facts) judges_.emplace_back(policy, one);
  }

  static Bit Const(bool value) { return value ? ~Bit{0} : 0; }
  static Bit And(Bit a, Bit b) { return a & b; }
  static Bit Or(Bit a, Bit b) { return a | b; }
  static Bit Not(Bit a) { return ~a; }
  static Truth And(Truth a, Truth b) { return {a.must & b.must, a.may & b.may}; }
  static Truth Or(Truth a, Truth b) { return {a.must | b.must, a.may | b.may}; }
  static Truth Not(Truth a) { return {~a.may, ~a.must}; }
  static Truth FromBit(Bit a) { return {a, a}; }
  static Bit Must(Truth a) { return a.must; }
  static Bit May(Truth a) { return a.may; }

  // A condition is asked once, however many candidates it is asked about.
  Truth Atom(const hir::Atom& atom, RedactionId cover) {
    const auto [entry, added] = known_.try_emplace({&atom, cover});
    Truth& truth = entry->second;
    if (!added) return truth;
    for (size_t lane = 0; lane < judges_.size(); ++lane) {
      const hpol::Truth one = judges_[lane].Atom(atom, cover);
      truth.must |= Bit{one == hpol::Truth::kTrue} << lane;
      truth.may |= Bit{one != hpol::Truth::kFalse} << lane;
    }
    return truth;
  }
  Bit Unscanned() const {
    return Each([](const Kleene& one) { return one.Unscanned(); });
  }
  Bit Unregistered() const {
    return Each([](const Kleene& one) { return one.Unregistered(); });
  }
  Bit Writes(RedactionId redaction, size_t line) const {
    return Each([&](const Kleene& one) { return one.Writes(redaction, line); });
  }

 private:
  template <typename F>
  Bit Each(F&& ask) const {
    Bit bits = 0;
    for (size_t lane = 0; lane < judges_.size(); ++lane) bits |= Bit{ask(judges_[lane])} << lane;
    return bits;
  }
  std::vector<Kleene> judges_;
  std::map<std::pair<const hir::Atom*, RedactionId>, Truth> known_;
};

// Everything that the meaning says of a request, and of each route and candidate, in one order.
template <typename B>
std::vector<typename B::Bit> Everything(const hir::Policy& policy, B& algebra) {
  Meaning<B> meaning(policy, algebra);
  const auto rows = meaning.ClassifyRows(kNoRedaction);
  const auto label = meaning.LabelOf(rows);
  const auto walk = meaning.WalkRoutes(label);
  std::vector<typename B::Bit> bits(label.begin(), label.end());
  for (const auto& row : rows) bits.insert(bits.end(), {row.must, row.may});
  for (const auto* part : {&walk.taking_part, &walk.hit, &walk.offered})
    bits.insert(bits.end(), part->begin(), part->end());
  bits.insert(bits.end(), {walk.denied, walk.undecided});
  for (size_t i = 0; i < meaning.candidates().size(); ++i) {
    const auto& sent = meaning.SentLabel(i);
    bits.insert(bits.end(), sent.begin(), sent.end());
    bits.insert(bits.end(), {meaning.Cleared(i), meaning.MaySeeUnregistered(i)});
  }
  const auto remaining = meaning.Remaining(walk);
  for (const hir::Guarantee& guarantee : policy.guarantees)
    bits.push_back(algebra.And(meaning.Admitted(), meaning.Broken(guarantee, label, walk, remaining)));
  return bits;
}

}  // namespace hpol::reference
