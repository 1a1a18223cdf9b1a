#include "runtime/decide/domains.h"

#include <algorithm>
#include <charconv>

namespace hpol::decide {
namespace {

// Facts on one label, or on the presence of one set, that are dimensions of their own. More are left to the
// check of a rule: each costs every search a row.
constexpr size_t kMaxTruthsOfOne = 8;

bool IsSet(AttributeType type) {
  return type == AttributeType::kStringSet || type == AttributeType::kEnumSet;
}
bool IsOnFindings(ir::FactKind kind) {
  return kind == ir::FactKind::kTier || kind == ir::FactKind::kCount || kind == ir::FactKind::kDistinct;
}
bool IsLevelOnly(const ir::Fact& fact) { return (fact.word & ~Label::kLevelMask) == 0; }

bool Contains(const uint32_t* members, uint32_t count, uint32_t one) {
  return std::binary_search(members, members + count, one);
}

}  // namespace

class DomainsMaker {
 public:
  explicit DomainsMaker(const ir::Tables& tables) : t_(tables) {}

  Domains Run() {
    for (const ir::StringId level : t_.levels) d_.levels_.Add(t_.Text(level));
    for (const ir::StringId category : t_.categories) d_.categories_.Add(t_.Text(category));
    for (const ir::Attribute& row : t_.attributes) AddAttribute(row);
    FindBounds();
    d_.facts.resize(t_.facts.size());
    for (uint32_t fact = 0; fact < t_.facts.size(); ++fact) AddNames(fact);
    AddDimensions();
    for (uint32_t fact = 0; fact < t_.facts.size(); ++fact) AddForm(fact);
    PlaceCells();
    MakeNone();
    return std::move(d_);
  }

 private:
  using OneAttribute = Domains::OneAttribute;

  void AddAttribute(const ir::Attribute& row) {
    d_.names_.Add(t_.Text(row.name));
    OneAttribute& one = d_.attributes_.emplace_back();
    one.type = row.type;
    one.source = row.source;
    one.optional = row.optional;
    if (row.type != AttributeType::kEnum && row.type != AttributeType::kEnumSet) return;
    for (uint32_t i = 0; i < row.members.count; ++i) one.texts.Add(t_.Text(t_.lists[row.members.begin + i]));
  }

  void FindBounds() {
    for (const ir::Fact& fact : t_.facts)
      if (fact.kind == ir::FactKind::kAtLeast) d_.attributes_[fact.attribute].bounds.push_back(fact.number);
    for (OneAttribute& one : d_.attributes_) {
      std::sort(one.bounds.begin(), one.bounds.end());
      one.bounds.erase(std::unique(one.bounds.begin(), one.bounds.end()), one.bounds.end());
    }
  }

  // Classes of the members that a fact names.
  void AddNames(uint32_t fact) {
    const ir::Fact& row = t_.facts[fact];
    FactForm& form = d_.facts[fact];
    form.begin = static_cast<uint32_t>(d_.members.size());
    if (row.kind != ir::FactKind::kMember && row.kind != ir::FactKind::kText &&
        row.kind != ir::FactKind::kHas)
      return;
    OneAttribute& one = d_.attributes_[row.attribute];
    const bool texts = one.type == AttributeType::kString || one.type == AttributeType::kStringSet;
    for (uint32_t i = 0; i < row.members.count; ++i) {
      const uint32_t member = row.members.begin + i;
      d_.members.push_back(texts ? one.texts.Add(t_.Text(t_.lists[member])) : t_.indices[member]);
    }
    std::sort(d_.members.begin() + form.begin, d_.members.end());
    form.count = row.members.count;
  }

  uint32_t AddDimension(DimensionKind kind, uint32_t subject, uint32_t classes) {
    Dimension dimension;
    dimension.kind = kind;
    dimension.subject = subject;
    dimension.classes = classes;
    d_.dimensions.push_back(dimension);
    d_.truth_facts_.emplace_back();
    return static_cast<uint32_t>(d_.dimensions.size() - 1);
  }

