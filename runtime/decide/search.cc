// Searches, and what the rows that they visit come to.
#include "runtime/decide/search.h"

#include <algorithm>

namespace hpol::decide {
namespace {

const TableIndex& TableOf(WhichTable which, const Facts& facts) {
  return which == WhichTable::kClassify ? facts.index().classify : facts.index().route;
}

// What a row that was visited comes to.
class Checker {
 public:
  Checker(WhichTable which, const Facts& facts, SearchMemory& memory)
      : which_(which),
        table_(TableOf(which, facts)),
        facts_(facts),
        stack_(memory.stack),
        all_known_(!facts.any_unknown()) {
    if (stack_.size() < facts.index().depth) stack_.resize(facts.index().depth);
  }

  Truth Check(uint32_t row) const {
    if (all_known_ && table_.exact[row] != 0) return Truth::kTrue;
    const ir::Tables& tables = facts_.tables();
    const ir::Range condition =
        which_ == WhichTable::kClassify ? tables.classify[row].condition : tables.route[row].condition;
    return facts_.Of(condition, stack_);
  }

 private:
  WhichTable which_;
  const TableIndex& table_;
  const Facts& facts_;
  std::vector<Truth>& stack_;
  bool all_known_;
};

}  // namespace

uint32_t FindFirst(WhichTable table, const Facts& facts, SearchMemory& memory, std::vector<Hit>& maybe) {
  maybe.clear();
  const Known known = facts.known();
  Searcher searcher(TableOf(table, facts), known, memory);
  const Checker checker(table, facts, memory);
  uint32_t first = kNoRow;
  searcher.Run([&](uint32_t row) {
    if (row >= first) return !searcher.ascends();
    const Truth truth = checker.Check(row);
    if (truth == Truth::kTrue) first = row;
    if (truth == Truth::kUnknown) maybe.push_back({row, true});
    return truth != Truth::kTrue || !searcher.ascends();
  });
  if (!maybe.empty()) {
    std::erase_if(maybe, [&](const Hit& hit) { return hit.row > first; });
    std::sort(maybe.begin(), maybe.end(), [](const Hit& a, const Hit& b) { return a.row < b.row; });
    maybe.erase(std::unique(maybe.begin(), maybe.end()), maybe.end());
  }
  return first;
}

void FindAll(WhichTable table, const Facts& facts, SearchMemory& memory, std::vector<Hit>& hits) {
  hits.clear();
  const TableIndex& rows = TableOf(table, facts);
  const Known known = facts.known();
  Searcher searcher(rows, known, memory);
  const Checker checker(table, facts, memory);
  for (const uint32_t row : rows.always) hits.push_back({row, false});
  searcher.Run([&](uint32_t row) {
    const Truth truth = checker.Check(row);
    if (truth != Truth::kFalse) hits.push_back({row, truth == Truth::kUnknown});
    return true;
  });
  if (!searcher.repeats() && rows.always.empty()) return;
  std::sort(hits.begin(), hits.end(), [](const Hit& a, const Hit& b) { return a.row < b.row; });
  hits.erase(std::unique(hits.begin(), hits.end()), hits.end());
}

std::optional<Hit> FirstUnmet(const Facts& facts, SearchMemory& memory) {
  const std::vector<ir::RequireRow>& rows = facts.tables().require;
  if (rows.empty()) return std::nullopt;
  if (memory.stack.size() < facts.index().depth) memory.stack.resize(facts.index().depth);
  for (uint32_t row = 0; row < rows.size(); ++row) {
    const Truth met = facts.Of(rows[row].condition, memory.stack);
    if (met != Truth::kTrue) return Hit{row, met == Truth::kUnknown};
  }
  return std::nullopt;
}

Label FindLabel(const Facts& facts, SearchMemory& memory) {
  const std::vector<ir::ClassifyRow>& rows = facts.tables().classify;
  Label label{facts.index().always_label};
  const Known known = facts.known();
  Searcher searcher(facts.index().classify, known, memory);
  const Checker checker(WhichTable::kClassify, facts, memory);
  searcher.Run([&](uint32_t row) {
    if (!Label{rows[row].word}.FlowsTo(label) && checker.Check(row) != Truth::kFalse)
      label = label.Join({rows[row].word});
    return true;
  });
  return label;
}

namespace {

uint32_t FindAmongFew(const Index& index, const Values& values) {
  const FewRoutes& few = index.few_routes;
  const uint64_t* bits = index.route.Row(0);
  const uint32_t* cells = values.cells.data();
  uint64_t left = few.open;
  for (const uint32_t dimension : few.dimensions) left &= bits[cells[dimension]];
  for (const FewRoutes::Alternative& alternative : few.alternatives) {
    const Dimension& dimension = index.domains.dimensions[alternative.dimension];
    const Values::One& value = values.attributes[alternative.attribute];
    const uint32_t* element = values.elements.data() + value.one;
    uint64_t some = alternative.blocked ? 0 : bits[dimension.last_cell()];
    for (uint32_t i = 0; i < value.count; ++i)
      some |= bits[dimension.first_cell + (element[i] >> dimension.shift)];
    left &= alternative.blocked ? ~some : some;
  }
  if (left == 0) return kNoRow;
  const uint32_t row = index.route.row_of[static_cast<uint32_t>(__builtin_ctzll(left))];
  return index.route.exact[row] != 0 ? row : kNotExact;
}

}  // namespace

uint32_t FindFirstExact(const Index& index, const Values& values, SearchMemory& memory) {
  if (index.few_routes.usable) return FindAmongFew(index, values);
  const Known known{&index, &values, index.constant_label_cells.data(), {index.always_label}};
  Searcher searcher(index.route, known, memory);
  uint32_t first = kNoRow;
  bool exact = true;
  searcher.Run([&](uint32_t row) {
    if (row >= first) return false;
    exact = exact && index.route.exact[row] != 0;
    first = row;
    return false;
  });
  return exact ? first : kNotExact;
}

}  // namespace hpol::decide
