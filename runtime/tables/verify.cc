// Tables that may be given to a runtime: every index in range, every condition well-formed,
// labels inside the lattice, and the rules of phases that the compiler promises (DESIGN 2.2).
// The runtime reads tables without looking, so nothing here may be left out.
#include "runtime/tables/verify.h"

#include <algorithm>
#include <set>
#include <utility>

#include "runtime/detect/near.h"
#include "runtime/detect/validators.h"
#include "runtime/text/steps.h"

namespace hpol::ir {
namespace {

constexpr uint32_t kMinutes = 24 * 60;
constexpr int64_t kDay = 24 * 60 * 60;

bool IsEvidence(FactKind kind) {
  return kind == FactKind::kTier || kind == FactKind::kCount || kind == FactKind::kDistinct;
}

// Keeps the first thing that is wrong.
class Verifier {
 public:
  explicit Verifier(const Tables& tables) : t_(tables) {}

  Result<bool> Run() {
    Header();
    Each("near", t_.near, [&](const NearClause& row) { VerifyNear(row); });
    Each("detector", t_.detectors, [&](const Detector& row) { VerifyDetector(row); });
    Each("attribute", t_.attributes, [&](const Attribute& row) { VerifyAttribute(row); });
    Each("fact", t_.facts, [&](const Fact& row) {
      Require(row.kind <= FactKind::kLevel, "no runtime knows this fact");
      VerifyFact(row);
    });
    Each("proof fact", t_.proof_facts, [&](const Fact& row) { VerifyFact(row); });
    Each("redaction line", t_.redaction_lines, [&](const RedactionLine& row) { VerifyLine(row); });
    Each("redaction", t_.redactions, [&](const Redaction& row) {
      String(row.name);
      Inside(row.lines, t_.redaction_lines.size(), "lines");
    });
    Each("zone", t_.zones, [&](const Zone& row) {
      String(row.name);
      InLattice(row.clearance);
      Strings(row.hosts);
    });
    Each("target", t_.targets, [&](const Target& row) { VerifyTarget(row); });
    Each("sink", t_.sinks, [&](const Sink& row) {
      String(row.name);
      InLattice(row.clearance);
    });
    Each("candidate", t_.candidates, [&](const Candidate& row) { VerifyCandidate(row); });
    Each("classify row", t_.classify, [&](const ClassifyRow& row) {
      Condition(row.condition, Asks::kClassify);
      InLattice(row.word);
      VerifyPlace(row.place);
    });
    Each("route row", t_.route, [&](const RouteRow& row) { VerifyRoute(row); });
    Each("window", t_.windows, [&](const Window& row) {
      Require(row.days != 0 && row.days < 128, "days");
      Require(row.from < kMinutes && row.to <= kMinutes && row.from != row.to, "hours");
    });
    Each("schedule", t_.schedules, [&](const Schedule& row) {
      String(row.name);
      Inside(row.windows, t_.windows.size(), "windows");
      VerifyZone(row.zone);
    });
    Each("gauge", t_.gauges, [&](const GaugeLimit& row) {
      Require(row.gauge <= Gauge::kBudget, "no such gauge");
      Require(row.millionths >= 0 && row.millionths <= 1'000'000, "no share");
    });
    Each("gate", t_.gates, [&](const Gate& row) {
      Inside(row.until, t_.gauges.size(), "gauges");
      Require(row.schedule == kNone || row.schedule < t_.schedules.size(), "no such schedule");
    });
    Each("limit", t_.limits, [&](const Limit& row) {
      Require(row.unit <= LimitUnit::kMoney && row.period <= Period::kMonth, "unit or period");
      String(row.currency);
      Require(row.amount > 0, "of nothing");
      Require(row.attribute < t_.attributes.size(), "no such attribute");
      Require(row.only == kNone || row.only < t_.zones.size(), "no such zone");
      VerifyPlace(row.place);
    });
    Each("require row", t_.require, [&](const RequireRow& row) {
      Condition(row.condition, Asks::kRequire);
      String(row.title);
      VerifyPlace(row.place);
    });
    Each("respond row", t_.respond, [&](const RespondRow& row) {
      Condition(row.condition, Asks::kRespond);
      Require(row.action <= RespondAction::kBlock, "no such action");
      String(row.reason);
      Indices(row.detectors, t_.detectors.size(), "detector");
      Require(row.action != RespondAction::kMask || row.detectors.count != 0, "masks nothing");
      VerifyPlace(row.place);
    });
    Each("guarantee", t_.guarantees, [&](const GuaranteeRow& row) {
      Condition(row.when, Asks::kGuarantee);
      Condition(row.property, Asks::kGuarantee);
      String(row.title);
      VerifyPlace(row.place);
    });
    if (!error_.empty()) return Error{error_};
    return true;
  }