  void AddDimensions() {
    for (const ir::Fact& fact : t_.facts)
      if (!IsOnFindings(fact.kind) && fact.kind != ir::FactKind::kLevel)
        d_.attributes_[fact.attribute].asked = true;
    for (uint32_t a = 0; a < d_.attributes_.size(); ++a) {
      OneAttribute& one = d_.attributes_[a];
      if (!one.asked || one.type == AttributeType::kLabel) continue;
      const uint32_t texts = one.texts.size();
      if (IsSet(one.type)) {
        one.dimension = AddDimension(DimensionKind::kElements, a, texts);
        one.blocked = AddDimension(DimensionKind::kBlocked, a, texts);
        continue;
      }
      const uint32_t classes = one.type == AttributeType::kBool ? 2
                               : one.type == AttributeType::kInt
                                   ? static_cast<uint32_t>(one.bounds.size()) + 1
                               : one.type == AttributeType::kEnum ? texts
                                                                  : texts + 1;  // any other text
      one.dimension = AddDimension(DimensionKind::kScalar, a, classes);
    }
  }

  void AddForm(uint32_t fact) {
    const ir::Fact& row = t_.facts[fact];
    FactForm& form = d_.facts[fact];
    if (IsOnFindings(row.kind)) {
      if (d_.evidence_dimension == kNoDimension)
        d_.evidence_dimension = AddDimension(DimensionKind::kEvidence, 0, 0);
      form.dimension = d_.evidence_dimension;
      form.begin = static_cast<uint32_t>(d_.evidence.size());
      d_.evidence.push_back(fact);
      d_.dimensions[form.dimension].classes = form.begin + 1;
      return;
    }
    if (row.kind == ir::FactKind::kLevel) return AddLevelForm(fact);
    OneAttribute& one = d_.attributes_[row.attribute];
    if (row.kind == ir::FactKind::kAtLeast) {
      const auto bound = std::lower_bound(one.bounds.begin(), one.bounds.end(), row.number);
      form.begin = static_cast<uint32_t>(bound - one.bounds.begin()) + 1;
    }
    const bool on_label = one.type == AttributeType::kLabel;
    if (!on_label && !(IsSet(one.type) && row.kind == ir::FactKind::kPresent)) {
      form.dimension = one.dimension;
      return;
    }
    if (one.truths.size() >= kMaxTruthsOfOne) return;
    form.dimension = AddTruth(fact);
    one.truths.push_back(form.dimension);
  }

  void AddLevelForm(uint32_t fact) {
    FactForm& form = d_.facts[fact];
    if (IsLevelOnly(t_.facts[fact])) {
      if (d_.level_dimension == kNoDimension) {
        d_.level_dimension = AddDimension(DimensionKind::kLevel, 0, static_cast<uint32_t>(t_.levels.size()));
        d_.dimensions[d_.level_dimension].on_label = true;
      }
      form.dimension = d_.level_dimension;
      form.begin = static_cast<uint32_t>(Label{t_.facts[fact].word}.level());
      return;
    }
    if (d_.label_truths.size() >= 2 * kMaxTruthsOfOne) return;
    form.dimension = AddTruth(fact);
    d_.dimensions[form.dimension].on_label = true;
    d_.label_truths.push_back(form.dimension);
  }

  uint32_t AddTruth(uint32_t fact) {
    const uint32_t dimension = AddDimension(DimensionKind::kTruth, fact, 2);
    d_.truth_facts_[dimension] = t_.facts[fact];
    return dimension;
  }

  // Cell 0 is for nobody: a row of ones.
  void PlaceCells() {
    uint32_t next = 1;
    for (Dimension& dimension : d_.dimensions) {
      while ((dimension.classes >> dimension.shift) >= kMaxCells) ++dimension.shift;
      const uint32_t full = (dimension.classes + (1u << dimension.shift) - 1) >> dimension.shift;
      dimension.first_cell = next;
      dimension.cells = full + 1;
      next += dimension.cells;
    }
    d_.cell_count = next;
  }

  void MakeNone() {
    Values& none = d_.none_;
    none.attributes.resize(d_.attributes_.size());
    none.cells.assign(d_.dimensions.size(), 0);
    for (size_t i = 0; i < d_.dimensions.size(); ++i)
      if (IsOneClass(d_.dimensions[i].kind)) none.cells[i] = d_.dimensions[i].last_cell();
    for (uint32_t a = 0; a < d_.attributes_.size(); ++a) {
      if (d_.attributes_[a].asked) ++none.missing;
      if (!d_.attributes_[a].optional) ++none.missing_required;
      d_.SetTruths(none, a);
    }
  }

