// Errors in the shape that the clients of each surface parse: as the body of a reply, and as the
// last event of a stream. One table of codes serves all: whoever finds a fault says status, code and
// message, and nothing of the shape.
#pragma once

#include <string>
#include <string_view>

#include "adapters/http/sse.h"
#include "hpol/engine.h"

namespace hpol::gateway {

struct Fault {
  std::string code;     // `unknown_field`: for programs
  std::string message;  // for people
  std::string param{};  // the field it is about, or empty
};

// Which of the three shapes a surface has; kText counts as OpenAI's.
enum class ErrorShape : uint8_t { kOpenAi, kAnthropic, kOllama };
ErrorShape ShapeOf(Surface surface);

// OpenAI:    {"error": {"message", "type", "param", "code"}}
// Anthropic: {"type": "error", "error": {"type", "message"}, "request_id"}
// Ollama:    {"error": "…"}
std::string ErrorBody(Surface surface, int status, const Fault& fault, std::string_view request_id);

// The event that ends a stream which broke after it began.
http::Event StreamError(Surface surface, std::string_view code, std::string_view message,
                        std::string_view request_id);

// How the streams of a surface are written.
http::StreamForm StreamFormOf(Surface surface);

}  // namespace hpol::gateway
