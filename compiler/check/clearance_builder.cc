// Building the model: variables from what conditions tell apart, then the conditions over
// them. INVARIANT: every request that the policy can meet is one of the model's, up to
// values that no condition tells apart; the proof rests on it.
#include <algorithm>
#include <limits>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "compiler/check/clearance_model.h"

namespace hpol::check {
namespace {

constexpr uint32_t kMaxValues = 64;
constexpr size_t kMaxLabelValues = 4096;  // of a label input, before equal ones are joined

using Kind = hir::Atom::Kind;

bool CompareLabels(Label left, hir::CompareOp op, Label right) {
  switch (op) {
    case hir::CompareOp::kGreaterEqual:
      return right.FlowsTo(left);
    case hir::CompareOp::kLessEqual:
      return left.FlowsTo(right);
    case hir::CompareOp::kEqual:
      return left == right;
    default:
      return left != right;
  }
}

// One possible value of a scalar input, before values with equal meaning are joined.
struct Candidate {
  bool missing = false;
  bool other = false;
  std::string text{};
  int64_t number = 0;  // int, bool; index of an enum
  Label label{};
};

bool Holds(const hir::Atom& atom, const Candidate& value) {
  switch (atom.kind) {
    case Kind::kBool:
      return value.number != 0;
    case Kind::kPresent:
      return !value.missing;
    case Kind::kIn:
      if (!atom.texts.empty()) {
        return !value.other &&
               std::find(atom.texts.begin(), atom.texts.end(), value.text) != atom.texts.end();
      }
      return std::find(atom.members.begin(), atom.members.end(), static_cast<uint32_t>(value.number)) !=
             atom.members.end();
    default:
      return false;
  }
}

}  // namespace

// Walks the policy twice: what is asked of each variable, then the conditions themselves.
class ModelBuilder {
 public:
  ModelBuilder(const hir::Policy& policy, ClearanceModel& model) : policy_(policy), model_(model) {}

  void Build() {
    asked_.resize(policy_.attributes.size());
    counted_.assign(policy_.detectors.size(), 1);
    distinct_.assign(policy_.detectors.size(), 1);
    ForEachAtom([this](const hir::Atom& atom) { Note(atom); });
    model_.unscanned_ = Add({.kind = Variable::Kind::kUnscanned});
    for (uint32_t i = 0; i < policy_.attributes.size(); ++i) AddAttribute(i);
    for (uint32_t i = 0; i < policy_.detectors.size(); ++i) AddDetector(i);
    BuildRows();
    for (const hir::Route& route : policy_.routes) {
      model_.routes_.push_back(route.condition ? Translate(*route.condition) : ClearanceModel::Condition{});
    }
    BuildCovered();
  }

 private:
  using MAtom = ClearanceModel::Atom;
  using Condition = ClearanceModel::Condition;

  struct AttributeVariables {
    bool open = false;  // too many values
    uint32_t scalar = kNoVariable;
    uint32_t missing = kNoVariable;              // of a set
    std::map<std::string, uint32_t> members;     // of a set
    std::vector<std::vector<Candidate>> values;  // of the scalar: what each value stands for
  };

  template <typename F>
  static void ForEachAtom(const hir::Expr& expr, const F& visit) {
    if (expr.kind == hir::Expr::Kind::kAtom) visit(expr.atom);
    for (const hir::Expr& operand : expr.operands) ForEachAtom(operand, visit);
  }
  template <typename F>
  void ForEachAtom(const F& visit) {
    for (const hir::Floor& floor : policy_.floors) {
      if (floor.condition) ForEachAtom(*floor.condition, visit);
    }
    for (const hir::Raise& raise : policy_.raises) ForEachAtom(raise.condition, visit);
    for (const hir::Route& route : policy_.routes) {
      if (route.condition) ForEachAtom(*route.condition, visit);
    }
  }

  void Note(const hir::Atom& atom) {
    switch (atom.kind) {
      case Kind::kCount:
      case Kind::kDistinct: {
        std::vector<int64_t>& limits = atom.kind == Kind::kCount ? counted_ : distinct_;
        for (const DetectorId id : atom.detectors) limits[id.value] = std::max(limits[id.value], atom.number);
        break;
      }
      case Kind::kDetector:
      case Kind::kLevel:
      case Kind::kCategory:
        break;
      default:
        asked_[atom.attribute.value].push_back(&atom);
    }
  }

  uint32_t Add(Variable variable) {
    model_.variables_.push_back(std::move(variable));
    return static_cast<uint32_t>(model_.variables_.size() - 1);
  }

  // ---- inputs ----

  void AddAttribute(uint32_t index) {
    const hir::Attribute& attribute = policy_.attributes[index];
    AttributeVariables variables;
    if (attribute.type == AttributeType::kStringSet || attribute.type == AttributeType::kEnumSet) {
      AddSet(index, variables);
    } else if (!asked_[index].empty()) {
      AddScalar(index, variables);
    }
    attributes_.push_back(std::move(variables));
  }

