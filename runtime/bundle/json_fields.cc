#include "runtime/bundle/json_fields.h"

namespace hpol::bundle {

using surface::Token;

bool JsonFields::Object(const Member& member) {
  while (Next().token == Token::kKey) {
    if (!member(std::string(reader_.Text(event_)))) return false;
  }
  return event_.token == Token::kEndObject;
}

bool JsonFields::ArrayOfObjects(const std::function<bool()>& begin, const Member& member) {
  if (Next().token != Token::kBeginArray) return false;
  while (Next().token == Token::kBeginObject) {
    if (!begin() || !Object(member)) return false;
  }
  return event_.token == Token::kEndArray;
}

bool JsonFields::String(std::string& text) {
  if (Next().token != Token::kString) return false;
  text = reader_.Text(event_);
  return true;
}

bool JsonFields::Bool(bool& value) {
  const Token token = Next().token;
  value = token == Token::kTrue;
  return token == Token::kTrue || token == Token::kFalse;
}

bool JsonFields::Skip() {
  int depth = 0;
  do {
    switch (Next().token) {
      case Token::kBeginObject:
      case Token::kBeginArray:
        ++depth;
        break;
      case Token::kEndObject:
      case Token::kEndArray:
        --depth;
        break;
      case Token::kEnd:
      case Token::kError:
        return false;
      default:
        break;
    }
  } while (depth > 0);
  return true;
}

}  // namespace hpol::bundle
