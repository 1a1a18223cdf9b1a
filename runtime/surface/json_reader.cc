#include "runtime/surface/json_reader.h"

#include <cstring>

#include "runtime/surface/json_scalar.h"

namespace hpol::surface {
namespace {

bool IsSpace(char c) { return c == ' ' || c == '\n' || c == '\r' || c == '\t'; }

}  // namespace

void JsonReader::Start(std::string_view body) {
  body_ = body;
  next_ = 0;
  depth_ = 0;
  objects_ = 0;
  error_ = nullptr;
  error_offset_ = kNoOffset;
  state_ = State::kRoot;
  keys_.Clear();
  // Some readers skip a byte order mark, others refuse it.
  error_ = body.starts_with("\xef\xbb\xbf") ? "a byte order mark" : index_.Build(body);
  if (error_) state_ = State::kFailed;
}

Event JsonReader::Next() {
  if (state_ == State::kFailed) return {};
  uint32_t at = 0;
  if (!Take(at)) {
    if (state_ == State::kDone) return {.token = Token::kEnd};
    return Fail("the document ends early", static_cast<uint32_t>(body_.size()));
  }
  switch (state_) {
    case State::kRoot:
      return body_[at] == '{' ? Open(Token::kBeginObject, at)
                              : Fail("the body is not a JSON object", kNoOffset);
    case State::kFirstKey:
      return body_[at] == '}' ? Close(at) : Key(at, Event::kNoComma);
    case State::kFirstElement:
      return body_[at] == ']' ? Close(at) : Value(at);
    case State::kValue:
      return Value(at);
    case State::kAfter: {
      if (body_[at] == (in_array_[depth_] ? ']' : '}')) return Close(at);
      if (body_[at] != ',') return Fail("a comma or a closing bracket is missing", at);
      const uint32_t comma = at;
      if (!Take(at)) return Fail("the document ends early", static_cast<uint32_t>(body_.size()));
      return in_array_[depth_] ? Value(at) : Key(at, comma);
    }
    case State::kDone:
      return Fail("bytes follow the document", at);
    default:
      return Fail("not a JSON document", at);
  }
}

Event JsonReader::Fail(const char* why, uint32_t offset) {
  error_ = why;
  error_offset_ = offset;
  state_ = State::kFailed;
  return {};
}

bool JsonReader::Take(uint32_t& at) {
  const auto tokens = index_.tokens();
  if (next_ >= tokens.size()) return false;
  at = tokens[next_++];
  return true;
}

uint32_t JsonReader::TokenEnd() const {
  const auto tokens = index_.tokens();
  uint32_t end = next_ < tokens.size() ? tokens[next_] : static_cast<uint32_t>(body_.size());
  while (end > 0 && IsSpace(body_[end - 1])) --end;
  return end;
}

// The index has one entry per string, at its opening quote, so the last byte before the next
// entry that is not white space is the closing quote, or the string is not well formed.
bool JsonReader::StringAt(uint32_t at, Event& event) {
  const uint32_t end = TokenEnd();
  if (end < at + 2 || body_[end - 1] != '"') {
    Fail("a string is not closed", at);
    return false;
  }
  event.begin = at + 1;
  event.end = end - 1;
  const std::string_view raw = body_.substr(event.begin, event.end - event.begin);
  event.escaped = !raw.empty() && std::memchr(raw.data(), '\\', raw.size()) != nullptr;
  if (!event.escaped) return true;
  if (const char* why = CheckEscapes(raw)) {
    Fail(why, at);
    return false;
  }
  return true;
}

Event JsonReader::Key(uint32_t at, uint32_t comma) {
  if (body_[at] != '"') return Fail("a key in quotes is missing", at);
  Event event{.token = Token::kKey, .comma = comma};
  if (!StringAt(at, event)) return {};
  event.key_hash = HashKey(Text(event), folded_);
  if (!keys_.Insert(object_[depth_], event.key_hash)) return Fail("a key occurs twice in one object", at);
  uint32_t colon = 0;
  if (!Take(colon) || body_[colon] != ':') return Fail("a colon is missing after a key", at);
  state_ = State::kValue;
  return event;
}

Event JsonReader::Value(uint32_t at) {
  switch (body_[at]) {
    case '{':
      return Open(Token::kBeginObject, at);
    case '[':
      return Open(Token::kBeginArray, at);
    case '"': {
      Event event{.token = Token::kString};
      if (!StringAt(at, event)) return {};
      state_ = State::kAfter;
      return event;
    }
    default:
      return Literal(at);
  }
}

Event JsonReader::Literal(uint32_t at) {
  Event event{.begin = at, .end = TokenEnd()};
  if (event.end <= at) return Fail("a value is missing", at);
  const std::string_view text = body_.substr(at, event.end - at);
  if (text == "true") {
    event.token = Token::kTrue;
  } else if (text == "false") {
    event.token = Token::kFalse;
  } else if (text == "null") {
    event.token = Token::kNull;
  } else {
    const Number number = CheckNumber(text);
    if (number.error) return Fail(number.error, at);
    event.token = Token::kNumber;
    event.digits = number.digits;
    event.integer = number.integer;
  }
  state_ = State::kAfter;
  return event;
}

Event JsonReader::Open(Token token, uint32_t at) {
  if (depth_ == kMaxDepth) return Fail("the document is nested deeper than 128", at);
  const bool array = token == Token::kBeginArray;
  ++depth_;
  in_array_[depth_] = array;
  if (!array) object_[depth_] = objects_++;
  state_ = array ? State::kFirstElement : State::kFirstKey;
  return {.token = token, .begin = at, .end = at + 1};
}

Event JsonReader::Close(uint32_t at) {
  const Token token = in_array_[depth_] ? Token::kEndArray : Token::kEndObject;
  --depth_;
  state_ = depth_ == 0 ? State::kDone : State::kAfter;
  return {.token = token, .begin = at, .end = at + 1};
}

std::string_view JsonReader::Text(const Event& event) {
  const std::string_view raw = body_.substr(event.begin, event.end - event.begin);
  if (!event.escaped) return raw;
  Unescape(raw, unescaped_);
  return unescaped_;
}

}  // namespace hpol::surface
