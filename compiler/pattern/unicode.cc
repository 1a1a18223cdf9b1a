#include "compiler/pattern/unicode.h"

#include <algorithm>
#include <span>

#include "compiler/pattern/unicode_tables.h"

namespace hpol::pattern {
namespace {

// All code points whose value has a name that `wanted` accepts.
template <typename Wanted>
std::vector<CodePoints> Collect(std::span<const ValueRun> runs, std::span<const std::string_view> names,
                                const Wanted& wanted) {
  std::vector<CodePoints> ranges;
  for (size_t i = 0; i < runs.size(); ++i) {
    if (!wanted(names[runs[i].name])) continue;
    const uint32_t last = i + 1 < runs.size() ? runs[i + 1].first - 1 : kMaxCodePoint;
    if (!ranges.empty() && ranges.back().last + 1 == runs[i].first) {
      ranges.back().last = last;
    } else {
      ranges.push_back({runs[i].first, last});
    }
  }
  return ranges;
}

int64_t Distance(const CaseRun& run, uint32_t code_point) {
  if (run.distance != kPairs) return run.distance;
  return (code_point - run.first) % 2 == 0 ? 1 : -1;
}

// The first run that ends at `code_point` or later.
auto RunFrom(uint32_t code_point) {
  return std::lower_bound(kCaseOrbits.begin(), kCaseOrbits.end(), code_point,
                          [](const CaseRun& run, uint32_t value) { return run.last < value; });
}

}  // namespace

std::optional<std::vector<CodePoints>> UnicodeClass(std::string_view name) {
  if (name == "Any") return std::vector<CodePoints>{{0, kMaxCodePoint}};
  if (name.empty()) return std::nullopt;
  std::vector<CodePoints> ranges =
      Collect(kCategoryOf, kCategories, [&](std::string_view each) { return each.starts_with(name); });
  if (ranges.empty()) {
    ranges = Collect(kScriptOf, kScripts, [&](std::string_view each) { return each == name; });
  }
  if (ranges.empty()) return std::nullopt;
  return ranges;
}

std::vector<std::string_view> UnicodeClassNames() {
  std::vector<std::string_view> names(kScripts.begin(), kScripts.end());
  for (const std::string_view category : kCategories) {
    names.push_back(category);
    names.push_back(category.substr(0, 1));
  }
  std::erase(names, "");
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  return names;
}

uint32_t NextCase(uint32_t code_point) {
  const auto run = RunFrom(code_point);
  if (run == kCaseOrbits.end() || code_point < run->first) return code_point;
  return static_cast<uint32_t>(code_point + Distance(*run, code_point));
}

void AddNextCases(CodePoints range, std::vector<CodePoints>& out) {
  for (auto run = RunFrom(range.first); run != kCaseOrbits.end() && run->first <= range.last; ++run) {
    uint32_t first = std::max(range.first, run->first);
    uint32_t last = std::min(range.last, run->last);
    if (run->distance == kPairs) {
      // Whole pairs map to themselves, so the ends alone can add something: widen to whole pairs.
      first -= (first - run->first) % 2;
      last += 1 - (last - run->first) % 2;
      out.push_back({first, last});
    } else {
      out.push_back({static_cast<uint32_t>(first + int64_t{run->distance}),
                     static_cast<uint32_t>(last + int64_t{run->distance})});
    }
  }
}

}  // namespace hpol::pattern
