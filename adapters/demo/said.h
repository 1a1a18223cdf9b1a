// What a model says, in no API's form: one function for all forms of requests, which are first put as
// a chat completions request. Private to the answers of this folder.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace hpol::demo {

using Json = nlohmann::ordered_json;

struct ToolCall {
  std::string id, name, arguments;
};

struct Said {
  std::vector<std::string> words;  // joining them gives the text
  std::vector<ToolCall> calls;     // instead of words
  std::string finish;              // stop, length or tool_calls
  size_t prompt_tokens = 0;        // words stand for tokens
  size_t answer_tokens = 0;
  std::string text() const;
};

// The answer to a chat completions request with at least one message. It depends on the request alone:
// "Hello from NAME. You wrote: TEXT", or calls to the request's function tools when the last user message
// speaks of a tool or names a function. Throws nlohmann's exceptions on a field of a wrong type.
Said Say(std::string_view name, const Json& request);

// The text of a message: its string, or its parts, with `[type]` for a part that is not text.
std::string TextOf(const Json& message);

// Words with the space before them.
std::vector<std::string> SplitWords(std::string_view text);

// Arguments of tools arrive in pieces of a few bytes, as real models send them.
std::vector<std::string> Pieces(const std::string& arguments);

}  // namespace hpol::demo
