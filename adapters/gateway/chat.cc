// The flow of one chat request; the door is chat.h.
#include "adapters/gateway/chat.h"

#include <openssl/crypto.h>
#include <spdlog/spdlog.h>

#include <optional>

#include "adapters/gateway/answer.h"
#include "adapters/gateway/attributes.h"
#include "hpol/answer.h"
#include "hpol/conversation.h"
#include "hpol/history.h"

namespace hpol::gateway {
namespace {

using Clock = std::chrono::steady_clock;

double Seconds(Clock::duration duration) { return std::chrono::duration<double>(duration).count(); }

template <typename Unit>
int64_t Count(Clock::duration duration) {
  return std::chrono::duration_cast<Unit>(duration).count();
}

class Chat {
 public:
  Chat(Worker& worker, Client& client, const ChatRequest& request)
      : worker_(worker),
        shared_(worker.shared()),
        policy_(*request.seat->generation),
        client_(client),
        request_(request),
        scratch_(worker),
        attributes_(*policy_.settings, policy_.tables(), request.key, request.trusted_peer, request.head,
                    client.certificate()) {}
  ~Chat() { OPENSSL_cleanse(request_.body.data(), request_.body.size()); }
  Chat(const Chat&) = delete;
  Chat& operator=(const Chat&) = delete;

  awaitable<bool> Run();

 private:
  // How one candidate ended.
  enum class Fate : uint8_t { kNext, kAnswered, kRefused, kGone, kRevoked };

  void Decide();
  bool Remembers() const;  // labels outlive requests
  Label LabelOfConversation() const;
  History MakeHistory() const;
  History::Who Who() const;
  Availability Now(size_t index) const;
  awaitable<Fate> Try(size_t index);
  awaitable<Fate> AskAll(size_t index, const dialect::TranslatedRequest& request, Surface asked);
  awaitable<Fate> Ask(size_t index, const Upstream& upstream, const Question& question,
                      const Outbound& outbound);
  Reply NobodyAnswered() const;
  void Learn(const Upstream& upstream, Failure failure, Milliseconds after);
  awaitable<bool> Pass(Exchange& exchange, Answer& answer);
  awaitable<bool> PassStream(Exchange& exchange, Answer& answer);
  Answer::Outcome Filter(Answer& answer, bool ended, std::vector<http::Event>& events);
  // How an answer that is not passed on ends.
  struct Ending {
    int status;
    const char* outcome;
    const char* code;
    std::string message;
  };
  Ending EndingOf(const Answer& answer, Answer::Outcome outcome) const;
  awaitable<void> Reject(const Reply& reply, const char* outcome);
  void RecordAttempt(uint32_t target, int status, const char* reason, Clock::time_point began);
  void Finish();
  Framing MakeFraming() const { return {request_.request_id, keep_, request_.surface}; }

