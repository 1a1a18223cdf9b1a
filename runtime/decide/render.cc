// Engine::Render: the body for one candidate, made in one pass from the original, or from its translation
// into the target's dialect, then read again as a stranger would (DESIGN 2.2.6 b). Every early return
// refuses.
#include <algorithm>

#include "runtime/decide/classify.h"
#include "runtime/decide/scratch.h"
#include "runtime/redact/redact.h"
#include "runtime/text/wipe.h"

namespace hpol {
namespace {

using decide::Edit;

class Renderer {
 public:
  Renderer(const Program& program, std::string_view pseudonym_key, const Candidate& candidate,
           Scratch::State& state)
      : program_(program),
        tables_(*program.tables),
        key_(pseudonym_key),
        candidate_(candidate),
        target_(tables_.targets[candidate.target.value]),
        zone_(tables_.zones[target_.zone]),
        clearance_{target_.clearance & zone_.clearance},
        state_(state) {}

  // True when state.outbound may leave; `sent` is (a) ⊔ (b) as far as it was computed.
  bool Run(const Destination& destination, Label& sent) {
    sent = candidate_.sent_label;
    if (!sent.FlowsTo(clearance_) || !MaySee(state_.original.content)) return false;
    if (!ChooseSource(destination) || !PlanEdits(destination) || !Apply()) return false;
    if (!ReadLeaving()) return false;
    ListTokens();
    const decide::Reading& leaving = state_.leaving;
    const bool unscanned =
        state_.request.unscanned || leaving.content.unscanned || !leaving.views.opaque().empty();
    sent = sent.Join(decide::Classify(tables_, state_, leaving, unscanned, !zone_.trusted));
    return sent.FlowsTo(clearance_);
  }

 private:
  bool json() const { return surface_ != Surface::kText; }

  // Unregistered fields go only where the top label may go.
  bool MaySee(const surface::Content& content) const {
    return content.unregistered.empty() || clearance_ == tables_.Top();
  }

  // What is written over and sent: the original, or its translation, in which everything is found anew.
  bool ChooseSource(const Destination& destination) {
    body_ = state_.request.body;
    surface_ = state_.request.surface;
    source_ = &state_.original;
    if (destination.translated.empty()) return true;
    body_ = destination.translated;
    surface_ = destination.translated_surface;
    source_ = &state_.translated;
    return json() && Read(body_, state_.translated);
  }

  // What is replaced, in order and disjoint: the surface's patches and the model, and the redaction's spans
  // where those leave room.
  bool PlanEdits(const Destination& destination) {
    const surface::Content& content = source_->content;
    state_.edits.clear();
    for (const surface::Patch& patch : content.patches) {
      state_.edits.push_back({patch.begin, patch.end, patch.text, false});
    }
    // In a dialect that names the model elsewhere the body has none, and what we wrote is the target's
    // anyway.
    if (json() && (source_ == &state_.original || content.model_begin < content.model_end)) {
      // THREATS rule P: the client's model name never goes upstream.
      if (destination.model.empty() || content.model_begin >= content.model_end) return false;
      state_.model.assign(1, '"');
      redact::AppendJsonEscaped(destination.model, state_.model);
      state_.model.push_back('"');
      state_.edits.push_back({content.model_begin, content.model_end, state_.model, false});
    }
    const redact::Original original = {body_, source_->views, source_->matches, json()};
    if (!redact::PlanSpans(tables_, candidate_.redaction, original, {key_, destination.scope}, state_.plan))
      return false;
    const size_t fixed = SortEdits();
    for (const redact::Span& span : state_.plan.spans) {
      if (!InsideFixed(fixed, span)) {
        state_.edits.push_back({span.begin, span.end, state_.plan.TextOf(span), true});
      }
    }
    SortEdits();
    return Disjoint();
  }

  size_t SortEdits() {
    std::sort(state_.edits.begin(), state_.edits.end(),
              [](const Edit& a, const Edit& b) { return a.begin < b.begin; });
    return state_.edits.size();
  }

