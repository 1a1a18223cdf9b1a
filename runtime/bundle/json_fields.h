// JSON objects of known members, read strictly (runtime/surface/json_reader.h).
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "hpol/result.h"
#include "runtime/surface/json_reader.h"

namespace hpol::bundle {

class JsonFields {
 public:
  explicit JsonFields(std::string_view text) { reader_.Start(text); }

  // One value after its key. Each returns whether it was of that kind, and passes over it.
  using Member = std::function<bool(const std::string& key)>;

  // The whole document; `member` reads the value of every key. False for anything odd.
  bool Document(const Member& member) {
    return Next().token == surface::Token::kBeginObject && Object(member) &&
           reader_.Next().token == surface::Token::kEnd;
  }
  // Values: inside `member` alone.
  bool ObjectValue(const Member& member) {
    return Next().token == surface::Token::kBeginObject && Object(member);
  }
  bool ArrayOfObjects(const std::function<bool()>& begin, const Member& member);
  bool String(std::string& text);
  bool Bool(bool& value);
  bool Skip();

 private:
  surface::Event Next() { return event_ = reader_.Next(); }
  bool Object(const Member& member);

  surface::JsonReader reader_;
  surface::Event event_;
};

}  // namespace hpol::bundle