  const ir::Tables& t_;
  Domains d_;
};

Domains Domains::Make(const ir::Tables& tables) { return DomainsMaker(tables).Run(); }

void Domains::Clear(Values& values) const {
  values.attributes.assign(none_.attributes.begin(), none_.attributes.end());
  values.cells.assign(none_.cells.begin(), none_.cells.end());
  values.elements.clear();
  values.missing = none_.missing;
  values.missing_required = none_.missing_required;
}

void Domains::SetTruths(Values& values, uint32_t attribute) const {
  for (const uint32_t dimension : attributes_[attribute].truths) {
    const Dimension& row = dimensions[dimension];
    const Truth truth = OnAttribute(truth_facts_[dimension], facts[row.subject], values);
    const uint32_t one = truth == Truth::kTrue    ? kClassTrue
                         : truth == Truth::kFalse ? kClassFalse
                                                  : kClassUnknown;
    values.cells[dimension] = row.CellOf(one);
  }
}

void Domains::Present(Values& values, uint32_t attribute) const {
  if (!values.attributes[attribute].missing()) return;
  const OneAttribute& one = attributes_[attribute];
  if (one.asked) --values.missing;
  if (!one.optional) --values.missing_required;
}

void Domains::SetMissing(Values& values, uint32_t attribute) const {
  const OneAttribute& one = attributes_[attribute];
  if (values.attributes[attribute].missing()) return;
  if (one.asked) ++values.missing;
  if (!one.optional) ++values.missing_required;
  values.attributes[attribute] = {};
  if (one.dimension != kNoDimension && IsOneClass(dimensions[one.dimension].kind))
    values.cells[one.dimension] = dimensions[one.dimension].last_cell();
  SetTruths(values, attribute);
}

bool Domains::SetScalar(Values& values, uint32_t attribute, uint32_t one) const {
  Present(values, attribute);
  values.attributes[attribute].one = one;
  const uint32_t dimension = attributes_[attribute].dimension;
  if (dimension != kNoDimension) values.cells[dimension] = dimensions[dimension].CellOf(one);
  return true;
}

bool Domains::SetInt(Values& values, uint32_t attribute, int64_t number) const {
  const OneAttribute& one = attributes_[attribute];
  if (one.type != AttributeType::kInt) return SetMissing(values, attribute), false;
  uint32_t below = 0;
  if (one.bounds.size() <= 16) {
    for (const int64_t bound : one.bounds) below += bound <= number ? 1 : 0;
  } else {
    below = static_cast<uint32_t>(std::upper_bound(one.bounds.begin(), one.bounds.end(), number) -
                                  one.bounds.begin());
  }
  return SetScalar(values, attribute, below);
}

bool Domains::SetBool(Values& values, uint32_t attribute, bool value) const {
  if (attributes_[attribute].type == AttributeType::kBool) return SetScalar(values, attribute, value ? 1 : 0);
  return SetMissing(values, attribute), false;
}

bool Domains::SetMember(Values& values, uint32_t attribute, uint32_t member) const {
  const OneAttribute& one = attributes_[attribute];
  if (one.type == AttributeType::kEnum && member < one.texts.size())
    return SetScalar(values, attribute, member);
  return SetMissing(values, attribute), false;
}

// `level` or `level+category+…`.
bool Domains::ReadLabel(std::string_view text, uint64_t& word) const {
  for (bool first = true;; first = false) {
    const size_t plus = text.find('+');
    const uint32_t index = (first ? levels_ : categories_).Find(text.substr(0, plus));
    if (index == Interner::kNone) return false;
    const int number = static_cast<int>(index);
    word |= (first ? Label::Level(number) : Label::Category(number)).word;
    if (plus == std::string_view::npos) return true;
    text.remove_prefix(plus + 1);
  }
}

// One text of a scalar.
bool Domains::Read(Values& values, uint32_t attribute, std::string_view text) const {
  const OneAttribute& one = attributes_[attribute];
  switch (one.type) {
    case AttributeType::kBool:
      if (text != "true" && text != "false") return false;
      return SetScalar(values, attribute, text == "true" ? 1 : 0);
    case AttributeType::kInt: {
      int64_t number = 0;
      const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), number);
      if (error != std::errc() || stop != text.data() + text.size() || text.empty()) return false;
      return SetInt(values, attribute, number);
    }
    case AttributeType::kString:
      return SetScalar(values, attribute, std::min(one.texts.Find(text), one.texts.size()));
    case AttributeType::kEnum: {
      const uint32_t index = one.texts.Find(text);
      return index != Interner::kNone && SetScalar(values, attribute, index);
    }
    case AttributeType::kLabel: {
      uint64_t word = 0;
      if (!ReadLabel(text, word)) return false;
      Present(values, attribute);
      values.attributes[attribute] = {0, 0, word};
      SetTruths(values, attribute);
      return true;
    }
    case AttributeType::kStringSet:
    case AttributeType::kEnumSet:
      return false;
  }
  return false;
}

