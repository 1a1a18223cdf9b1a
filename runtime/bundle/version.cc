#include <algorithm>
#include <charconv>
#include <vector>

#include "hpol/bundle.h"

namespace hpol {
namespace {

// The numbers of a version; empty when it is none.
std::vector<uint64_t> Numbers(std::string_view text) {
  std::vector<uint64_t> numbers;
  while (true) {
    const size_t point = text.find('.');
    const std::string_view part = text.substr(0, point);
    uint64_t number = 0;
    const auto [end, error] = std::from_chars(part.data(), part.data() + part.size(), number);
    if (error != std::errc() || end != part.data() + part.size() || numbers.size() == 8) return {};
    numbers.push_back(number);
    if (point == std::string_view::npos) return numbers;
    text.remove_prefix(point + 1);
  }
}

}  // namespace

bool IsVersion(std::string_view text) { return !Numbers(text).empty(); }

int CompareVersions(std::string_view left, std::string_view right) {
  std::vector<uint64_t> l = Numbers(left), r = Numbers(right);
  const size_t size = std::max(l.size(), r.size());
  l.resize(size), r.resize(size);
  return l < r ? -1 : l > r ? 1 : 0;
}

}  // namespace hpol
