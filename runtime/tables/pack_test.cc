// Plain data as bytes and back, and the tables among it.
#include "runtime/abi/pack.h"

#include <gtest/gtest.h>

namespace hpol::pack {
namespace {

struct Sample {
  uint16_t number = 0;
  bool flag = false;
  std::vector<bool> bits;
  std::vector<uint32_t> numbers;
  std::vector<std::string> texts;
  std::bitset<9> set;
  bool operator==(const Sample&) const = default;
};

template <typename V, Packs<Sample> T>
void PackFields(V& visit, T& sample) {
  auto& [number, flag, bits, numbers, texts, set] = sample;
  visit(number), visit(flag), visit(bits), visit(numbers), visit(texts), visit(set);
}

TEST(Pack, ReadsWhatWasWrittenAndNothingShorterOrLonger) {
  const Sample sample{
      7, true, {true, false, true, true, false, false, true, true, true}, {1, 1u << 31}, {"", "ab"}, 0x155};
  Packer packer;
  packer(sample);
  const std::string bytes = packer.Take();
  const auto read = [](std::string_view from, Sample* into) {
    Unpacker unpacker(from);
    unpacker(*into);
    return unpacker.Done();
  };
  Sample back;
  ASSERT_TRUE(read(bytes, &back));
  EXPECT_EQ(back, sample);
  for (size_t size = 0; size < bytes.size(); ++size) {
    Sample cut;
    EXPECT_FALSE(read(std::string_view(bytes).substr(0, size), &cut)) << size;
  }
  EXPECT_FALSE(read(bytes + "x", &back));
}

TEST(Pack, AHugeCountTakesNoMemory) {
  Packer packer;
  packer(~uint64_t{0});
  const std::string bytes = packer.Take();
  std::vector<uint32_t> numbers;
  std::vector<bool> bits;
  std::string text;
  for (int kind = 0; kind < 3; ++kind) {
    Unpacker unpacker(bytes);
    kind == 0 ? unpacker(numbers) : kind == 1 ? unpacker(bits) : unpacker(text);
    EXPECT_FALSE(unpacker.Done());
  }
}

}  // namespace
}  // namespace hpol::pack
