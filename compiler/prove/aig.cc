#include "compiler/prove/aig.h"

#include <algorithm>
#include <utility>

namespace hpol::prove {
namespace {

size_t HashOf(Lit a, Lit b) {
  uint64_t key = (uint64_t{a} << 32) | b;
  key *= 0x9e3779b97f4a7c15ull;
  return static_cast<size_t>(key ^ (key >> 29));
}

}  // namespace

Aig::Aig() : nodes_(1), table_(1024, 0) {}  // node 0 is the constant

Lit Aig::NewInput() {
  nodes_.push_back({kInputMark, static_cast<Lit>(inputs_++)});
  return static_cast<Lit>(nodes_.size() - 1) * 2;
}

// Besides constants: what a child that is itself an AND says of the other child.
Lit Aig::Fold(Lit a, Lit b) const {
  if (a == kFalse || b == kFalse || a == Negate(b)) return kFalse;
  if (a == kTrue || a == b) return b;
  if (b == kTrue) return a;
  for (const auto& [one, other] : {std::pair(a, b), std::pair(b, a)}) {
    if (!IsAnd(NodeOf(one))) continue;
    const Node& node = nodes_[NodeOf(one)];
    const bool holds = node.left == other || node.right == other;
    const bool contradicts = node.left == Negate(other) || node.right == Negate(other);
    if (!IsNegated(one) && holds) return one;
    if (!IsNegated(one) && contradicts) return kFalse;
    if (IsNegated(one) && contradicts) return other;
  }
  return kInputMark;
}

Lit Aig::And(Lit a, Lit b) {
  if (a > b) std::swap(a, b);
  const Lit folded = Fold(a, b);
  if (folded != kInputMark) return folded;
  if (entries_ * 2 >= table_.size()) Grow();
  const size_t mask = table_.size() - 1;
  size_t slot = HashOf(a, b) & mask;
  for (; table_[slot] != 0; slot = (slot + 1) & mask) {
    const Node& node = nodes_[table_[slot]];
    if (node.left == a && node.right == b) return table_[slot] * 2;
  }
  const auto index = static_cast<uint32_t>(nodes_.size());
  nodes_.push_back({a, b});
  table_[slot] = index;
  ++entries_;
  return index * 2;
}

void Aig::Grow() {
  std::vector<uint32_t> old(table_.size() * 2, 0);
  old.swap(table_);
  const size_t mask = table_.size() - 1;
  for (const uint32_t node : old) {
    if (node == 0) continue;
    size_t slot = HashOf(nodes_[node].left, nodes_[node].right) & mask;
    while (table_[slot] != 0) slot = (slot + 1) & mask;
    table_[slot] = node;
  }
}

Lit Aig::All(std::vector<Lit> lits) {
  if (lits.empty()) return kTrue;
  while (lits.size() > 1) {
    size_t out = 0;
    for (size_t i = 0; i + 1 < lits.size(); i += 2) lits[out++] = And(lits[i], lits[i + 1]);
    if (lits.size() % 2 == 1) lits[out++] = lits.back();
    lits.resize(out);
  }
  return lits.front();
}

Lit Aig::Any(std::vector<Lit> lits) {
  for (Lit& lit : lits) lit = Negate(lit);
  return Negate(All(std::move(lits)));
}

std::vector<uint32_t> Aig::Cone(std::span<const Lit> roots) const {
  // Children stand before their parents, so marking runs downwards in one sweep.
  uint32_t highest = 0;
  for (const Lit root : roots) highest = std::max(highest, NodeOf(root));
  std::vector<bool> needed(size_t{highest} + 1, false);
  for (const Lit root : roots) needed[NodeOf(root)] = true;
  size_t count = 0;
  for (uint32_t node = highest; node > 0; --node) {
    if (!needed[node]) continue;
    ++count;
    if (IsInput(node)) continue;
    needed[NodeOf(nodes_[node].left)] = true;
    needed[NodeOf(nodes_[node].right)] = true;
  }
  std::vector<uint32_t> cone;
  cone.reserve(count);
  for (uint32_t node = 1; node <= highest; ++node)
    if (needed[node]) cone.push_back(node);
  return cone;
}

void Lanes::Run(std::span<const uint64_t> inputs, std::span<const uint32_t> cone) {
  values_.resize(aig_.size());
  values_[0] = 0;
  for (const uint32_t node : cone) {
    if (aig_.IsInput(node)) {
      const size_t input = aig_.InputOf(node);
      values_[node] = input < inputs.size() ? inputs[input] : 0;
    } else {
      values_[node] = (*this)[aig_.left(node)] & (*this)[aig_.right(node)];
    }
  }
}

}  // namespace hpol::prove