  std::vector<std::string> MemberNames(const hir::Atom& atom) const {
    std::vector<std::string> names = atom.texts;
    for (const uint32_t member : atom.members) {
      names.push_back(policy_.attributes[atom.attribute.value].members[member]);
    }
    return names;
  }

  void AddSet(uint32_t index, AttributeVariables& variables) {
    if (asked_[index].empty()) return;
    if (policy_.attributes[index].optional) {
      variables.missing = Add({.kind = Variable::Kind::kSetMissing, .owner = index});
    }
    for (const hir::Atom* atom : asked_[index]) {
      for (const std::string& name : MemberNames(*atom)) {
        if (variables.members.contains(name)) continue;
        Variable::Choice choice;
        choice.texts = {name};
        variables.members[name] =
            Add({.kind = Variable::Kind::kSetMember, .owner = index, .choices = {choice}});
      }
    }
  }

  void AddScalar(uint32_t index, AttributeVariables& variables) {
    const std::optional<std::vector<Candidate>> candidates = CandidatesOf(index);
    if (!candidates) {
      variables.open = true;
      return;
    }
    // Values that answer every question alike are one value.
    std::map<std::vector<bool>, size_t> classes;
    for (const Candidate& value : *candidates) {
      std::vector<bool> answers = {value.missing};
      for (const hir::Atom* atom : asked_[index]) answers.push_back(Answer(*atom, value));
      const auto [it, fresh] = classes.try_emplace(std::move(answers), variables.values.size());
      if (fresh) variables.values.emplace_back();
      variables.values[it->second].push_back(value);
    }
    if (variables.values.size() > kMaxValues) {
      variables.open = true;
      return;
    }
    Variable variable{.kind = Variable::Kind::kAttribute, .owner = index};
    variable.size = static_cast<uint32_t>(variables.values.size());
    for (const std::vector<Candidate>& values : variables.values) {
      Variable::Choice choice;
      choice.missing = values.front().missing;
      choice.other = values.front().other;
      for (const Candidate& value : values) {
        if (!value.other && !value.missing) choice.texts.push_back(value.text);
      }
      variable.choices.push_back(std::move(choice));
    }
    variables.scalar = Add(std::move(variable));
  }

  bool Answer(const hir::Atom& atom, const Candidate& value) const {
    if (atom.kind != Kind::kCompare) return Holds(atom, value);
    if (policy_.attributes[atom.attribute.value].type == AttributeType::kLabel) {
      return CompareLabels(value.label, atom.op, atom.label);
    }
    return ClearanceModel::Compare(value.number, atom.op, atom.number);
  }

  // Values enough to give every combination of answers that a real value can give; nothing when
  // there are too many.
  std::optional<std::vector<Candidate>> CandidatesOf(uint32_t index) const {
    const hir::Attribute& attribute = policy_.attributes[index];
    std::vector<Candidate> values;
    switch (attribute.type) {
      case AttributeType::kBool:
        values.push_back({.text = "false", .number = 0});
        values.push_back({.text = "true", .number = 1});
        break;
      case AttributeType::kEnum:
        for (size_t i = 0; i < attribute.members.size(); ++i) {
          values.push_back({.text = attribute.members[i], .number = static_cast<int64_t>(i)});
        }
        break;
      case AttributeType::kString: {
        std::set<std::string> texts;
        for (const hir::Atom* atom : asked_[index]) texts.insert(atom->texts.begin(), atom->texts.end());
        values.push_back({.other = true});
        for (const std::string& text : texts) values.push_back({.text = text});
        break;
      }
      case AttributeType::kInt:
        AddNumbers(index, values);
        break;
      case AttributeType::kLabel:
        if (!AddLabels(index, values)) return std::nullopt;
        break;
      case AttributeType::kStringSet:
      case AttributeType::kEnumSet:
        return std::nullopt;
    }
    if (attribute.optional) values.push_back({.missing = true});
    return values;
  }

  // Each constant and its neighbours: nothing else changes an answer.
  void AddNumbers(uint32_t index, std::vector<Candidate>& values) const {
    std::set<int64_t> numbers = {0};
    for (const hir::Atom* atom : asked_[index]) {
      if (atom->kind != Kind::kCompare) continue;
      numbers.insert(atom->number);
      if (atom->number > std::numeric_limits<int64_t>::min()) numbers.insert(atom->number - 1);
      if (atom->number < std::numeric_limits<int64_t>::max()) numbers.insert(atom->number + 1);
    }
    for (const int64_t number : numbers) values.push_back({.text = std::to_string(number), .number = number});
  }

