// What the gateway itself says to clients. Errors get the shape of the surface that asked only when
// they are sent (error_shape.h). They name rules, inputs and fields, never request text (beside a
// JSON key of the caller's own body).
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "adapters/gateway/error_shape.h"
#include "hpol/engine.h"

namespace hpol::gateway {

struct Reply {
  int status = 500;
  std::string body{};
  std::string content_type = "application/json";
  std::string fields{};          // further header lines, each with its CRLF
  std::optional<Fault> fault{};  // instead of a body
};

// An error. Clients are told not to retry what would fail again.
Reply ErrorReply(int status, std::string_view code, std::string_view message, std::string_view param = {});

// A denied decision: 400 for a body that was refused, 403 for everything else.
Reply DenialReply(const Decision& decision, const ir::Tables& tables);

// Every candidate was tried in vain.
Reply UnavailableReply();

// 429: the caller may come back after this time, which is told in seconds and milliseconds.
Reply RateLimitReply(std::string_view code, std::string_view message, std::chrono::milliseconds after);

// `acme.hpol:72` for the rules of a decision; `?` behind one that only may apply.
std::string RulePlace(const Reason& reason, const ir::Tables& tables);

// `internal + pii`.
std::string LabelName(Label label, const ir::Tables& tables);

struct Framing {
  std::string_view request_id;
  bool keep_alive = false;
  Surface surface = Surface::kOpenAiChat;  // whose shape errors, streams and header fields have
  std::string_view fields{};               // further header lines of a stream, each with its CRLF
};
// The bytes of a reply's body: its own, or the error in the surface's shape.
std::string ReplyBody(const Reply& reply, const Framing& framing);
// The bytes of its head, up to and with the empty line.
std::string ReplyHead(const Reply& reply, size_t body_size, const Framing& framing);
// The same for a stream of answers; `chunked` is for clients that speak HTTP/1.1.
std::string StreamHead(const Framing& framing, bool chunked);

std::string_view StatusText(int status);

}  // namespace hpol::gateway
