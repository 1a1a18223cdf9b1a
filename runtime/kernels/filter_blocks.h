// The walk over a text's blocks, which every variant shares: a variant gives the class planes of a block and
// the places where literals may be; the rest is here. Included by the kernels only. Everything is in an
// unnamed namespace: were it shared, the linker could give the scalar kernel a copy that was compiled for
// another CPU.
#pragma once

#include <algorithm>
#include <bit>
#include <cstring>
#include <string_view>
#include <vector>

#include "runtime/kernels/filter_variants.h"

namespace hpol::filter {
namespace {

constexpr uint32_t kNewLanes = kBlockBytes / 64;  // words of a block that are its own
constexpr uint32_t kReadAhead = 5;                // bytes after a lane that a level may read
constexpr uint32_t kLanesAtOnce = 9 * kNewLanes;  // of which the literal places are looked at together
constexpr uint32_t kDense =
    32;  // places of candidates in a block above which the judge is asked; more with many outputs

struct alignas(64) Planes {
  uint64_t words[kClassPlanes][kLanes];
};

// A text in lanes of 64 bytes. Those that it ends in, or before their read-ahead, are a copy with zeros after
// its end.
class CopiedLanes {
 public:
  CopiedLanes(std::string_view text, Candidates& candidates)
      : text_(reinterpret_cast<const uint8_t*>(text.data())),
        last_(candidates.last_lanes.data()),
        whole_(text.size() < kReadAhead ? 0 : (text.size() - kReadAhead) / 64),
        count_((text.size() + 63) / 64) {
    candidates.last_lanes.fill(0);
    std::memcpy(candidates.last_lanes.data(), text_ + 64 * whole_, text.size() - 64 * whole_);
  }

  uint64_t whole() const { return whole_; }  // that are read where they stand
  uint64_t count() const { return count_; }
  // 64 bytes, and kReadAhead more.
  const uint8_t* At(uint64_t lane) const {
    return lane < whole_ ? text_ + 64 * lane : last_ + 64 * (lane - whole_);
  }

 private:
  const uint8_t* text_;
  const uint8_t* last_;
  uint64_t whole_;
  uint64_t count_;
};

inline uint32_t WordsSet(const uint64_t* plane) {
  uint32_t set = 0;
  for (uint32_t lane = 1; lane < kLanes; ++lane) set |= (plane[lane] != 0 ? 1u : 0u) << lane;
  return set;
}

inline bool InSet(const std::array<uint64_t, 4>& set, uint8_t byte) {
  return (set[byte >> 6] >> (byte & 63)) & 1;
}

inline uint32_t FourBytes(const uint8_t* at) {
  uint32_t bytes;
  std::memcpy(&bytes, at, 4);
  return bytes;
}

// Four bytes at `at`, zeros where the text has ended.
inline uint32_t FourBytesOf(std::string_view text, uint64_t at) {
  if (__builtin_expect(at + 4 <= text.size(), 1))
    return FourBytes(reinterpret_cast<const uint8_t*>(text.data()) + at);
  uint32_t bytes = 0;
  for (uint64_t i = at; i < text.size(); ++i)
    bytes |= uint32_t{static_cast<uint8_t>(text[i])} << (8 * (i - at));
  return bytes;
}

// Tests the hash of the four bytes from every byte on; as Level::FindLiterals.
inline uint64_t FindHashes(const Anchors& anchors, const CopiedLanes& lanes, uint64_t first, uint32_t count,
                           uint64_t* hits) {
  const uint32_t* bits = anchors.hash_bits.data();
  const uint32_t width = anchors.hash_width;
  uint64_t filled = 0;
  for (uint32_t k = 0; k < count; ++k) {
    const uint8_t* at = lanes.At(first + k);
    uint64_t word = 0;
    for (uint32_t i = 0; i < 64; ++i) {
      const uint32_t hash = Hash(Fold(FourBytes(at + i)), width);
      word = word >> 1 | uint64_t{bits[hash >> 5] >> (hash & 31)} << 63;
    }
    hits[k] = word;
    filled |= uint64_t{word != 0} << k;
  }
  return filled;
}

// Level:
//   explicit Level(const Program&)
//   static uint32_t SetLanes(const uint64_t* plane): bits of the block's own words that are not zero
//   kReversed: whether words of planes hold the bytes of a lane from the highest bit down
//   Lanes: as CopiedLanes, without At()
//   void Classify<full>(const Lanes&, uint64_t first, uint32_t count, Planes&)
//   uint64_t FindLiterals(const Lanes&, uint64_t first, uint32_t count, uint64_t* hits)
// Both look at `count` lanes; `full` means that they are kNewLanes and read where they stand. Planes of lanes
// beyond are clear. Bit i of hits[k]: four bytes from byte i of lane first + k may be a literal's. Bit k of
// the result: some bit of hits[k] is set.
template <typename Level>
class Runner {
 public:
  Runner(const Program& program, hpol_filter_fn steps, std::string_view text, DenseJudge* judge,
         Candidates& candidates)
      : program_(program),
        anchors_(Level::AnchorsOf(program.literals)),
        steps_(steps),
        text_(text),
        lanes_(text, candidates),
        judge_(judge),
        candidates_(candidates),
        level_(program) {
    for (auto& plane : planes_.words) plane[kLanes - 1] = 0;  // nothing stands before the first block
    candidates_.all.clear();
    candidates_.literals.clear();
    candidates_.outputs.resize(program.outputs.size() * kLanes + kLanes);
    candidates_.set.resize(program.outputs.size());
    const uint64_t address = reinterpret_cast<uint64_t>(candidates_.outputs.data());
    outputs_ = candidates_.outputs.data() + (64 - address % 64) % 64 / 8;
  }

