// A model server that answers with bytes from a file, recorded or written after a provider's documentation,
// and keeps every byte that it receives. It listens on 127.0.0.1 or on a Unix socket and can misbehave.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

namespace hpol::gateway_tests {

struct ReplayAnswer {
  std::string bytes;   // head and body, as they go over the wire
  size_t step = 0;     // bytes at a time; 0: all at once
  bool close = false;  // and then the connection ends
  int pause_ms = 0;    // between two steps
};

class ReplayServer {
 public:
  // What a request (head and body) is answered with. Called on threads of the server.
  using Script = std::function<ReplayAnswer(const std::string& request)>;

  // An empty path listens on a free port.
  explicit ReplayServer(Script script, const std::string& unix_path = {});
  ~ReplayServer();
  ReplayServer(const ReplayServer&) = delete;
  ReplayServer& operator=(const ReplayServer&) = delete;

  uint16_t port() const { return port_; }
  void SetScript(Script script);
  std::string received() const;
  size_t requests() const { return requests_; }
  // Connections that the other side ended while an answer was under way.
  size_t aborted() const { return aborted_; }

 private:
  void Accept();
  void Serve(int socket);
  bool Answer(int socket, const ReplayAnswer& answer);

  mutable std::mutex mutex_;
  Script script_;
  std::string received_;
  std::set<int> sockets_;
  std::vector<std::thread> threads_;
  std::atomic<size_t> requests_ = 0;
  std::atomic<size_t> aborted_ = 0;
  std::atomic<bool> stopping_ = false;
  uint16_t port_ = 0;  // before the listener, which sets it
  int listener_ = -1;
  std::thread accept_;
};

// The bytes of tests/gateway/recordings/NAME.http.
std::string Recording(const std::string& name);

}  // namespace hpol::gateway_tests
