// What counts as an answer; the door is answer.h.
#include "adapters/gateway/answer.h"

#include <nlohmann/json.hpp>

#include "adapters/http/head.h"

namespace hpol::gateway {
namespace {

using nlohmann::json;

// Follows a document without keeping it and remembers what stands in the outermost object.
class Outermost : public nlohmann::json_sax<json> {
 public:
  bool is_object = false;
  bool has_choices = false;
  bool has_error = false;
  std::optional<bool> stream;

  bool null() override { return true; }
  bool boolean(bool value) override {
    if (depth_ == 1 && key_ == Key::kStream) stream = value;
    return Value(false);
  }
  bool number_integer(number_integer_t) override { return Value(false); }
  bool number_unsigned(number_unsigned_t) override { return Value(false); }
  bool number_float(number_float_t, const string_t&) override { return Value(false); }
  bool string(string_t&) override { return Value(false); }
  bool binary(binary_t&) override { return false; }
  bool start_object(size_t) override {
    if (depth_ == 0) is_object = true;
    Value(false);
    ++depth_;
    return true;
  }
  bool start_array(size_t) override {
    Value(true);
    ++depth_;
    return true;
  }
  bool end_object() override { return Close(); }
  bool end_array() override { return Close(); }
  bool key(string_t& name) override {
    if (depth_ == 1) {
      key_ = name == "choices" ? Key::kChoices : name == "error" ? Key::kError : Key::kOther;
      if (name == "stream") key_ = Key::kStream;
    }
    return true;
  }
  bool parse_error(size_t, const std::string&, const nlohmann::detail::exception&) override { return false; }

 private:
  enum class Key : uint8_t { kOther, kChoices, kError, kStream };

  // A value other than null stands here.
  bool Value(bool array) {
    if (depth_ == 1) {
      if (key_ == Key::kChoices && array) has_choices = true;
      if (key_ == Key::kError) has_error = true;
    }
    return true;
  }
  bool Close() {
    --depth_;
    return true;
  }

  size_t depth_ = 0;
  Key key_ = Key::kOther;
};

bool Read(std::string_view text, Outermost& outermost) {
  return json::sax_parse(text.begin(), text.end(), &outermost) && outermost.is_object;
}

}  // namespace

AnswerKind KindOfBody(std::string_view body) {
  Outermost outermost;
  // A byte-order mark is accepted by this parser and by few clients.
  if (body.starts_with('\xef') || !Read(body, outermost)) return AnswerKind::kNone;
  if (outermost.has_error) return AnswerKind::kError;
  return outermost.has_choices ? AnswerKind::kChunk : AnswerKind::kNone;
}

AnswerKind KindOfEvent(std::string_view data) {
  return data == "[DONE]" ? AnswerKind::kDone : KindOfBody(data);
}

bool WantsStream(Surface surface, std::string_view body) {
  const bool otherwise = surface == Surface::kOllamaChat || surface == Surface::kOllamaGenerate;
  // Almost every request can be told without parsing it again.
  if (body.find("stream") == std::string_view::npos && body.find("\\u") == std::string_view::npos)
    return otherwise;
  Outermost outermost;
  return Read(body, outermost) && outermost.stream.value_or(otherwise);
}

bool IsMediaType(std::string_view content_type, std::string_view expected) {
  return http::EqualsIgnoringCase(http::Trim(content_type.substr(0, content_type.find(';'))), expected);
}

}  // namespace hpol::gateway