  void Run() {
    if (program_.literals.empty()) {
      RunBlocks(0, lanes_.count());
      return;
    }
    for (uint64_t first = 0; first < lanes_.count(); first += kLanesAtOnce) {
      const auto count = static_cast<uint32_t>(std::min<uint64_t>(lanes_.count() - first, kLanesAtOnce));
      // Found before the steps run and looked at after them, when what the branches hang on is long known.
      const uint64_t filled = level_.FindLiterals(lanes_, first, count, hits_);
      RunBlocks(first, count);
      LookAtHits(first, count, filled);
    }
    SortLiterals();
  }

 private:
  void RunBlocks(uint64_t first, uint64_t count) {
    const uint64_t end = first + count;
    for (; first + kNewLanes <= std::min(end, lanes_.whole()); first += kNewLanes)
      Block<true>(first, kNewLanes);
    for (; first < end; first += kNewLanes)
      Block<false>(first, static_cast<uint32_t>(std::min<uint64_t>(end - first, kNewLanes)));
  }

  template <bool kFull>
  __attribute__((always_inline)) inline void Block(uint64_t first, uint32_t count) {
    level_.template Classify<kFull>(lanes_, first, count, planes_);
    alignas(64) uint64_t any[kLanes];
    const uint64_t found = steps_ != nullptr
                               ? steps_(planes_.words[0], any, outputs_)
                               : InterpretSteps<Level::kReversed>(program_, planes_.words[0], any, outputs_);
    if (found != 0) AddOutputs(64 * first, found, any);
  }

  // Many words at once, for every loop that ends at an unforeseen place costs as much as ten places. First
  // the places of all words, then those whose exact hash is set, then those where the rest of a literal
  // stands too.
  void LookAtHits(uint64_t first, uint32_t lanes, uint64_t filled) {
    uint32_t* places = candidates_.places.data();
    size_t count = 0;
    for (; filled != 0; filled &= filled - 1) {
      const auto i = static_cast<uint32_t>(std::countr_zero(filled));
      count += Spread(hits_[i], static_cast<uint32_t>(64 * (first + i)), places + count);
    }
    count = KeepExact(places, count);
    const uint64_t* may = program_.literals.detectors.data();
    if (count > kDense * lanes / kNewLanes && judge_ != nullptr) may = JudgeLiterals(64 * first, 64 * lanes);
    if (may != nullptr) {
      for (size_t i = 0; i < count; ++i) AddLiteral(places[i], may);
    }
  }

