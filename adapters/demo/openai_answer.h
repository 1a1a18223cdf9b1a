// What a model server answers, as a pure function: the text of a chat request in, the body or the
// stream events of the OpenAI answer out. No sockets here; model_server.cc sends it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace hpol::demo {

struct ChatAnswer {
  unsigned status = 200;
  std::string body;                 // JSON; empty when streamed
  bool stream = false;              // then `events` holds the payload of each `data:` line
  std::vector<std::string> events;  // the last is `[DONE]`
};

// `name` is named in the text; `models` are the ids served, empty for any; `id` numbers the answer.
// The text depends on the request alone: "Hello from NAME. You wrote: TEXT", or calls to the
// request's function tools when the last user message speaks of a tool or names a function.
ChatAnswer AnswerChat(std::string_view name, const std::vector<std::string>& models, std::string_view body,
                      uint64_t id);

// The body of GET /v1/models.
std::string ModelList(std::string_view name, const std::vector<std::string>& models);

// An error in OpenAI's shape; an empty `code` is null.
std::string ErrorBody(std::string_view message, std::string_view type, std::string_view code = {});

}  // namespace hpol::demo
