// What became of the candidates that did not answer, and so what the caller is told when none of them did:
// what it can act on, and nothing of what a target said.
#pragma once

#include <chrono>
#include <cstddef>
#include <string>

#include "adapters/gateway/failure.h"
#include "adapters/gateway/reply.h"

namespace hpol::gateway {

// Of one request. Not thread-safe.
class Unanswered {
 public:
  using Milliseconds = std::chrono::milliseconds;

  // A candidate is not cleared for what would be sent to it.
  void NotAllowed() { ++not_allowed_; }
  // A candidate cannot be asked in its dialect. `why` is for the client; the last one is told.
  void Untranslatable(std::string why) { untranslatable_ = std::move(why); }
  // All credentials of a candidate rest, for that long.
  void AllKeysRest(Milliseconds pause);
  // An attempt failed; `pause` is what the target asked for.
  void Failed(Failure failure, Milliseconds pause);

  // For the client, when none of so many `candidates` answered.
  Reply Explain(size_t candidates) const;

 private:
  size_t not_allowed_ = 0;
  std::string untranslatable_;
  bool limited_ = false;
  bool spent_ = false;
  bool failed_ = false;  // in another way
  Milliseconds pause_{0};
};

}  // namespace hpol::gateway