  // The places of a word's set bits: two always, for most words have no more.
  static size_t Spread(uint64_t word, uint32_t base, uint32_t* places) {
    const auto count = static_cast<size_t>(std::popcount(word));
    places[0] = base + static_cast<uint32_t>(std::countr_zero(word));
    word &= word - 1;
    places[1] = base + static_cast<uint32_t>(std::countr_zero(word));
    for (size_t i = 2; i < count; ++i) {
      word &= word - 1;
      places[i] = base + static_cast<uint32_t>(std::countr_zero(word));
    }
    return count;
  }

  size_t KeepExact(uint32_t* places, size_t count) const {
    size_t kept = 0;
    for (size_t i = 0; i < count; ++i) {
      const uint32_t at = places[i];
      const uint32_t hash = Hash(Fold(FourBytesOf(text_, at)), anchors_.hash_width);
      places[kept] = at;
      kept += (anchors_.hash_bits[hash >> 5] >> (hash & 31)) & 1;
    }
    return kept;
  }

  void AddLiteral(uint32_t at, const uint64_t* may) {
    const uint32_t hash = Hash(Fold(FourBytesOf(text_, at)), anchors_.head_width);
    for (uint32_t next = anchors_.heads[hash]; next != 0;) {
      const Anchor& anchor = anchors_.all[next - 1];
      next = anchor.next;
      if (((may[anchor.detector / 64] >> (anchor.detector % 64)) & 1) == 0) continue;
      if (at < anchor.offset || at - anchor.offset >= text_.size()) continue;
      const uint32_t begin = at - anchor.offset;
      const uint64_t other = uint64_t{begin} + anchor.other_offset;
      if (Fold(FourBytesOf(text_, other)) != anchor.other && other + 4 <= text_.size()) continue;
      candidates_.literals.push_back({anchor.detector, begin, begin});
    }
  }

  // Bits of the detectors whose literals are worth a look; null: none is.
  const uint64_t* JudgeLiterals(uint64_t base, uint64_t bytes) {
    const Literals& literals = program_.literals;
    const uint64_t first = base > anchors_.longest_offset ? base - anchors_.longest_offset : 0;
    const uint64_t end = std::min<uint64_t>(base + bytes, text_.size());
    const uint64_t* may = judge_->MayBegin(static_cast<uint32_t>(first), static_cast<uint32_t>(end - 1));
    for (size_t w = 0; w < literals.detectors.size(); ++w) {
      if ((may[w] & literals.detectors[w]) != 0) return may;
    }
    return nullptr;
  }

  // Literals were found in the order of their anchors; candidates come in the order of begins.
  void SortLiterals() {
    std::vector<Candidate>& found = candidates_.literals;
    const auto before = [](const Candidate& a, const Candidate& b) { return a.first < b.first; };
    if (!std::is_sorted(found.begin(), found.end(), before)) std::sort(found.begin(), found.end(), before);
    candidates_.all.insert(candidates_.all.end(), found.begin(), found.end());
  }

  // `found`: bits of the groups that have some output set.
  void AddOutputs(uint64_t base, uint64_t found, const uint64_t* any) {
    uint32_t total = 0;
    for (uint32_t lane = 1; lane < kLanes; ++lane) total += static_cast<uint32_t>(std::popcount(any[lane]));
    if (total > kDense + program_.outputs.size() / 2 && judge_ != nullptr) return AddDense(base, found);
    // First which outputs are set, without branches, then their bits: nearly always one output has one.
    uint32_t* set = candidates_.set.data();
    size_t count = 0;
    EachGroup(found, [&](size_t begin, size_t end) {
      for (size_t i = begin; i < end; ++i) {
        set[count] = static_cast<uint32_t>(i);
        count += Level::SetLanes(outputs_ + i * kLanes) != 0 ? 1 : 0;
      }
    });
    for (size_t k = 0; k < count; ++k) AddOutput(set[k], base);
  }

  // Calls visit(begin, end) with the outputs of each group in `found`.
  template <typename Visit>
  __attribute__((always_inline)) inline void EachGroup(uint64_t found, const Visit& visit) const {
    for (; found != 0; found &= found - 1) {
      const auto g = static_cast<size_t>(std::countr_zero(found));
      visit(g == 0 ? size_t{0} : program_.groups[g - 1].outputs, program_.groups[g].outputs);
    }
  }

