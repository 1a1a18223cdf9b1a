#include "runtime/decide/facts.h"

#include <algorithm>
#include <tuple>

namespace hpol::decide {
namespace {

Truth TruthOf(bool value) { return value ? Truth::kTrue : Truth::kFalse; }

Truth Not(Truth truth) {
  return truth == Truth::kUnknown ? truth : truth == Truth::kTrue ? Truth::kFalse : Truth::kTrue;
}

}  // namespace

std::optional<AttributeId> FirstBadInput(const ir::Tables& tables, const Values& values) {
  if (values.missing_required == 0) return std::nullopt;
  for (uint32_t i = 0; i < values.attributes.size(); ++i) {
    if (!tables.attributes[i].optional && values.attributes[i].missing()) return AttributeId{i};
  }
  return std::nullopt;
}

void Facts::Begin(const ir::Tables& tables, const Index& index, const Values& values) {
  if (index_ != &index || tables_ != &tables) {  // buffers of another policy
    tables_ = &tables;
    index_ = &index;
    true_.clear();
    found_.clear();
    bits_.assign(index.domains.evidence.size() / 64 + 1, 0);
    summaries_.assign(tables.detectors.size(), {});
    label_cells_.assign(index.domains.dimensions.size(), 0);
  }
  values_ = &values;
  ClearFindings();
  SetLabel({});
}

void Facts::ClearFindings() {
  for (const uint32_t number : true_) bits_[number >> 6] &= ~(uint64_t{1} << (number & 63));
  for (const uint32_t detector : found_) summaries_[detector] = {};
  true_.clear();
  found_.clear();
  more_findings_ = false;
}

void Facts::SetNotScanned() {
  ClearFindings();
  more_findings_ = true;
}

void Facts::SetLabel(Label label) {
  label_ = label;
  index_->domains.PlaceLabel(label, label_cells_);
}

bool Facts::Fires(const Evidence& evidence, uint32_t match) const {
  const Finding& finding = evidence.matches.all[match].finding;
  return evidence.shape_fires || finding.tier >= tables_->detectors[finding.detector.value].firing;
}

void Facts::Summarize(const Evidence& evidence) {
  for (uint32_t i = 0; i < evidence.matches.all.size(); ++i) {
    if (evidence.off[i] != 0) continue;
    const Finding& finding = evidence.matches.all[i].finding;
    Summary& summary = summaries_[finding.detector.value];
    if (!summary.found) found_.push_back(finding.detector.value);
    summary.found = true;
    summary.best = evidence.shape_fires ? Tier::kChecksum : std::max(summary.best, finding.tier);
    if (Fires(evidence, i)) ++summary.count;
  }
  if (index_->counts_texts && !found_.empty()) CountDistinct(evidence);
}

// By sorting: a body may hold very many findings.
void Facts::CountDistinct(const Evidence& evidence) {
  order_.clear();
  if (!evidence.texts_known) {
    for (const uint32_t detector : found_) summaries_[detector].distinct = summaries_[detector].count;
    return;
  }
  for (uint32_t i = 0; i < evidence.matches.all.size(); ++i) {
    if (evidence.off[i] == 0 && Fires(evidence, i)) order_.push_back(i);
  }
  const auto key = [&](uint32_t i) {
    const detect::Match& match = evidence.matches.all[i];
    return std::tuple(match.finding.detector, detect::TextOf(match, evidence.views));
  };
  std::sort(order_.begin(), order_.end(), [&](uint32_t a, uint32_t b) { return key(a) < key(b); });
  for (size_t i = 0; i < order_.size(); ++i) {
    const uint32_t detector = evidence.matches.all[order_[i]].finding.detector.value;
    if (i == 0 || key(order_[i - 1]) != key(order_[i])) ++summaries_[detector].distinct;
  }
}

bool Facts::Holds(const ir::Fact& fact) const {
  int64_t sum = 0;
  for (uint32_t i = 0; i < fact.detectors.count; ++i) {
    const Summary& summary = summaries_[tables_->indices[fact.detectors.begin + i]];
    if (fact.kind == ir::FactKind::kTier) {
      if (summary.found && static_cast<int64_t>(summary.best) >= fact.number) return true;
    } else {
      sum += fact.kind == ir::FactKind::kCount ? summary.count : summary.distinct;
    }
  }
  return fact.kind != ir::FactKind::kTier && sum >= fact.number;
}

void Facts::SetFindings(const Evidence& evidence) {
  ClearFindings();
  more_findings_ = evidence.unscanned;
  Summarize(evidence);
  for (const uint32_t detector : found_) {
    for (uint32_t i = index_->evidence_begin[detector]; i < index_->evidence_begin[detector + 1]; ++i) {
      const uint32_t number = index_->facts_of_detector[i];
      if (IsTrue(number) || !Holds(tables_->facts[index_->domains.evidence[number]])) continue;
      bits_[number >> 6] |= uint64_t{1} << (number & 63);
      true_.push_back(number);
    }
  }
}

Truth Facts::Of(uint32_t fact) const {
  const ir::Fact& row = tables_->facts[fact];
  const FactForm& form = index_->domains.facts[fact];
  switch (row.kind) {
    case ir::FactKind::kTier:
    case ir::FactKind::kCount:
    case ir::FactKind::kDistinct:
      return IsTrue(form.begin) ? Truth::kTrue : more_findings_ ? Truth::kUnknown : Truth::kFalse;
    case ir::FactKind::kLevel:
      return TruthOf(Label{row.word}.FlowsTo(label_));
    default:
      return index_->domains.OnAttribute(row, form, *values_);
  }
}

Truth Facts::Of(ir::Range condition, std::vector<Truth>& stack) const {
  if (condition.count == 0) return Truth::kTrue;
  size_t top = 0;  // operands on the stack
  for (uint32_t i = condition.begin; i < condition.begin + condition.count; ++i) {
    const ir::Node& node = tables_->nodes[i];
    switch (node.kind) {
      case ir::NodeKind::kFact:
        stack[top++] = Of(node.value);
        break;
      case ir::NodeKind::kNotFact:
        stack[top++] = Not(Of(node.value));
        break;
      case ir::NodeKind::kTrue:
      case ir::NodeKind::kFalse:
        stack[top++] = TruthOf(node.kind == ir::NodeKind::kTrue);
        break;
      case ir::NodeKind::kAnd:
      case ir::NodeKind::kOr: {
        const bool all = node.kind == ir::NodeKind::kAnd;
        Truth joined = stack[--top];
        for (uint32_t k = 1; k < node.value; ++k) {
          const Truth operand = stack[--top];
          joined = all ? std::min(joined, operand) : std::max(joined, operand);
        }
        stack[top++] = joined;
        break;
      }
    }
  }
  return stack[0];
}

}  // namespace hpol::decide
