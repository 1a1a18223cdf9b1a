// How an answer is passed to the client: what the policy lets through of it (hpol/answer.h), whole or event
// by event, and how it ends when it may not go on or breaks off.
#pragma once

#include "adapters/gateway/attempts.h"
#include "adapters/gateway/client.h"
#include "adapters/gateway/receipt.h"
#include "adapters/gateway/worker.h"
#include "hpol/answer.h"

namespace hpol::gateway {

// One answer to one client. Not thread-safe. Everything that it is given must outlive it. Errors of targets
// and of the policy go to the client, in the shape of its surface, and into `facts`.
class Relay {
 public:
  // `framing` is of the reply; streams are sent in chunks to clients of HTTP/1.1 (`chunked`), and end with
  // the connection for others.
  Relay(Shared& shared, const Generation& policy, Client& client, const Framing& framing, bool chunked,
        ReceiptFacts& facts)
      : shared_(shared),
        policy_(policy),
        client_(client),
        framing_(framing),
        chunked_(chunked),
        facts_(facts) {}

  // Passes on what the attempt has, and for a stream what it will have, through `answer`. False: the client
  // was not there to take it.
  awaitable<bool> Pass(Attempt& attempt, Answer& answer);

  // The connection may carry another request, as far as the answer is concerned.
  bool keeps_connection() const { return framing_.keep_alive; }

 private:
  awaitable<bool> PassWhole(Attempt& attempt, Answer& answer);
  awaitable<bool> PassStream(Attempt& attempt, Answer& answer);
  http::Event EndStreamWith(const char* outcome, std::string_view code, std::string_view message);

  Shared& shared_;
  const Generation& policy_;
  Client& client_;
  Framing framing_;
  const bool chunked_;
  ReceiptFacts& facts_;
};

}  // namespace hpol::gateway
