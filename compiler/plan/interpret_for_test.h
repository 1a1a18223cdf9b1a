// Reads the decision IR as its comments say, three-valued and without any speed: a second
// opinion on the tables that plan writes.
#pragma once

#include <algorithm>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "compiler/reference/kleene.h"
#include "runtime/abi/tables.h"

namespace hpol::plan {

// What became of a request, as guarantees ask: of a candidate, or of the request itself.
struct Became {
  bool candidate = false;
  uint32_t target = 0;
  uint32_t redaction = kNoRedaction.value;
  Label sent;
  bool denied = false;
  bool undecided = false;
};

class Interpreter {
 public:
  Interpreter(const ir::Tables& tables, const reference::Facts& facts, Label label, Became became = {})
      : t_(tables), facts_(facts), label_(label), became_(became) {}

  Truth Condition(ir::Range range) const {
    std::vector<Truth> stack;
    for (uint32_t i = range.begin; i < range.begin + range.count; ++i) {
      const ir::Node& node = t_.nodes[i];
      switch (node.kind) {
        case ir::NodeKind::kFact:
          stack.push_back(Fact(t_.facts[node.value]));
          break;
        case ir::NodeKind::kNotFact:
          stack.push_back(reference::Kleene::Not(Fact(t_.facts[node.value])));
          break;
        case ir::NodeKind::kTrue:
        case ir::NodeKind::kFalse:
          stack.push_back(node.kind == ir::NodeKind::kTrue ? Truth::kTrue : Truth::kFalse);
          break;
        case ir::NodeKind::kAnd:
        case ir::NodeKind::kOr: {
          const auto first = stack.end() - node.value;
          const Truth joined = node.kind == ir::NodeKind::kAnd ? *std::min_element(first, stack.end())
                                                               : *std::max_element(first, stack.end());
          stack.erase(first, stack.end());
          stack.push_back(joined);
        }
      }
    }
    return stack.empty() ? Truth::kTrue : stack.back();
  }

  Truth Fact(const ir::Fact& fact) const {
    const bool evidence = fact.kind <= ir::FactKind::kDistinct;
    if (evidence) return Found(fact) ? Truth::kTrue : facts_.unscanned ? Truth::kUnknown : Truth::kFalse;
    if (fact.kind == ir::FactKind::kLevel) return Known(Label{fact.word}.FlowsTo(label_));
    if (fact.kind > ir::FactKind::kLevel) return Known(BecameSo(fact));
    const reference::Value& value = facts_.attributes[fact.attribute];
    if (fact.kind == ir::FactKind::kPresent) return Known(value.present);
    return value.present ? Known(Holds(fact, value)) : Truth::kUnknown;
  }

 private:
  static Truth Known(bool value) { return value ? Truth::kTrue : Truth::kFalse; }

  bool BecameSo(const ir::Fact& fact) const {
    switch (fact.kind) {
      case ir::FactKind::kSentLevel:
        return became_.candidate && Label{fact.word}.FlowsTo(became_.sent);
      case ir::FactKind::kTarget:
        return became_.candidate && HasIndex(fact, became_.target);
      case ir::FactKind::kRedaction:
        return became_.candidate && HasIndex(fact, became_.redaction);
      case ir::FactKind::kDenied:
        return became_.denied;
      default:
        return became_.undecided;
    }
  }

  bool Found(const ir::Fact& fact) const {
    int64_t count = 0;
    std::set<std::pair<uint32_t, std::string>> texts;
    for (const reference::Evidence& evidence : facts_.findings) {
      const uint32_t detector = evidence.detector.value;
      const auto* first = t_.indices.data() + fact.detectors.begin;
      if (std::find(first, first + fact.detectors.count, detector) == first + fact.detectors.count) continue;
      if (fact.kind == ir::FactKind::kTier) {
        if (static_cast<int64_t>(evidence.tier) >= fact.number) return true;
      } else if (evidence.tier >= t_.detectors[detector].firing) {
        ++count;
        texts.insert({detector, evidence.text});
      }
    }
    if (fact.kind == ir::FactKind::kDistinct) count = static_cast<int64_t>(texts.size());
    return fact.kind != ir::FactKind::kTier && count >= fact.number;
  }

  bool Holds(const ir::Fact& fact, const reference::Value& value) const {
    switch (fact.kind) {
      case ir::FactKind::kAtLeast:
        return value.number >= fact.number;
      case ir::FactKind::kLabelAtLeast:
        return Label{fact.word}.FlowsTo(value.label);
      case ir::FactKind::kLabelAtMost:
        return value.label.FlowsTo({fact.word});
      case ir::FactKind::kMember:
        if (t_.attributes[fact.attribute].type == AttributeType::kBool)
          return HasIndex(fact, value.boolean ? 1 : 0);
        [[fallthrough]];
      default:
        return std::any_of(value.members.begin(), value.members.end(),
                           [&](uint32_t index) { return HasIndex(fact, index); }) ||
               std::any_of(value.texts.begin(), value.texts.end(),
                           [&](const std::string& text) { return HasText(fact, text); });
    }
  }

  bool HasIndex(const ir::Fact& fact, uint32_t index) const {
    for (uint32_t i = 0; i < fact.members.count; ++i)
      if (t_.indices[fact.members.begin + i] == index) return true;
    return false;
  }
  bool HasText(const ir::Fact& fact, const std::string& text) const {
    for (uint32_t i = 0; i < fact.members.count; ++i)
      if (t_.strings[t_.lists[fact.members.begin + i]] == text) return true;
    return false;
  }

  const ir::Tables& t_;
  const reference::Facts& facts_;
  Label label_;
  Became became_;
};

}  // namespace hpol::plan
