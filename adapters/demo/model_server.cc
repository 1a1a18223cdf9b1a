// The model server of the demo and of tests; see model_server.h.
//
// One thread runs one io_context; a coroutine serves each connection. Requests are read from the
// socket by hand, so that every byte is recorded before any parser sees it.
#include "adapters/demo/model_server.h"

#include <algorithm>
#include <atomic>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <set>
#include <thread>
#include <utility>

#include "adapters/demo/answers.h"
#include "adapters/demo/openai_answer.h"

namespace hpol::demo {
namespace {

using namespace std::string_literals;
namespace asio = boost::asio;
namespace http = boost::beast::http;
using asio::ip::tcp;
using boost::beast::flat_buffer;
using boost::system::error_code;
using Clock = std::chrono::steady_clock;
using Request = http::request<http::string_body>;

constexpr size_t kReadSize = 16 * 1024;
constexpr uint64_t kMaxBody = 64 * 1024 * 1024;

// One accepted connection, with or without TLS. Every operation may fail because Close was called.
class Wire {
 public:
  explicit Wire(asio::io_context& io) : timer_(io) {}
  virtual ~Wire() = default;
  virtual asio::awaitable<bool> Open() = 0;
  virtual asio::awaitable<size_t> Read(asio::mutable_buffer into) = 0;  // 0: the end
  virtual asio::awaitable<bool> Write(std::string_view bytes) = 0;
  virtual tcp::socket& socket() = 0;

  Clock::time_point request_began;
  bool closed() const { return closed_; }

  asio::awaitable<void> Wait(std::chrono::milliseconds time) {
    if (closed_ || time.count() <= 0) co_return;
    error_code ignored;
    timer_.expires_after(time);
    co_await timer_.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
  }

  void Close() {
    error_code ignored;
    closed_ = true;
    timer_.cancel();
    socket().close(ignored);
  }

 private:
  asio::steady_timer timer_;
  bool closed_ = false;
};

template <typename Stream>
asio::awaitable<size_t> ReadSome(Stream& stream, asio::mutable_buffer into) {
  error_code error;
  const size_t size = co_await stream.async_read_some(into, asio::redirect_error(asio::use_awaitable, error));
  co_return error ? 0 : size;
}

template <typename Stream>
asio::awaitable<bool> WriteAll(Stream& stream, std::string_view bytes) {
  error_code error;
  co_await asio::async_write(stream, asio::buffer(bytes.data(), bytes.size()),
                             asio::redirect_error(asio::use_awaitable, error));
  co_return !error;
}

class PlainWire : public Wire {
 public:
  PlainWire(asio::io_context& io, tcp::socket socket) : Wire(io), socket_(std::move(socket)) {}
  asio::awaitable<bool> Open() override { co_return true; }
  asio::awaitable<size_t> Read(asio::mutable_buffer into) override { return ReadSome(socket_, into); }
  asio::awaitable<bool> Write(std::string_view bytes) override { return WriteAll(socket_, bytes); }
  tcp::socket& socket() override { return socket_; }

 private:
  tcp::socket socket_;
};

class TlsWire : public Wire {
 public:
  TlsWire(asio::io_context& io, tcp::socket socket, asio::ssl::context& tls)
      : Wire(io), stream_(std::move(socket), tls) {}
  asio::awaitable<bool> Open() override {
    error_code error;
    co_await stream_.async_handshake(asio::ssl::stream_base::server,
                                     asio::redirect_error(asio::use_awaitable, error));
    co_return !error;
  }
  asio::awaitable<size_t> Read(asio::mutable_buffer into) override { return ReadSome(stream_, into); }
  asio::awaitable<bool> Write(std::string_view bytes) override { return WriteAll(stream_, bytes); }
  tcp::socket& socket() override { return stream_.next_layer(); }

