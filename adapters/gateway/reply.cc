// Replies of the gateway's own; the door is reply.h.
#include "adapters/gateway/reply.h"

namespace hpol::gateway {
namespace {

std::string_view RefusalCode(RefusalKind kind) {
  switch (kind) {
    case RefusalKind::kNone:
      break;
    case RefusalKind::kMalformed:
      return "malformed_body";
    case RefusalKind::kUnregistered:
      return "unknown_field";
    case RefusalKind::kTool:
      return "server_tool_refused";
    case RefusalKind::kFetch:
      return "fetch_refused";
    case RefusalKind::kStorage:
      return "storage_refused";
    case RefusalKind::kPlacement:
      return "placement_refused";
    case RefusalKind::kType:
      return "wrong_type";
    case RefusalKind::kMissing:
      return "missing_field";
  }
  return "refused";
}

// The route rules that took part, in words.
std::string Rules(const Decision& decision, const ir::Tables& tables) {
  std::string places;
  size_t count = 0;
  for (const Reason& reason : decision.reasons()) {
    if (reason.table != Reason::Table::kRoute) continue;
    places += (count++ == 0 ? "" : ", ") + RulePlace(reason, tables);
  }
  return (count == 1 ? "rule at " : "rules at ") + (count == 0 ? "an unknown place" : places);
}

std::string UnknownInputs(const Decision& decision, const ir::Tables& tables) {
  std::string names;
  for (const uint32_t id : decision.unknown_facts()) {
    if (id >= tables.facts.size()) continue;
    const ir::Fact& fact = tables.facts[id];
    const bool of_content = fact.kind == ir::FactKind::kTier || fact.kind == ir::FactKind::kCount ||
                            fact.kind == ir::FactKind::kDistinct || fact.kind == ir::FactKind::kLevel;
    const std::string name =
        of_content || fact.attribute >= tables.attributes.size()
            ? "content that cannot be read"
            : "`" + std::string(tables.Text(tables.attributes[fact.attribute].name)) + "`";
    if (names.find(name) == std::string::npos) names += (names.empty() ? "" : ", ") + name;
  }
  return names.empty() ? "a fact" : names;
}

}  // namespace

Reply ErrorReply(int status, std::string_view code, std::string_view message, std::string_view param) {
  Reply reply;
  reply.status = status;
  reply.fault = Fault{std::string(code), std::string(message), std::string(param)};
  if (status < 500 && status != 429) reply.fields = "x-should-retry: false\r\n";
  return reply;
}

Reply DenialReply(const Decision& decision, const ir::Tables& tables) {
  switch (decision.cause()) {
    case DenyCause::kBody:
      return ErrorReply(400, RefusalCode(decision.refusal().kind), decision.refusal().message,
                        decision.refusal().field);
    case DenyCause::kInput: {
      const uint32_t input = decision.bad_input().value;
      const std::string name(input < tables.attributes.size() ? tables.Text(tables.attributes[input].name)
                                                              : "");
      return ErrorReply(403, "input_missing",
                        "denied by policy: the input `" + name + "` is missing or is no value of its type");
    }
    case DenyCause::kRule:
      return ErrorReply(403, "policy_denied", "denied by " + Rules(decision, tables));
    case DenyCause::kUndecided:
      return ErrorReply(403, "policy_undecided", "denied by policy: no rule applies to this request");
    case DenyCause::kUnknownFact:
      return ErrorReply(403, "policy_unknown",
                        "denied by policy: " + UnknownInputs(decision, tables) + " is unknown, and the " +
                            Rules(decision, tables) + " leave no target for every case");
    case DenyCause::kNotCleared:
      return ErrorReply(403, "policy_not_cleared",
                        "denied by policy: no target of the " + Rules(decision, tables) +
                            " is cleared for what would be sent");
    case DenyCause::kRequire: {
      const Reason* const reason = decision.reasons().empty() ? nullptr : &decision.reasons().back();
      const bool known = reason != nullptr && reason->table == Reason::Table::kRequire &&
                         reason->row < tables.require.size();
      return ErrorReply(
          403, "policy_requires",
          "denied by policy: " +
              std::string(known ? tables.Text(tables.require[reason->row].title) : "a `require`"));
    }
    case DenyCause::kInternal:
      break;
  }
  return ErrorReply(403, "policy_denied", "denied: the policy could not be evaluated");
}

Reply UnavailableReply() {
  Reply reply =
      ErrorReply(503, "no_target_available", "no target that may see this request can answer it now");
  reply.fields = "retry-after: 2\r\nx-should-retry: true\r\n";
  return reply;
}

Reply RateLimitReply(std::string_view code, std::string_view message, std::chrono::milliseconds after) {
  Reply reply = ErrorReply(429, code, message);
  const auto seconds = std::chrono::ceil<std::chrono::seconds>(after);
  reply.fields = "retry-after: " + std::to_string(seconds.count()) +
                 "\r\nretry-after-ms: " + std::to_string(after.count()) + "\r\n";
  return reply;
}

std::string RulePlace(const Reason& reason, const ir::Tables& tables) {
  ir::Place place;
  if (reason.table == Reason::Table::kClassify && reason.row < tables.classify.size()) {
    place = tables.classify[reason.row].place;
  } else if (reason.table == Reason::Table::kRoute && reason.row < tables.route.size()) {
    place = tables.route[reason.row].place;
  } else if (reason.table == Reason::Table::kRequire && reason.row < tables.require.size()) {
    place = tables.require[reason.row].place;
  }
  const std::string_view path = tables.Text(place.file);
  const size_t slash = path.rfind('/');
  return std::string(slash == std::string_view::npos ? path : path.substr(slash + 1)) + ":" +
         std::to_string(place.line) + (reason.unknown ? "?" : "");
}

std::string LabelName(Label label, const ir::Tables& tables) {
  const auto level = static_cast<size_t>(label.level());
  std::string name(level < tables.levels.size() ? tables.Text(tables.levels[level]) : "?");
  for (size_t i = 0; i < tables.categories.size(); ++i) {
    if (label.has_category(static_cast<int>(i)))
      name += " + " + std::string(tables.Text(tables.categories[i]));
  }
  return name;
}

namespace {

std::string Head(int status, const Framing& framing, std::string_view type, std::string_view fields) {
  std::string head = "HTTP/1.1 " + std::to_string(status) + " ";
  head += StatusText(status);
  head += "\r\ncontent-type: ";
  head += type;
  head += "\r\nx-request-id: ";
  head += framing.request_id;
  if (ShapeOf(framing.surface) == ErrorShape::kAnthropic) {
    head += "\r\nrequest-id: ";  // where that client looks for it
    head += framing.request_id;
  }
  head += framing.keep_alive ? "\r\nconnection: keep-alive\r\n" : "\r\nconnection: close\r\n";
  head += fields;
  return head;
}

}  // namespace

std::string ReplyBody(const Reply& reply, const Framing& framing) {
  return reply.fault ? ErrorBody(framing.surface, reply.status, *reply.fault, framing.request_id)
                     : reply.body;
}

std::string ReplyHead(const Reply& reply, size_t body_size, const Framing& framing) {
  return Head(reply.status, framing, reply.content_type, reply.fields) +
         "content-length: " + std::to_string(body_size) + "\r\n\r\n";
}

std::string StreamHead(const Framing& framing, bool chunked) {
  std::string type(http::MediaTypeOf(StreamFormOf(framing.surface)));
  if (StreamFormOf(framing.surface) == http::StreamForm::kSse) type += "; charset=utf-8";
  return Head(200, framing, type, "cache-control: no-cache\r\n" + std::string(framing.fields)) +
         (chunked ? "transfer-encoding: chunked\r\n\r\n" : "\r\n");
}

std::string_view StatusText(int status) {
  switch (status) {
    case 200:
      return "OK";
    case 400:
      return "Bad Request";
    case 401:
      return "Unauthorized";
    case 403:
      return "Forbidden";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    case 409:
      return "Conflict";
    case 411:
      return "Length Required";
    case 413:
      return "Content Too Large";
    case 415:
      return "Unsupported Media Type";
    case 422:
      return "Unprocessable Content";
    case 426:
      return "Upgrade Required";
    case 429:
      return "Too Many Requests";
    case 431:
      return "Request Header Fields Too Large";
    case 500:
      return "Internal Server Error";
    case 501:
      return "Not Implemented";
    case 502:
      return "Bad Gateway";
    case 503:
      return "Service Unavailable";
    default:
      return "Status";
  }
}

}  // namespace hpol::gateway
