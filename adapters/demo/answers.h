// What a model server answers on each path of each API, as a pure function: the body of a request in, the
// body or the pieces of a stream out. No sockets here; model_server.cc sends it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace hpol::demo {

struct Answer {
  unsigned status = 200;
  std::string body{};  // JSON; empty when streamed
  bool stream = false;
  std::string content_type = "text/event-stream; charset=utf-8";  // of a stream
  std::vector<std::string> pieces{};                              // of a stream: framed, in order
};

// `name` is named in the text; `models` are the ids served, empty for any; `id` numbers the answer.
// A path that takes no such request is status 404.
Answer AnswerRequest(std::string_view path, std::string_view name, const std::vector<std::string>& models,
                     std::string_view body, uint64_t id);

// Whether a request can be posted there.
bool IsModelPath(std::string_view path);

}  // namespace hpol::demo
