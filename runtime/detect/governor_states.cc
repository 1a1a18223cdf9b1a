// Making the combined automaton: classes of bytes, what can begin where, and states when text needs them.
#include <algorithm>
#include <map>
#include <utility>

#include "runtime/detect/governor.h"

namespace hpol::detect {
namespace {

constexpr size_t kPairsPerState = 16;  // for which memory is set aside

}  // namespace

Governor::Governor(std::span<const hpol_detector_code> detectors, size_t memory) {
  always_.assign((detectors.size() + 63) / 64, 0);
  for (uint32_t d = 0; d < detectors.size(); ++d) {
    automata_.push_back(detectors[d].coarse != nullptr ? detectors[d].coarse : detectors[d].automaton);
    if (automata_[d] == nullptr || detectors[d].word_lists != 0) always_[d >> 6] |= uint64_t{1} << (d & 63);
  }
  max_pairs_ = static_cast<uint32_t>(512 + 8 * detectors.size());
  MakeClasses();
  MakeGroups();
  MakeMemory(memory);
}

void Governor::MakeClasses() {
  std::array<uint32_t, 256> id{};
  for (uint32_t d = 0; d < automata_.size(); ++d) {
    if (IsAlways(d)) continue;
    const Automaton automaton(*automata_[d]);
    std::map<std::pair<uint32_t, uint32_t>, uint32_t> ids;
    for (uint32_t byte = 0; byte < 256; ++byte) {
      const auto fresh = static_cast<uint32_t>(ids.size());
      id[byte] =
          ids.try_emplace({id[byte], automaton.ClassOf(static_cast<uint8_t>(byte))}, fresh).first->second;
    }
  }
  for (uint32_t byte = 0; byte < 256; ++byte) {
    if (id[byte] == byte_of_.size()) byte_of_.push_back(static_cast<uint8_t>(byte));
    class_of_[byte] = static_cast<uint8_t>(id[byte]);
  }
}

void Governor::MakeGroups() {
  // By group: the state of each detector after the byte before; 0: nothing of it begins there.
  std::map<std::vector<uint32_t>, uint32_t> groups;
  std::vector<std::vector<uint32_t>> firsts;
  const auto classes = static_cast<uint32_t>(byte_of_.size());
  for (uint32_t before = 0; before <= classes; ++before) {
    std::vector<uint32_t> first(automata_.size(), 0);
    for (uint32_t d = 0; d < automata_.size(); ++d) {
      if (IsAlways(d)) continue;
      const Automaton automaton(*automata_[d]);
      first[d] = automaton.Next(automaton.start(), before == classes ? automaton.edge_class()
                                                                     : automaton.ClassOf(byte_of_[before]));
    }
    const auto [entry, added] = groups.try_emplace(std::move(first), static_cast<uint32_t>(groups.size()));
    if (added) firsts.push_back(entry->first);
    group_of_.push_back(entry->second);
  }
  size_t most = 0;
  enter_first_.push_back(0);
  for (const std::vector<uint32_t>& first : firsts) {
    for (uint32_t c = 0; c < classes; ++c) {
      for (uint32_t d = 0; d < automata_.size(); ++d) {
        if (first[d] == 0) continue;
        const Automaton automaton(*automata_[d]);
        const uint32_t next = automaton.Next(first[d], automaton.ClassOf(byte_of_[c]));
        if (next != 0) enter_.push_back(Pair(d, next));
      }
      most = std::max(most, enter_.size() - enter_first_.back());
      enter_first_.push_back(static_cast<uint32_t>(enter_.size()));
    }
  }
  starts_.resize(firsts.size());
  fresh_.resize(max_pairs_ + most + automata_.size());
  saved_.resize(kChains * max_pairs_);
}

void Governor::MakeMemory(size_t memory) {
  const size_t classes = byte_of_.size();
  const size_t each =
      classes * sizeof(Row) + sizeof(State) + 2 * sizeof(Row) + kPairsPerState * sizeof(uint64_t);
  const size_t rows = std::min(memory / each, size_t{INT32_MAX} / 2 / classes);
  if (rows < 8 * kChains) return;  // too little to begin with: every call flags every detector
  stride_ = static_cast<Row>(classes);
  specials_ = static_cast<Row>(rows / 4);
  normals_ = static_cast<Row>(rows) - specials_;
  unknown_ = -stride_;
  table_ = std::make_unique_for_overwrite<Row[]>(rows * classes);
  base_ = table_.get() + static_cast<size_t>(specials_) * classes;
  states_.resize(rows);
  keys_size_ = rows * kPairsPerState;
  sets_.resize(kMaxSets * always_.size());
  keys_ = std::make_unique_for_overwrite<uint64_t[]>(keys_size_);
  size_t slots = 1;
  while (slots < rows + rows / 2) slots *= 2;
  slots_.resize(slots);
  Clear();
}

// Nothing but `unknown_` and the state in which nothing lives.
void Governor::Clear() {
  std::fill(slots_.begin(), slots_.end(), unknown_);
  std::fill(starts_.begin(), starts_.end(), unknown_);
  used_keys_ = 0;
  used_sets_ = 1;
  used_specials_ = 1;
  used_normals_ = 0;
  std::fill(base_ + unknown_, base_ + unknown_ + stride_, unknown_);
  Of(unknown_) = {};
  Row dead = unknown_;
  Place({}, Hash({}), &dead);
  std::fill(base_ + dead, base_ + dead + stride_, dead);
}

void Governor::Reset() {
  ++counters_.resets;
  std::array<Key, kChains> keys;
  for (size_t k = 0; k < kChains; ++k) {
    keys[k] = Of(chains_[k].row).key;
    keys[k].matched = 0;  // seen already
    keys[k].flagged = 0;  // may be flagged again
    uint64_t* const copy = saved_.data() + k * max_pairs_;
    const uint64_t* const end = std::copy_if(keys[k].data, keys[k].data + keys[k].pairs, copy,
                                             [this](uint64_t pair) { return !IsAlways(DetectorOf(pair)); });
    keys[k].data = copy;
    keys[k].pairs = static_cast<uint32_t>(end - copy);
  }
  Clear();
  for (size_t k = 0; k < kChains; ++k) {
    const uint32_t hash = Hash(keys[k]);
    chains_[k].row = Find(keys[k], hash);
    // Where even these do not fit, nothing more is built, and the call gives up.
    if (chains_[k].row == unknown_ && !Place(keys[k], hash, &chains_[k].row)) {
      chains_[k].row = 0;
      ration_ = 0;
    }
  }
}

uint32_t Governor::Hash(const Key& key) {
  uint64_t hash = (uint64_t{key.flagged} << 32 | key.group) * 0x9E3779B97F4A7C15u + key.pairs;
  for (uint32_t i = 0; i < key.size(); ++i) {
    hash = (hash ^ key.data[i]) * 0x9E3779B97F4A7C15u;
    hash ^= hash >> 32;
  }
  return static_cast<uint32_t>(hash);
}

Governor::Row Governor::Find(const Key& key, uint32_t hash) const {
  for (size_t slot = hash & (slots_.size() - 1); slots_[slot] != unknown_;
       slot = (slot + 1) & (slots_.size() - 1)) {
    const State& state = Of(slots_[slot]);
    if (state.hash == hash && state.key.group == key.group && state.key.flagged == key.flagged &&
        state.key.pairs == key.pairs && state.key.matched == key.matched &&
        std::equal(key.data, key.data + key.size(), state.key.data)) {
      return slots_[slot];
    }
  }
  return unknown_;
}

// A new row for a state that has none; false when memory is full.
bool Governor::Place(const Key& key, uint32_t hash, Row* row) {
  const bool special = key.matched > 0;
  if (used_keys_ + key.size() > keys_size_) return false;
  if (special ? used_specials_ == specials_ : used_normals_ == normals_) return false;
  *row = special ? -++used_specials_ * stride_ : used_normals_++ * stride_;
  std::fill(base_ + *row, base_ + *row + stride_, unknown_);
  std::copy(key.data, key.data + key.size(), keys_.get() + used_keys_);
  State& state = Of(*row);
  state = {key, hash, key.group == kNoGroup ? *row : unknown_, unknown_};
  state.key.data = keys_.get() + used_keys_;
  used_keys_ += key.size();
  size_t slot = hash & (slots_.size() - 1);
  while (slots_[slot] != unknown_) slot = (slot + 1) & (slots_.size() - 1);
  slots_[slot] = *row;
  return true;
}

Governor::Row Governor::Make(const Key& key) {
  const uint32_t hash = Hash(key);
  Row row = Find(key, hash);
  if (row != unknown_) return row;
  // A state of many detectors has many pairs, and takes as much longer to make.
  const uint64_t price = kBytesPerState * (1 + automata_.size() / 32);
  if (ration_ < price) return unknown_;
  ration_ -= price;
  ++counters_.built;
  if (Place(key, hash, &row)) return row;
  Reset();
  row = Find(key, hash);
  return row != unknown_ || Place(key, hash, &row) ? row : unknown_;
}

Governor::Row Governor::Start(const uint8_t* text, uint32_t at) {
  const uint32_t group = group_of_[at == 0 ? byte_of_.size() : class_of_[text[at - 1]]];
  if (starts_[group] != unknown_) return starts_[group];
  const Row row = Make({nullptr, 0, 0, group, 0});
  starts_[group] = row;
  return row;
}

Governor::Row Governor::Drained(Row row) {
  const State& state = Of(row);
  if (state.drained != unknown_) return state.drained;
  const uint64_t resets = counters_.resets;
  Key key{fresh_.data(), state.key.pairs, 0, kNoGroup, 0};
  std::copy(state.key.data, state.key.data + key.pairs, fresh_.data());
  const Row drained = Make(key);
  if (resets == counters_.resets) Of(row).drained = drained;
  return drained;
}

Governor::Row Governor::Quiet(Row row) {
  const State& state = Of(row);
  if (state.quiet != unknown_) return state.quiet;
  const uint64_t resets = counters_.resets;
  const uint64_t* const matched = state.key.data + state.key.pairs;
  const uint64_t* const matched_end = matched + state.key.matched;
  Key key{fresh_.data(), state.key.pairs, 0, state.key.group, state.key.flagged};
  std::copy(state.key.data, matched, fresh_.data());
  if (key.group != kNoGroup) key.flagged = SetWith(key.flagged, matched, state.key.matched);
  if (key.flagged != state.key.flagged || key.group == kNoGroup) {
    const uint64_t* end = std::remove_if(fresh_.data(), fresh_.data() + key.pairs, [&](uint64_t pair) {
      return std::find(matched, matched_end, DetectorOf(pair)) != matched_end;
    });
    key.pairs = static_cast<uint32_t>(end - fresh_.data());
  }
  const Row quiet = Make(key);
  if (resets == counters_.resets) Of(row).quiet = quiet;
  return quiet;
}

// The set that has these detectors too; the same set when there is room for no other.
uint32_t Governor::SetWith(uint32_t set, const uint64_t* detectors, uint32_t count) {
  const size_t words = always_.size();
  if (used_sets_ == kMaxSets) return set;
  uint64_t* const fresh = sets_.data() + used_sets_ * words;
  std::copy_n(sets_.data() + set * words, words, fresh);
  for (uint32_t i = 0; i < count; ++i) fresh[detectors[i] >> 6] |= uint64_t{1} << (detectors[i] & 63);
  for (uint32_t known = 0; known < used_sets_; ++known) {
    if (std::equal(fresh, fresh + words, sets_.data() + known * words)) return known;
  }
  return used_sets_++;
}

Governor::Row Governor::Build(Row from, uint32_t byte_class) {
  const uint64_t resets = counters_.resets;
  const Row row = Make(Follow(Of(from).key, byte_class));
  if (resets == counters_.resets) base_[from + static_cast<Row>(byte_class)] = row;
  return row;
}

// The state after one more byte, in fresh_.
Governor::Key Governor::Follow(const Key& from, uint32_t byte_class) {
  const uint8_t byte = byte_of_[byte_class];
  Key key{fresh_.data(), 0, 0, kNoGroup, from.flagged};
  uint64_t* out = fresh_.data();
  for (uint32_t i = 0; i < from.pairs; ++i) {
    const Automaton automaton = AutomatonOf(from.data[i]);
    const uint32_t next = automaton.Next(static_cast<uint32_t>(from.data[i]), automaton.ClassOf(byte));
    if (next != 0) *out++ = Pair(DetectorOf(from.data[i]), next);
  }
  if (from.group != kNoGroup) {
    const size_t cell = from.group * byte_of_.size() + byte_class;
    for (uint32_t i = enter_first_[cell]; i < enter_first_[cell + 1]; ++i) {
      const uint32_t detector = DetectorOf(enter_[i]);
      if (!IsAlways(detector) && !IsIn(from.flagged, detector)) *out++ = enter_[i];
    }
    key.group = group_of_[byte_class];
  }
  std::sort(fresh_.data(), out);
  key.pairs = static_cast<uint32_t>(std::unique(fresh_.data(), out) - fresh_.data());
  if (key.pairs > max_pairs_) DropLargest(&key);
  // Pairs of one detector stand together, so each detector is listed once.
  for (uint32_t i = 0; i < from.pairs; ++i) {
    const Automaton automaton = AutomatonOf(from.data[i]);
    const uint64_t detector = DetectorOf(from.data[i]);
    if (!automaton.Accepts(static_cast<uint32_t>(from.data[i]), automaton.ClassOf(byte))) continue;
    if (key.matched > 0 && fresh_[key.size() - 1] == detector) continue;
    fresh_[key.size()] = detector;
    ++key.matched;
  }
  return key;
}

// Leaves out the detectors of which most stand in the state, for good.
void Governor::DropLargest(Key* key) {
  uint64_t* const data = fresh_.data();
  while (key->pairs > max_pairs_) {
    uint32_t worst = 0;
    size_t most = 0;
    for (size_t i = 0; i < key->pairs;) {
      size_t end = i;
      while (end < key->pairs && DetectorOf(data[end]) == DetectorOf(data[i])) ++end;
      if (end - i > most) worst = DetectorOf(data[i]);
      most = std::max(most, end - i);
      i = end;
    }
    always_[worst >> 6] |= uint64_t{1} << (worst & 63);
    const uint64_t* end =
        std::remove_if(data, data + key->pairs, [worst](uint64_t pair) { return DetectorOf(pair) == worst; });
    key->pairs = static_cast<uint32_t>(end - data);
  }
}

}  // namespace hpol::detect