  // Every level with every subset of the categories asked about, and of one more that stands
  // for all others.
  bool AddLabels(uint32_t index, std::vector<Candidate>& values) const {
    Label asked;
    for (const hir::Atom* atom : asked_[index]) asked = asked.Join(atom->label);
    std::vector<int> categories;
    std::optional<int> other;
    for (int i = 0; i < static_cast<int>(policy_.categories.size()); ++i) {
      if (asked.has_category(i)) {
        categories.push_back(i);
      } else if (!other) {
        other = i;
      }
    }
    if (other) categories.push_back(*other);
    if (categories.size() > 12 || (policy_.levels.size() << categories.size()) > kMaxLabelValues)
      return false;
    for (int level = 0; level < static_cast<int>(policy_.levels.size()); ++level) {
      for (uint64_t subset = 0; subset < (uint64_t{1} << categories.size()); ++subset) {
        Label label = Label::Level(level);
        for (size_t i = 0; i < categories.size(); ++i) {
          if ((subset >> i) & 1) label = label.Join(Label::Category(categories[i]));
        }
        values.push_back({.text = hir::LabelText(label, policy_.levels, policy_.categories), .label = label});
      }
    }
    return true;
  }

  // ---- detectors ----

  void AddDetector(uint32_t index) {
    const hir::Detector& detector = policy_.detectors[index];
    Variable variable{.kind = Variable::Kind::kDetector, .owner = index};
    // A finding counts toward both; different texts are no more than findings.
    const int64_t distincts = distinct_[index];
    const int64_t counts = std::max(counted_[index], distincts);
    if (counts > kMaxValues || !AddFindings(detector, counts, distincts, variable.findings)) {
      sums_open_.insert(index);
      AddFindings(detector, 1, 1, variable.findings);
    }
    variable.size = static_cast<uint32_t>(variable.findings.size());
    model_.detector_variable_.push_back(Add(std::move(variable)));
  }

  // All combinations up to the highest numbers asked about; false when there are too many.
  static bool AddFindings(const hir::Detector& detector, int64_t counts, int64_t distincts,
                          std::vector<Variable::Findings>& findings) {
    std::vector<Tier> tiers = {Tier::kShape};
    const bool context = std::any_of(detector.near.begin(), detector.near.end(),
                                     [](const hir::Near& near) { return !near.negated; });
    if (context || detector.firing == Tier::kContext) tiers.push_back(Tier::kContext);
    if (detector.firing == Tier::kChecksum || detector.validator != 0) tiers.push_back(Tier::kChecksum);
    findings.assign(1, {});
    for (const Tier tier : tiers) {
      if (tier < detector.firing) {
        findings.push_back({.found = true, .tier = tier});
        continue;
      }
      for (int64_t count = 1; count <= counts; ++count) {
        for (int64_t distinct = 1; distinct <= std::min(count, distincts); ++distinct) {
          if (findings.size() == kMaxValues) return false;
          findings.push_back({.found = true,
                              .tier = tier,
                              .count = static_cast<uint32_t>(count),
                              .distinct = static_cast<uint32_t>(distinct)});
        }
      }
    }
    return findings.size() <= kMaxValues;
  }

  // ---- conditions ----

  Condition Translate(const hir::Expr& expr) {
    Condition condition;
    condition.kind = expr.kind;
    if (expr.kind == hir::Expr::Kind::kAtom) {
      condition.atom = static_cast<uint32_t>(model_.atoms_.size());
      model_.atoms_.push_back(Translate(expr.atom));
    }
    for (const hir::Expr& operand : expr.operands) condition.operands.push_back(Translate(operand));
    return condition;
  }

  MAtom Translate(const hir::Atom& atom) {
    switch (atom.kind) {
      case Kind::kDetector:
        return DetectorAtom(atom);
      case Kind::kCount:
      case Kind::kDistinct:
        return SumAtom(atom);
      case Kind::kLevel: {
        MAtom result{.kind = MAtom::Kind::kLevel};
        result.op = atom.op;
        result.label = atom.label;
        return result;
      }
      case Kind::kCategory: {
        MAtom result{.kind = MAtom::Kind::kCategory};
        result.label = atom.label;
        return result;
      }
      default:
        return AttributeAtom(atom);
    }
  }