 private:
  // Who asks decides what may be asked.
  enum class Asks : uint8_t { kClassify, kDeny, kSend, kRequire, kRespond, kGuarantee };

  void Require(bool holds, const std::string& what) {
    if (!holds && error_.empty()) error_ = where_ + what;
  }

  template <typename T, typename F>
  void Each(const char* name, const std::vector<T>& rows, F&& verify) {
    for (size_t i = 0; i < rows.size() && error_.empty(); ++i) {
      where_ = std::string(name) + ' ' + std::to_string(i) + ": ";
      verify(rows[i]);
    }
    where_.clear();
  }

  void Inside(Range range, size_t size, const char* what) {
    Require(uint64_t{range.begin} + range.count <= size, std::string(what) + " out of range");
  }
  void String(StringId id) { Require(id < t_.strings.size(), "no such string"); }
  void Strings(Range range) { Inside(range, t_.lists.size(), "list"); }
  // A list of indices into a table of `size` rows.
  void Indices(Range range, size_t size, const char* what) {
    Inside(range, t_.indices.size(), what);
    if (!error_.empty()) return;
    for (uint32_t i = 0; i < range.count; ++i)
      Require(t_.indices[range.begin + i] < size, std::string("no such ") + what);
  }
  void VerifyPlace(const Place& place) {
    String(place.file);
    Require(place.begin <= place.end, "place ends before it begins");
  }

  // The level bits are a thermometer and no bit is above the policy's top.
  void InLattice(uint64_t word) {
    Require((word & ~t_.Top().word) == 0, "label outside the lattice");
    const uint64_t levels = word & Label::kLevelMask;
    Require((levels & (levels + 1)) == 0, "label with a gap between its levels");
  }

  void Header() {
    Require(!t_.strings.empty() && t_.strings[0].empty(), "string 0 is not the empty string");
    String(t_.policy);
    String(t_.version);
    Require(t_.steps_off >> text::kStepCount == 0, "no such step of reading");
    Require(!t_.levels.empty() && t_.levels.size() <= Label::kMaxLevels, "number of levels");
    Require(!t_.categories.empty() && t_.categories.size() <= Label::kMaxCategories, "number of categories");
    for (const auto* pool : {&t_.lists, &t_.levels, &t_.categories})
      for (const StringId id : *pool) String(id);
    if (!error_.empty()) return;
    Require(t_.Text(t_.categories[kPseudonymousCategory]) == "pseudonymous",
            "category 0 is not `pseudonymous`");
    Distinct(t_.levels.data(), t_.levels.size(), "level");
    Distinct(t_.categories.data(), t_.categories.size(), "category");
  }

  void VerifyDetector(const Detector& row) {
    String(row.name);
    Strings(row.exceptions);
    Require(row.validator < detect::Validators().size(), "no such validator");
    Require(row.firing <= Tier::kChecksum, "no such tier");
    // One that waits for a checksum nobody computes would never fire.
    Require(row.firing != Tier::kChecksum || row.validator != 0, "fires on a checksum without a validator");
    Require(row.max_length > 0, "matches nothing");
    Inside(row.near, t_.near.size(), "near");
    if (!error_.empty()) return;
    uint32_t reach = 0;
    bool context = row.validator != 0;
    for (uint32_t i = 0; i < row.near.count; ++i) {
      const NearClause& clause = t_.near[row.near.begin + i];
      reach = std::max(reach, clause.within);
      context = context || !clause.negated;
    }
    Require(row.reach == reach, "reach is not that of its words");
    Require(row.firing != Tier::kContext || context, "fires on context without words");
  }

