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
constexpr uint32_t kReadAhead = 5;                // bytes after a block that a level may read
constexpr size_t kWordsAtOnce = 64;               // words of literal places that are looked at together
constexpr uint32_t kDense = 40;                   // candidates of a block above which the judge is asked

struct alignas(64) Planes {
  uint64_t words[kClassPlanes][kLanes];
};

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

// Tests the hash of the four bytes from every byte of `lanes` words on; as Level::FindLiterals.
inline uint64_t FindHashes(const Anchors& anchors, const uint8_t* at, uint32_t lanes, uint64_t* hits) {
  const uint32_t* bits = anchors.hash_bits.data();
  const uint32_t width = anchors.hash_width;
  uint64_t filled = 0;
  for (uint32_t k = 0; k < lanes; ++k) {
    uint64_t word = 0;
    for (uint32_t i = 0; i < 64; ++i) {
      const uint32_t hash = Hash(Fold(FourBytes(at + 64 * k + i)), width);
      word = word >> 1 | uint64_t{bits[hash >> 5] >> (hash & 31)} << 63;
    }
    hits[k] = word;
    filled |= uint64_t{word != 0} << k;
  }
  return filled;
}

// Level:
//   explicit Level(const Program&)
//   void Classify<full>(const uint8_t* at, uint32_t lanes, Planes&)
//   uint64_t FindLiterals<full>(const uint8_t* at, uint32_t lanes, uint64_t* hits)
// Both look at 64 bytes a lane from `at`, and may read kReadAhead more; `full` means kNewLanes lanes. Lanes
// beyond are clear. Bit i of hits[k]: four bytes from at + 64k + i may be a literal's. Bit k of the result:
// some bit of hits[k] is set.
template <typename Level>
class Runner {
 public:
  Runner(const Program& program, hpol_filter_fn steps, std::string_view text, DenseJudge* judge,
         Candidates& candidates)
      : program_(program),
        anchors_(Level::AnchorsOf(program.literals)),
        steps_(steps),
        text_(text),
        judge_(judge),
        candidates_(candidates),
        level_(program) {
    for (auto& plane : planes_.words) plane[kLanes - 1] = 0;  // nothing stands before the first block
    candidates_.all.clear();
    candidates_.literals.clear();
    candidates_.outputs.resize(program.outputs.size() * kLanes + kLanes);
    const uint64_t address = reinterpret_cast<uint64_t>(candidates_.outputs.data());
    outputs_ = candidates_.outputs.data() + (64 - address % 64) % 64 / 8;
  }

  void Run() {
    if (program_.literals.empty()) {
      RunBlocks<false>();
    } else {
      RunBlocks<true>();
      LookAtHits();
      SortLiterals();
    }
  }

 private:
  template <bool kLiterals>
  void RunBlocks() {
    const uint64_t size = text_.size();
    uint64_t base = 0;
    for (; base + kBlockBytes + kReadAhead <= size; base += kBlockBytes)
      Block<true, kLiterals>(Bytes() + base, base, kNewLanes);
    for (; base < size; base += kBlockBytes) {
      // The last block is run over a copy, with zeros after the text's end.
      const uint64_t left = std::min<uint64_t>(size - base, kBlockBytes + kReadAhead);
      const auto lanes = static_cast<uint32_t>(std::min<uint64_t>((left + 63) / 64, kNewLanes));
      uint8_t* last = candidates_.last_block.data();
      std::memcpy(last, text_.data() + base, left);
      std::memset(last + left, 0,
                  64 * lanes + kReadAhead - std::min<uint64_t>(left, 64 * lanes + kReadAhead));
      Block<false, kLiterals>(last, base, lanes);
    }
  }

  template <bool kFull, bool kLiterals>
  __attribute__((always_inline)) inline void Block(const uint8_t* at, uint64_t base, uint32_t lanes) {
    level_.template Classify<kFull>(at, lanes, planes_);
    if (kLiterals) {
      filled_ |= level_.template FindLiterals<kFull>(at, lanes, hits_ + hit_words_) << hit_words_;
      hit_words_ += lanes;
    }
    alignas(64) uint64_t any[kLanes];
    const uint64_t found = steps_ != nullptr ? steps_(planes_.words[0], any, outputs_)
                                             : InterpretSteps(program_, planes_.words[0], any, outputs_);
    if (found != 0) AddOutputs(base, any);
    if (kLiterals && hit_words_ + kNewLanes > kWordsAtOnce) LookAtHits();
  }

  const uint8_t* Bytes() const { return reinterpret_cast<const uint8_t*>(text_.data()); }