  MAtom AttributeAtom(const hir::Atom& atom) {
    const AttributeVariables& variables = attributes_[atom.attribute.value];
    if (atom.kind == Kind::kHas) {
      MAtom result{.kind = MAtom::Kind::kAny};
      result.missing = variables.missing;
      for (const std::string& name : MemberNames(atom))
        result.parts.push_back({variables.members.at(name), 0b10});
      return result;
    }
    if (variables.open) return OpenAtom({});
    if (variables.scalar == kNoVariable) {
      // A set that is asked only whether it is present.
      MAtom result{.kind = MAtom::Kind::kScalar};
      if (variables.missing == kNoVariable) {
        result.parts.push_back({model_.unscanned_, 0b11});  // required: present, always
      } else {
        result.parts.push_back({variables.missing, 0b01});
      }
      return result;
    }
    MAtom result{.kind = MAtom::Kind::kScalar};
    Values truths = 0;
    for (size_t i = 0; i < variables.values.size(); ++i) {
      const Candidate& value = variables.values[i].front();
      if (value.missing && atom.kind != Kind::kPresent) {
        result.unknowns |= Values{1} << i;
      } else if (Answer(atom, value)) {
        truths |= Values{1} << i;
      }
    }
    result.parts.push_back({variables.scalar, truths});
    return result;
  }

  MAtom DetectorAtom(const hir::Atom& atom) const {
    MAtom result{.kind = MAtom::Kind::kAny};
    result.content = true;
    for (const DetectorId id : atom.detectors) {
      const uint32_t variable = model_.detector_variable_[id.value];
      const std::vector<Variable::Findings>& findings = model_.variables_[variable].findings;
      Values truths = 0;
      for (size_t i = 0; i < findings.size(); ++i) {
        const bool holds =
            atom.at_firing ? findings[i].count >= 1 : findings[i].found && findings[i].tier >= atom.tier;
        if (holds) truths |= Values{1} << i;
      }
      result.parts.push_back({variable, truths});
    }
    return result;
  }

  // May be true, false or unknown, and otherwise where a redaction takes away what it counts.
  MAtom OpenAtom(const std::vector<DetectorId>& detectors) {
    MAtom result{.kind = MAtom::Kind::kOpen};
    result.parts.push_back({Add({.kind = Variable::Kind::kOpen, .size = 3}), 0});
    for (const hir::Redaction& redaction : policy_.redactions) {
      const bool taken = std::any_of(detectors.begin(), detectors.end(),
                                     [&redaction](DetectorId id) { return Redacts(redaction, id); });
      result.redacted.push_back(taken ? Add({.kind = Variable::Kind::kOpen, .size = 3})
                                      : result.parts[0].variable);
    }
    return result;
  }

  static bool Redacts(const hir::Redaction& redaction, DetectorId id) {
    return std::any_of(redaction.lines.begin(), redaction.lines.end(), [id](const hir::RedactionLine& line) {
      return std::find(line.detectors.begin(), line.detectors.end(), id) != line.detectors.end();
    });
  }

  MAtom SumAtom(const hir::Atom& atom) {
    for (const DetectorId id : atom.detectors) {
      if (sums_open_.contains(id.value)) return OpenAtom(atom.detectors);
    }
    MAtom result{.kind = MAtom::Kind::kSum};
    result.content = true;
    result.distinct = atom.kind == Kind::kDistinct;
    result.number = atom.number;
    for (const DetectorId id : atom.detectors)
      result.parts.push_back({model_.detector_variable_[id.value], 0});
    return result;
  }

  // Floors are read top down: each holds only where none before it does.
  void BuildRows() {
    std::vector<Condition> before;
    for (const hir::Floor& floor : policy_.floors) {
      Condition row;
      row.kind = hir::Expr::Kind::kAnd;
      row.operands = before;
      if (floor.condition) {
        Condition own = Translate(*floor.condition);
        Condition negated;
        negated.kind = hir::Expr::Kind::kNot;
        negated.operands.push_back(own);
        before.push_back(std::move(negated));
        row.operands.push_back(std::move(own));
      } else {
        Condition never;
        never.kind = hir::Expr::Kind::kFalse;
        before.push_back(std::move(never));
      }
      model_.rows_.push_back({std::move(row), floor.label});
    }
    for (const hir::Raise& raise : policy_.raises) {
      model_.rows_.push_back({Translate(raise.condition), raise.label});
    }
  }

  void BuildCovered() {
    for (const hir::Redaction& redaction : policy_.redactions) {
      std::vector<bool> covered(model_.variables_.size(), false);
      for (const hir::RedactionLine& line : redaction.lines) {
        for (const DetectorId id : line.detectors) covered[model_.detector_variable_[id.value]] = true;
      }
      model_.covered_.push_back(std::move(covered));
    }
  }

  const hir::Policy& policy_;
  ClearanceModel& model_;
  std::vector<std::vector<const hir::Atom*>> asked_;  // of each input
  std::vector<int64_t> counted_;                      // of each detector: the highest number asked
  std::vector<int64_t> distinct_;
  std::set<uint32_t> sums_open_;
  std::vector<AttributeVariables> attributes_;
};

ClearanceModel::ClearanceModel(const hir::Policy& policy) : policy_(policy), top_(hir::TopLabel(policy)) {
  ModelBuilder(policy, *this).Build();
}

}  // namespace hpol::check