 private:
  asio::ssl::stream<tcp::socket> stream_;
};

std::string ResponseHead(unsigned status, std::string_view content_type, std::string_view more) {
  std::string head = "HTTP/1.1 " + std::to_string(status) + " ";
  head += http::obsolete_reason(http::int_to_status(status));
  head += "\r\ncontent-type: ";
  head += content_type;
  // A cookie as OpenAI's front sets one: nothing that a gateway should pass on.
  head += "\r\nset-cookie: __session=model-server; HttpOnly\r\n";
  head += more;
  return head;
}

std::string WholeResponse(unsigned status, std::string_view body, std::string_view more = {}) {
  const std::string length = "content-length: " + std::to_string(body.size()) + "\r\n";
  return ResponseHead(status, "application/json", std::string(more) + length + "\r\n").append(body);
}

// One chunk of a chunked body.
std::string Chunk(std::string_view bytes) {
  constexpr char kHex[] = "0123456789abcdef";
  std::string size;
  for (size_t rest = bytes.size(); rest > 0; rest /= 16) size.insert(size.begin(), kHex[rest % 16]);
  return size + "\r\n" + std::string(bytes) + "\r\n";
}

}  // namespace

// What outlives Stop and Restart. Written by the server's thread, read by any.
struct ModelServer::State {
  explicit State(ModelServerOptions given)
      : options(std::move(given)), port(options.port), delay_ms(options.delay_ms) {}

  void Record(const void* bytes, size_t size) {
    const std::lock_guard lock(mutex);
    received.append(static_cast<const char*>(bytes), size);
  }

  void Begin() {
    const std::lock_guard lock(mutex);
    ++requests;
    ++under_way;
  }

  void Finish(std::chrono::nanoseconds time) {
    const std::lock_guard lock(mutex);
    --under_way;
    service_time = time;
    finished.notify_all();
  }

  const ModelServerOptions options;
  std::atomic<uint16_t> port;
  std::atomic<int> delay_ms;
  std::atomic<Fault> fault{Fault::kNone};
  std::atomic<size_t> requests{0};
  std::atomic<size_t> aborted{0};
  mutable std::mutex mutex;  // for what follows
  mutable std::condition_variable finished;
  std::string received;
  size_t under_way = 0;
  std::chrono::nanoseconds service_time{0};
};

// Everything of one run between Start or Restart and Stop.
class ModelServer::Listener {
 public:
  explicit Listener(State& state) : state_(state), acceptor_(io_) {}
  ~Listener();
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;

  Result<uint16_t> Listen();

 private:
  asio::awaitable<void> Accept();
  asio::awaitable<void> Serve(std::shared_ptr<Wire> wire);
  asio::awaitable<bool> ServeOne(Wire& wire, flat_buffer& buffer);
  asio::awaitable<std::optional<Request>> ReadRequest(Wire& wire, flat_buffer& buffer);
  asio::awaitable<bool> Misbehave(Wire& wire, Fault fault, const Request& request);
  asio::awaitable<bool> Answer(Wire& wire, const Request& request);
  asio::awaitable<bool> AnswerModelRequest(Wire& wire, const Request& request, bool cut);
  asio::awaitable<bool> Send(Wire& wire, std::string bytes);
  bool KeyIsWrong(const Request& request) const;