  // A span in bytes that are replaced anyway needs no text of its own.
  bool InsideFixed(size_t fixed, const redact::Span& span) const {
    const auto end = state_.edits.begin() + static_cast<std::ptrdiff_t>(fixed);
    auto after = std::upper_bound(state_.edits.begin(), end, span.begin,
                                  [](uint32_t begin, const Edit& edit) { return begin < edit.begin; });
    return after != state_.edits.begin() && span.end <= std::prev(after)->end;
  }

  bool Disjoint() const {
    uint32_t last = 0;
    for (const Edit& edit : state_.edits) {
      if (edit.begin < last || edit.end < edit.begin || edit.end > body_.size()) return false;
      last = edit.end;
    }
    return true;
  }

  void ListTokens() {
    state_.tokens.clear();
    for (const redact::Mint& mint : state_.plan.minted) {
      state_.tokens.push_back(
          {state_.plan.TokenOf(mint), state_.plan.ValueOf(mint), DetectorId{mint.detector}, mint.action});
    }
  }

  // Copies the body with the edits; remembers what the redaction wrote.
  bool Apply() {
    const std::string_view body = body_;
    std::string& out = state_.outbound;
    out.clear();
    state_.written.clear();
    size_t copied = 0;
    for (const Edit& edit : state_.edits) {
      out.append(body.substr(copied, edit.begin - copied));
      const size_t begin = out.size();
      out.append(edit.text);
      if (out.size() > UINT32_MAX / 2) return false;
      if (edit.redaction) {
        state_.written.push_back({static_cast<uint32_t>(begin), static_cast<uint32_t>(out.size())});
      }
      copied = edit.end;
    }
    out.append(body.substr(copied));
    return out.size() <= UINT32_MAX / 2;
  }

  // Body → findings, as for the original.
  bool Read(std::string_view body, decide::Reading& reading) {
    surface::Walk(surface_, body, reading.content);
    if (reading.content.refusal.kind != RefusalKind::kNone || !MaySee(reading.content)) return false;
    reading.views.Build(body, reading.content, text::Steps::AllBut(tables_.steps_off));
    return detect::Scan(tables_, *program_.artifact, program_.filter.get(), reading.views, reading.matches);
  }

  // Findings inside one written span do not count.
  bool ReadLeaving() {
    decide::Reading& leaving = state_.leaving;
    if (!Read(state_.outbound, leaving)) return false;
    leaving.off.clear();
    for (const detect::Match& match : leaving.matches.all) leaving.off.push_back(Written(match) ? 1 : 0);
    return true;
  }

  bool Written(const detect::Match& match) const {
    if (match.range_count != 1) return false;
    const auto after =
        std::upper_bound(state_.written.begin(), state_.written.end(), match.finding.begin,
                         [](uint32_t begin, const text::RawRange& span) { return begin < span.begin; });
    return after != state_.written.begin() && match.finding.end <= std::prev(after)->end;
  }

  const Program& program_;
  const ir::Tables& tables_;
  std::string_view key_;
  const Candidate& candidate_;
  const ir::Target& target_;
  const ir::Zone& zone_;
  Label clearance_;
  Scratch::State& state_;
  std::string_view body_;
  Surface surface_ = Surface::kText;
  const decide::Reading* source_ = nullptr;
};

}  // namespace

Outbound Engine::Render(size_t index, const Destination& destination, Scratch& scratch) const noexcept {
  Scratch::State& state = scratch.state();
  const Decision& decision = state.decision;
  const bool ours = state.tables == program_.tables && state.artifact == program_.artifact;
  if (!ours || decision.verdict() != Verdict::kSend || index >= decision.candidates().size()) return {};
  Outbound outbound;
  try {
    Renderer renderer(program_, pseudonym_key_, decision.candidates()[index], state);
    outbound.allowed = renderer.Run(destination, outbound.sent_label);
  } catch (...) {  // out of memory: nothing leaves
    outbound.allowed = false;
  }
  if (outbound.allowed) {
    outbound.body = state.outbound;
    outbound.minted = state.tokens;
  } else {
    state.outbound.clear();
  }
  return outbound;
}

}  // namespace hpol
