// Counters for Prometheus; the door is metrics.h.
#include "adapters/gateway/metrics.h"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include <mutex>

namespace hpol::gateway {
namespace {

std::string CauseLabel(const Decision& decision) {
  return decision.verdict() == Verdict::kSend ? "none" : std::string(CauseName(decision.cause()));
}

template <class Builder>
auto& Family(prometheus::Registry& registry, Builder builder, const char* name, const char* help) {
  return builder.Name(name).Help(help).Register(registry);
}

const prometheus::Histogram::BucketBoundaries kDecideSeconds = {1e-6, 2e-6, 5e-6, 1e-5, 2e-5, 5e-5,
                                                                1e-4, 2e-4, 5e-4, 1e-3, 1e-2, 1e-1};
const prometheus::Histogram::BucketBoundaries kRequestSeconds = {
    1e-3, 2e-3, 5e-3, 1e-2, 2e-2, 5e-2, 1e-1, 2e-1, 5e-1, 1, 2, 5, 10, 30, 60, 120};

}  // namespace

struct Metrics::State {
  prometheus::Registry registry;
  prometheus::Family<prometheus::Counter>& replies = Family(
      registry, prometheus::BuildCounter(), "hpol_replies_total", "Replies sent to clients, by status.");
  prometheus::Family<prometheus::Counter>& decisions =
      Family(registry, prometheus::BuildCounter(), "hpol_decisions_total",
             "Decisions, by verdict, cause of a denial, target that answered, and outcome.");
  prometheus::Family<prometheus::Counter>& upstream_failures =
      Family(registry, prometheus::BuildCounter(), "hpol_upstream_failures_total",
             "Failed attempts, by target and reason.");
  prometheus::Family<prometheus::Counter>& tokens =
      Family(registry, prometheus::BuildCounter(), "hpol_tokens_total",
             "Tokens seen in answers, by what became of them.");
  prometheus::Counter& receipt_failures =
      Family(registry, prometheus::BuildCounter(), "hpol_receipt_failures_total",
             "Receipts that could not be written.")
          .Add({});
  prometheus::Histogram& decide = Family(registry, prometheus::BuildHistogram(), "hpol_decide_seconds",
                                         "Time to walk, scan and decide one request.")
                                      .Add({}, kDecideSeconds);
  prometheus::Histogram& request = Family(registry, prometheus::BuildHistogram(), "hpol_request_seconds",
                                          "Time from a request read to its answer sent.")
                                       .Add({}, kRequestSeconds);
  prometheus::Family<prometheus::Counter>& reloads =
      Family(registry, prometheus::BuildCounter(), "hpol_reloads_total",
             "Policies that were to replace the one in force, by what became of it.");
  prometheus::Gauge& last_refused =
      Family(registry, prometheus::BuildGauge(), "hpol_reload_refused",
             "1 while the policy given last was refused and an older one is in force.")
          .Add({});
  prometheus::Family<prometheus::Gauge>& policies =
      Family(registry, prometheus::BuildGauge(), "hpol_policy_info",
             "The policy in force: 1, and 0 for older ones.");
  prometheus::Gauge* policy = nullptr;
  std::mutex mutex;  // of `policy`
  prometheus::Gauge& in_flight =
      Family(registry, prometheus::BuildGauge(), "hpol_requests_in_flight", "Requests being served.").Add({});
};

Metrics::Metrics() : state_(std::make_unique<State>()) {}
Metrics::~Metrics() = default;

void Metrics::CountReply(int status) {
  state_->replies.Add({{"status", std::to_string(status)}}).Increment();
}

void Metrics::CountDecision(const Decision& decision, std::string_view target, const char* outcome) {
  const char* const verdict = decision.verdict() == Verdict::kSend ? "send" : "deny";
  state_->decisions
      .Add({{"verdict", verdict},
            {"cause", CauseLabel(decision)},
            {"target", std::string(target)},
            {"outcome", outcome}})
      .Increment();
}

void Metrics::CountUpstreamFailure(std::string_view target, const char* reason) {
  state_->upstream_failures.Add({{"target", std::string(target)}, {"reason", reason}}).Increment();
}

void Metrics::SetPolicy(std::string_view policy, std::string_view version) {
  const std::lock_guard lock(state_->mutex);
  if (state_->policy != nullptr) state_->policy->Set(0);
  state_->policy =
      &state_->policies.Add({{"policy", std::string(policy)}, {"version", std::string(version)}});
  state_->policy->Set(1);
}

void Metrics::CountReload(bool good) {
  state_->reloads.Add({{"result", good ? "good" : "refused"}}).Increment();
  state_->last_refused.Set(good ? 0 : 1);
}

void Metrics::CountTokens(const TokenCounts& counts) {
  const auto count = [this](const char* fate, uint64_t number) {
    if (number != 0) state_->tokens.Add({{"fate", fate}}).Increment(static_cast<double>(number));
  };
  count("restored", counts.restored);
  count("withheld", counts.withheld);
  count("unknown", counts.unknown);
  count("foreign", counts.foreign);
}

void Metrics::CountReceiptFailure() { state_->receipt_failures.Increment(); }
void Metrics::ObserveDecide(double seconds) { state_->decide.Observe(seconds); }
void Metrics::ObserveRequest(double seconds) { state_->request.Observe(seconds); }
void Metrics::AddInFlight(int change) { state_->in_flight.Increment(change); }

std::string Metrics::Text() const {
  return prometheus::TextSerializer().Serialize(state_->registry.Collect());
}

}  // namespace hpol::gateway
