// What one policy means of every request, as literals: labels, routes, candidates. Every question that the
// prover asks is put together from these. Private to compiler/prove.
#pragma once

#include <vector>

#include "compiler/prove/literals.h"
#include "compiler/prove/solver.h"
#include "compiler/reference/meaning.h"

namespace hpol::prove {

class Formula {
 public:
  using Meaning = reference::Meaning<Literals>;

  // Both must outlive this; `world` is built and has noted `policy`.
  Formula(const hir::Policy& policy, World& world);
  Formula(const Formula&) = delete;
  Formula& operator=(const Formula&) = delete;

  const hir::Policy& policy() const { return policy_; }
  World& world() { return world_; }
  Literals& literals() { return literals_; }
  const Variables& variables() const { return literals_.variables(); }
  Meaning& meaning() { return meaning_; }

  // The request is not turned away at the door.
  Lit admitted() const { return admitted_; }
  const std::vector<Meaning::Row>& rows() const { return rows_; }
  const Meaning::LabelBits& label() const { return label_; }
  const Meaning::Walk& walk() const { return walk_; }
  // By candidate: the target is cleared for what it would be sent.
  const std::vector<Lit>& cleared() const { return cleared_; }
  // By candidate: what the run time may choose.
  const std::vector<Lit>& remaining() const { return remaining_; }

  // What a question about this policy may leave out at first: which rule is the first, and which candidates
  // rules that waver take away.
  void Defer(Deferrals& deferrals) const;

 private:
  const hir::Policy& policy_;
  World& world_;
  Literals literals_;
  Meaning meaning_;
  Lit admitted_;
  std::vector<Meaning::Row> rows_;
  Meaning::LabelBits label_;
  Meaning::Walk walk_;
  std::vector<Lit> cleared_, remaining_;
};

}  // namespace hpol::prove
