// Why nobody answered; the door is unanswered.h.
#include "adapters/gateway/unanswered.h"

#include <algorithm>

namespace hpol::gateway {

void Unanswered::AllKeysRest(Milliseconds pause) {
  limited_ = true;
  pause_ = std::max(pause_, pause);
}

void Unanswered::Failed(Failure failure, Milliseconds pause) {
  switch (failure) {
    case Failure::kLimited:
      limited_ = true;
      pause_ = std::max(pause_, pause);
      break;
    case Failure::kSpent:
      spent_ = true;
      break;
    case Failure::kNone:
    case Failure::kStale:  // of a kept connection: a new one is tried
      break;
    default:
      failed_ = true;
      break;
  }
}

Reply Unanswered::Explain(size_t candidates) const {
  if (not_allowed_ == candidates) {
    return ErrorReply(403, "policy_not_cleared",
                      "denied by policy: no target is cleared for what would be sent");
  }
  if (failed_) return UnavailableReply();
  if (limited_) {
    return RateLimitReply("rate_limited", "every target that may see this request is at its limit",
                          std::max<Milliseconds>(pause_, std::chrono::seconds(1)));
  }
  if (spent_) {
    Reply reply = ErrorReply(429, "spend_limit_reached",
                             "what may be spent at the targets that may see this request is used up");
    reply.fields = "x-should-retry: false\r\n";
    return reply;
  }
  if (!untranslatable_.empty()) return ErrorReply(400, "not_supported_by_target", untranslatable_);
  return UnavailableReply();
}

}  // namespace hpol::gateway
