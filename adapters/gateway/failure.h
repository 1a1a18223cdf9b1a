// How asking a target fails, and what may be tried then. One list of classes for connections, statuses and
// broken answers, so that failing over, credentials, receipts and metrics speak of the same things. Nothing
// here keeps anything, and all of it may be called from any thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <string_view>

#include "adapters/http/message.h"
#include "adapters/http/wire.h"

namespace hpol::gateway {

enum class Failure : uint8_t {
  kNone,
  kResolve,
  kForbidden,  // the address is not one that the zone allows
  kConnect,
  kTls,
  kTimeout,
  kLost,   // closed in the middle
  kStale,  // a kept connection was dead: nothing came back, try a new one
  kRedirect,
  kKey,      // 401, 403, 407: the gateway's own credential is not accepted
  kLimited,  // 429: too much for now
  kSpent,    // 429: money is used up; asking again does not help
  kStatus,   // 5xx, 408
  kRefused,  // another 4xx: the request itself was not liked
  kGarbage,  // no HTTP, no JSON, no event stream, or an error inside of them
  kTooLarge,
  kCancelled,
};
// Its name in receipts and metrics; it lives for ever.
const char* FailureName(Failure failure);

// What may be tried at the same target after a failure.
enum class Retry : uint8_t {
  kNever,     // nothing here: the next candidate
  kNewWire,   // the same on a new connection: the old one was dead
  kSameKey,   // once more, when nobody else is left to ask
  kOtherKey,  // with another credential, while this one rests
};
Retry RetryAfter(Failure failure);

Failure FailureOfConnect(http::ConnectFailure failure);
// What a status means for failing over; kNone for 200 alone. A 429 is kLimited until its body was read.
Failure FailureOfStatus(int status);
// Which of the two a 429 is, by its body, which goes nowhere: kLimited or kSpent.
Failure FailureOfLimit(std::string_view body);

// How long the target asks to be left alone: `retry-after-ms`, or `retry-after` in seconds or as a date
// (RFC 9110, 10.2.3); from zero, also when it does not say, to an hour.
std::chrono::milliseconds PauseAsked(const http::ResponseReader& reader);

}  // namespace hpol::gateway
