// The reference engine: facts from the slow matcher, the written meaning over them, and
// the order of the causes of a denial. Straight from the words of the design, without haste.
#include "compiler/reference/reference.h"

#include <algorithm>
#include <map>
#include <optional>
#include <tuple>
#include <utility>

#include "compiler/reference/attributes.h"
#include "compiler/reference/kleene.h"
#include "compiler/reference/meaning.h"
#include "compiler/reference/slow_match.h"
#include "compiler/reference/slow_near.h"
#include "runtime/detect/scan.h"
#include "runtime/surface/surface.h"
#include "runtime/text/views.h"

namespace hpol::reference {
namespace {

using KleeneMeaning = Meaning<Kleene>;

// A finding with the exact bytes of the body that it touches.
struct Located {
  Finding finding;
  Evidence evidence;
};

// Findings in every view. One that several views show at the same bytes is one finding, at
// the best tier that any view gives it.
class Finder {
 public:
  Finder(const hir::Policy& policy, std::string_view body, const surface::Content& content)
      : policy_(policy) {
    views_.Build(body, content, text::Steps::AllBut(policy.steps_off));
  }

  // False when a pattern cannot be read: such a policy must not decide anything.
  bool Run() {
    for (uint32_t i = 0; i < policy_.detectors.size(); ++i) {
      const SlowMatcher matcher(policy_.detectors[i]);
      if (!matcher.ok()) return false;
      for (size_t view = 0; view < views_.size(); ++view)
        for (Match match : matcher.Find(views_[view].text)) {
          const std::optional<Tier> tier = TierOf(policy_.detectors[i], view, match);
          if (!tier) continue;
          match.tier = *tier;
          Add(DetectorId{i}, view, match);
        }
    }
    return true;
  }

  // Something is encoded and could not be read: content that was not scanned.
  bool opaque() const { return !views_.opaque().empty(); }

  // By (begin, end, detector); those that differ only in between, by their ranges.
  std::vector<Located> Take() {
    std::multimap<std::tuple<uint32_t, uint32_t, DetectorId>, Located> sorted;
    for (auto& [place, located] : found_) {
      const Finding& finding = located.finding;
      sorted.emplace(std::tuple(finding.begin, finding.end, finding.detector), std::move(located));
    }
    std::vector<Located> all;
    for (auto& [place, located] : sorted) all.push_back(std::move(located));
    return all;
  }

 private:
  // `near` looks into the neighbours and keys too, `not near` only into the view.
  std::optional<Tier> TierOf(const hir::Detector& detector, size_t view, const Match& match) const {
    const std::string_view text = views_[view].text;
    const text::Views::Surroundings around = views_.Around(view);
    Neighbourhood where{text,
                        match.begin,
                        match.end,
                        around.text.substr(0, around.offset),
                        around.text.substr(around.offset + text.size()),
                        {}};
    views_.KeysOf(view, match.begin, match.end, where.keys);
    return TierBeside(detector, where, match.tier);
  }

  void Add(DetectorId detector, size_t view, const Match& match) {
    std::vector<text::RawRange> ranges;
    std::vector<surface::Piece::Kind> kinds;
    views_.Locate(view, match.begin, match.end, ranges, &kinds);
    if (ranges.empty()) return;  // a joined view that touches one piece only: found there already
    std::vector<uint32_t> bytes;
    for (const text::RawRange& range : ranges) bytes.insert(bytes.end(), {range.begin, range.end});
    // What cannot be written over whole is not covered: a key, a number, a match at the cap.
    const bool replaceable =
        match.end - match.begin < detect::kCappedBytes &&
        std::all_of(
            kinds.begin(), kinds.end(),
            [](surface::Piece::Kind kind) { return kind == surface::Piece::Kind::kText; });
    const auto [entry, added] = found_.try_emplace({detector, std::move(bytes)});
    auto& [finding, evidence] = entry->second;
    if (added) {
      finding = {detector, match.tier, ranges.front().begin, ranges.back().end};
      evidence = {detector, match.tier,
                  std::string(views_[view].text.substr(match.begin, match.end - match.begin)), true};
    }
    finding.tier = evidence.tier = std::max(finding.tier, match.tier);
    evidence.replaceable = evidence.replaceable && replaceable;
  }

