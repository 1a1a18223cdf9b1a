// The filter for any CPU: planes are 64-bit words, eight of them a block.
#include <algorithm>

#include "runtime/kernels/filter_common.h"
#include "runtime/kernels/filter_variants.h"

namespace hpol::filter {
namespace {

constexpr size_t kWords = kBlockBytes / 64;

// Transposes an 8×8 bit matrix held in a word: bit 8r + c goes to bit 8c + r.
// (Hacker's Delight, 7-3.)
uint64_t Transpose8(uint64_t x) {
  uint64_t t = (x ^ (x >> 7)) & 0x00AA00AA00AA00AAull;
  x ^= t ^ (t << 7);
  t = (x ^ (x >> 14)) & 0x0000CCCC0000CCCCull;
  x ^= t ^ (t << 14);
  t = (x ^ (x >> 28)) & 0x00000000F0F0F0F0ull;
  return x ^ t ^ (t << 28);
}

// The class planes of up to 64 bytes, one word each.
void ClassPlanes(const Program& program, const uint8_t* text, size_t count, uint64_t* planes) {
  for (size_t table = 0; table < 2; ++table) {
    uint64_t rows[8] = {};
    for (size_t group = 0; group * 8 < count; ++group) {
      uint64_t classes = 0;
      const size_t end = std::min<size_t>(8, count - group * 8);
      for (size_t i = 0; i < end; ++i) {
        const uint8_t byte = text[group * 8 + i];
        const uint64_t bits = byte < 128 ? program.class_of[table][byte] : 0;
        classes |= bits << (8 * i);
      }
      const uint64_t transposed = Transpose8(classes);
      for (size_t p = 0; p < 8; ++p) rows[p] |= ((transposed >> (8 * p)) & 0xff) << (8 * group);
    }
    for (size_t p = 0; p < 8; ++p) planes[table * 8 + p] = rows[p];
  }
}

class Runner {
 public:
  Runner(const Program& program, std::string_view text, std::vector<Candidate>& candidates)
      : program_(program),
        text_(reinterpret_cast<const uint8_t*>(text.data())),
        size_(text.size()),
        events_(program, text, candidates),
        registers_(program.planes),
        carries_(program.delayed.size()) {}

  void Run() {
    // One word beyond the text's end: an output may fire there for a start inside the text.
    for (uint64_t base = 0; base < size_ + 64; base += 64) {
      const size_t count = base < size_ ? static_cast<size_t>(std::min<uint64_t>(64, size_ - base)) : 0;
      ClassPlanes(program_, text_ + std::min<uint64_t>(base, size_), count, registers_.data());
      RunOps();
      for (const Output& output : program_.outputs) events_.Add(output, base, registers_[output.plane]);
    }
    if (program_.has_literals) events_.AddLiterals();
  }

 private:
  void RunOps() {
    for (const Op& op : program_.ops) {
      const uint64_t left = registers_[op.left];
      uint64_t& result = registers_[op.result];
      switch (op.kind) {
        case Op::Kind::kAnd:
          result = left & registers_[op.right];
          break;
        case Op::Kind::kAndNot:
          result = left & ~registers_[op.right];
          break;
        case Op::Kind::kOr:
          result = left | registers_[op.right];
          break;
        case Op::Kind::kDelay:
          result = (left << op.amount) | (carries_[op.right] >> (64 - op.amount));
          break;
      }
    }
    for (size_t i = 0; i < carries_.size(); ++i) carries_[i] = registers_[program_.delayed[i]];
  }

  const Program& program_;
  const uint8_t* text_;
  uint64_t size_;
  Events events_;
  std::vector<uint64_t> registers_;
  std::vector<uint64_t> carries_;
};

}  // namespace

void FindScalar(const Program& program, std::string_view text, std::vector<Candidate>& candidates) {
  Runner(program, text, candidates).Run();
}

}  // namespace hpol::filter
