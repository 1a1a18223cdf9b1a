// For any CPU.
#include "runtime/surface/json_stage.h"

#include <array>
#include <atomic>
#include <cstdlib>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace hpol::surface {
namespace {

// UTF-8 as an automaton over bytes. The second byte of a character may stand in a narrower range: no overlong
// form, no surrogate, nothing above U+10FFFF.
enum Utf8State : uint8_t {
  kBetween,
  kWrong,
  kOneMore,
  kTwoMore,
  kThreeMore,
  kAfterE0,
  kAfterEd,
  kAfterF0,
  kAfterF4
};

constexpr auto kSteps = [] {
  std::array<std::array<uint8_t, 256>, 9> steps{};
  for (auto& row : steps) row.fill(kWrong);
  const auto set = [&](Utf8State from, int first, int last, Utf8State to) {
    for (int byte = first; byte <= last; ++byte) steps[from][static_cast<size_t>(byte)] = to;
  };
  set(kBetween, 0x00, 0x7f, kBetween);
  set(kBetween, 0xc2, 0xdf, kOneMore);
  set(kBetween, 0xe0, 0xef, kTwoMore);
  set(kBetween, 0xe0, 0xe0, kAfterE0);
  set(kBetween, 0xed, 0xed, kAfterEd);
  set(kBetween, 0xf0, 0xf4, kThreeMore);
  set(kBetween, 0xf0, 0xf0, kAfterF0);
  set(kBetween, 0xf4, 0xf4, kAfterF4);
  set(kOneMore, 0x80, 0xbf, kBetween);
  set(kTwoMore, 0x80, 0xbf, kOneMore);
  set(kThreeMore, 0x80, 0xbf, kTwoMore);
  set(kAfterE0, 0xa0, 0xbf, kOneMore);
  set(kAfterEd, 0x80, 0x9f, kOneMore);
  set(kAfterF0, 0x90, 0xbf, kTwoMore);
  set(kAfterF4, 0x80, 0x8f, kTwoMore);
  return steps;
}();

struct Scalar {
  struct Block {
    explicit Block(const char* from) : bytes(reinterpret_cast<const uint8_t*>(from)) {}

#if defined(__SSE2__)
    stage::Masks masks() const {
      stage::Masks masks;
      masks.quote = Is('"');
      masks.backslash = Is('\\');
      masks.space = Is(' ') | Is('\n') | Is('\r') | Is('\t');
      masks.bracket = Is('{') | Is('}') | Is('[') | Is(']') | Is(':') | Is(',');
      const __m128i last = _mm_set1_epi8(0x1f);
      masks.control = Gather([=](__m128i part) { return _mm_cmpeq_epi8(_mm_min_epu8(part, last), part); });
      return masks;
    }
    bool ascii() const {
      return Gather([](__m128i part) { return part; }) == 0;
    }

   private:
    uint64_t Is(char c) const {
      const __m128i wanted = _mm_set1_epi8(c);
      return Gather([=](__m128i part) { return _mm_cmpeq_epi8(part, wanted); });
    }
    template <typename Test>
    uint64_t Gather(Test test) const {
      uint64_t mask = 0;
      for (int i = 0; i < 4; ++i) {
        const __m128i part = _mm_loadu_si128(reinterpret_cast<const __m128i*>(bytes + 16 * i));
        mask |= uint64_t{static_cast<uint16_t>(_mm_movemask_epi8(test(part)))} << (16 * i);
      }
      return mask;
    }

   public:
#else
    stage::Masks masks() const {
      stage::Masks masks;
      for (int i = 0; i < 64; ++i) {
        const uint64_t bit = uint64_t{1} << i;
        const uint8_t byte = bytes[i];
        if (byte == '"') masks.quote |= bit;
        if (byte == '\\') masks.backslash |= bit;
        if (byte == ' ' || byte == '\n' || byte == '\r' || byte == '\t') masks.space |= bit;
        if (byte == '{' || byte == '}' || byte == '[' || byte == ']' || byte == ':' || byte == ',')
          masks.bracket |= bit;
        if (byte < 0x20) masks.control |= bit;
      }
      return masks;
    }
    bool ascii() const {
      uint8_t all = 0;
      for (int i = 0; i < 64; ++i) all |= bytes[i];
      return all < 0x80;
    }
#endif
    const uint8_t* bytes;
  };

  class Utf8 {
   public:
    void Add(const Block& block) {
      if (state_ == 0 && block.ascii()) return;
      uint8_t state = state_;
      for (int i = 0; i < 64; ++i) state = kSteps[state][block.bytes[i]];
      state_ = state;
    }
    bool Finish() const { return state_ == 0; }

   private:
    uint8_t state_ = 0;
  };

  static uint64_t PrefixXor(uint64_t bits) { return stage::PrefixXor(bits); }
};

// What HPOL_CPU leaves (runtime/kernels/README.md).
const StageLevel& Choose() {
#if defined(__x86_64__)
  const char* wanted = std::getenv("HPOL_CPU");
  const std::string_view ceiling = wanted == nullptr ? "avx512" : wanted;
  if (ceiling == "scalar") return kScalarStage;
  if (ceiling != "avx2" && kAvx512Stage.present()) return kAvx512Stage;
  if (kAvx2Stage.present()) return kAvx2Stage;
#endif
  return kScalarStage;
}

std::atomic<const StageLevel*> in_use = nullptr;

const StageLevel& InUse() {
  const StageLevel* level = in_use.load(std::memory_order_relaxed);
  if (level == nullptr) in_use = level = &Choose();
  return *level;
}

}  // namespace

const StageLevel kScalarStage{"scalar", stage::Run<Scalar>, stage::Validate<Scalar>, [] { return true; }};

Staged Stage(std::string_view body, uint32_t* offsets) { return InUse().stage(body, offsets); }

bool IsUtf8(std::string_view text) { return InUse().is_utf8(text); }

void UseStage(const StageLevel* level) { in_use = level; }

}  // namespace hpol::surface
