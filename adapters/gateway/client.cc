// The connection of one client; the door is client.h.
#include "adapters/gateway/client.h"

#include <openssl/crypto.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>

#include "adapters/http/head.h"

namespace hpol::gateway {
namespace {

constexpr size_t kReadSize = 16 * 1024;
// What Beast may leave untaken between two calls: one chunk size line, or trailers.
constexpr size_t kMaxUntaken = 64 * 1024;
constexpr Milliseconds kLinger{1'000};
constexpr size_t kLingerBytes = 1024 * 1024;

}  // namespace

// Shared with the pending wait, which may end after the client object.
struct Client::Watcher {
  std::function<void()> on_gone;
  bool active = true;
};

Client::Client(std::unique_ptr<http::Wire> wire, const http::Address& peer, const Limits& limits)
    : wire_(std::move(wire)), limits_(limits), peer_(peer), certificate_(wire_->PeerCertificate()) {}

Client::~Client() {
  Unwatch();
  OPENSSL_cleanse(buffer_.data(), buffer_.size());
}

awaitable<void> Client::ReadMore(error_code& error) {
  const size_t before = buffer_.size();
  buffer_.resize(before + kReadSize);
  const asio::mutable_buffer into(buffer_.data() + before, kReadSize);
  const size_t size = co_await wire_->Read(into, error);
  buffer_.resize(before + size);
}

awaitable<ReadOutcome> Client::ReadHead(std::string& head) {
  idle_ = buffer_.empty();
  wire_->ExpiresAfter(idle_ ? limits_.idle : limits_.request_header);
  size_t scanned = 0;
  ReadOutcome outcome = ReadOutcome::kOk;
  for (;;) {
    const http::HeadEnd end = http::FindHeadEnd(buffer_, scanned);
    scanned = buffer_.size();
    if (end.scan == http::HeadScan::kBad) {
      outcome = ReadOutcome::kBad;
      break;
    }
    if (std::max(end.size, end.scan == http::HeadScan::kMore ? scanned : 0) > limits_.header_bytes) {
      outcome = ReadOutcome::kTooLarge;
      break;
    }
    if (end.scan == http::HeadScan::kFound) {
      head.assign(buffer_, 0, end.size);
      buffer_.erase(0, end.size);
      break;
    }
    error_code error;
    co_await ReadMore(error);
    if (error) {
      outcome = ReadOutcome::kClosed;
      break;
    }
    if (idle_) wire_->ExpiresAfter(limits_.request_header);
    idle_ = false;
  }
  idle_ = false;
  co_return outcome;
}

awaitable<ReadOutcome> Client::ReadBody(http::RequestBody& body) {
  wire_->ExpiresAfter(limits_.request_body);
  for (;;) {
    size_t taken = 0;
    const http::Progress progress = body.Put(buffer_, taken);
    buffer_.erase(0, taken);
    if (progress == http::Progress::kDone) co_return ReadOutcome::kOk;
    if (progress == http::Progress::kTooLarge) co_return ReadOutcome::kTooLarge;
    if (progress == http::Progress::kBad || buffer_.size() > kMaxUntaken) co_return ReadOutcome::kBad;
    error_code error;
    co_await ReadMore(error);
    if (error) co_return ReadOutcome::kClosed;
  }
}

awaitable<void> Client::SendContinue() {
  // Who waits for this and sends nothing until it comes has sent nothing; else it is late.
  if (buffer_.empty()) co_await Write("HTTP/1.1 100 Continue\r\n\r\n", {});
}

awaitable<bool> Client::Write(std::string_view first, std::string_view second) {
  wire_->ExpiresAfter(limits_.idle);
  error_code error;
  co_await wire_->Write(first, second, error);
  co_return !error;
}

awaitable<bool> Client::Send(const Reply& reply, const Framing& framing) {
  // A body may be large: only an error is made here.
  std::string error;
  if (reply.fault) error = ReplyBody(reply, framing);
  const std::string& body = reply.fault ? error : reply.body;
  const std::string head = ReplyHead(reply, body.size(), framing);
  co_return co_await Write(head, body);
}

awaitable<bool> Client::BeginStream(const Framing& framing, bool chunked) {
  chunked_ = chunked;
  const std::string head = StreamHead(framing, chunked);
  co_return co_await Write(head, {});
}

awaitable<bool> Client::WriteStream(std::string_view bytes) {
  if (!chunked_) co_return co_await Write(bytes, {});
  char size[20];
  const int digits = std::snprintf(size, sizeof size, "%zx\r\n", bytes.size());
  std::string chunk(size, static_cast<size_t>(digits));
  chunk += bytes;
  chunk += "\r\n";
  co_return co_await Write(chunk, {});
}

awaitable<bool> Client::EndStream() {
  if (!chunked_) co_return true;
  co_return co_await Write("0\r\n\r\n", {});
}

void Client::Watch(std::function<void()> on_gone) {
  Unwatch();
  watcher_ = std::make_shared<Watcher>();
  watcher_->on_gone = std::move(on_gone);
  WaitForEnd(watcher_);
}

void Client::WaitForEnd(const std::shared_ptr<Watcher>& watcher) {
  wire_->stream().socket().async_wait(Socket::wait_read, [this, watcher](error_code error) {
    if (error || !watcher->active) return;
    std::array<char, 5> bytes{};
    const ssize_t size =
        ::recv(wire_->stream().socket().native_handle(), bytes.data(), bytes.size(), MSG_PEEK | MSG_DONTWAIT);
    // Bytes are the client's next request: it is there, and this cannot look past them.
    if (size > 0 && !wire_->IsGoodbye({bytes.data(), static_cast<size_t>(size)})) return;
    if (size < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) {
      WaitForEnd(watcher);
      return;
    }
    watcher->active = false;
    watcher->on_gone();
  });
}

void Client::Unwatch() {
  if (!watcher_) return;
  watcher_->active = false;
  watcher_ = nullptr;
  error_code ignored;
  wire_->stream().socket().cancel(ignored);
}

void Client::Close() { wire_->Close(); }

awaitable<void> Client::LingeringClose() {
  error_code error;
  wire_->ExpiresAfter(kLinger);
  co_await wire_->EndSending();
  size_t total = 0;
  while (!error && total < kLingerBytes) {
    buffer_.clear();
    co_await ReadMore(error);
    total += buffer_.size();
  }
  wire_->Close();
}

}  // namespace hpol::gateway
