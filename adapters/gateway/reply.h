// What the gateway itself says to clients: replies in OpenAI's shape. They name rules,
// inputs and fields, never request text (beside a JSON key of the caller's own body).
#pragma once

#include <string>
#include <string_view>

#include "hpol/engine.h"

namespace hpol::gateway {

struct Reply {
  int status = 500;
  std::string body{};
  std::string content_type = "application/json";
  std::string fields{};  // further header lines, each with its CRLF
};

// {"error": {"message", "type", "param", "code"}}. An empty `param` is null. Clients are
// told not to retry what would fail again.
Reply ErrorReply(int status, std::string_view code, std::string_view message, std::string_view param = {});

// A denied decision: 400 for a body that was refused, 403 for everything else.
Reply DenialReply(const Decision& decision, const ir::Tables& tables);

// Every candidate was tried in vain.
Reply UnavailableReply();

// The event that ends a stream which broke after it began.
std::string StreamErrorData(std::string_view code, std::string_view message);

// `acme.hpol:72` for the rules of a decision; `?` behind one that only may apply.
std::string RulePlace(const Reason& reason, const ir::Tables& tables);

// `internal + pii`.
std::string LabelName(Label label, const ir::Tables& tables);

// The bytes of a reply's head, up to and with the empty line.
struct Framing {
  std::string_view request_id;
  bool keep_alive = false;
};
std::string ReplyHead(const Reply& reply, const Framing& framing);
// The same for an event stream; `chunked` is for clients that speak HTTP/1.1.
std::string StreamHead(const Framing& framing, bool chunked);

std::string_view StatusText(int status);

}  // namespace hpol::gateway
