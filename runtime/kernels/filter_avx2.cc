// The filter for AVX2: 32 bytes at a time.
//
// A byte is in a plane when bit (byte >> 4) of the plane's row (byte & 15) is set: a shuffle and a compare a
// plane. Words: literals lie in eight buckets, and a shuffle for each of four bytes says which buckets hold
// it.
#include <immintrin.h>

#include "runtime/kernels/filter_blocks.h"

namespace hpol::filter {
namespace {

inline __m256i Load(const uint8_t* at) { return _mm256_loadu_si256(reinterpret_cast<const __m256i*>(at)); }

inline __m256i BothHalves(const uint8_t* sixteen) {
  return _mm256_broadcastsi128_si256(_mm_loadu_si128(reinterpret_cast<const __m128i*>(sixteen)));
}

inline uint32_t TopBits(__m256i bytes) { return static_cast<uint32_t>(_mm256_movemask_epi8(bytes)); }

class Avx2 {
 public:
  explicit Avx2(const Program& program) : program_(program) {}
  using Lanes = CopiedLanes;
  static constexpr bool kReversed = false;
  static uint32_t SetLanes(const uint64_t* plane) { return WordsSet(plane); }
  static const Anchors& AnchorsOf(const Literals& literals) {
    return literals.narrow.all.empty() ? literals.wide : literals.narrow;
  }

  template <bool kFull>
  __attribute__((always_inline)) inline void Classify(const Lanes& lanes, uint64_t first, uint32_t count,
                                                      Planes& planes) {
    __m256i rows[kClassPlanes];
    for (int p = 0; p < kClassPlanes; ++p) {
      planes.words[p][0] = planes.words[p][kLanes - 1];
      if (!kFull) std::fill_n(planes.words[p] + 1, kNewLanes, 0);
      rows[p] = BothHalves(program_.class_rows[static_cast<size_t>(p)].data());
    }
    // Bytes from 0x80 ask for all bits and find none: a shuffle gives zero where the index has its top bit
    // set.
    const __m256i bits = _mm256_broadcastsi128_si256(
        _mm_setr_epi8(1, 2, 4, 8, 16, 32, 64, -128, -1, -1, -1, -1, -1, -1, -1, -1));
    const __m256i low = _mm256_set1_epi8(15);
    for (uint32_t k = 0; k < count; ++k) {
      const uint8_t* at = lanes.At(first + k);
      const __m256i a = Load(at);
      const __m256i b = Load(at + 32);
      const __m256i bit_a = _mm256_shuffle_epi8(bits, _mm256_and_si256(_mm256_srli_epi16(a, 4), low));
      const __m256i bit_b = _mm256_shuffle_epi8(bits, _mm256_and_si256(_mm256_srli_epi16(b, 4), low));
      for (int p = 0; p < kClassPlanes; ++p) {
        planes.words[p][k + 1] = Members(rows[p], a, bit_a) | uint64_t{Members(rows[p], b, bit_b)} << 32;
      }
    }
  }

  uint64_t FindLiterals(const Lanes& lanes, uint64_t first, uint32_t count, uint64_t* hits) {
    if (program_.literals.narrow.all.empty())
      return FindHashes(program_.literals.wide, lanes, first, count, hits);
    const auto& buckets = program_.literals.buckets;
    __m256i low[kBucketBytes], high[kBucketBytes];
    for (size_t j = 0; j < kBucketBytes; ++j) {
      low[j] = BothHalves(buckets[j].data());
      high[j] = BothHalves(buckets[j].data() + 16);
    }
    uint64_t filled = 0;
    const __m256i five = _mm256_set1_epi8(31);
    const __m256i zero = _mm256_setzero_si256();
    for (uint32_t k = 0; k < count; ++k) {
      const uint8_t* at = lanes.At(first + k);
      uint64_t missing = 0;
      for (uint32_t half = 0; half < 2; ++half) {
        __m256i all = _mm256_set1_epi8(-1);
        for (uint32_t j = 0; j < kBucketBytes; ++j) {
          const __m256i bytes = _mm256_and_si256(Load(at + 32 * half + j), five);
          const __m256i held =
              _mm256_blendv_epi8(_mm256_shuffle_epi8(low[j], bytes), _mm256_shuffle_epi8(high[j], bytes),
                                 _mm256_slli_epi16(bytes, 3));
          all = _mm256_and_si256(all, held);
        }
        missing |= uint64_t{TopBits(_mm256_cmpeq_epi8(all, zero))} << (32 * half);
      }
      hits[k] = ~missing;
      filled |= uint64_t{hits[k] != 0} << k;
    }
    return filled;
  }

 private:
  static uint32_t Members(__m256i rows, __m256i bytes, __m256i bit) {
    const __m256i members = _mm256_and_si256(_mm256_shuffle_epi8(rows, bytes), bit);
    return TopBits(_mm256_cmpeq_epi8(members, bit));
  }

  const Program& program_;
};

}  // namespace

void FindAvx2(const Program& program, hpol_filter_fn steps, std::string_view text, DenseJudge* judge,
              Candidates& candidates) {
  Runner<Avx2>(program, steps, text, judge, candidates).Run();
}

}  // namespace hpol::filter