  // The scan searches the words by halves.
  void VerifyNear(const NearClause& row) {
    Strings(row.words);
    Require(row.within > 0 && row.within <= detect::kMaxWithin, "distance");
    Require(row.words.count > 0, "no words");
    if (!error_.empty()) return;
    std::vector<std::string> words;
    for (uint32_t i = 0; i < row.words.count; ++i) words.emplace_back(t_.Text(t_.lists[row.words.begin + i]));
    Require(words == detect::NormalWords(words) && !words.front().empty(), "words that are not normal");
    if (!error_.empty()) return;
    uint64_t first[4] = {};
    detect::SetFirstBytes(words, first);
    Require(std::equal(std::begin(first), std::end(first), row.first),
            "first bytes are not those of its words");
  }

  // Readers number names by what they are, not by where they stand.
  void Distinct(const StringId* names, size_t count, const char* what) {
    std::set<std::string_view> seen;
    for (size_t i = 0; i < count && error_.empty(); ++i)
      Require(seen.insert(t_.Text(names[i])).second, std::string("the same ") + what + " twice");
  }

  void VerifyAttribute(const Attribute& row) {
    String(row.name);
    Strings(row.members);
    if (!error_.empty()) return;
    Distinct(t_.lists.data() + row.members.begin, row.members.count, "member");
    Require(attribute_names_.insert(t_.Text(row.name)).second, "the same attribute twice");
    Require(row.type <= AttributeType::kLabel, "no such type");
    Require(row.source > Source::kNone && row.source <= Source::kCaller, "no source");
  }

  void VerifyFact(const Fact& fact) {
    VerifyPlace(fact.place);
    Require(fact.kind <= FactKind::kUndecided, "no such kind of fact");
    if (!error_.empty()) return;
    if (IsEvidence(fact.kind)) {
      Indices(fact.detectors, t_.detectors.size(), "detector");
      const bool tier = fact.kind == FactKind::kTier;
      Require(fact.number >= (tier ? 0 : 1), "is always true");
      Require(!tier || fact.number <= static_cast<int64_t>(Tier::kChecksum), "no such tier");
      return;
    }
    switch (fact.kind) {
      case FactKind::kLevel:
      case FactKind::kSentLevel:
        return InLattice(fact.word);
      case FactKind::kTarget:
        return Indices(fact.members, t_.targets.size(), "target");
      case FactKind::kRedaction:
        return Indices(fact.members, t_.redactions.size(), "redaction");
      case FactKind::kDenied:
      case FactKind::kUndecided:
        return;
      default:
        break;
    }
    Require(fact.attribute < t_.attributes.size(), "no such attribute");
    if (error_.empty()) VerifyAttributeFact(fact, t_.attributes[fact.attribute]);
  }

  void VerifyAttributeFact(const Fact& fact, const Attribute& attribute) {
    const AttributeType type = attribute.type;
    const bool enums = type == AttributeType::kEnum || type == AttributeType::kEnumSet;
    const auto typed = [&](bool right) { Require(right, "attribute of the wrong type"); };
    switch (fact.kind) {
      case FactKind::kMember:
        typed(type == AttributeType::kEnum || type == AttributeType::kBool);
        return Indices(fact.members, enums ? attribute.members.count : 2, "member");
      case FactKind::kText:
        typed(type == AttributeType::kString);
        return Strings(fact.members);
      case FactKind::kAtLeast:
        return typed(type == AttributeType::kInt);
      case FactKind::kHas:
        typed(type == AttributeType::kStringSet || type == AttributeType::kEnumSet);
        return enums ? Indices(fact.members, attribute.members.count, "member") : Strings(fact.members);
      case FactKind::kLabelAtLeast:
      case FactKind::kLabelAtMost:
        typed(type == AttributeType::kLabel);
        return InLattice(fact.word);
      default:
        return;  // kPresent asks about any type
    }
  }

  // The clock that reads it divides and subtracts without looking.
  void VerifyZone(const TimeZone& zone) {
    const auto in_reach = [](int64_t seconds, int64_t days) { return seconds >= -days && seconds <= days; };
    Require(in_reach(zone.offset, kDay) && in_reach(zone.summer_offset, kDay), "no such time zone");
    for (const ClockChange& change : {zone.to_summer, zone.to_standard}) {
      Require((change.month == 0) == (zone.to_summer.month == 0), "clocks that change once a year");
      if (change.month == 0) continue;
      Require(change.month <= 12 && change.week >= 1 && change.week <= 5 && change.weekday < 7 &&
                  in_reach(change.second, 7 * kDay),
              "no such day");
    }
  }

