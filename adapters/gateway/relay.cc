// An answer on its way to the client; the door is relay.h.
#include "adapters/gateway/relay.h"

#include <openssl/crypto.h>

#include <string>
#include <vector>

namespace hpol::gateway {
namespace {

// What the client may see of these events, in their place; with `ended`, also what was held back. Anything
// but kPass: nothing of them may be passed on, and nothing is left of them.
Answer::Outcome Filter(Answer& answer, bool ended, std::vector<http::Event>& events) {
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

// How an answer that is not passed on ends.
struct Ending {
  int status;
  const char* outcome;
  const char* code;
  std::string message;  // words of the policy, never of the answer
};

Ending EndingOf(const Answer& answer, Answer::Outcome outcome, const ir::Tables& tables) {
  if (outcome != Answer::Outcome::kBlocked)
    return {502, "broken", "bad_answer", "the model server's answer cannot be read"};
  if (!answer.blocked_by())
    return {403, "blocked", "answer_blocked", "blocked by policy: part of the answer cannot be read"};
  return {403, "blocked", "answer_blocked",
          "blocked by policy: " + std::string(tables.Text(tables.respond[*answer.blocked_by()].reason))};
}

}  // namespace

awaitable<bool> Relay::Pass(Attempt& attempt, Answer& answer) {
  facts_.status = 200;
  facts_.outcome = "answered";
  bool passed = false;
  if (facts_.stream) {
    passed = co_await PassStream(attempt, answer);
  } else {
    passed = co_await PassWhole(attempt, answer);
  }
  facts_.tokens = answer.counts();
  facts_.answer_label = answer.label();
  facts_.blocked_by = answer.blocked_by();
  facts_.alerts = answer.alerts();
  facts_.usage = attempt.exchange().usage();
  facts_.events = attempt.exchange().events();
  shared_.metrics.CountTokens(facts_.tokens);
  co_return passed;
}

awaitable<bool> Relay::PassWhole(Attempt& attempt, Answer& answer) {
  attempt.StopWatchingClient();
  Reply reply;
  std::vector<http::Event> whole(1);
  whole[0].data = std::move(attempt.exchange().answer());
  Answer::Outcome outcome = Filter(answer, true, whole);
  if (whole.size() != 1 && outcome == Answer::Outcome::kPass) outcome = Answer::Outcome::kGarbage;
  if (outcome == Answer::Outcome::kPass) {
    reply.status = 200;
    reply.fields = attempt.exchange().limit_fields();
    reply.body = std::move(whole[0].data);
    facts_.bytes_out = reply.body.size();
  } else {
    const Ending ending = EndingOf(answer, outcome, policy_.tables());
    reply = ErrorReply(ending.status, ending.code, ending.message);
    facts_.status = reply.status;
    facts_.outcome = ending.outcome;
  }
  const bool sent = co_await client_.Send(reply, framing_);
  OPENSSL_cleanse(reply.body.data(), reply.body.size());
  co_return sent;
}

// It is too late for another candidate, or for a status: the client has the first part of this answer.
http::Event Relay::EndStreamWith(const char* outcome, std::string_view code, std::string_view message) {
  framing_.keep_alive = false;
  facts_.outcome = outcome;
  return StreamError(framing_.surface, code, message, framing_.request_id);
}

// The next events are read only when the last ones were written, so a slow client slows
// its model server down instead of filling memory here.
awaitable<bool> Relay::PassStream(Attempt& attempt, Answer& answer) {
  if (!chunked_) framing_.keep_alive = false;
  framing_.fields = attempt.exchange().limit_fields();
  bool written = co_await client_.BeginStream(framing_, chunked_);
  bool ended = false;
  std::vector<http::Event> events;
  std::string bytes;
  while (written && !ended) {
    events.clear();
    const Failure failure = co_await attempt.exchange().NextEvents(events, ended);
    if (attempt.client_gone()) co_return false;
    if (policy_.revoked) {
      // What came under a revoked policy is not passed on any more.
      ended = true;
      events.clear();
      events.push_back(
          EndStreamWith("revoked", "policy_revoked", "the policy was replaced: the answer ends here"));
    } else if (failure != Failure::kNone) {
      ended = true;
      AttemptFact& broken = facts_.attempts.back();
      broken.reason = FailureName(failure);
      shared_.metrics.CountUpstreamFailure(policy_.settings->targets[broken.target].name, broken.reason);
      events.push_back(EndStreamWith("broken", "upstream_broken", "the answer broke off before its end"));
    } else if (const Answer::Outcome outcome = Filter(answer, ended, events);
               outcome != Answer::Outcome::kPass) {
      ended = true;
      const Ending ending = EndingOf(answer, outcome, policy_.tables());
      events.push_back(EndStreamWith(ending.outcome, ending.code, ending.message));
    }
    bytes.clear();
    for (http::Event& event : events) {
      http::AppendEvent(StreamFormOf(framing_.surface), event, bytes);
      OPENSSL_cleanse(event.data.data(), event.data.size());
    }
    facts_.bytes_out += bytes.size();
    if (!bytes.empty()) written = co_await client_.WriteStream(bytes);
  }
  if (written) written = co_await client_.EndStream();
  co_return written;
}

}  // namespace hpol::gateway
