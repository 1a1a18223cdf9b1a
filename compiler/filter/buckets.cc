#include "compiler/filter/buckets.h"

#include <algorithm>
#include <array>

namespace hpol::filter {
namespace {

constexpr size_t kBuckets = 8;
constexpr int kPasses = 3;
constexpr size_t kCareful = 4000;  // beyond, the first pass has to do

// A literal's four values: the low five bits of its bytes.
using Values = std::array<uint8_t, 4>;

class Bucket {
 public:
  void Change(const Values& values, int by) {
    for (size_t j = 0; j < 4; ++j) count_[j][values[j]] += by;
  }
  bool Holds(size_t j, uint8_t value) const { return count_[j][value] > 0; }

  // The share of background text that passes, were the four bytes independent and `more` in the bucket.
  double Share(const Background& background, const Values* more) const {
    const auto total = static_cast<double>(background.text().size());
    double share = 1;
    for (size_t j = 0; j < 4; ++j) {
      double passing = 0;
      for (uint8_t value = 0; value < 32; ++value) {
        if (Holds(j, value) || (more != nullptr && (*more)[j] == value)) passing += background.LowFive(value);
      }
      share *= passing / total;
    }
    return share;
  }

 private:
  std::array<std::array<int, 32>, 4> count_{};
};

size_t Cheapest(const std::array<Bucket, kBuckets>& buckets, const Background& background,
                const Values& values) {
  size_t best = 0;
  double best_cost = 2;
  for (size_t b = 0; b < kBuckets; ++b) {
    const double cost = buckets[b].Share(background, &values) - buckets[b].Share(background, nullptr);
    if (cost < best_cost) {
      best_cost = cost;
      best = b;
    }
  }
  return best;
}

}  // namespace

void WriteBuckets(const std::vector<uint32_t>& grams, const Background& background, Literals& tables) {
  std::array<Bucket, kBuckets> buckets;
  std::vector<size_t> chosen(grams.size(), kBuckets);
  const auto values_of = [&](size_t i) {
    Values values;
    for (size_t j = 0; j < 4; ++j) values[j] = static_cast<uint8_t>((grams[i] >> (8 * j)) & 31);
    return values;
  };
  const int passes = grams.size() <= kCareful ? kPasses : 1;
  for (int pass = 0; pass < passes; ++pass) {
    for (size_t i = 0; i < grams.size(); ++i) {
      const Values values = values_of(i);
      if (chosen[i] < kBuckets) buckets[chosen[i]].Change(values, -1);
      chosen[i] = Cheapest(buckets, background, values);
      buckets[chosen[i]].Change(values, 1);
    }
  }
  for (size_t b = 0; b < kBuckets; ++b) {
    for (size_t j = 0; j < 4; ++j) {
      for (uint8_t value = 0; value < 32; ++value) {
        if (buckets[b].Holds(j, value)) tables.buckets[j][value] |= static_cast<uint8_t>(1u << b);
      }
    }
  }
}

}  // namespace hpol::filter
