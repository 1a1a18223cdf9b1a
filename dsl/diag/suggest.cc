// Restricted Damerau–Levenshtein distance over at most 64 bytes: three rows, no heap.
#include "dsl/diag/suggest.h"

#include <algorithm>
#include <array>

namespace hpol::dsl {
namespace {

constexpr size_t kMaxNameBytes = 64;

char Lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

// How many slips we forgive: short words must match nearly exactly, or everything
// would be near everything.
size_t Threshold(size_t length) {
  if (length <= 2) return 1;
  if (length <= 4) return 1;
  if (length <= 8) return 2;
  return 3;
}

// In words of two letters only a swap or a change of case is a slip (`ro` for `or`).
bool Plausible(std::string_view name, std::string_view candidate, size_t distance) {
  if (distance == 0) return true;
  const size_t length = std::min(name.size(), candidate.size());
  if (length > 2) return true;
  if (length == 2 && name.size() == 2 && candidate.size() == 2) {
    return Lower(name[0]) == Lower(candidate[1]) && Lower(name[1]) == Lower(candidate[0]);
  }
  return name.size() != candidate.size() && length == 2;
}

template <typename Range>
std::optional<std::string> Nearest(std::string_view name, const Range& candidates) {
  std::optional<std::string> best;
  size_t best_distance = Threshold(name.size()) + 1;
  for (const auto& candidate : candidates) {
    const std::string_view whole = candidate;
    size_t distance = EditDistance(name, whole, best_distance);
    const size_t dot = whole.rfind('.');
    if (dot != std::string_view::npos && whole.substr(dot + 1) == name)
      distance = std::min<size_t>(distance, 1);
    if (distance < best_distance && Plausible(name, whole, distance)) {
      best_distance = distance;
      best = std::string(whole);
    }
  }
  return best;
}

}  // namespace

size_t EditDistance(std::string_view a, std::string_view b, size_t limit) {
  if (a.size() > kMaxNameBytes || b.size() > kMaxNameBytes) return limit + 1;
  if ((a.size() > b.size() ? a.size() - b.size() : b.size() - a.size()) > limit) return limit + 1;
  using Row = std::array<size_t, kMaxNameBytes + 1>;
  Row before_last{}, last{}, row{};
  for (size_t j = 0; j <= b.size(); ++j) last[j] = j;
  for (size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (size_t j = 1; j <= b.size(); ++j) {
      const bool same = Lower(a[i - 1]) == Lower(b[j - 1]);
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + (same ? 0u : 1u)});
      if (i > 1 && j > 1 && Lower(a[i - 1]) == Lower(b[j - 2]) && Lower(a[i - 2]) == Lower(b[j - 1])) {
        row[j] = std::min(row[j], before_last[j - 2] + 1);
      }
    }
    before_last = last;
    last = row;
  }
  return std::min(last[b.size()], limit + 1);
}

std::optional<std::string> Suggest(std::string_view name, std::span<const std::string> candidates) {
  return Nearest(name, candidates);
}

std::optional<std::string> Suggest(std::string_view name, const std::vector<std::string_view>& candidates) {
  return Nearest(name, candidates);
}

std::string DidYouMean(std::string_view name, std::span<const std::string> candidates) {
  const std::optional<std::string> nearest = Suggest(name, candidates);
  return nearest ? "did you mean `" + *nearest + "`?" : std::string();
}

}  // namespace hpol::dsl