  State& state_;
  asio::io_context io_{1};
  asio::ssl::context tls_{asio::ssl::context::tls_server};
  tcp::acceptor acceptor_;
  std::set<std::shared_ptr<Wire>> wires_;  // touched on the thread only
  std::thread thread_;
};

Result<uint16_t> ModelServer::Listener::Listen() {
  error_code error;
  const ModelServerOptions& options = state_.options;
  if (options.tls) {
    tls_.use_certificate_chain_file(options.cert_file, error);
    if (!error) tls_.use_private_key_file(options.key_file, asio::ssl::context::pem, error);
    if (error) return Error{options.name + ": cannot use the certificate: " + error.message()};
  }
  const tcp::endpoint endpoint(asio::ip::address_v4::loopback(), state_.port);
  acceptor_.open(tcp::v4(), error);
  if (!error) acceptor_.set_option(tcp::acceptor::reuse_address(true), error);
  if (!error) acceptor_.bind(endpoint, error);
  if (!error) acceptor_.listen(asio::socket_base::max_listen_connections, error);
  if (error) return Error{options.name + ": cannot listen on 127.0.0.1: " + error.message()};
  state_.port = acceptor_.local_endpoint().port();
  asio::co_spawn(io_, Accept(), asio::detached);
  thread_ = std::thread([this] { io_.run(); });
  return state_.port.load();
}

ModelServer::Listener::~Listener() {
  // Closing makes every coroutine fail and end, so that run() returns by itself.
  asio::post(io_, [this] {
    error_code ignored;
    acceptor_.close(ignored);
    for (const std::shared_ptr<Wire>& wire : wires_) wire->Close();
  });
  if (thread_.joinable()) thread_.join();
}

asio::awaitable<void> ModelServer::Listener::Accept() {
  while (acceptor_.is_open()) {
    error_code error;
    tcp::socket socket(io_);
    co_await acceptor_.async_accept(socket, asio::redirect_error(asio::use_awaitable, error));
    if (error == asio::error::operation_aborted || !acceptor_.is_open()) co_return;
    if (error) continue;
    error_code ignored;
    socket.set_option(tcp::no_delay(true), ignored);
    std::shared_ptr<Wire> wire;
    if (state_.options.tls)
      wire = std::make_shared<TlsWire>(io_, std::move(socket), tls_);
    else
      wire = std::make_shared<PlainWire>(io_, std::move(socket));
    wires_.insert(wire);
    asio::co_spawn(io_, Serve(std::move(wire)), asio::detached);
  }
}

asio::awaitable<void> ModelServer::Listener::Serve(std::shared_ptr<Wire> wire) {
  flat_buffer buffer;
  bool open = co_await wire->Open();
  while (open) open = co_await ServeOne(*wire, buffer);
  wire->Close();
  wires_.erase(wire);
}

asio::awaitable<bool> ModelServer::Listener::ServeOne(Wire& wire, flat_buffer& buffer) {
  const std::optional<Request> request = co_await ReadRequest(wire, buffer);
  if (!request) co_return false;
  state_.Begin();
  const Fault fault = state_.fault;
  // GCC 12 lays the frame out wrongly when `co_await` stands in a condition.
  bool more = false;
  if (fault == Fault::kNone) {
    more = co_await Answer(wire, *request);
  } else {
    more = co_await Misbehave(wire, fault, *request);
  }
  state_.Finish(Clock::now() - wire.request_began);
  co_return more && request->keep_alive();
}

asio::awaitable<std::optional<Request>> ModelServer::Listener::ReadRequest(Wire& wire, flat_buffer& buffer) {
  http::request_parser<http::string_body> parser;
  parser.eager(true);
  parser.body_limit(kMaxBody);
  bool first = true;
  while (!parser.is_done()) {
    error_code error = http::error::need_more;
    if (buffer.size() > 0) {
      if (std::exchange(first, false)) wire.request_began = Clock::now();
      buffer.consume(parser.put(buffer.data(), error));
    }
    if (error && error != http::error::need_more) co_return std::nullopt;
    if (parser.is_done() || !error) continue;
    const asio::mutable_buffer space = buffer.prepare(kReadSize);
    const size_t size = co_await wire.Read(space);
    if (size == 0) co_return std::nullopt;
    state_.Record(space.data(), size);
    buffer.commit(size);
  }
  co_return parser.release();
}

// Returns whether the connection can be used again.
asio::awaitable<bool> ModelServer::Listener::Send(Wire& wire, std::string bytes) {
  const bool sent = co_await wire.Write(bytes);
  if (!sent && !wire.closed()) ++state_.aborted;
  co_return sent;
}

asio::awaitable<bool> ModelServer::Listener::Misbehave(Wire& wire, Fault fault, const Request& request) {
  switch (fault) {
    case Fault::kNone:
      break;
    case Fault::kError500:
      co_return co_await Send(
          wire, WholeResponse(500, ErrorBody("could not process: " + request.body(), "server_error")));
    case Fault::kHang: {
      char byte = 0;
      size_t size = 1;
      while (size > 0) {
        size = co_await wire.Read(asio::buffer(&byte, 1));
        state_.Record(&byte, size);
      }
      if (!wire.closed()) ++state_.aborted;
      co_return false;
    }
    case Fault::kCutStream:
      co_await AnswerModelRequest(wire, request, /*cut=*/true);
      co_return false;
    case Fault::kGarbage:
      co_await Send(wire, "\x00\xff\x13 not http at all \r\n\r\n\x80"s);
      co_return false;
    case Fault::kRedirect: {
      const std::string self =
          "http://127.0.0.1:" + std::to_string(state_.port.load()) + std::string(request.target());
      const std::string& to = state_.options.redirect_to.empty() ? self : state_.options.redirect_to;
      co_return co_await Send(wire, WholeResponse(307, "{}", "location: " + to + "\r\n"));
    }
    case Fault::kRateLimit:
      co_return co_await Send(
          wire, WholeResponse(429, ErrorBody("Rate limit reached", "requests", "rate_limit_exceeded"),
                              "retry-after: 1\r\n"));
    case Fault::kBadJson:
      co_return co_await Send(wire, WholeResponse(200, "{\"id\": <html>"));
  }
  co_return false;
}

bool ModelServer::Listener::KeyIsWrong(const Request& request) const {
  const std::string& key = state_.options.api_key;
  return !key.empty() && request[http::field::authorization] != "Bearer " + key &&
         request["x-api-key"] != key;
}

asio::awaitable<bool> ModelServer::Listener::Answer(Wire& wire, const Request& request) {
  const ModelServerOptions& options = state_.options;
  const auto refuse = [](unsigned status, std::string_view message, std::string_view code) {
    return WholeResponse(status, ErrorBody(message, "invalid_request_error", code));
  };
  if (KeyIsWrong(request))
    co_return co_await Send(wire, refuse(401, "Incorrect API key provided.", "invalid_api_key"));
  const std::string_view target(request.target().data(), request.target().size());
  const bool get = request.method() == http::verb::get;
  if (IsModelPath(target) && request.method() == http::verb::post)
    co_return co_await AnswerModelRequest(wire, request, /*cut=*/false);
  if (target == "/v1/models" && get)
    co_return co_await Send(wire, WholeResponse(200, ModelList(options.name, options.models)));
  if (target == "/health" && get) co_return co_await Send(wire, WholeResponse(200, "{}"));
  const bool known = IsModelPath(target) || target == "/v1/models" || target == "/health";
  co_return co_await Send(wire, refuse(known ? 405 : 404, "Invalid URL or method.", "unknown_url"));
}

// `cut` stops half-way through, whichever form the answer has.
asio::awaitable<bool> ModelServer::Listener::AnswerModelRequest(Wire& wire, const Request& request,
                                                                bool cut) {
  const ModelServerOptions& options = state_.options;
  const uint64_t id = state_.requests;
  const std::string_view path(request.target().data(), request.target().size());
  const demo::Answer answer = AnswerRequest(path, options.name, options.models, request.body(), id);
  const std::string request_id = "x-request-id: req_" + options.name + "_" + std::to_string(id) + "\r\n";
  const std::chrono::milliseconds delay(state_.delay_ms);
  co_await wire.Wait(delay);
  if (!answer.stream) {
    std::string response = WholeResponse(answer.status, answer.body, request_id);
    if (cut) response.resize(response.size() - answer.body.size() / 2);
    co_return co_await Send(wire, std::move(response));
  }
  const std::string head = ResponseHead(
      200, answer.content_type, request_id + "cache-control: no-cache\r\ntransfer-encoding: chunked\r\n\r\n");
  bool sent = co_await Send(wire, head);
  const size_t count = cut ? answer.pieces.size() / 2 : answer.pieces.size();
  for (size_t i = 0; i < count && sent; ++i) {
    if (i > 0) co_await wire.Wait(delay);
    sent = co_await Send(wire, Chunk(answer.pieces[i]));
  }
  if (cut || !sent) co_return false;
  co_return co_await Send(wire, "0\r\n\r\n");
}

ModelServer::ModelServer(ModelServerOptions options) : state_(std::make_unique<State>(std::move(options))) {}
ModelServer::~ModelServer() = default;

Result<std::unique_ptr<ModelServer>> ModelServer::Start(ModelServerOptions options) {
  std::unique_ptr<ModelServer> server(new ModelServer(std::move(options)));
  const Result<uint16_t> port = server->Restart();
  if (!port) return port.error();
  return server;
}

const std::string& ModelServer::name() const { return state_->options.name; }
uint16_t ModelServer::port() const { return state_->port; }
void ModelServer::SetFault(Fault fault) { state_->fault = fault; }
void ModelServer::SetDelay(int delay_ms) { state_->delay_ms = delay_ms; }
size_t ModelServer::request_count() const { return state_->requests; }
size_t ModelServer::aborted_count() const { return state_->aborted; }
bool ModelServer::running() const { return listener_ != nullptr; }

std::string ModelServer::received() const {
  const std::lock_guard lock(state_->mutex);
  return state_->received;
}

void ModelServer::ClearReceived() {
  const std::lock_guard lock(state_->mutex);
  state_->received.clear();
}

std::chrono::nanoseconds ModelServer::last_service_time() const {
  std::unique_lock lock(state_->mutex);
  state_->finished.wait_for(lock, std::chrono::seconds(1), [&] { return state_->under_way == 0; });
  return state_->service_time;
}

void ModelServer::Stop() { listener_.reset(); }

Result<uint16_t> ModelServer::Restart() {
  if (listener_) return port();
  auto listener = std::make_unique<Listener>(*state_);
  Result<uint16_t> port = listener->Listen();
  if (port) listener_ = std::move(listener);
  return port;
}

}  // namespace hpol::demo
