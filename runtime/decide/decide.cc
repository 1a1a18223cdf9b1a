// Engine::Decide: body → findings → label → candidates. Every early return is a denial; the
// verdict becomes kSend on the last line of the last step, nowhere else.
#include <algorithm>

#include "runtime/decide/classify.h"
#include "runtime/decide/scratch.h"
#include "runtime/redact/redact.h"

namespace hpol {
namespace {

using decide::Bit;
using Builder = DecisionBuilder;

class Decider {
 public:
  Decider(const Program& program, Scratch::State& state)
      : program_(program), tables_(*program.tables), state_(state), decision_(state.decision) {}

  void Run() {
    surface::Walk(state_.request.surface, state_.request.body, state_.original.content);
    const surface::Content& content = state_.original.content;
    if (content.refusal.kind != RefusalKind::kNone) {
      Builder::refusal(decision_) = content.refusal;
      return Deny(DenyCause::kBody);
    }
    decide::ReadAttributes(tables_, state_.request.attributes, state_.values);
    if (const auto bad = decide::FirstBadInput(tables_, state_.values)) {
      Builder::bad_input(decision_) = *bad;
      return Deny(DenyCause::kInput);
    }
    if (!Admitted()) return Deny(DenyCause::kRequire);
    if (!Read()) return Deny(DenyCause::kInternal);
    ClassifyRequest();
    WalkRoutes();
  }

 private:
  void Deny(DenyCause cause) { Builder::cause(decision_) = cause; }

  // Every `require` is surely true. They ask about inputs alone, so this comes before any content is read.
  bool Admitted() {
    state_.columns.Reset(tables_);
    state_.columns.SetAttributes(tables_, state_.values);
    for (uint32_t row = 0; row < tables_.require.size(); ++row) {
      const Truth met = decide::Evaluate(tables_, tables_.require[row].condition, state_);
      if (met == Truth::kTrue) continue;
      Builder::reasons(decision_).push_back({Reason::Table::kRequire, row, met == Truth::kUnknown});
      return false;
    }
    return true;
  }

  // Content → views → findings → columns.
  bool Read() {
    decide::Reading& original = state_.original;
    original.views.Build(state_.request.body, original.content, text::Steps::AllBut(tables_.steps_off));
    Builder::unscanned(decision_) =
        state_.request.unscanned || original.content.unscanned || !original.views.opaque().empty();
    if (!detect::Scan(tables_, *program_.artifact, program_.filter.get(), original.views, original.matches))
      return false;
    original.off.assign(original.matches.all.size(), 0);
    for (const detect::Match& match : original.matches.all)
      Builder::findings(decision_).push_back(match.finding);
    return true;
  }

  Label Classify() {
    return decide::Classify(program_, state_, state_.original, decision_.unscanned(), false);
  }

  void ClassifyRequest() {
    Builder::label(decision_) = Classify();
    for (uint32_t row = 0; row < tables_.classify.size(); ++row) {
      if (Bit(state_.rows_may, row)) AddReason(Reason::Table::kClassify, row);
    }
  }

  void AddReason(Reason::Table table, uint32_t row) {
    Builder::reasons(decision_).push_back({table, row, !Bit(state_.rows_must, row)});
  }

  // Ordered rows; one that may apply takes away what it does not name (DESIGN 2.2.4).
  void WalkRoutes() {
    state_.columns.SetLabel(tables_, decision_.label());
    decide::RunRows(program_.artifact->route, tables_.route.size(), state_);
    state_.offered.assign(tables_.candidates.size(), 1);
    for (uint32_t row = 0; row < tables_.route.size(); ++row) {
      const bool must = Bit(state_.rows_must, row);
      if (!must && !Bit(state_.rows_may, row)) continue;
      AddReason(Reason::Table::kRoute, row);
      Intersect(tables_.route[row]);
      if (must) return Conclude(tables_.route[row]);
    }
    Deny(DenyCause::kUndecided);
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
    sent = Classify().Join(redact::LeavesOf(tables_, redaction, original.matches));
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
        if (fact && state_.columns.IsUnknown(node.value)) facts.push_back(node.value);
      }
    }
    std::sort(facts.begin(), facts.end());
    facts.erase(std::unique(facts.begin(), facts.end()), facts.end());
  }

  const Program& program_;
  const ir::Tables& tables_;
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
    Decider(program_, state).Run();
  } catch (...) {  // out of memory, or a fault: never a half-made decision
    Builder::Clear(state.decision);
  }
  return state.decision;
}

}  // namespace hpol
