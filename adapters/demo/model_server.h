// A model server inside this process that speaks the protocols of OpenAI, Anthropic and Ollama: for the
// demo and for tests that must see exactly which bytes reached which server. It listens on
// 127.0.0.1, has a thread of its own, and can be told to misbehave (Fault) or be killed (Stop).
//
// The door is ModelServer. What it answers is in answers.h; certificates are in certificates.h.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "hpol/result.h"

namespace hpol::demo {

struct ModelServerOptions {
  std::string name{};                 // every answer names it: "Hello from NAME. You wrote: …"
  std::vector<std::string> models{};  // ids it serves; another model is 404. Empty serves any
  bool tls = false;                   // then both files must be given, PEM
  std::string cert_file{}, key_file{};
  uint16_t port = 0;          // 0 takes a free one
  int delay_ms = 0;           // before each answer, and between two words of a stream
  std::string api_key{};      // demanded as a bearer token or x-api-key when not empty
  std::string redirect_to{};  // the Location of Fault::kRedirect; empty redirects to itself
};

enum class Fault {
  kNone,
  kError500,   // status 500; like some real servers, the error repeats the prompt
  kHang,       // reads the request and never answers
  kCutStream,  // begins the answer properly and closes the connection in the middle
  kGarbage,    // bytes that are not HTTP
  kRedirect,   // status 307 with a Location
  kRateLimit,  // status 429 with retry-after
  kBadJson,    // proper HTTP, status 200, a body that is not JSON
};

// All methods may be called from any thread, except Stop, Restart and the destructor, which one
// thread at a time may call.
class ModelServer {
 public:
  // Listens when it returns. Fails when the port is taken or the certificate cannot be used.
  static Result<std::unique_ptr<ModelServer>> Start(ModelServerOptions options);
  ~ModelServer();
  ModelServer(const ModelServer&) = delete;
  ModelServer& operator=(const ModelServer&) = delete;

  const std::string& name() const;
  uint16_t port() const;

  // Holds for every request that is read from now on.
  void SetFault(Fault fault);
  void SetDelay(int delay_ms);

  // Every byte that any client sent so far (after TLS was taken off), in order of arrival.
  // Stays after Stop and Restart; ClearReceived forgets.
  std::string received() const;
  void ClearReceived();

  // Whole requests read.
  size_t request_count() const;
  // Answers that the client gave up on: it closed the connection before their end.
  size_t aborted_count() const;
  // From the first byte of the last answered request to the last byte of its answer. Waits for an
  // answer that is under way, at most a second.
  std::chrono::nanoseconds last_service_time() const;

  // A killed server: closes the listener and all connections at once, whatever they were doing.
  void Stop();
  // Listens again on the same port. An error when the port was taken meanwhile.
  Result<uint16_t> Restart();
  bool running() const;

 private:
  struct State;
  class Listener;
  explicit ModelServer(ModelServerOptions options);
  std::unique_ptr<State> state_;
  std::unique_ptr<Listener> listener_;
};

}  // namespace hpol::demo
