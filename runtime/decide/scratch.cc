// Scratch: ownership and wiping.
#include "runtime/decide/scratch.h"

#include "runtime/text/wipe.h"

namespace hpol {

void DecisionBuilder::Clear(Decision& decision) {
  decision.verdict_ = Verdict::kDeny;
  decision.cause_ = DenyCause::kInternal;
  decision.unscanned_ = false;
  decision.scanned_ = false;
  decision.label_ = {};
  decision.bad_input_ = {};
  decision.candidates_.clear();
  decision.reasons_.clear();
  decision.findings_.clear();
  decision.unknown_facts_.clear();
  decision.refusal_.kind = RefusalKind::kNone;
  decision.refusal_.field.clear();
  decision.refusal_.message.clear();
}

void decide::Reading::Wipe() {
  views.Wipe();
  for (surface::Patch& patch : content.patches) text::Wipe(patch.text);
  text::Wipe(content.unregistered);
  text::Wipe(content.refusal.field);
}

Scratch::State::~State() {
  original.Wipe();
  translated.Wipe();
  leaving.Wipe();
  plan.Wipe();
  text::Wipe(outbound);
  text::Wipe(DecisionBuilder::refusal(decision).field);
}

Scratch::Scratch() : state_(std::make_unique<State>()) {}
Scratch::~Scratch() = default;
Scratch::Scratch(Scratch&&) noexcept = default;
Scratch& Scratch::operator=(Scratch&&) noexcept = default;

}  // namespace hpol
