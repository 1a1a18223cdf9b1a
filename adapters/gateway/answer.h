// What counts as an answer of a model server that speaks its client's dialect. The gateway looks only at
// the outline of the object, and passes the bytes on; everything that is no answer makes it try the next
// candidate, or end the stream with an error.
#pragma once

#include <cstdint>
#include <string_view>

#include "adapters/dialect/translate.h"
#include "adapters/http/sse.h"
#include "hpol/engine.h"

namespace hpol::gateway {

enum class AnswerKind : uint8_t {
  kNone,   // nothing that an answer of this surface is made of
  kChunk,  // an answer, or one piece of it
  kLast,   // the piece that ends a stream
  kDone,   // the `[DONE]` that ends OpenAI's, and is no piece
  kError,  // a report of failure
};

// The body of an answer that is not a stream. `usage` is set as far as it is told.
AnswerKind KindOfBody(Surface surface, std::string_view body, dialect::Usage& usage);
// One event of a stream.
AnswerKind KindOfEvent(Surface surface, const http::Event& event, dialect::Usage& usage);
// Streams of this surface say themselves that they are over; one that ends without it broke off.
bool SaysItsEnd(Surface surface);

// Whether a request body asks for a stream, as Ollama's do when they say nothing, and for a stream's usage at
// its end, where that is a choice (OpenAI's chat and completions). Only for bodies that the engine accepted.
dialect::Asked AskedOf(Surface surface, std::string_view body);

// `application/json` for "application/json; charset=utf-8" and the like.
bool IsMediaType(std::string_view content_type, std::string_view expected);

}  // namespace hpol::gateway
