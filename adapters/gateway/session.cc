// One client connection; the door is session.h. Every refusal here comes before a policy
// was asked; whatever is in doubt closes the connection.
#include "adapters/gateway/session.h"

#include <openssl/rand.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "adapters/gateway/answer.h"
#include "adapters/gateway/attributes.h"
#include "adapters/gateway/chat.h"

namespace hpol::gateway {
namespace {

// The whole path table. Targets are compared byte by byte: no query, no escapes, no
// absolute form.
constexpr std::string_view kReload = "/admin/reload";

struct Route {
  std::string_view target;
  std::string_view method;
  bool needs_key;
};
constexpr std::array<Route, 6> kRoutes = {{
    {"/v1/chat/completions", "POST", true},
    {"/v1/models", "GET", true},
    {"/healthz", "GET", false},
    {"/readyz", "GET", false},
    {"/metrics", "GET", false},
    {kReload, "POST", true},
}};

std::string NewRequestId() {
  std::array<unsigned char, 12> bytes{};
  RAND_bytes(bytes.data(), static_cast<int>(bytes.size()));
  std::string id = "req_";
  for (const unsigned char byte : bytes) {
    id += "0123456789abcdef"[byte >> 4];
    id += "0123456789abcdef"[byte & 15];
  }
  return id;
}

bool IsUtf8Json(std::string_view content_type) {
  if (!IsMediaType(content_type, "application/json")) return false;
  const size_t semicolon = content_type.find(';');
  if (semicolon == std::string_view::npos) return true;
  const std::string_view parameter = http::Trim(content_type.substr(semicolon + 1));
  return http::EqualsIgnoringCase(parameter, "charset=utf-8") ||
         http::EqualsIgnoringCase(parameter, "charset=\"utf-8\"");
}

Reply PlainReply(std::string body, std::string content_type) {
  Reply reply;
  reply.status = 200;
  reply.body = std::move(body);
  reply.content_type = std::move(content_type);
  return reply;
}

// What is wrong with a request for the chat surface, apart from its body; status 0: nothing.
Reply CheckChatFields(const http::RequestHead& head, const Limits& limits) {
  if (!head.chunked && !head.content_length) {
    return ErrorReply(411, "length_required", "the request has no body: a length or chunks are needed");
  }
  if (!IsUtf8Json(head.Find("content-type").value_or(""))) {
    return ErrorReply(415, "unsupported_media_type", "the content type must be application/json in UTF-8");
  }
  if (const auto encoding = head.Find("content-encoding");
      encoding && !http::EqualsIgnoringCase(*encoding, "identity")) {
    return ErrorReply(415, "unsupported_encoding", "the body must not be compressed");
  }
  if (head.content_length.value_or(0) > limits.body_bytes) {
    return ErrorReply(413, "body_too_large", "the body is longer than this gateway accepts");
  }
  Reply fine;
  fine.status = 0;
  return fine;
}

// Why the policy was refused; empty: it is in force.
awaitable<std::string> RunReload(Shared& shared) {
  const Result<bool> done = shared.reload();
  co_return done ? std::string() : done.error().message;
}

Reply FromRead(ReadOutcome outcome) {
  if (outcome == ReadOutcome::kTooLarge) {
    return ErrorReply(413, "body_too_large", "the body is longer than this gateway accepts");
  }
  return ErrorReply(400, "malformed_request", "malformed body framing");
}

}  // namespace

awaitable<void> Session::Run() {
  // GCC 12 lays the frame out wrongly when `co_await` stands in a condition.
  bool again = true;
  while (again) again = co_await ServeNext();
  co_await client_.LingeringClose();
}

// One request; false ends the connection.
awaitable<bool> Session::ServeNext() {
  seat_.reset();  // a connection that waits holds no policy
  request_id_ = NewRequestId();
  const ReadOutcome outcome = co_await client_.ReadHead(block_);
  Reply refusal;
  seat_ = worker_.Now();
  switch (outcome) {
    case ReadOutcome::kClosed:
      co_return false;
    case ReadOutcome::kTooLarge:
      refusal = ErrorReply(431, "header_too_large", "the header is longer than this gateway accepts");
      break;
    case ReadOutcome::kBad:
      refusal = ErrorReply(400, "malformed_request", "malformed request head");
      break;
    case ReadOutcome::kOk: {
      const http::HeadError error =
          http::ParseRequestHead(block_, seat_->generation->settings->single_headers, head_);
      if (error.status == 0) co_return co_await Dispatch();
      refusal = ErrorReply(error.status, "malformed_request", error.why);
      break;
    }
  }
  co_return co_await Answer(refusal, false);
}

awaitable<bool> Session::Answer(const Reply& reply, bool keep_alive) {
  const bool keep = keep_alive && head_.keep_alive && !shared_.stopping;
  shared_.metrics.CountReply(reply.status);
  const Framing framing{request_id_, keep};
  const bool sent = co_await client_.Send(reply, framing);
  const bool stays = sent && keep;
  co_return stays;
}

awaitable<bool> Session::Dispatch() {
  // A body that nobody will read makes what follows on the connection unreadable.
  const bool clean = !head_.has_body();
  Reply refusal;
  const auto route = std::ranges::find(kRoutes, head_.target, &Route::target);
  if (head_.upgrade) {
    refusal = ErrorReply(426, "upgrade_refused", "this gateway speaks HTTP/1.1 only");
    co_return co_await Answer(refusal, false);
  }
  if (route == kRoutes.end()) {
    refusal = ErrorReply(404, "not_found", "no such path here");
    co_return co_await Answer(refusal, clean);
  }
  if (route->method != head_.method) {
    refusal = ErrorReply(405, "method_not_allowed", "this path takes another method");
    refusal.fields += "allow: " + std::string(route->method) + "\r\n";
    co_return co_await Answer(refusal, clean);
  }
  if (head_.method == "POST" && head_.target != kReload) co_return co_await ServeChat();
  if (!clean) {
    refusal = ErrorReply(400, "malformed_request", "this path takes no body");
    co_return co_await Answer(refusal, false);
  }
  const Settings& settings = *seat_->generation->settings;
  const KeyRecord* const key = FindKey(settings.keys, head_.Find("authorization").value_or(""));
  if (head_.target == kReload) {
    const bool admin =
        key != nullptr && std::ranges::find(settings.admins, key->name) != settings.admins.end();
    if (admin) co_return co_await Reload();
    // Whoever may not use it does not learn that it is there.
    refusal = ErrorReply(404, "not_found", "no such path here");
    co_return co_await Answer(refusal, true);
  }
  const bool known = settings.allow_anonymous || !route->needs_key || key != nullptr;
  const Reply reply =
      known ? Get(head_.target) : ErrorReply(401, "invalid_api_key", "no valid API key was given");
  co_return co_await Answer(reply, true);
}

Reply Session::Get(std::string_view target) const {
  if (target == "/v1/models") return Models();
  if (target == "/metrics")
    return PlainReply(shared_.metrics.Text(), "text/plain; version=0.0.4; charset=utf-8");
  if (target == "/readyz" && shared_.stopping) return ErrorReply(503, "stopping", "this gateway is stopping");
  return PlainReply("{\"status\":\"ok\"}", "application/json");
}

awaitable<bool> Session::Reload() {
  Reply reply;
  if (shared_.reload == nullptr) {
    reply =
        ErrorReply(501, "not_available", "this gateway was given its policy and has nowhere to reload from");
    co_return co_await Answer(reply, true);
  }
  const std::string why =
      co_await asio::co_spawn(shared_.reload_thread.get_executor(), RunReload(shared_), asio::use_awaitable);
  reply = why.empty() ? PlainReply("{\"status\":\"reloaded\"}", "application/json")
                      : ErrorReply(409, "policy_refused", "the old policy stays: " + why);
  co_return co_await Answer(reply, true);
}

Reply Session::Models() const {
  nlohmann::ordered_json data = nlohmann::ordered_json::array();
  std::vector<std::string> seen;
  for (const TargetSettings& target : seat_->generation->settings->targets) {
    if (std::ranges::find(seen, target.model) != seen.end()) continue;
    seen.push_back(target.model);
    data.push_back({{"id", target.model}, {"object", "model"}, {"created", 0}, {"owned_by", "hpol"}});
  }
  const nlohmann::ordered_json list = {{"object", "list"}, {"data", std::move(data)}};
  return PlainReply(list.dump(), "application/json");
}

awaitable<bool> Session::ServeChat() {
  const Settings& settings = *seat_->generation->settings;
  const KeyRecord* const key = FindKey(settings.keys, head_.Find("authorization").value_or(""));
  Reply refusal;
  if (key == nullptr && !settings.allow_anonymous) {
    refusal = ErrorReply(401, "invalid_api_key", "no valid API key was given");
    co_return co_await Answer(refusal, !head_.has_body());
  }
  refusal = CheckChatFields(head_, settings.limits);
  if (refusal.status != 0) co_return co_await Answer(refusal, false);

  http::RequestBody body(block_, settings.limits.body_bytes);
  if (head_.expect_continue) co_await client_.SendContinue();
  const ReadOutcome outcome = co_await client_.ReadBody(body);
  if (outcome == ReadOutcome::kClosed) co_return false;
  if (outcome != ReadOutcome::kOk) {
    refusal = FromRead(outcome);
    co_return co_await Answer(refusal, false);
  }
  const ChatRequest request{seat_,      request_id_, head_, key, IsTrustedPeer(settings, client_.peer()),
                            body.body()};
  shared_.metrics.AddInFlight(1);
  const bool keep = co_await HandleChat(worker_, client_, request);
  shared_.metrics.AddInFlight(-1);
  co_return keep;
}

}  // namespace hpol::gateway
