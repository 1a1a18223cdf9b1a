// A plain blocking HTTP client for the tour: one connection, kept open. The door is HttpClient.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

namespace hpol::demo {

struct HttpReply {
  unsigned status = 0;  // 0: no whole answer came
  std::string request_id;
  std::string body;                  // of a stream, all its events
  std::chrono::nanoseconds time{0};  // from the first byte written to the last byte read
};

class HttpClient {
 public:
  explicit HttpClient(uint16_t port);  // on 127.0.0.1
  ~HttpClient();
  HttpClient(const HttpClient&) = delete;
  HttpClient& operator=(const HttpClient&) = delete;

  // POST with a JSON body and a bearer key. Connects when needed.
  HttpReply Post(const std::string& path, const std::string& key, const std::string& body);

 private:
  struct Connection;
  std::unique_ptr<Connection> connection_;
};

}  // namespace hpol::demo
