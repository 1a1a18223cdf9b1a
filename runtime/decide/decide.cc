// Engine::Decide: body → findings → label → candidates. Every early return is a denial; the
// verdict becomes kSend on the last line of the last step, nowhere else. Engine::Choose takes the short way
// where it can.
#include <algorithm>

#include "runtime/decide/classify.h"
#include "runtime/decide/scratch.h"
#include "runtime/redact/redact.h"

namespace hpol {
namespace {

using Builder = DecisionBuilder;

class Decider {
 public:
  Decider(const Program& program, const decide::Index& index, Scratch::State& state)
      : program_(program),
        tables_(*program.tables),
        index_(index),
        state_(state),
        decision_(state.decision) {}

  void Run(const decide::Values& values) {
    surface::Walk(state_.request.surface, state_.request.body, state_.original.content);
    const surface::Content& content = state_.original.content;
    if (content.refusal.kind != RefusalKind::kNone) {
      Builder::refusal(decision_) = content.refusal;
      return Deny(DenyCause::kBody);
    }
    if (const auto bad = decide::FirstBadInput(tables_, values)) {
      Builder::bad_input(decision_) = *bad;
      return Deny(DenyCause::kInput);
    }
    state_.facts.Begin(tables_, index_, values);
    if (const auto unmet = decide::FirstUnmet(state_.facts, state_.search)) {
      AddReason(Reason::Table::kRequire, *unmet);
      return Deny(DenyCause::kRequire);
    }
    if (!Read()) return Deny(DenyCause::kInternal);
    ClassifyRequest();
    WalkRoutes();
  }

 private:
  void Deny(DenyCause cause) { Builder::cause(decision_) = cause; }

  // Content → views → findings.
  bool Read() {
    decide::Reading& original = state_.original;
    original.views.Build(state_.request.body, original.content, text::Steps::AllBut(tables_.steps_off));
    Builder::unscanned(decision_) =
        state_.request.unscanned || original.content.unscanned || !original.views.opaque().empty();
    original.off.clear();
    if (state_.request.lazy && !ScanMatters()) {
      original.matches.Clear();
      Builder::scanned(decision_) = false;
      return true;
    }
    Builder::scanned(decision_) = true;
    if (!detect::Scan(tables_, *program_.artifact, program_.filter.get(), original.views, original.matches))
      return false;
    original.off.assign(original.matches.all.size(), 0);
    for (const detect::Match& match : original.matches.all)
      Builder::findings(decision_).push_back(match.finding);
    return true;
  }

  // Whether findings may change the label, the verdict or the candidates: a scan that has not run leaves
  // every fact on findings unknown, and what is then decided must be what would be decided without any.
  bool ScanMatters() {
    const Label top = state_.request.conversation.Join(decision_.unscanned() ? tables_.Top() : Label{});
    const Label least = decide::FindLabel(state_.facts, state_.search).Join(top);
    state_.facts.SetNotScanned();
    const Label most = decide::FindLabel(state_.facts, state_.search).Join(top);
    bool matters = least != most;
    if (!matters) {
      state_.facts.SetLabel(most);
      const uint32_t row =
          decide::FindFirst(decide::WhichTable::kRoute, state_.facts, state_.search, state_.hits);
      matters = !state_.hits.empty() || (row != decide::kNoRow && Redacts(tables_.route[row]));
    }
    return matters;
  }

  bool Redacts(const ir::RouteRow& row) {
    bool redacts = false;
    ForEachCandidate(row, [&](uint32_t candidate) {
      redacts = redacts || tables_.candidates[candidate].redaction != kNoRedaction.value;
    });
    return redacts;
  }

  Label Classify() {
    return decide::Classify(tables_, state_, state_.original, decision_.unscanned(), false);
  }

  void ClassifyRequest() {
    const decide::Reading& original = state_.original;
    const bool unscanned = decision_.unscanned();
    state_.facts.SetFindings({original.matches, original.views, original.off, unscanned, false});
    decide::FindAll(decide::WhichTable::kClassify, state_.facts, state_.search, state_.hits);
    Label label = state_.request.conversation.Join(unscanned ? tables_.Top() : Label{});
    for (const decide::Hit& hit : state_.hits) {
      label = label.Join({tables_.classify[hit.row].word});
      AddReason(Reason::Table::kClassify, hit);
    }
    Builder::label(decision_) = label;
  }

  void AddReason(Reason::Table table, const decide::Hit& hit) {
    Builder::reasons(decision_).push_back({table, hit.row, hit.unknown});
  }

