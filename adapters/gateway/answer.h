// What counts as an answer of a model server. The gateway looks only at the outermost
// object, and passes the bytes on; everything that is no answer makes it try the next
// candidate, or end the stream with an error.
#pragma once

#include <cstdint>
#include <string_view>

#include "hpol/engine.h"

namespace hpol::gateway {

enum class AnswerKind : uint8_t {
  kNone,   // not one JSON object, or one without `choices`
  kChunk,  // an answer, or one piece of it
  kDone,   // the `[DONE]` that ends a stream
  kError,  // an object with an `error`
};

// The body of an answer that is not a stream.
AnswerKind KindOfBody(std::string_view body);
// The data of one event of a stream.
AnswerKind KindOfEvent(std::string_view data);

// Whether a request body asks for a stream: Ollama's do so when they say nothing. Only for bodies that
// the engine accepted.
bool WantsStream(Surface surface, std::string_view body);

// `application/json` for "application/json; charset=utf-8" and the like.
bool IsMediaType(std::string_view content_type, std::string_view expected);

}  // namespace hpol::gateway
