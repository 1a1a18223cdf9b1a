// The flow of one request for a model; the door is model_request.h.
#include "adapters/gateway/model_request.h"

#include <openssl/crypto.h>

#include <chrono>
#include <optional>
#include <vector>

#include "adapters/gateway/answer.h"
#include "adapters/gateway/attempts.h"
#include "adapters/gateway/attributes.h"
#include "adapters/gateway/conversation_memory.h"
#include "adapters/gateway/relay.h"
#include "adapters/gateway/unanswered.h"
#include "hpol/answer.h"

namespace hpol::gateway {
namespace {

using Clock = std::chrono::steady_clock;

double Seconds(Clock::duration duration) { return std::chrono::duration<double>(duration).count(); }

template <typename Unit>
int64_t Count(Clock::duration duration) {
  return std::chrono::duration_cast<Unit>(duration).count();
}

class Flow {
 public:
  Flow(Worker& worker, Client& client, const ModelRequest& request)
      : worker_(worker),
        shared_(worker.shared()),
        policy_(*request.seat->generation),
        client_(client),
        request_(request),
        scratch_(worker),
        attributes_(*policy_.settings, policy_.tables(), request.key, request.trusted_peer, request.head,
                    client.certificate()),
        memory_(shared_, policy_,
                {request.surface, request.body,
                 request.key != nullptr ? std::string_view(request.key->name) : std::string_view(),
                 attributes_.list(), request.head.Find("x-hpol-conversation").value_or("")}) {}
  ~Flow() { OPENSSL_cleanse(request_.body.data(), request_.body.size()); }
  Flow(const Flow&) = delete;
  Flow& operator=(const Flow&) = delete;

  awaitable<bool> Run();

 private:
  using End = Attempts::End;

  void Decide();
  awaitable<void> AskCandidates();
  Availability Now(size_t index) const;
  awaitable<End> Try(size_t index, Attempts& attempts);
  std::optional<Surface> Translate(const TargetSettings& target, dialect::TranslatedRequest& translated);
  awaitable<End> PassOn(size_t index, Attempts& attempts);
  awaitable<void> Reject(const Reply& reply, const char* outcome);
  void Finish();
  Framing MakeFraming() const { return {request_.request_id, keep_, request_.surface}; }

