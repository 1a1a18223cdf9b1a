// A pull parser that accepts a document only if it has one reading (THREATS rule J): every
// byte is looked at, duplicate keys, odd numbers, half surrogates and trailing bytes are
// errors. Door: Start, then Next until kEnd or kError. Iterative; bounded depth.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "runtime/surface/json_index.h"
#include "runtime/surface/key_set.h"

namespace hpol::surface {

inline constexpr int kMaxDepth = 128;  // containers around a value, the outermost included

enum class Token : uint8_t {
  kBeginObject,
  kEndObject,
  kBeginArray,
  kEndArray,
  kKey,
  kString,
  kNumber,
  kTrue,
  kFalse,
  kNull,
  kEnd,    // the whole body was one object
  kError,  // see JsonReader::error; final
};

struct Event {
  Token token = Token::kError;
  bool escaped = false;  // kKey, kString: escapes stand in it
  bool integer = false;  // kNumber: neither fraction nor exponent
  uint32_t begin = 0;    // kKey, kString: inside the quotes; else the token's own bytes
  uint32_t end = 0;
  uint32_t digits = 0;    // kNumber: all digits of the literal
  uint32_t comma = 0;     // kKey: offset of the comma before it, kNoComma for the first
  uint64_t key_hash = 0;  // kKey: HashKey of its meaning

  static constexpr uint32_t kNoComma = 0xffffffff;
};

class JsonReader {
 public:
  // `body` must stay valid until the last Next. Errors are reported by the first Next.
  void Start(std::string_view body);
  Event Next();

  // Why, after kError: fixed words, no text of the body.
  const char* error() const { return error_; }
  // Where (a byte of the body), or kNoOffset when the whole body is meant.
  uint32_t error_offset() const { return error_offset_; }
  static constexpr uint32_t kNoOffset = 0xffffffff;

  // The meaning of the last kKey event, or of the last kString event. Valid until the next call.
  std::string_view Text(const Event& event);

 private:
  enum class State : uint8_t { kRoot, kFirstKey, kKey, kValue, kFirstElement, kAfter, kDone, kFailed };

  Event Fail(const char* why, uint32_t offset);
  Event Key(uint32_t at, uint32_t comma);
  Event Value(uint32_t at);
  Event Open(Token token, uint32_t at);
  Event Close(uint32_t at);
  Event Literal(uint32_t at);
  bool StringAt(uint32_t at, Event& event);
  uint32_t TokenEnd() const;  // past the last byte of the token before next_, white space cut off
  bool Take(uint32_t& at);    // the next token

  std::string_view body_;
  JsonIndex index_;
  KeySet keys_;
  std::string unescaped_;
  std::string folded_;
  size_t next_ = 0;  // in index_.tokens()
  State state_ = State::kFailed;
  int depth_ = 0;
  bool in_array_[kMaxDepth + 1] = {};
  uint32_t object_[kMaxDepth + 1] = {};  // number of the object at each depth
  uint32_t objects_ = 0;
  const char* error_ = nullptr;
  uint32_t error_offset_ = kNoOffset;
};

}  // namespace hpol::surface
