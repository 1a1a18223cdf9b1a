// The candidate filter and the openings as bytes (runtime/abi/pack.h), and whether what was read back can be
// used at all: every index in it stays inside.
#pragma once

#include <cstddef>

#include "runtime/abi/filter.h"
#include "runtime/abi/openings.h"
#include "runtime/abi/pack.h"

namespace hpol::filter {

template <typename V, pack::Packs<Op> T>
void PackFields(V& visit, T& op) {
  auto& [kind, amount, result, left, right] = op;
  visit(kind), visit(amount), visit(result), visit(left), visit(right);
}

template <typename V, pack::Packs<Output> T>
void PackFields(V& visit, T& output) {
  auto& [plane, detector, back, runs, run] = output;
  visit(plane), visit(detector), visit(back), visit(runs), visit(run);
}

template <typename V, pack::Packs<StepGroup> T>
void PackFields(V& visit, T& group) {
  auto& [guard, ops, outputs] = group;
  visit(guard), visit(ops), visit(outputs);
}

template <typename V, pack::Packs<Anchor> T>
void PackFields(V& visit, T& anchor) {
  auto& [detector, offset, other_offset, other, next] = anchor;
  visit(detector), visit(offset), visit(other_offset), visit(other), visit(next);
}

template <typename V, pack::Packs<Anchors> T>
void PackFields(V& visit, T& anchors) {
  auto& [hash_bits, heads, hash_width, head_width, all, longest_offset] = anchors;
  visit(hash_bits), visit(heads), visit(hash_width), visit(head_width), visit(all), visit(longest_offset);
}

template <typename V, pack::Packs<Literals> T>
void PackFields(V& visit, T& literals) {
  auto& [pairs, groups, wide, buckets, narrow, detectors] = literals;
  visit(pairs), visit(groups), visit(wide), visit(buckets);
  visit(narrow), visit(detectors);
}

template <typename V, pack::Packs<Program> T>
void PackFields(V& visit, T& program) {
  auto& [classes, class_rows, ops, outputs, groups, runs, unfiltered, planes, literals] = program;
  visit(classes), visit(class_rows), visit(ops), visit(outputs), visit(groups), visit(runs);
  visit(unfiltered), visit(planes), visit(literals);
}

// For a policy of so many detectors.
bool IsSound(const Program& program, size_t detectors);

}  // namespace hpol::filter

namespace hpol {

template <typename V, pack::Packs<Openings> T>
void PackFields(V& visit, T& openings) {
  auto& [words, sets] = openings;
  visit(words), visit(sets);
}

bool IsSound(const Openings& openings, size_t detectors);

}  // namespace hpol