  const hir::Policy& policy_;
  text::Views views_;
  std::map<std::pair<DetectorId, std::vector<uint32_t>>, Located> found_;
};

Label ToLabel(const KleeneMeaning::LabelBits& bits) {
  Label label;
  for (size_t i = 0; i < bits.size(); ++i)
    if (bits[i]) label.word |= uint64_t{1} << i;
  return label;
}

void AddClassifyReasons(const std::vector<KleeneMeaning::Row>& rows, Outcome& outcome) {
  for (uint32_t i = 0; i < rows.size(); ++i)
    if (rows[i].may) outcome.reasons.push_back({Reason::Table::kClassify, i, !rows[i].must});
}

void AddRouteReasons(const KleeneMeaning::Walk& walk, Outcome& outcome) {
  for (uint32_t i = 0; i < walk.rows.size(); ++i)
    if (walk.taking_part[i]) outcome.reasons.push_back({Reason::Table::kRoute, i, !walk.rows[i].must});
}

// What the routes offer, in the order of the route that was hit.
std::vector<size_t> Offered(const hir::Policy& policy, const KleeneMeaning& meaning,
                            const KleeneMeaning::Walk& walk) {
  std::vector<size_t> offered;
  for (size_t row = 0; row < policy.routes.size(); ++row) {
    if (!walk.hit[row]) continue;
    for (const hir::Step& step : policy.routes[row].steps) {
      const auto& pairs = meaning.candidates();
      const auto found = std::find(pairs.begin(), pairs.end(), CandidatePair{step.target, step.redaction});
      const auto index = static_cast<size_t>(found - pairs.begin());
      if (walk.offered[index] && std::find(offered.begin(), offered.end(), index) == offered.end())
        offered.push_back(index);
    }
  }
  return offered;
}

// The first `require` that is not surely true, as a reason: unknown where it only might be.
std::optional<Reason> FirstNotMet(const hir::Policy& policy, const Facts& facts) {
  Kleene kleene(policy, facts);
  KleeneMeaning meaning(policy, kleene);
  for (uint32_t i = 0; i < policy.requirements.size(); ++i) {
    const Truth met = meaning.Condition(policy.requirements[i].condition, kNoRedaction, nullptr);
    if (met != Truth::kTrue) return Reason{Reason::Table::kRequire, i, met == Truth::kUnknown};
  }
  return std::nullopt;
}

// The cause of denial that comes first in the order of the design; nothing when the request
// may go to the candidates.
std::optional<DenyCause> Conclude(const hir::Policy& policy, const Facts& facts, Outcome& outcome) {
  Kleene kleene(policy, facts);
  KleeneMeaning meaning(policy, kleene);
  const std::vector<KleeneMeaning::Row> rows = meaning.ClassifyRows(kNoRedaction);
  const KleeneMeaning::LabelBits label = meaning.LabelOf(rows);
  const KleeneMeaning::Walk walk = meaning.WalkRoutes(label);
  outcome.label = ToLabel(label);
  AddClassifyReasons(rows, outcome);
  AddRouteReasons(walk, outcome);

  if (walk.denied) return DenyCause::kRule;
  if (walk.undecided) return DenyCause::kUndecided;
  std::vector<size_t> candidates = Offered(policy, meaning, walk);
  if (candidates.empty()) return DenyCause::kUnknownFact;
  std::erase_if(candidates, [&](size_t candidate) { return !meaning.Cleared(candidate); });
  if (candidates.empty()) return DenyCause::kNotCleared;
  std::erase_if(candidates, [&](size_t candidate) { return !meaning.MaySeeUnregistered(candidate); });
  if (candidates.empty()) return DenyCause::kBody;
  for (const size_t candidate : candidates) {
    const CandidatePair& pair = meaning.candidates()[candidate];
    outcome.candidates.push_back({pair.target, pair.redaction, ToLabel(meaning.SentLabel(candidate))});
  }
  return std::nullopt;
}

// What is known of the request before it is decided. False when it is turned away at the door; the cause, and
// what a reason needs, then stand in `outcome`.
bool ReadFacts(const hir::Policy& policy, const Request& request, Facts& facts, Outcome& outcome) {
  surface::Content content;
  surface::Walk(request.surface, request.body, content);
  outcome.cause = DenyCause::kBody;
  if (content.refusal.kind != RefusalKind::kNone) return false;
  facts.attributes = ReadAttributes(policy, request.attributes);
  outcome.cause = DenyCause::kInput;
  if (FirstBadInput(policy, facts.attributes)) return false;
  outcome.cause = DenyCause::kRequire;
  if (const std::optional<Reason> reason = FirstNotMet(policy, facts)) {
    outcome.reasons.push_back(*reason);
    return false;
  }
  Finder finder(policy, request.body, content);
  outcome.cause = DenyCause::kInternal;
  if (!finder.Run()) return false;
  for (Located& located : finder.Take()) {
    outcome.findings.push_back(located.finding);
    facts.findings.push_back(std::move(located.evidence));
  }
  facts.unscanned = request.unscanned || content.unscanned || finder.opaque();
  facts.unregistered = !content.unregistered.empty();
  return true;
}

void Decide(const hir::Policy& policy, const Facts& facts, Outcome& outcome) {
  const std::optional<DenyCause> cause = Conclude(policy, facts, outcome);
  outcome.verdict = cause ? Verdict::kDeny : Verdict::kSend;
  if (cause) outcome.cause = *cause;
}

}  // namespace

std::optional<Facts> FactsOf(const hir::Policy& policy, const Request& request, Outcome& outcome) {
  Facts facts;
  if (!ReadFacts(policy, request, facts, outcome)) return std::nullopt;
  return facts;
}

Outcome Decide(const hir::Policy& policy, const Facts& facts) {
  Outcome outcome;
  Decide(policy, facts, outcome);
  return outcome;
}

Outcome Decide(const hir::Policy& policy, const Request& request) {
  Outcome outcome;
  const std::optional<Facts> facts = FactsOf(policy, request, outcome);
  if (facts) Decide(policy, *facts, outcome);
  return outcome;
}

std::vector<uint32_t> BrokenGuarantees(const hir::Policy& policy, const Facts& facts) {
  Kleene kleene(policy, facts);
  KleeneMeaning meaning(policy, kleene);
  const KleeneMeaning::LabelBits label = meaning.LabelOf(meaning.ClassifyRows(kNoRedaction));
  const KleeneMeaning::Walk walk = meaning.WalkRoutes(label);
  const std::vector<bool> remaining = meaning.Remaining(walk);
  std::vector<uint32_t> broken;
  for (uint32_t i = 0; i < policy.guarantees.size(); ++i)
    if (meaning.Broken(policy.guarantees[i], label, walk, remaining)) broken.push_back(i);
  return broken;
}

std::vector<uint32_t> BrokenGuarantees(const hir::Policy& policy, const Request& request) {
  Outcome outcome;
  const std::optional<Facts> facts = FactsOf(policy, request, outcome);
  return facts ? BrokenGuarantees(policy, *facts) : std::vector<uint32_t>();
}

std::vector<Finding> Find(const hir::Policy& policy, DetectorId detector, std::string_view text) {
  std::vector<Finding> findings;
  const hir::Detector& row = policy.detectors[detector.value];
  for (const Match& match : SlowMatcher(row).Find(text)) {
    const std::optional<Tier> tier = TierBeside(row, {text, match.begin, match.end, {}, {}, {}}, match.tier);
    if (tier) findings.push_back({detector, *tier, match.begin, match.end});
  }
  return findings;
}

}  // namespace hpol::reference
