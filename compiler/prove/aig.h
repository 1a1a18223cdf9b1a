// A Boolean function as a graph of ANDs and negations: equal nodes are one node, constants fold.
// What the meaning of a policy becomes before anything is solved. Private to compiler/prove.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace hpol::prove {

// Node times two, plus one when negated.
using Lit = uint32_t;
inline constexpr Lit kFalse = 0;
inline constexpr Lit kTrue = 1;
constexpr Lit Negate(Lit lit) { return lit ^ 1; }
constexpr uint32_t NodeOf(Lit lit) { return lit >> 1; }
constexpr bool IsNegated(Lit lit) { return (lit & 1) != 0; }

class Aig {
 public:
  Aig();

  // A free variable. Inputs are counted from 0 in the order of creation.
  Lit NewInput();
  Lit And(Lit a, Lit b);
  Lit Or(Lit a, Lit b) { return Negate(And(Negate(a), Negate(b))); }
  Lit Xor(Lit a, Lit b) { return Or(And(a, Negate(b)), And(Negate(a), b)); }
  Lit If(Lit condition, Lit yes, Lit no) { return Or(And(condition, yes), And(Negate(condition), no)); }
  Lit Implies(Lit a, Lit b) { return Or(Negate(a), b); }
  // Balanced, so that long lists do not become deep graphs.
  Lit All(std::vector<Lit> lits);
  Lit Any(std::vector<Lit> lits);

  size_t size() const { return nodes_.size(); }
  size_t inputs() const { return inputs_; }
  bool IsInput(uint32_t node) const { return nodes_[node].left == kInputMark; }
  bool IsAnd(uint32_t node) const { return node != 0 && !IsInput(node); }
  // Of an input node.
  size_t InputOf(uint32_t node) const { return nodes_[node].right; }
  // Of an AND node; both are of earlier nodes.
  Lit left(uint32_t node) const { return nodes_[node].left; }
  Lit right(uint32_t node) const { return nodes_[node].right; }

  // The nodes that decide `roots`, children first.
  std::vector<uint32_t> Cone(std::span<const Lit> roots) const;

 private:
  static constexpr Lit kInputMark = 0xffffffff;
  struct Node {
    Lit left = 0;
    Lit right = 0;
  };

  // Result of And by what is known of the operands alone; kInputMark when a node is needed.
  Lit Fold(Lit a, Lit b) const;
  void Grow();

  std::vector<Node> nodes_;
  std::vector<uint32_t> table_;  // open addressing over AND nodes; 0 is empty
  size_t entries_ = 0;
  size_t inputs_ = 0;
};

// Values of nodes for 64 assignments at once.
class Lanes {
 public:
  explicit Lanes(const Aig& aig) : aig_(aig) {}
  // One word an input; inputs beyond `inputs` are false. Evaluates `cone` only (see Aig::Cone).
  void Run(std::span<const uint64_t> inputs, std::span<const uint32_t> cone);
  uint64_t operator[](Lit lit) const { return values_[NodeOf(lit)] ^ (IsNegated(lit) ? ~uint64_t{0} : 0); }

 private:
  const Aig& aig_;
  std::vector<uint64_t> values_;
};

}  // namespace hpol::prove
