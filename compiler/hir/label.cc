// How labels are written and what `all` means. No other folder spells a label.
#include <string>
#include <vector>

#include "compiler/hir/hir.h"

namespace hpol::hir {

Label TopLabel(const Policy& policy) {
  const int highest = policy.levels.empty() ? 0 : static_cast<int>(policy.levels.size()) - 1;
  return Label::Level(highest).Join(AllCategories(policy.categories.size()));
}

Label AllCategories(size_t category_count) {
  Label all;
  for (size_t i = 0; i < category_count; ++i) all = all.Join(Label::Category(static_cast<int>(i)));
  return all;
}

std::string LabelText(Label label, const std::vector<std::string>& levels,
                      const std::vector<std::string>& categories) {
  const auto level = static_cast<size_t>(label.level());
  std::string text = level < levels.size() ? levels[level] : "level " + std::to_string(level);
  if (categories.size() > 1 && AllCategories(categories.size()).FlowsTo(label)) return text + " + all";
  for (size_t i = 0; i < categories.size(); ++i) {
    if (label.has_category(static_cast<int>(i))) text += " + " + categories[i];
  }
  return text;
}

}  // namespace hpol::hir
