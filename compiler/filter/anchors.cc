#include "compiler/filter/anchors.h"

#include <algorithm>
#include <numeric>
#include <utility>

#include "runtime/abi/filter.h"

namespace hpol::filter {
namespace {

constexpr size_t kClasses = 32;
constexpr int kPasses = 4;
constexpr size_t kManyTexts = 10'000;  // every pair that they need is open after one pass
// What passes the pairs is hashed; what is in the hash is looked up, and is dearer by so much.
constexpr double kLookUp = 8;

// How often, in ordinary text, a class stands beside a second class, of all places where that stands.
struct Shares {
  explicit Shares(const Background& background) {
    for (uint32_t key = 0; key < kClasses * kClasses * kClasses * kClasses; ++key) {
      const uint32_t count = background.FourGrams(key);
      if (count == 0) continue;
      const uint32_t second = key >> 10 & 31;
      places[second] += count;
      of[second][0][key >> 15] += count;
      of[second][1][key >> 5 & 31] += count;
      of[second][2][key & 31] += count;
    }
    for (size_t second = 0; second < kClasses; ++second) {
      places[second] += 1;
      for (auto& row : of[second]) {
        for (double& share : row) share = (share + 1) / places[second];
      }
    }
  }
  std::array<std::array<std::array<double, kClasses>, 3>, kClasses> of{};
  std::array<double, kClasses> places{};
};

// Which classes one group lets stand beside each second class, and how many anchors want each.
class Group {
 public:
  explicit Group(const Shares& shares) : shares_(&shares) {}

  void Change(const Classes& c, int by) {
    for (size_t j = 0; j < 3; ++j) {
      const uint8_t other = c[kOthers[j]];
      int& used = used_[c[1]][j][other];
      const bool held = used > 0;
      used += by;
      if (held != (used > 0)) sum_[c[1]][j] += (held ? -1 : 1) * shares_->of[c[1]][j][other];
    }
  }

  // Places of ordinary text that `c` would newly let through, were the three pairs independent.
  double Growth(const Classes& c) const {
    double before = shares_->places[c[1]];
    double after = before;
    for (size_t j = 0; j < 3; ++j) {
      const uint8_t other = c[kOthers[j]];
      const double sum = sum_[c[1]][j];
      before *= sum;
      after *= used_[c[1]][j][other] > 0 ? sum : sum + shares_->of[c[1]][j][other];
    }
    return after - before;
  }

 private:
  const Shares* shares_;
  std::array<std::array<std::array<int, kClasses>, 3>, kClasses> used_{};
  std::array<std::array<double, 3>, kClasses> sum_{};
};

AnchorChoice Best(std::string_view text, const std::vector<Group>& groups, const Background& background) {
  AnchorChoice best;
  double least = -1;
  for (size_t offset = 0; offset + kGram <= text.size(); ++offset) {
    const Classes c = ClassesAt(text, offset);
    const double own = kLookUp * background.FourGrams(Key(c));
    for (size_t group = 0; group < groups.size(); ++group) {
      const double cost = own + groups[group].Growth(c);
      if (least >= 0 && cost >= least) continue;
      least = cost;
      best = {offset, group};
    }
  }
  return best;
}

}  // namespace

Classes ClassesAt(std::string_view text, size_t offset) {
  Classes classes{};
  for (size_t i = 0; i < kGram; ++i) classes[i] = LowFive(static_cast<uint8_t>(text[offset + i]));
  return classes;
}

uint32_t Key(const Classes& c) {
  return static_cast<uint32_t>(c[0]) << 15 | static_cast<uint32_t>(c[1]) << 10 |
         static_cast<uint32_t>(c[2]) << 5 | c[3];
}

// The shortest have the least choice, so they come first; the others find their pairs open already. Then each
// chooses again, for it may have opened what hardly anyone else needs.
std::vector<AnchorChoice> ChooseAnchors(const std::vector<std::string_view>& texts,
                                        const Background& background) {
  const Shares shares(background);
  std::vector<Group> groups(kLiteralGroups, Group(shares));
  std::vector<size_t> order(texts.size());
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(),
                   [&](size_t a, size_t b) { return texts[a].size() < texts[b].size(); });
  std::vector<AnchorChoice> choices(texts.size());
  const int passes = texts.size() > kManyTexts ? 1 : kPasses;
  for (int pass = 0; pass < passes; ++pass) {
    for (const size_t i : order) {
      AnchorChoice& choice = choices[i];
      if (pass > 0) groups[choice.group].Change(ClassesAt(texts[i], choice.offset), -1);
      choice = Best(texts[i], groups, background);
      groups[choice.group].Change(ClassesAt(texts[i], choice.offset), 1);
    }
  }
  return choices;
}

std::vector<AnchorRole> ShareAnchors(const std::vector<AnchorPlace>& places) {
  std::vector<std::pair<uint64_t, uint32_t>> order;  // by place
  for (uint32_t i = 0; i < places.size(); ++i) {
    const AnchorPlace& place = places[i];
    order.emplace_back(uint64_t{place.folded} << 32 | uint64_t{place.offset} << 16 | place.detector, i);
  }
  std::sort(order.begin(), order.end());
  std::vector<AnchorRole> roles(places.size(), AnchorRole::kAlone);
  for (size_t begin = 0, end = 0; begin < order.size(); begin = end) {
    while (end < order.size() && order[end].first == order[begin].first) ++end;
    if (end - begin <= kMaxSharing) continue;
    for (size_t i = begin; i < end; ++i) roles[order[i].second] = AnchorRole::kNone;
    roles[order[begin].second] = AnchorRole::kForAll;
  }
  return roles;
}

}  // namespace hpol::filter