  // Many words at once, for every loop that ends at an unforeseen place costs as much as ten places. First
  // the places of all words, then those whose exact hash is set, then those where the rest of a literal
  // stands too.
  void LookAtHits() {
    uint32_t* places = candidates_.places.data();
    size_t count = 0;
    for (; filled_ != 0; filled_ &= filled_ - 1) {
      const auto i = static_cast<uint32_t>(std::countr_zero(filled_));
      const uint32_t base = static_cast<uint32_t>(hit_base_) + 64 * i;
      count += Spread(hits_[i], base, places + count);
    }
    count = KeepExact(places, count);
    const uint64_t* may =
        count > kDense * hit_words_ / kNewLanes ? JudgeLiterals() : program_.literals.detectors.data();
    if (may != nullptr) {
      for (size_t i = 0; i < count; ++i) AddLiteral(places[i], may);
    }
    hit_base_ += 64 * hit_words_;
    hit_words_ = 0;
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
  const uint64_t* JudgeLiterals() {
    const Literals& literals = program_.literals;
    if (judge_ == nullptr) return literals.detectors.data();
    const uint64_t first = hit_base_ > anchors_.longest_offset ? hit_base_ - anchors_.longest_offset : 0;
    const uint64_t end = std::min<uint64_t>(hit_base_ + 64 * hit_words_, text_.size());
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

  void AddOutputs(uint64_t base, const uint64_t* any) {
    uint32_t total = 0;
    uint32_t lanes = 0;
    for (uint32_t lane = 1; lane < kLanes; ++lane) {
      total += static_cast<uint32_t>(std::popcount(any[lane]));
      lanes |= static_cast<uint32_t>(any[lane] != 0) << lane;
    }
    if (total > kDense && judge_ != nullptr) return AddDense(base);
    for (; lanes != 0; lanes &= lanes - 1) {
      const auto lane = static_cast<uint32_t>(std::countr_zero(lanes));
      for (size_t first = 0; first < program_.outputs.size(); first += 64) AddLane(first, base, lane);
    }
  }

  // 64 outputs at most, looked at without branches: nearly always just one of them is set.
  __attribute__((always_inline)) inline void AddLane(size_t first, uint64_t base, uint32_t lane) {
    const size_t end = std::min<size_t>(first + 64, program_.outputs.size());
    uint64_t set = 0;
    for (size_t i = first; i < end; ++i) set |= uint64_t{outputs_[i * kLanes + lane] != 0} << (i - first);
    for (; set != 0; set &= set - 1) AddWord(first + static_cast<size_t>(std::countr_zero(set)), base, lane);
  }

  __attribute__((always_inline)) inline void AddWord(size_t index, uint64_t base, uint32_t lane) {
    for (uint64_t word = outputs_[index * kLanes + lane]; word != 0; word &= word - 1) {
      Add(program_.outputs[index], base + 64 * (lane - 1) + static_cast<uint64_t>(std::countr_zero(word)));
    }
  }

  void Add(const Output& output, uint64_t at) {
    if (at < output.back || at - output.back >= text_.size()) return;
    const auto last = static_cast<uint32_t>(at - output.back);
    candidates_.all.push_back({output.detector, output.runs ? RunStart(output, last) : last, last});
  }

  // Only the outputs of detectors that the judge does not rule out.
  void AddDense(uint64_t base) {
    const uint64_t* may = judge_->MayBegin(
        FirstBegin(base), static_cast<uint32_t>(std::min<uint64_t>(base + kBlockBytes, text_.size()) - 1));
    for (size_t i = 0; i < program_.outputs.size(); ++i) {
      const uint32_t detector = program_.outputs[i].detector;
      if (((may[detector / 64] >> (detector % 64)) & 1) == 0) continue;
      for (uint32_t lane = 1; lane < kLanes; ++lane) AddWord(i, base, lane);
    }
  }

  // No candidate of the block begins before it.
  uint32_t FirstBegin(uint64_t base) const {
    uint64_t first = base < kLookBack ? 0 : base - kLookBack;
    for (size_t i = 0; i < program_.outputs.size(); ++i) {
      const Output& output = program_.outputs[i];
      if (!output.runs) continue;
      for (uint32_t lane = 1; lane < kLanes; ++lane) {
        const uint64_t word = outputs_[i * kLanes + lane];
        if (word == 0) continue;
        const uint64_t at = base + 64 * (lane - 1) + static_cast<uint64_t>(std::countr_zero(word));
        if (at >= output.back && at - output.back < text_.size())
          first = std::min<uint64_t>(first, RunStart(output, static_cast<uint32_t>(at - output.back)));
        break;
      }
    }
    return static_cast<uint32_t>(first);
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
  DenseJudge* judge_;
  Candidates& candidates_;
  uint64_t* outputs_;
  // Bit i of word k of hits_: the text at hit_base_ + 64k + i.
  uint64_t hit_base_ = 0;
  size_t hit_words_ = 0;
  uint64_t hits_[kWordsAtOnce];
  uint64_t filled_ = 0;  // words of hits_ with a bit set
  Planes planes_;
  Level level_;
};

}  // namespace
}  // namespace hpol::filter
