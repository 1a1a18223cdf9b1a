// Reading text with the combined automaton. How it is made: governor_states.cc.
#include "runtime/detect/governor.h"

#include <algorithm>

namespace hpol::detect {

void Governor::Flag(std::string_view text, uint32_t begin, uint32_t end, std::span<uint64_t> may,
                    uint32_t drain) {
  if (begin >= end) return;
  for (size_t i = 0; i < always_.size(); ++i) may[i] |= always_[i];
  ration_ = std::min(kRation, ration_ + (end - begin));
  if (base_ == nullptr || !FlagBlock(text, begin, end, may, drain)) {
    ++counters_.given_up;
    for (uint32_t d = 0; d < automata_.size(); ++d) may[d >> 6] |= uint64_t{1} << (d & 63);
  }
  for (size_t i = 0; i < always_.size(); ++i) may[i] |= always_[i];  // some may be new
  chains_.fill({});
}

bool Governor::FlagBlock(std::string_view text, uint32_t begin, uint32_t end, std::span<uint64_t> may,
                         uint32_t drain) {
  const auto* bytes = reinterpret_cast<const uint8_t*>(text.data());
  const uint32_t size = end - begin;
  // Stretches that are shorter than what is read behind them would not pay.
  const size_t count = size >= kChains * kDrainBytes ? kChains : 1;
  const uint32_t each = size / static_cast<uint32_t>(count);
  for (size_t i = 0; i < count; ++i) {
    const uint32_t at = begin + static_cast<uint32_t>(i) * each;
    chains_[i].at = bytes + at;
    chains_[i].row = 0;
  }
  for (size_t i = 0; i < count; ++i) {
    const Row row = Start(bytes, begin + static_cast<uint32_t>(i) * each);
    if (row == unknown_) return false;
    chains_[i].row = row;
  }
  if (!(count == 1 ? Run<1>(each, may) : Run<kChains>(each, may))) return false;
  if (!RunSlowly(chains_[count - 1], size - each * static_cast<uint32_t>(count), may)) return false;
  for (size_t i = 0; i < count; ++i) {
    const Row row = Drained(chains_[i].row);
    if (row == unknown_) return false;
    chains_[i].row = row;
  }
  return Drain(bytes + text.size(), may, drain);
}

// The only loop that matters. It goes on through unknown_, whose row leads to itself, and looks at what
// happened once a step of kStep bytes; then the step is read again, slowly.
template <size_t kCount>
bool Governor::Run(uint32_t bytes, std::span<uint64_t> may) {
  const Row* const base = base_;
  const uint8_t* const class_of = class_of_.data();
  for (; bytes >= kStep; bytes -= kStep) {
    int64_t rows[kCount];
    const uint8_t* at[kCount];
    for (size_t k = 0; k < kCount; ++k) {
      rows[k] = chains_[k].row;
      at[k] = chains_[k].at;
    }
    int64_t signs = 0;
    for (uint32_t i = 0; i < kStep; ++i) {
      for (size_t k = 0; k < kCount; ++k) {
        rows[k] = base[rows[k] + class_of[at[k][i]]];
        signs |= rows[k];
      }
    }
    for (size_t k = 0; k < kCount; ++k) {
      if (signs >= 0) {
        chains_[k].row = static_cast<Row>(rows[k]);
        chains_[k].at += kStep;
      } else if (!RunSlowly(chains_[k], kStep, may)) {
        return false;
      }
    }
  }
  for (size_t k = 0; k < kCount; ++k) {
    if (!RunSlowly(chains_[k], bytes, may)) return false;
  }
  return true;
}

bool Governor::RunSlowly(Chain& chain, uint32_t bytes, std::span<uint64_t> may) {
  for (; bytes > 0; --bytes) {
    const uint32_t byte_class = class_of_[*chain.at];
    Row row = base_[chain.row + static_cast<Row>(byte_class)];
    if (row < 0) {
      if (row == unknown_) row = Build(chain.row, byte_class);
      if (row == unknown_) return false;
      if (row < 0) {
        FlagMatched(Of(row).key, may);
        row = Quiet(row);
        if (row == unknown_) return false;
      }
    }
    chain.row = row;
    ++chain.at;
  }
  return true;
}

// Follows what is alive behind the stretches, until it is dead, flagged or too long.
bool Governor::Drain(const uint8_t* end_of_text, std::span<uint64_t> may, uint32_t drain) {
  uint32_t read = 0;
  for (; read < drain; read += kStep) {
    size_t alive = 0;
    bool at_end = false;
    for (Chain& chain : chains_) {
      if (chain.row != 0 && !HasUnflagged(Of(chain.row).key, may)) chain.row = 0;
      alive += chain.row != 0 ? 1 : 0;
      at_end |= chain.at == nullptr || end_of_text - chain.at < kStep;
    }
    if (alive == 0) return true;
    if (alive > 1 && !at_end) {
      if (!Run<kChains>(kStep, may)) return false;
      continue;
    }
    for (Chain& chain : chains_) {
      if (chain.row == 0) continue;
      const auto left = static_cast<uint32_t>(std::min<ptrdiff_t>(end_of_text - chain.at, kStep));
      if (!RunSlowly(chain, left, may)) return false;
    }
  }
  for (const Chain& chain : chains_) {
    if (chain.row == 0) continue;
    chain.at == end_of_text ? FlagAtEdge(Of(chain.row).key, may) : FlagAlive(Of(chain.row).key, may, read);
  }
  return true;
}

void Governor::FlagMatched(const Key& key, std::span<uint64_t> may) const {
  for (uint32_t i = key.pairs; i < key.size(); ++i)
    may[key.data[i] >> 6] |= uint64_t{1} << (key.data[i] & 63);
}

void Governor::FlagAtEdge(const Key& key, std::span<uint64_t> may) const {
  for (uint32_t i = 0; i < key.pairs; ++i) {
    const Automaton automaton = AutomatonOf(key.data[i]);
    const uint32_t d = DetectorOf(key.data[i]);
    if (automaton.Accepts(static_cast<uint32_t>(key.data[i]), automaton.edge_class()))
      may[d >> 6] |= uint64_t{1} << (d & 63);
  }
}

// Those whose matches may be longer than what was read behind their stretch, with the byte after them.
void Governor::FlagAlive(const Key& key, std::span<uint64_t> may, uint32_t read) const {
  for (uint32_t i = 0; i < key.pairs; ++i) {
    const uint32_t d = DetectorOf(key.data[i]);
    if (automata_[d]->max_length >= read) may[d >> 6] |= uint64_t{1} << (d & 63);
  }
}

bool Governor::HasUnflagged(const Key& key, std::span<const uint64_t> may) const {
  for (uint32_t i = 0; i < key.pairs; ++i) {
    const uint32_t d = DetectorOf(key.data[i]);
    if ((may[d >> 6] >> (d & 63) & 1) == 0) return true;
  }
  return false;
}

}  // namespace hpol::detect