  __attribute__((always_inline)) inline void AddOutput(size_t index, uint64_t base) {
    const uint64_t* plane = outputs_ + index * kLanes;
    for (uint32_t lanes = Level::SetLanes(plane); lanes != 0; lanes &= lanes - 1) {
      const auto lane = static_cast<uint32_t>(std::countr_zero(lanes));
      uint64_t word = plane[lane];
      do {
        Add(program_.outputs[index], base + 64 * (lane - 1) + TakeFirst(word));
      } while (word != 0);
    }
  }

  // Clears the bit of the first byte that is set in a word, and says which that is.
  static uint64_t TakeFirst(uint64_t& word) {
    if constexpr (Level::kReversed) {
      const auto first = static_cast<uint64_t>(std::countl_zero(word));
      word &= ~(uint64_t{1} << 63 >> first);
      return first;
    }
    const auto first = static_cast<uint64_t>(std::countr_zero(word));
    word &= word - 1;
    return first;
  }

  void Add(const Output& output, uint64_t at) {
    if (at < output.back || at - output.back >= text_.size()) return;
    const auto last = static_cast<uint32_t>(at - output.back);
    candidates_.all.push_back({output.detector, output.runs ? RunStart(output, last) : last, last});
  }

  // Only the outputs of detectors that the judge does not rule out.
  void AddDense(uint64_t base, uint64_t found) {
    const uint64_t* may =
        judge_->MayBegin(FirstBegin(base, found),
                         static_cast<uint32_t>(std::min<uint64_t>(base + kBlockBytes, text_.size()) - 1));
    EachGroup(found, [&](size_t begin, size_t end) {
      for (size_t i = begin; i < end; ++i) {
        const uint32_t detector = program_.outputs[i].detector;
        if (((may[detector / 64] >> (detector % 64)) & 1) == 0) continue;
        AddOutput(i, base);
      }
    });
  }

  // No candidate of the block begins before it.
  uint32_t FirstBegin(uint64_t base, uint64_t found) const {
    uint64_t first = base < kLookBack ? 0 : base - kLookBack;
    EachGroup(found, [&](size_t begin, size_t end) {
      for (size_t i = begin; i < end; ++i) {
        if (program_.outputs[i].runs) first = std::min(first, FirstRun(i, base, first));
      }
    });
    return static_cast<uint32_t>(first);
  }

  // Where the first run of an output begins; `none` where it has no candidate in the block.
  uint64_t FirstRun(size_t index, uint64_t base, uint64_t none) const {
    const Output& output = program_.outputs[index];
    const uint64_t* plane = outputs_ + index * kLanes;
    const uint32_t lanes = Level::SetLanes(plane);
    if (lanes == 0) return none;
    const auto lane = static_cast<uint32_t>(std::countr_zero(lanes));
    uint64_t word = plane[lane];
    const uint64_t at = base + 64 * (lane - 1) + TakeFirst(word);
    if (at < output.back || at - output.back >= text_.size()) return none;
    return RunStart(output, static_cast<uint32_t>(at - output.back));
  }

  // Runs of one output never overlap (a run holds no byte that ends one), so that every
  // byte is walked at most once per output.
  uint32_t RunStart(const Output& output, uint32_t last) const {
    const std::array<uint64_t, 4>& set = program_.runs[output.run];
    uint32_t begin = last;
    while (begin > 0 && InSet(set, static_cast<uint8_t>(text_[begin - 1]))) --begin;
    return begin;
  }

  const Program& program_;
  const Anchors& anchors_;
  hpol_filter_fn steps_;
  std::string_view text_;
  const typename Level::Lanes lanes_;
  DenseJudge* judge_;
  Candidates& candidates_;
  uint64_t* outputs_;
  alignas(64) uint64_t hits_[64];  // of kLanesAtOnce lanes
  Planes planes_;
  Level level_;
};

}  // namespace
}  // namespace hpol::filter
