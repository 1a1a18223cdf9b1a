// What counts as an answer; the door is answer.h.
#include "adapters/gateway/answer.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <optional>

#include "adapters/http/head.h"

namespace hpol::gateway {
namespace {

using nlohmann::json;

// Follows a document without keeping it and remembers what stands in its upper levels.
class Outline : public nlohmann::json_sax<json> {
 public:
  bool is_object = false;
  bool has_error = false;
  bool has_list = false;  // of what an answer is made of: choices, output, content, data, embeddings
  bool has_done = false;
  bool done = false;
  bool has_count = false;  // `input_tokens` of the answer to count_tokens
  std::string type;
  std::optional<bool> stream;
  bool include_usage = false;
  dialect::Usage usage;

  bool null() override { return true; }
  bool boolean(bool value) override {
    if (depth_ == 1 && key_ == "stream") stream = value;
    if (depth_ == 2 && key_ == "include_usage" && parents_[1] == Parent::kStreamOptions)
      include_usage = value;
    if (depth_ == 1 && key_ == "done") {
      has_done = true;
      done = value;
    }
    return Value();
  }
  bool number_integer(number_integer_t value) override { return Number(value); }
  bool number_unsigned(number_unsigned_t value) override { return Number(static_cast<int64_t>(value)); }
  bool number_float(number_float_t, const string_t&) override { return Value(); }
  bool string(string_t& value) override {
    if (depth_ == 1 && key_ == "type") type = value;
    return Value();
  }
  bool binary(binary_t&) override { return false; }
  bool start_object(size_t) override {
    if (depth_ == 0) is_object = true;
    Value();
    if (depth_ < kUpper) {
      parents_[depth_] = key_ == "usage"            ? Parent::kUsage
                         : key_ == "stream_options" ? Parent::kStreamOptions
                                                    : Parent::kOther;
    }
    ++depth_;
    return true;
  }
  bool start_array(size_t) override {
    if (depth_ == 1) {
      has_list |= key_ == "choices" || key_ == "output" || key_ == "content" || key_ == "data" ||
                  key_ == "embeddings";
    }
    Value();
    if (depth_ < kUpper) parents_[depth_] = Parent::kOther;
    ++depth_;
    return true;
  }
  bool end_object() override { return Close(); }
  bool end_array() override { return Close(); }
  bool key(string_t& name) override {
    if (depth_ <= kUpper) key_ = name;
    return true;
  }
  bool parse_error(size_t, const std::string&, const nlohmann::detail::exception&) override { return false; }

 private:
  enum class Parent : uint8_t { kOther, kUsage, kStreamOptions };
  static constexpr size_t kUpper = 3;  // usage stands at most in a member of the outermost object

  // A value other than null stands here.
  bool Value() {
    if (depth_ == 1 && key_ == "error") has_error = true;
    return true;
  }
  bool Number(int64_t value) {
    const bool counts =
        depth_ == 1 || (depth_ >= 2 && depth_ <= kUpper && parents_[depth_ - 1] == Parent::kUsage);
    if (counts) {
      const bool input = key_ == "prompt_tokens" || key_ == "input_tokens" || key_ == "prompt_eval_count";
      const bool output = key_ == "completion_tokens" || key_ == "output_tokens" || key_ == "eval_count";
      if (input) usage.input = value;
      if (output) usage.output = value;
      has_count |= depth_ == 1 && key_ == "input_tokens";
    }
    return Value();
  }
  bool Close() {
    --depth_;
    return true;
  }

  size_t depth_ = 0;
  std::string key_;
  std::array<Parent, kUpper> parents_{};  // by depth: what the object there is
};

bool Read(std::string_view text, Outline& outline) {
  // A byte-order mark is accepted by this parser and by few clients.
  if (text.starts_with('\xef')) return false;
  return json::sax_parse(text.begin(), text.end(), &outline) && outline.is_object;
}

void Take(const dialect::Usage& told, dialect::Usage& usage) {
  if (told.input >= 0) usage.input = told.input;
  if (told.output >= 0) usage.output = told.output;
}

AnswerKind OfResponses(const Outline& outline) {
  if (outline.type == "error" || outline.type == "response.failed") return AnswerKind::kError;
  if (outline.type == "response.completed" || outline.type == "response.incomplete") return AnswerKind::kLast;
  return outline.type.starts_with("response.") ? AnswerKind::kChunk : AnswerKind::kNone;
}

AnswerKind OfMessages(const Outline& outline) {
  if (outline.type == "error") return AnswerKind::kError;
  if (outline.type == "message_stop") return AnswerKind::kLast;
  constexpr std::string_view kPieces[] = {"message_start",      "content_block_start", "content_block_delta",
                                          "content_block_stop", "message_delta",       "ping"};
  return std::ranges::find(kPieces, outline.type) != std::end(kPieces) ? AnswerKind::kChunk
                                                                       : AnswerKind::kNone;
}

AnswerKind ChunkIf(bool chunk) { return chunk ? AnswerKind::kChunk : AnswerKind::kNone; }

}  // namespace

AnswerKind KindOfBody(Surface surface, std::string_view body, dialect::Usage& usage) {
  Outline outline;
  if (!Read(body, outline)) return AnswerKind::kNone;
  if (outline.has_error) return AnswerKind::kError;
  Take(outline.usage, usage);
  switch (surface) {
    case Surface::kAnthropicMessages:
      return ChunkIf(outline.type == "message" && outline.has_list);
    case Surface::kAnthropicCountTokens:
      return ChunkIf(outline.has_count);
    case Surface::kOllamaChat:
    case Surface::kOllamaGenerate:
      return ChunkIf(outline.has_done);
    default:
      return ChunkIf(outline.has_list);
  }
}

AnswerKind KindOfEvent(Surface surface, const http::Event& event, dialect::Usage& usage) {
  const bool done = surface == Surface::kOpenAiChat || surface == Surface::kOpenAiCompletions;
  if (done && event.data == "[DONE]") return AnswerKind::kDone;
  Outline outline;
  if (!Read(event.data, outline)) return AnswerKind::kNone;
  if (outline.has_error) return AnswerKind::kError;
  Take(outline.usage, usage);
  switch (surface) {
    case Surface::kOpenAiResponses:
      return OfResponses(outline);
    case Surface::kAnthropicMessages:
      return OfMessages(outline);
    case Surface::kOllamaChat:
    case Surface::kOllamaGenerate:
      return outline.done ? AnswerKind::kLast : ChunkIf(outline.has_done);
    default:
      return ChunkIf(outline.has_list);
  }
}

bool SaysItsEnd(Surface surface) {
  return surface != Surface::kOpenAiChat && surface != Surface::kOpenAiCompletions;
}

dialect::Asked AskedOf(Surface surface, std::string_view body) {
  const bool streams = surface == Surface::kOllamaChat || surface == Surface::kOllamaGenerate;
  // Almost every request without a stream can be told without parsing it again: `stream_options` has the
  // word too.
  if (body.find("stream") == std::string_view::npos && body.find("\\u") == std::string_view::npos)
    return {.stream = streams};
  Outline outline;
  if (!Read(body, outline)) return {};
  const bool may_choose = surface == Surface::kOpenAiChat || surface == Surface::kOpenAiCompletions;
  return {.stream = outline.stream.value_or(streams), .usage_wanted = may_choose && outline.include_usage};
}

bool IsMediaType(std::string_view content_type, std::string_view expected) {
  return http::EqualsIgnoringCase(http::Trim(content_type.substr(0, content_type.find(';'))), expected);
}

}  // namespace hpol::gateway
