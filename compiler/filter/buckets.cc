#include "compiler/filter/buckets.h"

#include <array>
#include <cmath>

namespace hpol::filter {
namespace {

constexpr size_t kBuckets = 8;
constexpr size_t kShortBuckets = 2;
constexpr int kPasses = 6;
// Bytes that stand together in a language depend on each other: more passes than the product of their shares.
// With this power of it the eight buckets let least through.
constexpr double kDependence = 0.7;

// The low five bits of each byte, or kAny behind the text's end.
using Values = std::array<uint8_t, kBucketBytes>;
constexpr uint8_t kAny = 32;

Values ValuesAt(const std::string& text, size_t offset) {
  Values values;
  for (size_t j = 0; j < kBucketBytes; ++j)
    values[j] = offset + j < text.size() ? static_cast<uint8_t>(text[offset + j]) & 31 : kAny;
  return values;
}

class Bucket {
 public:
  explicit Bucket(const Background& background) : background_(&background) {}

  void Change(const Values& values, int by) {
    for (size_t j = 0; j < kBucketBytes; ++j) {
      int& count = count_[j][values[j]];
      const bool held = count > 0;
      count += by;
      if (values[j] != kAny && held != (count > 0)) share_[j] += (held ? -1 : 1) * Share(values[j]);
    }
  }
  bool Holds(size_t j, uint8_t value) const { return count_[j][value] > 0 || count_[j][kAny] > 0; }

  // By how much more of ordinary text would pass.
  double Growth(const Values& values) const {
    double before = 1;
    double after = 1;
    for (size_t j = 0; j < kBucketBytes; ++j) {
      const double now = count_[j][kAny] > 0 ? 1 : share_[j];
      before *= now;
      after *= values[j] == kAny ? 1 : now + (Holds(j, values[j]) ? 0 : Share(values[j]));
    }
    return std::pow(after, kDependence) - std::pow(before, kDependence);
  }

 private:
  double Share(uint8_t value) const {
    return (background_->CountOfLowFive(value) + 1.0) / static_cast<double>(background_->text().size());
  }

  const Background* background_;
  std::array<std::array<int, 33>, kBucketBytes> count_{};
  std::array<double, kBucketBytes> share_{};
};

struct Choice {
  size_t bucket = 0;
  size_t offset = 0;
};

// Texts that are too short to say something at every byte share the first buckets: one of them spoils a
// bucket.
Choice Cheapest(const std::vector<Bucket>& buckets, const std::string& text) {
  const bool is_short = text.size() < kBucketBytes;
  const size_t needed = is_short ? 4 : kBucketBytes;
  const size_t end = is_short ? kShortBuckets : kBuckets;
  Choice best;
  double best_growth = 2;
  for (size_t offset = 0; offset + needed <= text.size(); ++offset) {
    const Values values = ValuesAt(text, offset);
    for (size_t b = is_short ? 0 : kShortBuckets; b < end; ++b) {
      const double growth = buckets[b].Growth(values);
      if (growth >= best_growth) continue;
      best_growth = growth;
      best = {b, offset};
    }
  }
  return best;
}

}  // namespace

std::vector<size_t> WriteBuckets(const std::vector<std::string>& texts, const Background& background,
                                 Literals& tables) {
  std::vector<Bucket> buckets(kBuckets, Bucket(background));
  std::vector<Choice> choices(texts.size());
  for (int pass = 0; pass < kPasses; ++pass) {
    for (size_t i = 0; i < texts.size(); ++i) {
      if (pass > 0) buckets[choices[i].bucket].Change(ValuesAt(texts[i], choices[i].offset), -1);
      choices[i] = Cheapest(buckets, texts[i]);
      buckets[choices[i].bucket].Change(ValuesAt(texts[i], choices[i].offset), 1);
    }
  }
  for (size_t b = 0; b < kBuckets; ++b) {
    for (size_t j = 0; j < kBucketBytes; ++j) {
      for (uint8_t value = 0; value < 32; ++value) {
        if (buckets[b].Holds(j, value)) tables.buckets[j][value] |= static_cast<uint8_t>(1u << b);
      }
    }
  }
  std::vector<size_t> offsets;
  for (const Choice& choice : choices) offsets.push_back(choice.offset);
  return offsets;
}

}  // namespace hpol::filter