  void VerifyLine(const RedactionLine& row) {
    Require(row.action <= RedactionAction::kRemove, "no such action");
    Indices(row.detectors, t_.detectors.size(), "detector");
    InLattice(row.leaves);
    Require(!IsPseudonymous(row.action) || Label{row.leaves}.has_category(kPseudonymousCategory),
            "what can be turned back or linked does not leave `pseudonymous`");
  }

  void VerifyTarget(const Target& row) {
    String(row.name);
    String(row.region);
    Strings(row.models);
    InLattice(row.clearance);
    Require(row.zone < t_.zones.size(), "no such zone");
    if (!error_.empty()) return;
    Require(Label{row.clearance}.FlowsTo({t_.zones[row.zone].clearance}), "clears more than its zone");
  }

  void VerifyCandidate(const Candidate& row) {
    Require(row.target < t_.targets.size(), "no such target");
    Require(row.redaction == kNoRedaction.value || row.redaction < t_.redactions.size(), "no such redaction");
    Require(pairs_.insert({row.target, row.redaction}).second, "the same pair twice");
  }

  void VerifyRoute(const RouteRow& row) {
    Condition(row.condition, row.deny ? Asks::kDeny : Asks::kSend);
    String(row.reason);
    VerifyPlace(row.place);
    Indices(row.candidates, t_.candidates.size(), "candidate");
    Require(row.deny == (row.candidates.count == 0), "a denial offers nothing, anything else something");
    Inside(row.gates, t_.gates.size(), "gates");
    Require(row.gates.count == 0 || row.gates.count == row.candidates.count, "not one gate a candidate");
  }

  // Evidence occurs only positively, and where a surplus of it can only restrict; the label does not exist
  // before classify has run, nor content before the door.
  void VerifyPhase(FactKind kind, bool negated, Asks asks) {
    const bool route = asks == Asks::kDeny || asks == Asks::kSend;
    Require(route || asks == Asks::kRespond || kind != FactKind::kLevel, "asks for the label that it makes");
    if (!IsEvidence(kind)) return;
    Require(!negated, "evidence is negated");
    Require(asks != Asks::kSend, "evidence offers a candidate");
    Require(asks != Asks::kRequire, "the door reads content");
    Require(asks != Asks::kRespond || kind == FactKind::kTier, "an answer is counted before its end");
  }

  // Postfix that leaves exactly one value.
  void Condition(Range range, Asks asks) {
    const bool proof = asks == Asks::kGuarantee;
    const std::vector<Node>& nodes = proof ? t_.proof_nodes : t_.nodes;
    const std::vector<Fact>& facts = proof ? t_.proof_facts : t_.facts;
    Inside(range, nodes.size(), "condition");
    uint64_t depth = 0;
    for (uint32_t i = 0; i < range.count && error_.empty(); ++i) {
      const Node& node = nodes[range.begin + i];
      switch (node.kind) {
        case NodeKind::kFact:
        case NodeKind::kNotFact: {
          Require(node.value < facts.size(), "no such fact");
          if (!error_.empty()) return;
          if (!proof) VerifyPhase(facts[node.value].kind, node.kind == NodeKind::kNotFact, asks);
          ++depth;
          break;
        }
        case NodeKind::kTrue:
        case NodeKind::kFalse:
          ++depth;
          break;
        case NodeKind::kAnd:
        case NodeKind::kOr:
          Require(node.value > 0 && node.value <= depth, "operator without its operands");
          depth = depth - node.value + 1;
          break;
        default:
          Require(false, "no such kind of node");
      }
    }
    Require(depth == (range.count == 0 ? 0 : 1), "condition leaves more than one value");
  }

  const Tables& t_;
  std::string where_;
  std::string error_;
  std::set<std::string_view> attribute_names_;
  std::set<std::pair<uint32_t, uint32_t>> pairs_;
};

}  // namespace

Result<bool> Verify(const Tables& tables) { return Verifier(tables).Run(); }

}  // namespace hpol::ir
