#include "compiler/prove/world.h"

#include <algorithm>
#include <limits>
#include <sstream>
#include <utility>

namespace hpol::prove {
namespace {

using Kind = hir::Atom::Kind;

// The tiers that a finding can have, by its declaration (runtime/detect's rules of `near` and validators).
std::vector<Tier> TiersOf(const hir::Detector& detector) {
  const auto is_lowering = [](const hir::Near& near) { return near.negated; };
  const bool lowers = std::any_of(detector.near.begin(), detector.near.end(), is_lowering);
  const bool raises = !std::all_of(detector.near.begin(), detector.near.end(), is_lowering);
  std::vector<Tier> tiers;
  if (!detector.needs_near || lowers) tiers.push_back(Tier::kShape);
  if (raises) tiers.push_back(Tier::kContext);
  if (detector.validator != 0) tiers.push_back(Tier::kChecksum);
  return tiers;
}

size_t IndexOf(const std::vector<std::string>& names, const std::string& name) {
  return static_cast<size_t>(std::find(names.begin(), names.end(), name) - names.begin());
}

void AddUnique(std::vector<std::string>& names, const std::string& name) {
  if (IndexOf(names, name) == names.size()) names.push_back(name);
}

}  // namespace

std::string World::KeyOf(const hir::Policy& policy, const hir::Attribute& attribute) {
  std::ostringstream key;
  key << attribute.name << '\n'
      << static_cast<int>(attribute.type) << ' ' << static_cast<int>(attribute.source);
  // Labels of two policies are comparable only over the same names.
  if (attribute.type == AttributeType::kLabel) {
    for (const std::string& level : policy.levels) key << '<' << level;
    for (const std::string& category : policy.categories) key << '+' << category;
  }
  return std::move(key).str();
}

// What decides whether the detector finds something; its name and samples do not.
std::string World::KeyOf(const hir::Policy& policy, const hir::Detector& detector) {
  std::ostringstream key;
  key << policy.steps_off << ' ' << detector.validator << ' ' << detector.needs_near << ' '
      << static_cast<int>(detector.firing);
  const auto text = [&key](const std::string& one) { key << ' ' << one.size() << ':' << one; };
  for (const hir::Pattern& pattern : detector.patterns) {
    key << "\npattern " << pattern.bounded << pattern.ignoring_case;
    text(pattern.text);
  }
  for (const hir::WordList& list : detector.words) {
    key << "\nwords " << list.ignoring_case;
    for (const std::string& word : list.words) text(word);
  }
  for (const hir::Near& near : detector.near) {
    key << "\nnear " << near.negated << near.needed << ' ' << near.within;
    for (const std::string& word : near.words) text(word);
  }
  key << "\nexcept";
  for (const std::string& exception : detector.exceptions) text(exception);
  return std::move(key).str();
}

void World::Note(const hir::Policy& policy) {
  ++policies_;
  for (const hir::Attribute& attribute : policy.attributes) {
    const auto [entry, added] = input_index_.try_emplace(KeyOf(policy, attribute), inputs_.size());
    if (added) {
      inputs_.emplace_back().declared = attribute;
      declared_in_.push_back(0);
      texts_.emplace_back();
      thresholds_.emplace_back();
    }
    InputVariable& variable = inputs_[entry->second];
    ++declared_in_[entry->second];
    variable.levels = policy.levels.size();
    variable.categories = policy.categories.size();
    variable.always_present = variable.always_present && !attribute.optional;
    for (const std::string& member : attribute.members) AddUnique(variable.values, member);
  }
  for (const hir::Detector& detector : policy.detectors) {
    const auto [entry, added] = detector_index_.try_emplace(KeyOf(policy, detector), detectors_.size());
    if (!added) continue;
    detectors_.emplace_back().declared = detector;
    detectors_.back().tiers = TiersOf(detector);
  }
  for (const hir::Redaction& redaction : policy.redactions)
    for (const hir::RedactionLine& line : redaction.lines)
      for (const DetectorId id : line.detectors)
        detectors_[detector_index_.at(KeyOf(policy, policy.detectors[id.value]))].covered = true;
  ForEachCondition(policy, [&](const hir::Expr& expr) {
    ForEachAtom(expr, [&](const hir::Atom& atom) { NoteAtom(policy, atom); });
  });
}

void World::NoteAtom(const hir::Policy& policy, const hir::Atom& atom) {
  switch (atom.kind) {
    case Kind::kCount:
    case Kind::kDistinct:
      for (const DetectorId id : atom.detectors) {
        DetectorVariable& variable =
            detectors_[detector_index_.at(KeyOf(policy, policy.detectors[id.value]))];
        const int64_t asked = std::min(atom.number, std::numeric_limits<int64_t>::max() - 1) + 1;
        variable.counted = std::max(variable.counted, asked);
        if (atom.kind == Kind::kDistinct) variable.told_apart = std::max(variable.told_apart, asked);
      }
      return;
    case Kind::kCompare:
    case Kind::kIn:
    case Kind::kHas: {
      const hir::Attribute& attribute = policy.attributes[atom.attribute.value];
      const size_t index = input_index_.at(KeyOf(policy, attribute));
      texts_[index].insert(atom.texts.begin(), atom.texts.end());
      if (attribute.type != AttributeType::kInt) return;
      thresholds_[index].insert(atom.number);
      if (atom.number < std::numeric_limits<int64_t>::max()) thresholds_[index].insert(atom.number + 1);
      return;
    }
    default:
      return;
  }
}

void World::Build() {
  unscanned_ = aig_.NewInput();
  unscanned_input_ = aig_.inputs() - 1;
  unregistered_ = aig_.NewInput();
  unregistered_input_ = aig_.inputs() - 1;
  for (size_t i = 0; i < inputs_.size(); ++i) {
    InputVariable& variable = inputs_[i];
    if (declared_in_[i] != policies_) variable.always_present = false;
    for (const std::string& text : texts_[i]) AddUnique(variable.values, text);
    variable.thresholds.assign(thresholds_[i].begin(), thresholds_[i].end());
    BuildInput(variable);
  }
  for (DetectorVariable& variable : detectors_) BuildDetector(variable);
}

void World::BuildInput(InputVariable& variable) {
  if (!variable.always_present) {
    variable.present = aig_.NewInput();
    variable.present_input = aig_.inputs() - 1;
  }
  const auto bits = [&](size_t count) {
    variable.first_bit = aig_.inputs();
    for (size_t i = 0; i < count; ++i) variable.bits.push_back(aig_.NewInput());
  };
  switch (variable.declared.type) {
    case AttributeType::kBool:
      return bits(1);
    case AttributeType::kInt:
      variable.choice = Choice(aig_, variable.thresholds.size() + 1);
      return;
    case AttributeType::kString:
      variable.choice = Choice(aig_, variable.values.size() + 1);
      return;
    case AttributeType::kEnum:
      variable.choice = Choice(aig_, variable.values.size());
      return;
    case AttributeType::kStringSet:
    case AttributeType::kEnumSet:
      return bits(variable.values.size());
    case AttributeType::kLabel:
      variable.choice = Choice(aig_, std::max<size_t>(variable.levels, 1));
      return bits(variable.categories);
  }
}

void World::BuildDetector(DetectorVariable& variable) {
  if (variable.covered) {
    BuildFindings(variable, variable.fixed, nullptr);
    const Lit any = variable.fixed.at_tier.front();
    all_replaceable_ = aig_.And(all_replaceable_, Negate(any));
  }
  BuildFindings(variable, variable.replaceable, variable.covered ? &variable.fixed : nullptr);
}

// `before`: findings whose texts are counted already.
void World::BuildFindings(const DetectorVariable& detector, FindingsVariable& findings,
                          const FindingsVariable* before) {
  findings.at_tier.assign(3, kFalse);
  Lit reached = kTrue;
  size_t next = 0;
  for (const Tier tier : detector.tiers) {
    reached = aig_.And(reached, aig_.NewInput());
    findings.tier_inputs.push_back(aig_.inputs() - 1);
    for (; next <= static_cast<size_t>(tier); ++next) findings.at_tier[next] = reached;
  }
  findings.fires = findings.at_tier[static_cast<size_t>(detector.declared.firing)];
  findings.first_extra = aig_.inputs();
  if (detector.counted > 1)
    findings.extra = NewNumber(aig_, BitsFor(static_cast<uint64_t>(detector.counted - 1)));
  const Number one = Constant(1);
  findings.count = If(aig_, findings.fires, Add(aig_, findings.extra, one), {});
  if (detector.told_apart == 0) return;
  // Texts that `before` has not: none is needed where it has one to repeat, and never more than findings.
  findings.first_distinct = aig_.inputs();
  findings.extra_distinct = NewNumber(aig_, BitsFor(static_cast<uint64_t>(detector.counted)));
  const Lit repeats = before != nullptr ? before->fires : kFalse;
  const Number wanted = If(aig_, repeats, findings.extra_distinct, Add(aig_, findings.extra_distinct, one));
  findings.distinct = Min(aig_, wanted, findings.count);
}

// ---- assignments and facts ----

namespace {

uint64_t NumberAt(const std::vector<bool>& assignment, size_t first, size_t bits) {
  uint64_t value = 0;
  for (size_t i = 0; i < bits; ++i)
    if (assignment[first + i]) value |= uint64_t{1} << i;
  return value;
}

void SetNumber(std::vector<bool>& assignment, size_t first, size_t bits, uint64_t value) {
  const uint64_t most = bits >= 64 ? ~uint64_t{0} : (uint64_t{1} << bits) - 1;
  value = std::min(value, most);
  for (size_t i = 0; i < bits; ++i) assignment[first + i] = ((value >> i) & 1) != 0;
}

// What one side of a detector has, as numbers.
struct Side {
  std::optional<Tier> highest;
  int64_t count = 0, distinct = 0;
};

Side SideOf(const std::vector<bool>& assignment, const DetectorVariable& detector,
            const FindingsVariable& findings, bool repeats) {
  Side side;
  for (size_t i = 0; i < detector.tiers.size() && assignment[findings.tier_inputs[i]]; ++i)
    side.highest = detector.tiers[i];
  if (!side.highest || *side.highest < detector.declared.firing) return side;
  side.count = 1 + static_cast<int64_t>(NumberAt(assignment, findings.first_extra, findings.extra.size()));
  side.distinct = repeats ? 0 : 1;
  if (detector.told_apart > 0)
    side.distinct +=
        static_cast<int64_t>(NumberAt(assignment, findings.first_distinct, findings.extra_distinct.size()));
  side.distinct = std::min(side.distinct, side.count);
  return side;
}

void AddEvidence(const Side& side, DetectorId id, const hir::Detector& detector, bool replaceable,
                 const std::string& prefix, const std::string& repeated,
                 std::vector<reference::Evidence>& all) {
  if (!side.highest) return;
  const int64_t count = std::clamp<int64_t>(side.count, 1, World::kMostFindings);
  for (int64_t i = 0; i < count; ++i) {
    const Tier tier = i == 0 ? *side.highest : detector.firing;
    const bool fresh = i < side.distinct;
    const std::string text = fresh ? prefix + std::to_string(i) : side.distinct > 0 ? prefix + "0" : repeated;
    all.push_back({id, tier, text, replaceable});
  }
}

void SetSide(std::vector<bool>& assignment, const DetectorVariable& detector,
             const FindingsVariable& findings, const Side& side, bool repeats) {
  for (size_t i = 0; i < detector.tiers.size(); ++i)
    assignment[findings.tier_inputs[i]] = side.highest && *side.highest >= detector.tiers[i];
  if (side.count > 0)
    SetNumber(assignment, findings.first_extra, findings.extra.size(), static_cast<uint64_t>(side.count - 1));
  const int64_t needed = side.count > 0 && !repeats ? 1 : 0;
  SetNumber(assignment, findings.first_distinct, findings.extra_distinct.size(),
            static_cast<uint64_t>(std::max<int64_t>(side.distinct - needed, 0)));
}

reference::Value ValueOf(const InputVariable& variable, const std::vector<bool>& assignment,
                         const hir::Attribute& declared) {
  reference::Value value;
  value.present = variable.always_present || assignment[variable.present_input];
  const auto member = [&](const std::string& name) {
    const size_t index = IndexOf(declared.members, name);
    if (index == declared.members.size()) value.present = false;  // ill-typed for this policy
    value.members.push_back(static_cast<uint32_t>(index));
  };
  switch (declared.type) {
    case AttributeType::kBool:
      value.boolean = assignment[variable.first_bit];
      break;
    case AttributeType::kInt: {
      const size_t interval = variable.choice.Get(assignment);
      if (variable.thresholds.empty()) break;
      value.number = interval > 0 ? variable.thresholds[interval - 1] : variable.thresholds[0];
      // The least of all numbers has none below it: such an interval is empty.
      if (interval == 0 && value.number != std::numeric_limits<int64_t>::min()) --value.number;
      break;
    }
    case AttributeType::kString: {
      const size_t index = variable.choice.Get(assignment);
      std::string text = "anything else";
      while (index == variable.values.size() && IndexOf(variable.values, text) < variable.values.size())
        text += '.';
      value.texts = {index < variable.values.size() ? variable.values[index] : text};
      break;
    }
    case AttributeType::kEnum:
      if (variable.values.empty()) break;
      member(variable.values[variable.choice.Get(assignment)]);
      break;
    case AttributeType::kStringSet:
    case AttributeType::kEnumSet:
      for (size_t i = 0; i < variable.values.size(); ++i) {
        if (!assignment[variable.first_bit + i]) continue;
        if (declared.type == AttributeType::kEnumSet) {
          member(variable.values[i]);
        } else {
          value.texts.push_back(variable.values[i]);
        }
      }
      break;
    case AttributeType::kLabel:
      value.label = Label::Level(static_cast<int>(variable.choice.Get(assignment)));
      for (size_t i = 0; i < variable.categories; ++i)
        if (assignment[variable.first_bit + i])
          value.label = value.label.Join(Label::Category(static_cast<int>(i)));
      break;
  }
  if (!value.present) value = {};
  return value;
}

void SetValue(const InputVariable& variable, const hir::Attribute& declared, const reference::Value& value,
              std::vector<bool>& assignment) {
  if (!variable.always_present) assignment[variable.present_input] = value.present;
  if (!value.present) return;
  switch (declared.type) {
    case AttributeType::kBool:
      assignment[variable.first_bit] = value.boolean;
      return;
    case AttributeType::kInt:
      variable.choice.Set(assignment,
                          static_cast<size_t>(std::upper_bound(variable.thresholds.begin(),
                                                               variable.thresholds.end(), value.number) -
                                              variable.thresholds.begin()));
      return;
    case AttributeType::kString:
      variable.choice.Set(assignment, IndexOf(variable.values, value.texts.front()));
      return;
    case AttributeType::kEnum:
      variable.choice.Set(assignment, IndexOf(variable.values, declared.members[value.members.front()]));
      return;
    case AttributeType::kStringSet:
    case AttributeType::kEnumSet: {
      std::vector<std::string> texts = value.texts;
      for (const uint32_t index : value.members) texts.push_back(declared.members[index]);
      for (const std::string& text : texts) {
        const size_t index = IndexOf(variable.values, text);
        if (index < variable.values.size()) assignment[variable.first_bit + index] = true;
      }
      return;
    }
    case AttributeType::kLabel:
      variable.choice.Set(assignment, static_cast<size_t>(value.label.level()));
      for (size_t i = 0; i < variable.categories; ++i)
        assignment[variable.first_bit + i] = value.label.has_category(static_cast<int>(i));
      return;
  }
}

}  // namespace

Variables World::VariablesOf(const hir::Policy& policy) const {
  Variables variables;
  for (const hir::Attribute& attribute : policy.attributes)
    variables.inputs.push_back(&inputs_[input_index_.at(KeyOf(policy, attribute))]);
  for (const hir::Detector& detector : policy.detectors)
    variables.detectors.push_back(&detectors_[detector_index_.at(KeyOf(policy, detector))]);
  return variables;
}

reference::Facts World::FactsOf(const std::vector<bool>& assignment, const hir::Policy& policy,
                                const Variables& variables) const {
  reference::Facts facts;
  facts.unscanned = assignment[unscanned_input_];
  facts.unregistered = assignment[unregistered_input_];
  for (size_t i = 0; i < policy.attributes.size(); ++i)
    facts.attributes.push_back(ValueOf(*variables.inputs[i], assignment, policy.attributes[i]));
  for (uint32_t i = 0; i < policy.detectors.size(); ++i) {
    const DetectorVariable& variable = *variables.detectors[i];
    Side fixed;
    if (variable.covered) fixed = SideOf(assignment, variable, variable.fixed, false);
    const bool repeats = fixed.count > 0;
    const Side replaceable = SideOf(assignment, variable, variable.replaceable, repeats);
    AddEvidence(fixed, {i}, variable.declared, false, "fixed ", {}, facts.findings);
    AddEvidence(replaceable, {i}, variable.declared, true, "text ", "fixed 0", facts.findings);
  }
  return facts;
}

std::vector<bool> World::AssignmentOf(const reference::Facts& facts, const hir::Policy& policy,
                                      const Variables& variables) const {
  std::vector<bool> assignment(aig_.inputs(), false);
  assignment[unscanned_input_] = facts.unscanned;
  assignment[unregistered_input_] = facts.unregistered;
  for (size_t i = 0; i < policy.attributes.size(); ++i)
    SetValue(*variables.inputs[i], policy.attributes[i], facts.attributes[i], assignment);
  for (uint32_t i = 0; i < policy.detectors.size(); ++i) {
    const DetectorVariable& variable = *variables.detectors[i];
    Side sides[2];  // fixed, replaceable
    std::set<std::string> texts;
    for (const bool replaceable : {false, true}) {
      Side& side = sides[replaceable ? 1 : 0];
      for (const reference::Evidence& evidence : facts.findings) {
        // What no redaction covers has one fate.
        if (evidence.detector.value != i || (evidence.replaceable || !variable.covered) != replaceable)
          continue;
        side.highest = std::max(side.highest.value_or(evidence.tier), evidence.tier);
        if (evidence.tier < variable.declared.firing) continue;
        ++side.count;
        if (texts.insert(evidence.text).second) ++side.distinct;
      }
    }
    if (variable.covered) SetSide(assignment, variable, variable.fixed, sides[0], false);
    SetSide(assignment, variable, variable.replaceable, sides[1], sides[0].count > 0);
  }
  return assignment;
}

}  // namespace hpol::prove
