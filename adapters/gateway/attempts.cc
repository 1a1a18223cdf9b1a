// What is tried at targets; the door is attempts.h.
#include "adapters/gateway/attempts.h"

#include <spdlog/spdlog.h>

namespace hpol::gateway {

using Clock = std::chrono::steady_clock;

Attempt::Attempt(Worker& worker, const Generation& policy, Client& client, const Upstream& upstream)
    : client_(client), exchange_(upstream), revocation_(worker, policy, [this] {
        revoked_ = true;
        exchange_.Cancel();
      }) {
  client_.Watch([this] {
    client_gone_ = true;
    exchange_.Cancel();
  });
}

Attempt::~Attempt() { StopWatchingClient(); }

// The body is made anew for each connection tried: clearance is checked at every attempt.
awaitable<Attempts::End> Attempts::Ask(size_t index, const dialect::TranslatedRequest& request,
                                       Surface asked) {
  const uint32_t target = asker_.decision.candidates()[index].target.value;
  const TargetSettings& settings = policy_.settings->targets[target];
  const bool last = index + 1 == asker_.decision.candidates().size();
  KeyRing& keys = asker_.seat->pool.keys(target);
  std::vector<size_t> tried;
  bool fresh = false;
  bool again = false;  // the same key was asked twice
  for (;;) {
    if (policy_.revoked) co_return End::kRevoked;
    const Clock::time_point began = Clock::now();
    const std::optional<size_t> key = keys.Pick(began, tried);
    if (!key) co_return NoKey(target, keys, !tried.empty(), began);
    const Destination destination{.model = settings.model,
                                  .scope = asker_.scope,
                                  .translated = request.body,
                                  .translated_surface = asked};
    sent_ = policy_.engine->Render(index, destination, asker_.scratch);
    if (!sent_.allowed) {
      unanswered_.NotAllowed();
      facts_.AddAttempt(target, 0, "not_allowed", began);
      co_return End::kNext;
    }
    facts_.sent_label = sent_.sent_label;
    const Upstream upstream{
        target, &settings, policy_.tls[target].get(), &policy_.settings->limits, &asker_.seat->pool, *key};
    const Question question{.asked = asked,
                            .client = asker_.surface,
                            .body = sent_.body,
                            .stream = asker_.stream,
                            .usage_wanted = request.asked.usage_wanted,
                            .fresh = fresh,
                            .id = asker_.request_id.substr(asker_.request_id.find('_') + 1)};
    Failure failure = Failure::kNone;
    const End end = co_await AskOnce(upstream, question, failure);
    if (end != End::kNext) co_return end;
    switch (RetryAfter(failure)) {
      case Retry::kNever:
        co_return end;
      case Retry::kNewWire:
        if (fresh) co_return end;
        fresh = true;
        break;
      case Retry::kSameKey:
        if (again || !last) co_return end;
        again = fresh = true;
        break;
      case Retry::kOtherKey:
        tried.push_back(*key);
        break;
    }
  }
}

Attempts::End Attempts::NoKey(uint32_t target, const KeyRing& keys, bool tried, Clock::time_point now) {
  if (!tried) {
    unanswered_.AllKeysRest(std::chrono::duration_cast<Milliseconds>(keys.Until() - now));
    facts_.AddAttempt(target, 0, "keys_rest", now);
  }
  return End::kNext;
}

// One attempt. It stays open when there is something to read of it, and is closed else.
awaitable<Attempts::End> Attempts::AskOnce(const Upstream& upstream, const Question& question,
                                           Failure& failure) {
  const Clock::time_point began = Clock::now();
  current_.emplace(asker_.worker, policy_, asker_.client, upstream);
  Exchange& exchange = current_->exchange();
  failure = co_await exchange.Ask(question);
  if (current_->stopped() || failure != Failure::kStale) {
    facts_.AddAttempt(upstream.target, exchange.status(),
                      current_->stopped() ? "cancelled" : FailureName(failure), began);
  }
  End end = End::kNext;
  if (current_->client_gone()) {
    end = End::kGone;
  } else if (policy_.revoked) {
    end = End::kRevoked;
  } else if (failure == Failure::kNone) {
    co_return End::kAnswers;
  } else if (failure == Failure::kRefused) {
    co_return End::kRefused;
  } else if (failure != Failure::kStale) {
    unanswered_.Failed(failure, exchange.retry_after());
    asker_.seat->pool.keys(upstream.target)
        .Learn(upstream.key, failure, exchange.retry_after(), Clock::now());
    asker_.worker.shared().metrics.CountUpstreamFailure(upstream.settings->name, FailureName(failure));
    spdlog::warn("target {}: {} (status {})", upstream.settings->name, FailureName(failure),
                 exchange.status());
  }
  Close();
  co_return end;
}

}  // namespace hpol::gateway
