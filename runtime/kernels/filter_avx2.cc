// The filter for AVX2: a plane of 256 text bytes is one register of four words.
//
// A byte belongs to a class when bit (byte >> 4) of the class's row (byte & 15) is set: two
// shuffles and a compare a class for 32 bytes. The rows are made from the program's class bytes.
#include <immintrin.h>

#include <algorithm>
#include <bit>

#include "runtime/kernels/filter_common.h"
#include "runtime/kernels/filter_variants.h"

namespace hpol::filter {
namespace {

constexpr int kLanes = 4;

class Runner {
 public:
  Runner(const Program& program, hpol_filter_fn steps, std::string_view text,
         std::vector<Candidate>& candidates)
      : program_(program),
        text_(reinterpret_cast<const uint8_t*>(text.data())),
        size_(text.size()),
        events_(program, text, candidates),
        steps_(steps) {
    static thread_local std::vector<Register> memory;
    memory.resize(kClassPlanes + program.outputs.size() + program.delayed.size());
    planes_ = memory.data();
    outputs_ = planes_ + kClassPlanes;
    carries_ = outputs_ + program.outputs.size();
    std::fill_n(carries_, program.delayed.size(), Register{});
    MakeRows();
  }

  void Run() {
    for (uint64_t base = 0; base < size_ + 64; base += 64 * kLanes) Block(base);
    if (program_.has_literals) events_.AddLiterals();
  }

 private:
  struct alignas(32) Register {
    uint64_t words[kLanes] = {};
  };

  // rows_[p]: byte r has bit h set when byte 16h + r is in class p (h < 8: ASCII alone).
  void MakeRows() {
    for (size_t p = 0; p < kClassPlanes; ++p) {
      alignas(32) uint8_t rows[32] = {};
      bool used = false;
      for (size_t byte = 0; byte < 128; ++byte) {
        if (((program_.class_of[p / 8][byte] >> (p % 8)) & 1) == 0) continue;
        rows[byte & 15] |= static_cast<uint8_t>(1u << (byte >> 4));
        used = true;
      }
      for (size_t i = 0; i < 16; ++i) rows[16 + i] = rows[i];
      rows_[p] = _mm256_load_si256(reinterpret_cast<const __m256i*>(rows));
      if (used) planes_used_ = p + 1;
    }
  }

  void Block(uint64_t base) {
    for (int lane = 0; lane < kLanes; ++lane) {
      const uint64_t at = base + 64 * static_cast<uint64_t>(lane);
      alignas(32) uint8_t padded[64] = {};
      const uint8_t* bytes = text_ + at;
      if (at + 64 > size_) {
        if (at < size_) std::copy_n(text_ + at, size_ - at, padded);
        bytes = padded;
      }
      Classify(bytes, lane);
    }
    if (__builtin_expect(steps_(planes_->words, carries_->words, outputs_->words) == 0, 1)) return;
    for (size_t i = 0; i < program_.outputs.size(); ++i) {
      for (uint64_t lane = 0; lane < kLanes; ++lane) {
        events_.Add(program_.outputs[i], base + 64 * lane, outputs_[i].words[lane]);
      }
    }
  }

  void Classify(const uint8_t* bytes, int lane) {
    const __m256i a = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(bytes));
    const __m256i b = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(bytes + 32));
    const __m256i bits = _mm256_setr_epi8(1, 2, 4, 8, 16, 32, 64, -128, 0, 0, 0, 0, 0, 0, 0, 0, 1, 2, 4, 8,
                                          16, 32, 64, -128, 0, 0, 0, 0, 0, 0, 0, 0);
    const __m256i bit_a = _mm256_shuffle_epi8(bits, High(a));
    const __m256i bit_b = _mm256_shuffle_epi8(bits, High(b));
    // A shuffle reads only the low four bits of an index, and gives zero where its top bit is set.
    for (size_t p = 0; p < planes_used_; ++p) {
      planes_[p].words[lane] = Members(rows_[p], a, bit_a) | Members(rows_[p], b, bit_b) << 32;
    }
  }

  static __m256i High(__m256i bytes) {
    return _mm256_and_si256(_mm256_srli_epi16(bytes, 4), _mm256_set1_epi8(15));
  }

  static uint64_t Members(__m256i rows, __m256i bytes, __m256i bit) {
    const __m256i row = _mm256_shuffle_epi8(rows, bytes);
    const __m256i hit = _mm256_and_si256(row, bit);
    const __m256i none = _mm256_cmpeq_epi8(hit, _mm256_setzero_si256());
    return static_cast<uint32_t>(~static_cast<uint32_t>(_mm256_movemask_epi8(none)));
  }

  const Program& program_;
  const uint8_t* text_;
  uint64_t size_;
  Events events_;
  hpol_filter_fn steps_;
  Register* planes_;
  Register* outputs_;
  Register* carries_;
  __m256i rows_[kClassPlanes];
  size_t planes_used_ = 0;
};

}  // namespace

void FindAvx2(const Program& program, hpol_filter_fn steps, std::string_view text,
              std::vector<Candidate>& candidates) {
  Runner(program, steps, text, candidates).Run();
}

}  // namespace hpol::filter
