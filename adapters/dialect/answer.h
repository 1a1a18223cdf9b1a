// Answers between two dialects: what a target says becomes pieces, and pieces become what the client
// understands. The same pieces serve whole answers and streams. Private to this folder.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/dialect/prompt.h"
#include "adapters/dialect/translate.h"
#include "adapters/http/sse.h"

namespace hpol::dialect {

// Why a model stopped.
enum class Stop : uint8_t { kEnd, kLength, kToolCalls, kFiltered };

// In the order in which a model says things. The pieces of one tool call stand together.
struct Piece {
  enum class Kind : uint8_t {
    kText,
    kThinking,
    kRefusal,
    kToolBegin,      // `id` and `name`
    kToolArguments,  // `text` continues the JSON of the arguments of the last call begun
    kStop,
  };
  Kind kind = Kind::kText;
  std::string text{};
  std::string id{}, name{};
  Stop stop = Stop::kEnd;
};

// From a target. Everything throws nlohmann's exceptions on what has another shape.
class AnswerReader {
 public:
  virtual ~AnswerReader() = default;
  // The body of an answer that is no stream.
  virtual void Whole(const Json& body, std::vector<Piece>& pieces) = 0;
  // One event of a stream.
  virtual void Event(const http::Event& event, std::vector<Piece>& pieces) = 0;

  const Usage& usage() const { return usage_; }
  const std::string& model() const { return model_; }
  // The stream said that it is over.
  bool ended() const { return ended_; }
  // The target reports a failure instead of an answer.
  bool failed() const { return failed_; }

 protected:
  Usage usage_;
  std::string model_;
  bool ended_ = false;
  bool failed_ = false;
};
// Null for surfaces that no target is translated to.
std::unique_ptr<AnswerReader> MakeReader(Surface surface);

// What an answer is called towards the client.
struct AnswerName {
  std::string id;     // without any dialect's prefix
  std::string model;  // as the target calls it
  int64_t created = 0;
  bool usage_wanted = false;
};

// To a client.
class AnswerWriter {
 public:
  explicit AnswerWriter(AnswerName name) : name_(std::move(name)) {}
  virtual ~AnswerWriter() = default;
  virtual std::string Whole(const std::vector<Piece>& pieces, const Usage& usage) = 0;
  // A stream: Begin once, then any number of pieces, then End once.
  virtual void Begin(std::vector<http::Event>& events) = 0;
  virtual void Add(const Piece& piece, std::vector<http::Event>& events) = 0;
  virtual void End(const Usage& usage, std::vector<http::Event>& events) = 0;

 protected:
  AnswerName name_;
};
std::unique_ptr<AnswerWriter> MakeWriter(Surface surface, AnswerName name);

// A whole answer, put together.
struct Said {
  struct Call {
    std::string id, name, arguments;
  };
  std::string text, thinking, refusal;
  std::vector<Call> calls;
  Stop stop = Stop::kEnd;
};
Said Gather(const std::vector<Piece>& pieces);
// The arguments of a call as the object that some dialects want; an empty one for what is none: a model may
// stop in the middle, or nest without end.
Json ArgumentsOf(const Said::Call& call);

}  // namespace hpol::dialect
