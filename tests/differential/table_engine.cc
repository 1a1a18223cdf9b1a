#include "tests/differential/table_engine.h"

#include <utility>

namespace hpol::differential {
namespace {

thread_local const ir::Tables* selected = nullptr;

bool Bit(const uint64_t* words, uint32_t bit) { return (words[bit >> 6] >> (bit & 63)) & 1; }

bool Holds(const ir::Tables& tables, ir::Range condition, const uint64_t* positive,
           const uint64_t* negative) {
  std::vector<bool> stack;
  for (uint32_t i = condition.begin; i < condition.begin + condition.count; ++i) {
    const ir::Node& node = tables.nodes[i];
    switch (node.kind) {
      case ir::NodeKind::kFact:
        stack.push_back(Bit(positive, node.value));
        break;
      case ir::NodeKind::kNotFact:
        stack.push_back(Bit(negative, node.value));
        break;
      case ir::NodeKind::kTrue:
      case ir::NodeKind::kFalse:
        stack.push_back(node.kind == ir::NodeKind::kTrue);
        break;
      case ir::NodeKind::kAnd:
      case ir::NodeKind::kOr: {
        const bool is_and = node.kind == ir::NodeKind::kAnd;
        bool joined = is_and;
        for (uint32_t operand = 0; operand < node.value; ++operand) {
          joined = is_and ? joined && stack.back() : joined || stack.back();
          stack.pop_back();
        }
        stack.push_back(joined);
      }
    }
  }
  return stack.empty() || stack.back();
}

template <typename Row>
void RunRows(const std::vector<Row>& table, const uint64_t* positive, const uint64_t* negative,
             uint64_t* rows) {
  for (size_t row = 0; row < table.size(); ++row) {
    const uint64_t bit = uint64_t{1} << (row & 63);
    const bool holds = Holds(*selected, table[row].condition, positive, negative);
    rows[row >> 6] = holds ? rows[row >> 6] | bit : rows[row >> 6] & ~bit;
  }
}

void Classify(const uint64_t* positive, const uint64_t* negative, uint64_t* rows) {
  RunRows(selected->classify, positive, negative, rows);
}
void Route(const uint64_t* positive, const uint64_t* negative, uint64_t* rows) {
  RunRows(selected->route, positive, negative, rows);
}
hpol_match Match(const void* context, const uint8_t* text, uint64_t size, uint64_t at, uint64_t limit) {
  return pattern::Attempt(*static_cast<const pattern::Matcher*>(context), text, size, at, limit);
}

struct Owner {
  std::vector<pattern::Matcher> matchers;
  std::vector<hpol_detector_code> detectors;
  hpol_artifact artifact{};
};

}  // namespace

Program MakeTableProgram(std::shared_ptr<const ir::Tables> tables, std::vector<pattern::Matcher> matchers) {
  auto owner = std::make_shared<Owner>();
  owner->matchers = std::move(matchers);
  for (const pattern::Matcher& matcher : owner->matchers) {
    hpol_detector_code code{Match, &matcher, {}, nullptr, nullptr, nullptr, 0};
    const std::bitset<256> first_bytes = matcher.FirstBytes();
    for (uint32_t byte = 0; byte < 256; ++byte)
      if (first_bytes[byte]) code.first_bytes[byte >> 6] |= uint64_t{1} << (byte & 63);
    owner->detectors.push_back(code);
  }
  hpol_artifact& artifact = owner->artifact;
  artifact.struct_size = sizeof(hpol_artifact);
  artifact.abi_version = HPOL_ABI_VERSION;
  artifact.detector_count = static_cast<uint32_t>(owner->detectors.size());
  artifact.detectors = owner->detectors.data();
  artifact.classify = Classify;
  artifact.route = Route;
  return {std::move(tables), &owner->artifact, owner, nullptr};
}

void SelectTables(const ir::Tables& tables) { selected = &tables; }

}  // namespace hpol::differential
