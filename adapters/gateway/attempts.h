// What is tried at targets for one request. An Attempt is one exchange while a client waits for it: it ends
// when the client leaves or the policy is revoked. Attempts is all that may be tried at one candidate: its
// credentials one after the other, and once more on a new connection or with the same key where that can
// help. Nothing reaches a target but what Engine::Render made for it in this attempt (THREATS rule C).
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "adapters/dialect/translate.h"
#include "adapters/gateway/client.h"
#include "adapters/gateway/receipt.h"
#include "adapters/gateway/unanswered.h"
#include "adapters/gateway/upstream.h"
#include "adapters/gateway/worker.h"

namespace hpol::gateway {

// Watches its client and the policy from its beginning to its end, so it lives as long as its answer is read.
// Not thread-safe.
class Attempt {
 public:
  Attempt(Worker& worker, const Generation& policy, Client& client, const Upstream& upstream);
  ~Attempt();
  Attempt(const Attempt&) = delete;
  Attempt& operator=(const Attempt&) = delete;

  Exchange& exchange() { return exchange_; }
  // The client went away while it was watched: nobody reads an answer any more.
  bool client_gone() const { return client_gone_; }
  // The exchange was cancelled, for that or because the policy was revoked.
  bool stopped() const { return client_gone_ || revoked_; }
  // From now on what the client sends is its next request. May be called again.
  void StopWatchingClient() { client_.Unwatch(); }

 private:
  Client& client_;
  Exchange exchange_;
  bool client_gone_ = false;
  bool revoked_ = false;
  const Worker::RevocationWatch revocation_;
};

// Not thread-safe. Everything that it is given must outlive it.
class Attempts {
 public:
  // What stays the same for all candidates of a request.
  struct Asker {
    Worker& worker;
    Client& client;
    const std::shared_ptr<Seat>& seat;
    const Decision& decision;
    Scratch& scratch;  // that the decision was made with
    std::string_view scope;
    std::string_view request_id;
    Surface surface;  // that the client speaks
    bool stream;
  };
  // Writes its attempts and the label of what was sent to `facts`, and failures to `unanswered`.
  Attempts(const Asker& asker, ReceiptFacts& facts, Unanswered& unanswered)
      : asker_(asker), policy_(*asker.seat->generation), facts_(facts), unanswered_(unanswered) {}

  // How a candidate ended.
  enum class End : uint8_t {
    kNext,     // no answer: ask the next one
    kAnswers,  // current() has a valid answer, or its first event
    kRefused,  // it did not like the request, with the status of current(): nor would another
    kGone,     // the client left
    kRevoked,  // the policy was
  };
  // Asks the candidate of this index with what `request` translates to (its own body where that is empty),
  // a body of the kind `asked`.
  awaitable<End> Ask(size_t index, const dialect::TranslatedRequest& request, Surface asked);

  // After kAnswers and kRefused, until Close: the attempt, and what was sent in it.
  Attempt& current() { return *current_; }
  const Outbound& sent() const { return sent_; }
  void Close() { current_.reset(); }

 private:
  awaitable<End> AskOnce(const Upstream& upstream, const Question& question, Failure& failure);
  End NoKey(uint32_t target, const KeyRing& keys, bool tried, std::chrono::steady_clock::time_point now);

  const Asker asker_;
  const Generation& policy_;
  ReceiptFacts& facts_;
  Unanswered& unanswered_;
  std::optional<Attempt> current_;
  Outbound sent_;
};

}  // namespace hpol::gateway