  // Ordered rows; one that may apply takes away what it does not name (DESIGN 2.2.4).
  void WalkRoutes() {
    state_.facts.SetLabel(decision_.label());
    const uint32_t row =
        decide::FindFirst(decide::WhichTable::kRoute, state_.facts, state_.search, state_.hits);
    state_.offered.assign(tables_.candidates.size(), 1);
    for (const decide::Hit& hit : state_.hits) {
      AddReason(Reason::Table::kRoute, hit);
      Intersect(tables_.route[hit.row]);
    }
    if (row == decide::kNoRow) return Deny(DenyCause::kUndecided);
    AddReason(Reason::Table::kRoute, {row, false});
    Intersect(tables_.route[row]);
    Conclude(tables_.route[row]);
  }

  void Intersect(const ir::RouteRow& row) {
    state_.named.assign(tables_.candidates.size(), 0);
    if (!row.deny) ForEachCandidate(row, [&](uint32_t candidate) { state_.named[candidate] = 1; });
    for (size_t i = 0; i < state_.offered.size(); ++i) {
      state_.offered[i] = static_cast<uint8_t>(state_.offered[i] & state_.named[i]);
    }
  }

  template <typename Use>
  void ForEachCandidate(const ir::RouteRow& row, Use use) {
    for (uint32_t i = 0; i < row.candidates.count; ++i) use(tables_.indices[row.candidates.begin + i]);
  }

  // The walk ended at a row that surely applies.
  void Conclude(const ir::RouteRow& row) {
    if (row.deny) return Deny(DenyCause::kRule);
    const bool any =
        std::any_of(state_.offered.begin(), state_.offered.end(), [](uint8_t bit) { return bit != 0; });
    if (!any) {
      AddUnknownFacts();
      return Deny(DenyCause::kUnknownFact);
    }
    state_.sent.assign(tables_.redactions.size(), std::nullopt);
    bool cleared = false;
    ForEachCandidate(row, [&](uint32_t index) {
      if (state_.offered[index] == 0) return;
      state_.offered[index] = 0;  // once, where it is named first
      cleared = AddCandidate(index) || cleared;
    });
    if (!cleared) return Deny(DenyCause::kNotCleared);
    if (decision_.candidates().empty()) return DenyUnregistered();
    Builder::verdict(decision_) = Verdict::kSend;
  }

  // Adds a candidate that may be used. Returns whether its clearance is high enough, which an unregistered
  // field may yet spoil.
  bool AddCandidate(uint32_t index) {
    const ir::Candidate& pair = tables_.candidates[index];
    const ir::Target& target = tables_.targets[pair.target];
    const Label clearance = {target.clearance & tables_.zones[target.zone].clearance};
    const Label sent = SentLabel(RedactionId{pair.redaction});
    if (!sent.FlowsTo(clearance)) return false;
    if (state_.original.content.unregistered.empty() || clearance == tables_.Top()) {
      Builder::candidates(decision_).push_back(
          {CandidateId{index}, TargetId{pair.target}, RedactionId{pair.redaction}, sent});
    }
    return true;
  }

  // (a) of DESIGN 2.2.6: the label without the findings that the redaction covers, and with what
  // it leaves.
  Label SentLabel(RedactionId redaction) {
    if (redaction == kNoRedaction) return decision_.label();
    std::optional<Label>& sent = state_.sent[redaction.value];
    if (sent) return *sent;
    decide::Reading& original = state_.original;
    for (size_t i = 0; i < original.off.size(); ++i) {
      original.off[i] = redact::CoverOf(tables_, redaction, original.matches.all[i]) ? 1 : 0;
    }
    sent = Classify()
               .Join(redact::LeavesOf(tables_, redaction, original.matches))
               .Join(state_.request.conversation);
    std::fill(original.off.begin(), original.off.end(), uint8_t{0});
    return *sent;
  }

  void DenyUnregistered() {
    Refusal& refusal = Builder::refusal(decision_);
    refusal.kind = RefusalKind::kUnregistered;
    refusal.field = state_.original.content.unregistered;
    refusal.message = "no target that may see this request may see a field that is not registered";
    Deny(DenyCause::kBody);
  }

  // Facts that the rows which may apply ask about, as far as they are unknown.
  void AddUnknownFacts() {
    std::vector<uint32_t>& facts = Builder::unknown_facts(decision_);
    for (const Reason& reason : decision_.reasons()) {
      if (reason.table != Reason::Table::kRoute || !reason.unknown) continue;
      const ir::Range condition = tables_.route[reason.row].condition;
      for (uint32_t i = 0; i < condition.count; ++i) {
        const ir::Node& node = tables_.nodes[condition.begin + i];
        const bool fact = node.kind == ir::NodeKind::kFact || node.kind == ir::NodeKind::kNotFact;
        if (fact && state_.facts.Of(node.value) == Truth::kUnknown) facts.push_back(node.value);
      }
    }
    std::sort(facts.begin(), facts.end());
    facts.erase(std::unique(facts.begin(), facts.end()), facts.end());
  }