bool Domains::Set(Values& values, uint32_t attribute, std::span<const std::string_view> texts) const {
  const OneAttribute& one = attributes_[attribute];
  if (!IsSet(one.type)) {
    if (texts.size() == 1 && Read(values, attribute, texts[0])) return true;
    return SetMissing(values, attribute), false;
  }
  const auto begin = static_cast<uint32_t>(values.elements.size());
  for (const std::string_view text : texts) {
    const uint32_t element = one.texts.Find(text);
    if (element != Interner::kNone) {
      values.elements.push_back(element);
    } else if (one.type == AttributeType::kEnumSet) {
      values.elements.resize(begin);
      return SetMissing(values, attribute), false;
    }
  }
  Present(values, attribute);
  values.attributes[attribute] = {begin, static_cast<uint32_t>(values.elements.size()) - begin, 0};
  SetTruths(values, attribute);
  return true;
}

void Domains::Read(Values& values, std::span<const Attribute> given) const {
  Clear(values);
  values.given.assign(attributes_.size(), 0);
  for (const Attribute& each : given) {
    const uint32_t attribute = Find(each.name);
    if (attribute == Interner::kNone || each.source != attributes_[attribute].source) continue;
    if (values.given[attribute] != 0) {
      SetMissing(values, attribute);  // two values: neither is believed
    } else {
      Set(values, attribute, each.values);
    }
    values.given[attribute] = 1;
  }
}

void Domains::PlaceLabel(Label label, std::vector<uint32_t>& cells) const {
  if (level_dimension != kNoDimension)
    cells[level_dimension] = dimensions[level_dimension].CellOf(static_cast<uint32_t>(label.level()));
  for (const uint32_t d : label_truths) {
    const bool holds = Label{truth_facts_[d].word}.FlowsTo(label);
    cells[d] = dimensions[d].CellOf(holds ? kClassTrue : kClassFalse);
  }
}

Truth Domains::OnAttribute(const ir::Fact& fact, const FactForm& form, const Values& values) const {
  const Values::One& value = values.attributes[fact.attribute];
  const auto known = [](bool holds) { return holds ? Truth::kTrue : Truth::kFalse; };
  if (fact.kind == ir::FactKind::kPresent) return known(!value.missing());
  if (value.missing()) return Truth::kUnknown;
  switch (fact.kind) {
    case ir::FactKind::kMember:
    case ir::FactKind::kText:
      return known(Contains(members.data() + form.begin, form.count, value.one));
    case ir::FactKind::kAtLeast:
      return known(value.one >= form.begin);
    case ir::FactKind::kHas:
      for (uint32_t i = 0; i < value.count; ++i) {
        if (Contains(members.data() + form.begin, form.count, values.elements[value.one + i]))
          return Truth::kTrue;
      }
      return Truth::kFalse;
    case ir::FactKind::kLabelAtLeast:
      return known(Label{fact.word}.FlowsTo({value.word}));
    case ir::FactKind::kLabelAtMost:
      return known(Label{value.word}.FlowsTo({fact.word}));
    default:
      return Truth::kUnknown;
  }
}

}  // namespace hpol::decide