  Worker& worker_;
  Shared& shared_;
  Generation& policy_;
  Client& client_;
  const ChatRequest& request_;
  Worker::ScratchLease scratch_;
  const RequestAttributes attributes_;
  const Decision* decision_ = nullptr;
  std::string scope_;  // of tokens: caller and conversation
  ReceiptFacts facts_;
  Clock::time_point began_ = Clock::now();
  bool keep_ = false;     // the connection stays
  bool aborted_ = false;  // the client went away
  bool revoked_ = false;  // the policy was, while a target was being asked
  size_t not_allowed_ = 0;
  Failure failure_ = Failure::kNone;  // of the last attempt
  // What became of the candidates that did not answer.
  std::string untranslatable_;  // why one could not be asked in its dialect
  bool limited_ = false;
  bool spent_ = false;
  bool failed_ = false;  // in another way
  Milliseconds retry_after_{0};
};

void Chat::Decide() {
  if (request_.key != nullptr) facts_.key_name = request_.key->name;
  scope_ = ScopeOf({request_.surface, request_.body, facts_.key_name, attributes_.list(),
                    request_.head.Find("x-hpol-conversation").value_or("")});
  Request request{request_.surface, request_.body, attributes_.list(), false};
  request.conversation = LabelOfConversation();
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

History Chat::MakeHistory() const {
  return {
      shared_.labels, policy_.tables(), shared_.label_secret, {policy_.settings->conversations->ttl_seconds}};
}

// Fingerprints are looked for within the tenant, where the policy has one from identity; else everywhere.
History::Who Chat::Who() const {
  std::string_view tenant;
  for (const Attribute& attribute : attributes_.list()) {
    if (attribute.name == "tenant" && attribute.source == Source::kIdentity && !attribute.values.empty())
      tenant = attribute.values.front();
  }
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return {scope_, tenant, std::chrono::duration_cast<std::chrono::seconds>(now).count()};
}

bool Chat::Remembers() const { return shared_.labels != nullptr && policy_.settings->conversations; }

Label Chat::LabelOfConversation() const {
  if (!Remembers()) return {};
  std::string text = TextOf(request_.surface, request_.body);
  const Label label = MakeHistory().LabelOf(Who(), text, GoesOn(request_.surface, request_.body));
  OPENSSL_cleanse(text.data(), text.size());
  return label;
}

awaitable<bool> Chat::Run() {
  keep_ = request_.head.keep_alive && !shared_.stopping;
  Decide();
  Reply reply;
  Fate fate = Fate::kNext;
  if (decision_->verdict() == Verdict::kSend) {
    facts_.stream = WantsStream(request_.surface, request_.body);
    const size_t count = decision_->candidates().size();
    for (size_t i = 0; i < count && fate == Fate::kNext; ++i) fate = co_await Try(i);
    if (fate == Fate::kNext) {
      reply = NobodyAnswered();
      co_await Reject(reply, reply.status == 503 || reply.status == 429 ? "unavailable" : "denied");
    } else if (fate == Fate::kRevoked) {
      reply = ErrorReply(503, "policy_revoked", "the policy was replaced while this request ran: ask again");
      co_await Reject(reply, "revoked");
    } else if (fate == Fate::kGone) {
      facts_.outcome = "aborted";
      keep_ = false;
    }
  } else {
    reply = DenialReply(*decision_, policy_.tables());
    co_await Reject(reply, "denied");
  }
  Finish();
  co_return keep_;
}

awaitable<void> Chat::Reject(const Reply& reply, const char* outcome) {
  facts_.outcome = outcome;
  facts_.status = reply.status;
  const Framing framing = MakeFraming();
  const bool sent = co_await client_.Send(reply, framing);
  if (!sent) keep_ = false;
}

void Chat::RecordAttempt(uint32_t target, int status, const char* reason, Clock::time_point began) {
  facts_.attempts.push_back({target, status, reason, Count<std::chrono::milliseconds>(Clock::now() - began)});
}

// Run-time state as this gateway knows it: the load of targets with a capacity, and the time. What limits
// leave is not counted here, so an unknown budget keeps requests from untrusted zones.
Availability Chat::Now(size_t index) const {
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

// One candidate. The body is made anew for each connection tried: clearance is checked
// at every attempt (THREATS rule C).
awaitable<Chat::Fate> Chat::Try(size_t index) {
  const uint32_t target = decision_->candidates()[index].target.value;
  const TargetSettings& settings = policy_.settings->targets[target];
  const Clock::time_point began = Clock::now();
  if (Now(index) != Availability::kUsable) {
    RecordAttempt(target, 0, "skipped", began);
    co_return Fate::kNext;
  }
  const LoadSlot slot(policy_.load[target], settings.capacity);
  if (!slot.taken()) {
    RecordAttempt(target, 0, "at_capacity", began);
    shared_.metrics.CountUpstreamFailure(settings.name, "at_capacity");
    co_return Fate::kNext;
  }
  const std::optional<Surface> asked = dialect::SurfaceFor(SiteOf(settings), request_.surface);
  dialect::TranslatedRequest translated;
  std::string_view why = "no target that may see this request speaks the dialect that it is written in";
  Result<dialect::TranslatedRequest> made = Error{std::string(why)};
  if (asked && *asked != request_.surface) {
    made = dialect::TranslateRequest(request_.surface, request_.body, *asked, settings.model);
    if (made) translated = *std::move(made);
  }
  if (!asked || (*asked != request_.surface && translated.body.empty())) {
    untranslatable_ = made.error().message;
    RecordAttempt(target, 0, "other_dialect", began);
    co_return Fate::kNext;
  }
  if (*asked == request_.surface) {
    translated.asked = {facts_.stream, WantsUsage(request_.surface, request_.body)};
  }
  const Fate fate = co_await AskAll(index, translated, *asked);
  OPENSSL_cleanse(translated.body.data(), translated.body.size());
  co_return fate;
}

// All that may be tried at one target: its credentials one after the other, and once more on a new
// connection or with the same key where that can help.
awaitable<Chat::Fate> Chat::AskAll(size_t index, const dialect::TranslatedRequest& request, Surface asked) {
  const uint32_t target = decision_->candidates()[index].target.value;
  const TargetSettings& settings = policy_.settings->targets[target];
  const bool last = index + 1 == decision_->candidates().size();
  KeyRing& keys = request_.seat->pool.keys(target);
  std::vector<size_t> tried;
  bool fresh = false;
  bool again = false;  // the same key was asked twice
  for (;;) {
    if (policy_.revoked) co_return Fate::kRevoked;
    const Clock::time_point began = Clock::now();
    const std::optional<size_t> key = keys.Pick(began, tried);
    if (!key) {
      if (tried.empty()) {
        limited_ = true;
        retry_after_ = std::max(retry_after_, std::chrono::duration_cast<Milliseconds>(keys.Until() - began));
        RecordAttempt(target, 0, "keys_rest", began);
      }
      co_return Fate::kNext;
    }
    const Destination destination{
        .model = settings.model, .scope = scope_, .translated = request.body, .translated_surface = asked};
    const Outbound outbound = policy_.engine->Render(index, destination, *scratch_);
    if (!outbound.allowed) {
      ++not_allowed_;
      RecordAttempt(target, 0, "not_allowed", began);
      co_return Fate::kNext;
    }
    facts_.sent_label = outbound.sent_label;
    const Upstream upstream{
        target, &settings, policy_.tls[target].get(), &policy_.settings->limits, &request_.seat->pool, *key};
    const Question question{.asked = asked,
                            .client = request_.surface,
                            .body = outbound.body,
                            .stream = facts_.stream,
                            .usage_wanted = request.asked.usage_wanted,
                            .fresh = fresh,
                            .id = request_.request_id.substr(request_.request_id.find('_') + 1)};
    const Fate fate = co_await Ask(index, upstream, question, outbound);
    if (fate != Fate::kNext) co_return fate;
    switch (RetryAfter(failure_)) {
      case Retry::kNever:
        co_return fate;
      case Retry::kNewWire:
        if (fresh) co_return fate;
        fresh = true;
        break;
      case Retry::kSameKey:
        if (again || !last) co_return fate;
        again = fresh = true;
        break;
      case Retry::kOtherKey:
        tried.push_back(*key);
        break;
    }
  }
}

// A credential that was refused or limited rests; which others do is known to this worker alone.
void Chat::Learn(const Upstream& upstream, Failure failure, Milliseconds after) {
  constexpr std::chrono::seconds kDead{60}, kSpent{600}, kLimited{1}, kMost{60};
  KeyRing& keys = request_.seat->pool.keys(upstream.target);
  const Clock::time_point now = Clock::now();
  // With a single credential nothing is gained by not asking again: it may have been replaced.
  const bool others = upstream.settings->credentials.size() > 1;
  switch (failure) {
    case Failure::kKey:
      if (others) keys.Rest(upstream.key, now + kDead);
      failed_ = true;
      break;
    case Failure::kLimited:
      if (others || after.count() > 0) {
        keys.Rest(upstream.key, now + std::min<Milliseconds>(std::max<Milliseconds>(after, kLimited), kMost));
      }
      limited_ = true;
      retry_after_ = std::max(retry_after_, after);
      break;
    case Failure::kSpent:
      if (others) keys.Rest(upstream.key, now + kSpent);
      spent_ = true;
      break;
    case Failure::kStale:
      break;
    default:
      failed_ = true;
      break;
  }
}

// Why no candidate answered, as the one who asked can act on it.
Reply Chat::NobodyAnswered() const {
  const size_t count = decision_->candidates().size();
  if (not_allowed_ == count) {
    return ErrorReply(403, "policy_not_cleared",
                      "denied by policy: no target is cleared for what would be sent");
  }
  if (failed_) return UnavailableReply();
  if (limited_) {
    return RateLimitReply("rate_limited", "every target that may see this request is at its limit",
                          std::max<Milliseconds>(retry_after_, std::chrono::seconds(1)));
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

awaitable<Chat::Fate> Chat::Ask(size_t index, const Upstream& upstream, const Question& question,
                                const Outbound& outbound) {
  const Clock::time_point began = Clock::now();
  Exchange exchange(upstream);
  const Worker::RevocationWatch revocation(worker_, policy_, [this, &exchange] {
    revoked_ = true;
    exchange.Cancel();
  });
  client_.Watch([this, &exchange] {
    aborted_ = true;
    exchange.Cancel();
  });
  failure_ = co_await exchange.Ask(question);
  Fate fate = Fate::kNext;
  const bool stopped = aborted_ || revoked_;
  if (stopped || failure_ != Failure::kStale) {
    RecordAttempt(upstream.target, exchange.status(), stopped ? "cancelled" : FailureName(failure_), began);
  }
  if (aborted_) {
    fate = Fate::kGone;
  } else if (policy_.revoked) {
    fate = Fate::kRevoked;
  } else if (failure_ == Failure::kNone) {
    facts_.chosen = static_cast<int>(index);
    Answer answer(policy_.engine, {request_.surface, facts_.stream, outbound.minted, scope_,
                                   decision_->label(), outbound.sent_label, attributes_.list(), Remembers()});
    const bool passed = co_await Pass(exchange, answer);
    facts_.tokens = answer.counts();
    facts_.answer_label = answer.label();
    facts_.blocked_by = answer.blocked_by();
    facts_.alerts = answer.alerts();
    // What could not be kept is missing at the next turn, which is then at the top.
    if (Remembers()) MakeHistory().Record(Who(), answer.label(), answer.text());
    shared_.metrics.CountTokens(facts_.tokens);
    facts_.usage = exchange.usage();
    facts_.events = exchange.events();
    fate = passed ? Fate::kAnswered : Fate::kGone;
  } else if (failure_ == Failure::kRefused) {
    client_.Unwatch();
    const Reply reply =
        ErrorReply(exchange.status(), "target_refused", "the model server did not accept this request");
    co_await Reject(reply, "refused");
    fate = Fate::kRefused;
  } else if (failure_ != Failure::kStale) {
    Learn(upstream, failure_, exchange.retry_after());
    shared_.metrics.CountUpstreamFailure(upstream.settings->name, FailureName(failure_));
    spdlog::warn("target {}: {} (status {})", upstream.settings->name, FailureName(failure_),
                 exchange.status());
  }
  client_.Unwatch();
  co_return fate;
}

// What the client may see of these events, in their place; with `ended`, also what was held back. False: the
// answer cannot be read, and nothing of them may be passed on.
Answer::Outcome Chat::Filter(Answer& answer, bool ended, std::vector<http::Event>& events) {
  if (answer.idle()) return Answer::Outcome::kPass;
  std::vector<http::Event> kept;
  std::vector<AnswerEvent> passed;
  Answer::Outcome outcome = Answer::Outcome::kPass;
  const auto keep = [&] {
    for (AnswerEvent& one : passed) kept.push_back({std::move(one.name), std::move(one.data)});
    passed.clear();
  };
  for (http::Event& event : events) {
    if (event.comment) {
      kept.push_back(std::move(event));
    } else if (outcome == Answer::Outcome::kPass) {
      outcome = answer.Feed({std::move(event.name), std::move(event.data)}, passed);
      keep();
    }
  }
  if (outcome == Answer::Outcome::kPass && ended) {
    outcome = answer.Finish(passed);
    keep();
  }
  if (outcome != Answer::Outcome::kPass) {
    for (http::Event& event : kept) OPENSSL_cleanse(event.data.data(), event.data.size());
    kept.clear();
  }
  events = std::move(kept);
  return outcome;
}

// Words of the policy, never of the answer.
Chat::Ending Chat::EndingOf(const Answer& answer, Answer::Outcome outcome) const {
  if (outcome != Answer::Outcome::kBlocked)
    return {502, "broken", "bad_answer", "the model server's answer cannot be read"};
  if (!answer.blocked_by())
    return {403, "blocked", "answer_blocked", "blocked by policy: part of the answer cannot be read"};
  const ir::Tables& tables = policy_.tables();
  return {403, "blocked", "answer_blocked",
          "blocked by policy: " + std::string(tables.Text(tables.respond[*answer.blocked_by()].reason))};
}

// The answer to the client; false when it was not there to take it.
awaitable<bool> Chat::Pass(Exchange& exchange, Answer& answer) {
  facts_.status = 200;
  facts_.outcome = "answered";
  if (facts_.stream) {
    const bool streamed = co_await PassStream(exchange, answer);
    co_return streamed;
  }
  client_.Unwatch();
  Reply reply;
  std::vector<http::Event> whole(1);
  whole[0].data = std::move(exchange.answer());
  Answer::Outcome outcome = Filter(answer, true, whole);
  if (whole.size() != 1 && outcome == Answer::Outcome::kPass) outcome = Answer::Outcome::kGarbage;
  if (outcome == Answer::Outcome::kPass) {
    reply.status = 200;
    reply.fields = exchange.limit_fields();
    reply.body = std::move(whole[0].data);
    facts_.bytes_out = reply.body.size();
  } else {
    const Ending ending = EndingOf(answer, outcome);
    reply = ErrorReply(ending.status, ending.code, ending.message);
    facts_.status = reply.status;
    facts_.outcome = ending.outcome;
  }
  const Framing framing = MakeFraming();
  const bool sent = co_await client_.Send(reply, framing);
  OPENSSL_cleanse(reply.body.data(), reply.body.size());
  co_return sent;
}

// The next events are read only when the last ones were written, so a slow client slows
// its model server down instead of filling memory here.
awaitable<bool> Chat::PassStream(Exchange& exchange, Answer& answer) {
  const bool chunked = request_.head.minor_version == 1;
  if (!chunked) keep_ = false;
  Framing framing = MakeFraming();
  framing.fields = exchange.limit_fields();
  bool written = co_await client_.BeginStream(framing, chunked);
  bool ended = false;
  std::vector<http::Event> events;
  std::string bytes;
  while (written && !ended) {
    events.clear();
    const Failure failure = co_await exchange.NextEvents(events, ended);
    if (aborted_) co_return false;
    if (policy_.revoked) {
      // What came under a revoked policy is not passed on any more.
      ended = true;
      keep_ = false;
      facts_.outcome = "revoked";
      events.clear();
      events.push_back(StreamError(request_.surface, "policy_revoked",
                                   "the policy was replaced: the answer ends here", request_.request_id));
    } else if (failure != Failure::kNone) {
      // Too late for another candidate: the client has the first part of this answer.
      ended = true;
      keep_ = false;
      facts_.outcome = "broken";
      facts_.attempts.back().reason = FailureName(failure);
      shared_.metrics.CountUpstreamFailure(policy_.settings->targets[facts_.attempts.back().target].name,
                                           FailureName(failure));
      events.push_back(StreamError(request_.surface, "upstream_broken", "the answer broke off before its end",
                                   request_.request_id));
    } else if (const Answer::Outcome outcome = Filter(answer, ended, events);
               outcome != Answer::Outcome::kPass) {
      const Ending ending = EndingOf(answer, outcome);
      ended = true;
      keep_ = false;
      facts_.outcome = ending.outcome;
      events.push_back(StreamError(request_.surface, ending.code, ending.message, request_.request_id));
    }
    bytes.clear();
    for (http::Event& event : events) {
      http::AppendEvent(StreamFormOf(request_.surface), event, bytes);
      OPENSSL_cleanse(event.data.data(), event.data.size());
    }
    facts_.bytes_out += bytes.size();
    if (!bytes.empty()) written = co_await client_.WriteStream(bytes);
  }
  if (written) written = co_await client_.EndStream();
  co_return written;
}

void Chat::Finish() {
  const Clock::duration taken = Clock::now() - began_;
  facts_.milliseconds = Count<std::chrono::milliseconds>(taken);
  if (*facts_.outcome == 'a' && aborted_) facts_.outcome = "aborted";
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

awaitable<bool> HandleChat(Worker& worker, Client& client, const ChatRequest& request) {
  Chat chat(worker, client, request);
  co_return co_await chat.Run();
}

}  // namespace hpol::gateway
