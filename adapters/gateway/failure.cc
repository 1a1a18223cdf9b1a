// Classes of failure; the door is failure.h.
#include "adapters/gateway/failure.h"

#include <algorithm>
#include <charconv>
#include <ctime>
#include <optional>
#include <string>

namespace hpol::gateway {
namespace {

using Milliseconds = std::chrono::milliseconds;

// What providers say when money is the reason. They send such a 429 without `retry-after`.
constexpr std::string_view kSpentWords[] = {"enforced_spend_limit_reached", "insufficient_quota",
                                            "billing_hard_limit_reached"};

}  // namespace

const char* FailureName(Failure failure) {
  switch (failure) {
    case Failure::kNone:
      return "ok";
    case Failure::kResolve:
      return "resolve";
    case Failure::kForbidden:
      return "forbidden_address";
    case Failure::kConnect:
      return "connect";
    case Failure::kTls:
      return "tls";
    case Failure::kTimeout:
      return "timeout";
    case Failure::kLost:
      return "lost";
    case Failure::kStale:
      return "stale";
    case Failure::kRedirect:
      return "redirect";
    case Failure::kKey:
      return "key";
    case Failure::kLimited:
      return "limited";
    case Failure::kSpent:
      return "spent";
    case Failure::kStatus:
      return "status";
    case Failure::kRefused:
      return "refused";
    case Failure::kGarbage:
      return "garbage";
    case Failure::kTooLarge:
      return "too_large";
    case Failure::kCancelled:
      return "cancelled";
  }
  return "unknown";
}

Retry RetryAfter(Failure failure) {
  switch (failure) {
    case Failure::kStale:
      return Retry::kNewWire;
    case Failure::kStatus:
    case Failure::kLost:
      return Retry::kSameKey;
    case Failure::kKey:
    case Failure::kLimited:
      return Retry::kOtherKey;
    default:
      return Retry::kNever;
  }
}

Failure FailureOfConnect(http::ConnectFailure failure) {
  switch (failure) {
    case http::ConnectFailure::kNone:
      return Failure::kNone;
    case http::ConnectFailure::kResolve:
      return Failure::kResolve;
    case http::ConnectFailure::kForbidden:
      return Failure::kForbidden;
    case http::ConnectFailure::kConnect:
      return Failure::kConnect;
    case http::ConnectFailure::kTls:
      return Failure::kTls;
    case http::ConnectFailure::kTimeout:
      return Failure::kTimeout;
    case http::ConnectFailure::kCancelled:
      return Failure::kCancelled;
  }
  return Failure::kConnect;
}

Failure FailureOfStatus(int status) {
  // 401, 403 and 407 speak of the gateway's own credential and 408 of the connection, so another target may
  // do better.
  if (status == 200) return Failure::kNone;
  if (status >= 300 && status < 400) return Failure::kRedirect;
  if (status == 401 || status == 403 || status == 407) return Failure::kKey;
  if (status == 429) return Failure::kLimited;
  if (status == 408) return Failure::kStatus;
  if (status >= 400 && status < 500) return Failure::kRefused;
  return status >= 500 ? Failure::kStatus : Failure::kGarbage;
}

Failure FailureOfLimit(std::string_view body) {
  const bool spent = std::ranges::any_of(
      kSpentWords, [&](std::string_view word) { return body.find(word) != std::string_view::npos; });
  return spent ? Failure::kSpent : Failure::kLimited;
}

Milliseconds PauseAsked(const http::ResponseReader& reader) {
  static constexpr int64_t kMost = 3'600'000;
  const auto number = [](std::string_view text) -> std::optional<int64_t> {
    int64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size() || value < 0) return std::nullopt;
    return std::min(value, kMost);
  };
  if (const auto ms = number(reader.field("retry-after-ms"))) return Milliseconds(*ms);
  const std::string text(reader.field("retry-after"));
  if (const auto seconds = number(text)) return Milliseconds(std::min(*seconds * 1000, kMost));
  std::tm date{};
  if (::strptime(text.c_str(), "%a, %d %b %Y %H:%M:%S GMT", &date) == nullptr) return Milliseconds(0);
  const int64_t seconds = static_cast<int64_t>(::timegm(&date)) - std::time(nullptr);
  return Milliseconds(std::clamp<int64_t>(seconds, 0, kMost / 1000) * 1000);
}

}  // namespace hpol::gateway