  const Program& program_;
  const ir::Tables& tables_;
  const decide::Index& index_;
  Scratch::State& state_;
  Decision& decision_;
};

}  // namespace

const Decision& Engine::Decide(const Request& request, Scratch& scratch) const noexcept {
  Scratch::State& state = scratch.state();
  Builder::Clear(state.decision);
  if (state.tables != program_.tables) state.tables = program_.tables;
  state.artifact = program_.artifact;
  state.request = request;
  try {
    const decide::Values* values = &state.values;
    if (request.interned == nullptr) {
      index_->domains.Read(state.values, request.attributes);
    } else if (request.interned->index_ == index_) {
      values = request.interned->values_.get();
    } else {  // another policy's: all that is known is that nothing is
      index_->domains.Clear(state.values);
    }
    Decider(program_, *index_, state).Run(*values);
  } catch (...) {  // out of memory, or a fault: never a half-made decision
    Builder::Clear(state.decision);
  }
  return state.decision;
}

namespace {

// What a route row that surely applies says, where it is the whole answer: a denial, or candidates that are
// all cleared. False: more has to be looked at.
bool ChooseRow(const ir::Tables& tables, const decide::Index& index, Choice& choice) {
  if (choice.row == decide::kNoRow) {
    choice.cause = DenyCause::kUndecided;
    return true;
  }
  const ir::RouteRow& row = tables.route[choice.row];
  if (row.deny) {
    choice.cause = DenyCause::kRule;
    return true;
  }
  if (!choice.label.FlowsTo({index.route_clearance[choice.row]})) return false;
  choice.candidates = {tables.indices.data() + row.candidates.begin, row.candidates.count};
  choice.verdict = Verdict::kSend;
  return true;
}

bool ChooseShort(const ir::Tables& tables, const decide::Index& index, const decide::Values& values,
                 Scratch::State& state, Choice& choice) {
  if (!index.constant_label || values.missing != 0) return false;
  choice.label = {index.always_label};
  choice.row = decide::FindFirstExact(index, values, state.search);
  return choice.row != decide::kNotExact && ChooseRow(tables, index, choice);
}

bool ChooseByRow(const ir::Tables& tables, const decide::Index& index, const decide::Values& values,
                 Scratch::State& state, Choice& choice) {
  state.facts.Begin(tables, index, values);
  if (decide::FirstUnmet(state.facts, state.search)) {
    choice.cause = DenyCause::kRequire;
    return true;
  }
  choice.label = decide::FindLabel(state.facts, state.search);
  state.facts.SetLabel(choice.label);
  choice.row = decide::FindFirst(decide::WhichTable::kRoute, state.facts, state.search, state.hits);
  return state.hits.empty() && ChooseRow(tables, index, choice);
}

}  // namespace

Choice Engine::Choose(const AttributeSet& attributes, Scratch& scratch) const noexcept {
  Scratch::State& state = scratch.state();
  Builder::verdict(state.decision) = Verdict::kDeny;  // nothing to render is left over
  Choice choice;
  try {
    if (attributes.index_ != index_) {
      choice.cause = DenyCause::kInput;
      return choice;
    }
    const decide::Values& values = *attributes.values_;
    if (values.missing_required != 0) {
      choice.cause = DenyCause::kInput;
      choice.bad_input = *decide::FirstBadInput(*program_.tables, values);
      return choice;
    }
    if (ChooseShort(*program_.tables, *index_, values, state, choice)) return choice;
    choice = {};
    if (ChooseByRow(*program_.tables, *index_, values, state, choice)) return choice;
    choice = {};
    Request request;
    request.interned = &attributes;
    const Decision& decision = Decide(request, scratch);
    state.chosen.clear();
    for (const Candidate& candidate : decision.candidates()) state.chosen.push_back(candidate.id.value);
    const std::vector<Reason>& reasons = decision.reasons();
    const bool routed = !reasons.empty() && reasons.back().table == Reason::Table::kRoute;
    choice.row = routed && !reasons.back().unknown ? reasons.back().row : Choice::kNoRow;
    choice.cause = decision.cause();
    choice.label = decision.label();
    choice.candidates = state.chosen;
    choice.verdict = decision.verdict();
    Builder::verdict(state.decision) = Verdict::kDeny;
  } catch (...) {
    choice = {};
  }
  return choice;
}

}  // namespace hpol