  Worker& worker_;
  Shared& shared_;
  Generation& policy_;
  Client& client_;
  const ModelRequest& request_;
  Worker::ScratchLease scratch_;
  const RequestAttributes attributes_;
  const ConversationMemory memory_;
  const Decision* decision_ = nullptr;
  dialect::Asked asked_;
  Unanswered unanswered_;
  ReceiptFacts facts_;
  const Clock::time_point began_ = Clock::now();
  bool keep_ = false;  // the connection stays
  bool gone_ = false;  // the client left
};

awaitable<bool> Flow::Run() {
  keep_ = request_.head.keep_alive && !shared_.stopping;
  Decide();
  if (decision_->verdict() == Verdict::kSend) {
    co_await AskCandidates();
  } else {
    const Reply reply = DenialReply(*decision_, policy_.tables());
    co_await Reject(reply, "denied");
  }
  Finish();
  co_return keep_;
}

void Flow::Decide() {
  if (request_.key != nullptr) facts_.key_name = request_.key->name;
  Request request{request_.surface, request_.body, attributes_.list(), false};
  request.conversation = memory_.EarlierLabel();
  const Clock::time_point before = Clock::now();
  decision_ = &policy_.engine->Decide(request, *scratch_);
  const Clock::duration taken = Clock::now() - before;
  shared_.metrics.ObserveDecide(Seconds(taken));
  facts_.request_id = request_.request_id;
  facts_.decision = decision_;
  facts_.attributes = attributes_.list();
  facts_.bytes_in = request_.body.size();
  facts_.decide_microseconds = Count<std::chrono::microseconds>(taken);
}

// One after the other, until one of them has answered or nobody may be asked any more.
awaitable<void> Flow::AskCandidates() {
  asked_ = AskedOf(request_.surface, request_.body);
  facts_.stream = asked_.stream;
  Attempts attempts({worker_, client_, request_.seat, *decision_, *scratch_, memory_.scope(),
                     request_.request_id, request_.surface, facts_.stream},
                    facts_, unanswered_);
  const size_t count = decision_->candidates().size();
  End end = End::kNext;
  for (size_t i = 0; i < count && end == End::kNext; ++i) end = co_await Try(i, attempts);
  if (end == End::kNext) {
    const Reply reply = unanswered_.Explain(count);
    co_await Reject(reply, reply.status == 503 || reply.status == 429 ? "unavailable" : "denied");
  } else if (end == End::kRevoked) {
    const Reply reply =
        ErrorReply(503, "policy_revoked", "the policy was replaced while this request ran: ask again");
    co_await Reject(reply, "revoked");
  } else if (end == End::kGone) {
    facts_.outcome = "aborted";
    keep_ = false;
  }
}

// Run-time state as this gateway knows it: the load of targets with a capacity, and the time. What limits
// leave is not counted here, so an unknown budget keeps requests from untrusted zones.
Availability Flow::Now(size_t index) const {
  const ir::Tables& tables = policy_.tables();
  if (tables.gates.empty() && tables.limits.empty()) return Availability::kUsable;
  std::vector<TargetState> targets(tables.targets.size());
  for (size_t i = 0; i < targets.size(); ++i) {
    const uint32_t capacity = policy_.settings->targets[i].capacity;
    if (capacity != 0) targets[i].load = int64_t{policy_.load[i].load()} * 1'000'000 / capacity;
  }
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return policy_.engine->Now(index, *decision_,
                             {std::chrono::duration_cast<std::chrono::seconds>(now).count(), targets, {}});
}

// One candidate, with its answer passed on or its refusal told when it has one.
awaitable<Flow::End> Flow::Try(size_t index, Attempts& attempts) {
  const uint32_t target = decision_->candidates()[index].target.value;
  const TargetSettings& settings = policy_.settings->targets[target];
  const Clock::time_point began = Clock::now();
  if (Now(index) != Availability::kUsable) {
    facts_.AddAttempt(target, 0, "skipped", began);
    co_return End::kNext;
  }
  const LoadSlot slot(policy_.load[target], settings.capacity);
  if (!slot.taken()) {
    facts_.AddAttempt(target, 0, "at_capacity", began);
    shared_.metrics.CountUpstreamFailure(settings.name, "at_capacity");
    co_return End::kNext;
  }
  dialect::TranslatedRequest translated;
  const std::optional<Surface> asked = Translate(settings, translated);
  if (!asked) {
    facts_.AddAttempt(target, 0, "other_dialect", began);
    co_return End::kNext;
  }
  End end = co_await attempts.Ask(index, translated, *asked);
  if (end == End::kAnswers) end = co_await PassOn(index, attempts);
  if (end == End::kRefused) {
    const int status = attempts.current().exchange().status();
    attempts.Close();
    const Reply reply = ErrorReply(status, "target_refused", "the model server did not accept this request");
    co_await Reject(reply, "refused");
  }
  OPENSSL_cleanse(translated.body.data(), translated.body.size());
  co_return end;
}

// The kind of body that the target is asked with, and the body itself where it is not the client's own.
// Nothing: the target cannot be asked this.
std::optional<Surface> Flow::Translate(const TargetSettings& target, dialect::TranslatedRequest& translated) {
  const std::optional<Surface> asked = dialect::SurfaceFor(SiteOf(target), request_.surface);
  if (!asked) {
    unanswered_.Untranslatable(
        "no target that may see this request speaks the dialect that it is written in");
    return std::nullopt;
  }
  if (*asked == request_.surface) {
    translated.asked = asked_;
    return asked;
  }
  Result<dialect::TranslatedRequest> made =
      dialect::TranslateRequest(request_.surface, request_.body, *asked, target.model);
  if (!made) {
    unanswered_.Untranslatable(made.error().message);
    return std::nullopt;
  }
  translated = *std::move(made);
  return asked;
}

awaitable<Flow::End> Flow::PassOn(size_t index, Attempts& attempts) {
  facts_.chosen = static_cast<int>(index);
  const Outbound& sent = attempts.sent();
  Answer answer(policy_.engine,
                {request_.surface, facts_.stream, sent.minted, memory_.scope(), decision_->label(),
                 sent.sent_label, attributes_.list(), memory_.remembers()});
  const Framing framing = MakeFraming();
  Relay relay(shared_, policy_, client_, framing, request_.head.minor_version == 1, facts_);
  const bool passed = co_await relay.Pass(attempts.current(), answer);
  keep_ = relay.keeps_connection();
  memory_.Record(answer.label(), answer.text());
  gone_ = attempts.current().client_gone();
  attempts.Close();
  co_return passed ? End::kAnswers : End::kGone;
}

awaitable<void> Flow::Reject(const Reply& reply, const char* outcome) {
  facts_.outcome = outcome;
  facts_.status = reply.status;
  const Framing framing = MakeFraming();
  const bool sent = co_await client_.Send(reply, framing);
  if (!sent) keep_ = false;
}

void Flow::Finish() {
  const Clock::duration taken = Clock::now() - began_;
  facts_.milliseconds = Count<std::chrono::milliseconds>(taken);
  if (*facts_.outcome == 'a' && gone_) facts_.outcome = "aborted";
  std::string_view target = "none";
  if (facts_.chosen >= 0) {
    const Candidate& candidate = decision_->candidates()[static_cast<size_t>(facts_.chosen)];
    target = policy_.settings->targets[candidate.target.value].name;
  }
  shared_.metrics.CountDecision(*decision_, target, facts_.outcome);
  shared_.metrics.CountReply(facts_.status);
  shared_.metrics.ObserveRequest(Seconds(taken));
  shared_.receipts->Write(FormatReceipt(facts_, policy_.tables()));
}

}  // namespace

awaitable<bool> HandleModelRequest(Worker& worker, Client& client, const ModelRequest& request) {
  Flow flow(worker, client, request);
  co_return co_await flow.Run();
}

}  // namespace hpol::gateway
