// One client connection; the door is session.h. Every refusal here comes before a policy
// was asked; whatever is in doubt closes the connection.
#include "adapters/gateway/session.h"

#include <openssl/crypto.h>
#include <openssl/rand.h>

#include <algorithm>
#include <array>

#include "adapters/gateway/answer.h"
#include "adapters/gateway/attributes.h"
#include "adapters/gateway/model_request.h"
#include "adapters/gateway/models.h"
#include "adapters/gateway/upstream.h"
#include "adapters/http/content_coding.h"

namespace hpol::gateway {
namespace {

constexpr uint64_t kShowBytes = 64 * 1024;  // of a body that only names a model

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

// What is wrong with a request that has a body, apart from the body; status 0: nothing.
Reply CheckBodyFields(const http::RequestHead& head, uint64_t limit) {
  if (!head.chunked && !head.content_length) {
    return ErrorReply(411, "length_required", "the request has no body: a length or chunks are needed");
  }
  if (!IsUtf8Json(head.Find("content-type").value_or(""))) {
    return ErrorReply(415, "unsupported_media_type", "the content type must be application/json in UTF-8");
  }
  if (!http::ContentCodingOf(head.Find("content-encoding").value_or("identity"))) {
    return ErrorReply(415, "unsupported_encoding",
                      "the body may be compressed once, by gzip, deflate or br, and by nothing else");
  }
  if (head.content_length.value_or(0) > limit) {
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

Reply FromDecode(http::Decoded decoded) {
  if (decoded == http::Decoded::kTooLarge) {
    return ErrorReply(413, "body_too_large", "the decoded body is longer than this gateway accepts");
  }
  return ErrorReply(400, "malformed_body", "the body is not what its content encoding says");
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
  path_ = Path();
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
  const Framing framing{request_id_, keep, path_.surface};
  const bool sent = co_await client_.Send(reply, framing);
  const bool stays = sent && keep;
  co_return stays;
}

awaitable<bool> Session::Dispatch() {
  using enum Path::Serves;
  // A body that nobody will read makes what follows on the connection unreadable.
  const bool clean = !head_.has_body();
  path_ = FindPath(head_);
  Reply refusal;
  refusal.status = 0;
  if (head_.upgrade) {
    refusal = ErrorReply(426, "upgrade_refused", "this gateway speaks HTTP/1.1 only");
    co_return co_await Answer(refusal, false);
  }
  if (path_.serves == kNothing) {
    refusal = ErrorReply(404, "not_found", "no such path here");
  } else if (path_.serves == kRefused) {
    refusal = ErrorReply(403, "not_offered", path_.why);
  } else if (path_.method != head_.method) {
    refusal = ErrorReply(405, "method_not_allowed", "this path takes another method");
    refusal.fields += "allow: " + std::string(path_.method) + "\r\n";
  }
  if (refusal.status != 0) co_return co_await Answer(refusal, clean);
  if (path_.serves == kSurface) co_return co_await ServeSurface();
  if (path_.serves == kShow) co_return co_await ServeShow();
  if (!clean) {
    refusal = ErrorReply(400, "malformed_request", "this path takes no body");
    co_return co_await Answer(refusal, false);
  }
  const Settings& settings = *seat_->generation->settings;
  const KeyRecord* const key = FindCaller(settings.keys, head_);
  if (path_.serves == kReload) {
    const bool admin =
        key != nullptr && std::ranges::find(settings.admins, key->name) != settings.admins.end();
    if (admin) co_return co_await Reload();
    // Whoever may not use it does not learn that it is there.
    refusal = ErrorReply(404, "not_found", "no such path here");
    co_return co_await Answer(refusal, true);
  }
  const bool known = settings.allow_anonymous || !path_.needs_key() || key != nullptr;
  const Reply reply = known ? Get() : ErrorReply(401, "invalid_api_key", "no valid API key was given");
  co_return co_await Answer(reply, true);
}

Reply Session::Get() const {
  using enum Path::Serves;
  constexpr const char* kJson = "application/json";
  const Settings& settings = *seat_->generation->settings;
  switch (path_.serves) {
    case kModels:
      return PlainReply(ModelList(settings, path_.surface), kJson);
    case kModel: {
      std::optional<std::string> model = OneModel(settings, path_.surface, path_.target);
      return model ? PlainReply(*std::move(model), kJson)
                   : ErrorReply(404, "model_not_found", "no such model here");
    }
    case kTags:
      return PlainReply(OllamaTags(settings), kJson);
    case kRunning:
      return PlainReply(OllamaRunning(), kJson);
    case kMetrics:
      return PlainReply(shared_.metrics.Text(), "text/plain; version=0.0.4; charset=utf-8");
    case kReady:
      if (shared_.stopping) return ErrorReply(503, "stopping", "this gateway is stopping");
      break;
    default:
      break;
  }
  return PlainReply("{\"status\":\"ok\"}", kJson);
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

awaitable<ReadOutcome> Session::TakeBody(uint64_t limit, std::string& body, Reply& refusal) {
  refusal = CheckBodyFields(head_, limit);
  if (refusal.status != 0) co_return ReadOutcome::kBad;
  http::RequestBody reader(block_, limit);
  if (head_.expect_continue) co_await client_.SendContinue();
  const ReadOutcome outcome = co_await client_.ReadBody(reader);
  if (outcome == ReadOutcome::kClosed) co_return outcome;
  if (outcome != ReadOutcome::kOk) {
    refusal = FromRead(outcome);
    co_return outcome;
  }
  const auto coding = http::ContentCodingOf(head_.Find("content-encoding").value_or("identity"));
  if (coding == http::ContentCoding::kIdentity) {
    body.swap(reader.body());
    co_return ReadOutcome::kOk;
  }
  const http::Decoded decoded = http::Decode(*coding, reader.body(), limit, body);
  OPENSSL_cleanse(reader.body().data(), reader.body().size());
  if (decoded == http::Decoded::kOk) co_return ReadOutcome::kOk;
  refusal = FromDecode(decoded);
  co_return ReadOutcome::kBad;
}

awaitable<bool> Session::ServeShow() {
  const Settings& settings = *seat_->generation->settings;
  Reply reply;
  if (!settings.allow_anonymous && FindCaller(settings.keys, head_) == nullptr) {
    reply = ErrorReply(401, "invalid_api_key", "no valid API key was given");
    co_return co_await Answer(reply, !head_.has_body());
  }
  std::string body;
  const ReadOutcome outcome = co_await TakeBody(kShowBytes, body, reply);
  if (outcome == ReadOutcome::kClosed) co_return false;
  if (outcome != ReadOutcome::kOk) co_return co_await Answer(reply, false);
  std::optional<std::string> model = OllamaShow(settings, body);
  reply = model ? PlainReply(*std::move(model), "application/json")
                : ErrorReply(404, "model_not_found", "no such model here");
  co_return co_await Answer(reply, true);
}

awaitable<bool> Session::ServeSurface() {
  const Settings& settings = *seat_->generation->settings;
  const KeyRecord* const key = FindCaller(settings.keys, head_);
  Reply refusal;
  if (key == nullptr && !settings.allow_anonymous) {
    refusal = ErrorReply(401, "invalid_api_key", "no valid API key was given");
    co_return co_await Answer(refusal, !head_.has_body());
  }
  const bool taken = std::ranges::any_of(settings.targets, [this](const TargetSettings& target) {
    return dialect::SurfaceFor(SiteOf(target), path_.surface).has_value();
  });
  if (!taken) {
    refusal = ErrorReply(400, "not_supported", "no target of this gateway takes requests of this kind");
    co_return co_await Answer(refusal, false);
  }
  std::string body;
  const ReadOutcome outcome = co_await TakeBody(settings.limits.body_bytes, body, refusal);
  if (outcome == ReadOutcome::kClosed) co_return false;
  if (outcome != ReadOutcome::kOk) co_return co_await Answer(refusal, false);
  const ModelRequest request{
      seat_, request_id_, head_, path_.surface, key, IsTrustedPeer(settings, client_.peer()), body};
  shared_.metrics.AddInFlight(1);
  const bool keep = co_await HandleModelRequest(worker_, client_, request);
  shared_.metrics.AddInFlight(-1);
  co_return keep;
}

}  // namespace hpol::gateway
