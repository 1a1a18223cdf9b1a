// A blocking client that sends exactly the bytes it is given, well-formed or not, and
// reads one reply at a time.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

namespace hpol::gateway_tests {

struct RawReply {
  int status = 0;      // 0: the connection ended before a whole head
  bool whole = false;  // the body ended as its framing says
  std::string head;
  std::string body;  // without chunk sizes

  // The value of a field, named in lower case; empty when absent.
  std::string Field(std::string_view name) const;
  // The body; discarded when it is no JSON.
  nlohmann::json Json() const { return nlohmann::json::parse(body, nullptr, false); }
  // `error.code` of the body, or empty.
  std::string Code() const;
};

class RawClient {
 public:
  explicit RawClient(uint16_t port);  // on 127.0.0.1
  explicit RawClient(const std::string& unix_path);
  ~RawClient();
  RawClient(const RawClient&) = delete;
  RawClient& operator=(const RawClient&) = delete;

  int native() const { return socket_; }
  bool Send(std::string_view bytes);
  // The next reply. Gives up when nothing arrives for ten seconds.
  RawReply Read();
  // Reads until `text` has arrived as part of a reply that is not over yet.
  bool ReadUntil(std::string_view text);
  // The other side has closed, with nothing left to read.
  bool AtEnd();
  void Close();

 private:
  bool Fill();

  int socket_ = -1;
  std::string buffer_;
};

// A POST of `body` to the chat surface, with its length; `fields` are further lines.
std::string ChatRequest(std::string_view key, std::string_view body, std::string_view fields = {});

// A chat body with one user message.
std::string ChatBody(std::string_view prompt, bool stream = false);

// One request on a connection of its own.
RawReply Ask(uint16_t port, std::string_view bytes);

}  // namespace hpol::gateway_tests
