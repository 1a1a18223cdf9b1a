// Columns of facts. Each Set… writes only the facts that it is about.
#include "runtime/decide/facts.h"

#include <algorithm>
#include <tuple>

namespace hpol::decide {
namespace {

bool IsOnFindings(ir::FactKind kind) {
  return kind == ir::FactKind::kTier || kind == ir::FactKind::kCount || kind == ir::FactKind::kDistinct;
}

Truth Known(bool value) { return value ? Truth::kTrue : Truth::kFalse; }

bool HasIndex(const ir::Tables& tables, ir::Range members, uint32_t index) {
  for (uint32_t i = 0; i < members.count; ++i) {
    if (tables.indices[members.begin + i] == index) return true;
  }
  return false;
}

bool HasText(const ir::Tables& tables, ir::Range members, std::string_view text) {
  for (uint32_t i = 0; i < members.count; ++i) {
    if (tables.Text(tables.lists[members.begin + i]) == text) return true;
  }
  return false;
}

// Some value of a set is one of the fact's members.
bool SetHas(const ir::Tables& tables, const ir::Fact& fact, const Value& value) {
  const ir::Attribute& declared = tables.attributes[fact.attribute];
  if (declared.type != AttributeType::kEnumSet) {
    return std::any_of(value.texts.begin(), value.texts.end(),
                       [&](std::string_view text) { return HasText(tables, fact.members, text); });
  }
  for (uint32_t i = 0; i < fact.members.count; ++i) {
    const uint32_t member = tables.indices[fact.members.begin + i];
    const std::string_view name = tables.Text(tables.lists[declared.members.begin + member]);
    if (std::find(value.texts.begin(), value.texts.end(), name) != value.texts.end()) return true;
  }
  return false;
}

Truth OnAttribute(const ir::Tables& tables, const ir::Fact& fact, const Value& value) {
  if (fact.kind == ir::FactKind::kPresent) return Known(value.present);
  if (!value.present) return Truth::kUnknown;
  switch (fact.kind) {
    case ir::FactKind::kMember:
      return Known(HasIndex(tables, fact.members, value.index));
    case ir::FactKind::kText:
      return Known(HasText(tables, fact.members, value.texts[0]));
    case ir::FactKind::kAtLeast:
      return Known(value.number >= fact.number);
    case ir::FactKind::kHas:
      return Known(SetHas(tables, fact, value));
    case ir::FactKind::kLabelAtLeast:
      return Known(Label{fact.word}.FlowsTo(value.label));
    case ir::FactKind::kLabelAtMost:
      return Known(value.label.FlowsTo({fact.word}));
    default:
      return Truth::kUnknown;
  }
}

}  // namespace

void Columns::Reset(const ir::Tables& tables) {
  const size_t words = tables.facts.size() / 64 + 1;
  true_.assign(words, 0);
  false_.assign(words, 0);
  may_true_.resize(words);
  may_false_.resize(words);
  any_unknown_ = false;
}

void Columns::Set(uint32_t fact, Truth truth) {
  const uint64_t bit = uint64_t{1} << (fact & 63);
  uint64_t& holds = true_[fact >> 6];
  uint64_t& fails = false_[fact >> 6];
  holds = truth == Truth::kTrue ? holds | bit : holds & ~bit;
  fails = truth == Truth::kFalse ? fails | bit : fails & ~bit;
}

bool Columns::IsUnknown(uint32_t fact) const {
  return (((true_[fact >> 6] | false_[fact >> 6]) >> (fact & 63)) & 1) == 0;
}

Truth Columns::TruthOf(uint32_t fact) const {
  if ((true_[fact >> 6] >> (fact & 63)) & 1) return Truth::kTrue;
  return (false_[fact >> 6] >> (fact & 63)) & 1 ? Truth::kFalse : Truth::kUnknown;
}

void Columns::SetAttributes(const ir::Tables& tables, const std::vector<Value>& values) {
  for (uint32_t i = 0; i < tables.facts.size(); ++i) {
    const ir::Fact& fact = tables.facts[i];
    if (IsOnFindings(fact.kind) || fact.kind == ir::FactKind::kLevel) continue;
    Set(i, OnAttribute(tables, fact, values[fact.attribute]));
  }
}

bool Columns::Fires(const ir::Tables& tables, const Evidence& evidence, uint32_t match) const {
  const Finding& finding = evidence.matches.all[match].finding;
  return evidence.shape_fires || finding.tier >= tables.detectors[finding.detector.value].firing;
}

void Columns::Summarize(const ir::Tables& tables, const Evidence& evidence) {
  summaries_.assign(tables.detectors.size(), {});
  for (uint32_t i = 0; i < evidence.matches.all.size(); ++i) {
    if (evidence.off[i] != 0) continue;
    const Finding& finding = evidence.matches.all[i].finding;
    Summary& summary = summaries_[finding.detector.value];
    summary.found = true;
    summary.best = evidence.shape_fires ? Tier::kChecksum : std::max(summary.best, finding.tier);
    if (Fires(tables, evidence, i)) ++summary.count;
  }
  const auto counts_texts = [](const ir::Fact& fact) { return fact.kind == ir::FactKind::kDistinct; };
  if (std::any_of(tables.facts.begin(), tables.facts.end(), counts_texts)) CountDistinct(tables, evidence);
}

// By sorting: a body may hold very many findings.
void Columns::CountDistinct(const ir::Tables& tables, const Evidence& evidence) {
  order_.clear();
  for (uint32_t i = 0; i < evidence.matches.all.size(); ++i) {
    if (evidence.off[i] == 0 && Fires(tables, evidence, i)) order_.push_back(i);
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

bool Columns::Holds(const ir::Tables& tables, const ir::Fact& fact) const {
  int64_t sum = 0;
  for (uint32_t i = 0; i < fact.detectors.count; ++i) {
    const Summary& summary = summaries_[tables.indices[fact.detectors.begin + i]];
    if (fact.kind == ir::FactKind::kTier) {
      if (summary.found && static_cast<int64_t>(summary.best) >= fact.number) return true;
    } else {
      sum += fact.kind == ir::FactKind::kCount ? summary.count : summary.distinct;
    }
  }
  return fact.kind != ir::FactKind::kTier && sum >= fact.number;
}

void Columns::SetFindings(const ir::Tables& tables, const Evidence& evidence) {
  Summarize(tables, evidence);
  for (uint32_t i = 0; i < tables.facts.size(); ++i) {
    const ir::Fact& fact = tables.facts[i];
    if (!IsOnFindings(fact.kind)) continue;
    const bool holds = Holds(tables, fact);
    Set(i, holds ? Truth::kTrue : evidence.unscanned ? Truth::kUnknown : Truth::kFalse);
  }
}

void Columns::SetLabel(const ir::Tables& tables, Label label) {
  for (uint32_t i = 0; i < tables.facts.size(); ++i) {
    const ir::Fact& fact = tables.facts[i];
    if (fact.kind == ir::FactKind::kLevel) Set(i, Known(Label{fact.word}.FlowsTo(label)));
  }
}

void Columns::FindUnknown(const ir::Tables& tables) {
  any_unknown_ = false;
  for (uint32_t i = 0; i < tables.facts.size() && !any_unknown_; ++i) {
    any_unknown_ = tables.facts[i].kind != ir::FactKind::kLevel && IsUnknown(i);
  }
}

void Columns::FillMay() {
  for (size_t i = 0; i < true_.size(); ++i) {
    may_true_[i] = ~false_[i];
    may_false_[i] = ~true_[i];
  }
}

}  // namespace hpol::decide
