#include "tests/gateway/replay_server.h"

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <sstream>

namespace hpol::gateway_tests {
namespace {

[[noreturn]] void Die(const char* what) {
  std::perror(what);
  std::exit(1);
}

int Listen(const std::string& path, uint16_t& port) {
  const int socket = ::socket(path.empty() ? AF_INET : AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (socket < 0) Die("socket");
  int bound = -1;
  if (path.empty()) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    bound = ::bind(socket, reinterpret_cast<sockaddr*>(&address), sizeof address);
    socklen_t size = sizeof address;
    ::getsockname(socket, reinterpret_cast<sockaddr*>(&address), &size);
    port = ntohs(address.sin_port);
  } else {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path.copy(address.sun_path, sizeof address.sun_path - 1);
    bound = ::bind(socket, reinterpret_cast<sockaddr*>(&address), sizeof address);
  }
  if (bound != 0 || ::listen(socket, 256) != 0) Die("listen");
  return socket;
}

// The size of the first whole request in `bytes`; 0: it is not there yet.
size_t RequestSize(const std::string& bytes) {
  const size_t end = bytes.find("\r\n\r\n");
  if (end == std::string::npos) return 0;
  const size_t field = bytes.find("content-length: ");
  const size_t length = field < end ? std::strtoul(bytes.c_str() + field + 16, nullptr, 10) : 0;
  return bytes.size() >= end + 4 + length ? end + 4 + length : 0;
}

}  // namespace

ReplayServer::ReplayServer(Script script, const std::string& unix_path)
    : script_(std::move(script)), listener_(Listen(unix_path, port_)), accept_([this] { Accept(); }) {}

ReplayServer::~ReplayServer() {
  stopping_ = true;
  ::shutdown(listener_, SHUT_RDWR);
  accept_.join();
  ::close(listener_);
  {
    const std::lock_guard lock(mutex_);
    for (const int socket : sockets_) ::shutdown(socket, SHUT_RDWR);
  }
  for (std::thread& thread : threads_) thread.join();
}

void ReplayServer::SetScript(Script script) {
  const std::lock_guard lock(mutex_);
  script_ = std::move(script);
}

std::string ReplayServer::received() const {
  const std::lock_guard lock(mutex_);
  return received_;
}

void ReplayServer::Accept() {
  while (!stopping_) {
    const int socket = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (socket < 0) continue;
    const int yes = 1;
    ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    const std::lock_guard lock(mutex_);
    sockets_.insert(socket);
    threads_.emplace_back([this, socket] { Serve(socket); });
  }
}

void ReplayServer::Serve(int socket) {
  std::string buffer;
  bool open = true;
  while (open) {
    char bytes[8192];
    const ssize_t size = ::recv(socket, bytes, sizeof bytes, 0);
    if (size <= 0) break;
    buffer.append(bytes, static_cast<size_t>(size));
    Script script;
    {
      const std::lock_guard lock(mutex_);
      received_.append(bytes, static_cast<size_t>(size));
      script = script_;
    }
    for (size_t whole = RequestSize(buffer); whole > 0 && open; whole = RequestSize(buffer)) {
      ++requests_;
      const ReplayAnswer answer = script(buffer.substr(0, whole));
      buffer.erase(0, whole);
      open = Answer(socket, answer) && !answer.close;
    }
  }
  const std::lock_guard lock(mutex_);
  sockets_.erase(socket);
  ::close(socket);
}

bool ReplayServer::Answer(int socket, const ReplayAnswer& answer) {
  const size_t step = answer.step == 0 ? answer.bytes.size() : answer.step;
  for (size_t at = 0; at < answer.bytes.size();) {
    const size_t size = std::min(step, answer.bytes.size() - at);
    const ssize_t sent = ::send(socket, answer.bytes.data() + at, size, MSG_NOSIGNAL);
    if (sent <= 0) {
      ++aborted_;
      return false;
    }
    at += static_cast<size_t>(sent);
    if (answer.pause_ms > 0) std::this_thread::sleep_for(std::chrono::milliseconds(answer.pause_ms));
  }
  return true;
}

std::string Recording(const std::string& name) {
  const std::string path = "tests/gateway/recordings/" + name + ".http";
  std::ifstream stream(path, std::ios::binary);
  std::ostringstream bytes;
  if (!stream || !(bytes << stream.rdbuf())) Die(path.c_str());
  return std::move(bytes).str();
}

}  // namespace hpol::gateway_tests
