#include "runtime/surface/json_index.h"

#include <simdjson.h>

#include <string>

namespace hpol::surface {
namespace {

// Memory of a thread that once saw a larger body is given back at the next smaller one.
constexpr size_t kKeepBytes = size_t{8} << 20;

const char* Reason(simdjson::error_code code) {
  switch (code) {
    case simdjson::UTF8_ERROR:
      return "not valid UTF-8";
    case simdjson::UNESCAPED_CHARS:
      return "a control character stands unescaped in a string";
    case simdjson::UNCLOSED_STRING:
      return "a string is not closed";
    case simdjson::EMPTY:
      return "the body is empty";
    default:
      return "the body cannot be indexed";
  }
}

}  // namespace

struct JsonIndex::Parser {
  const simdjson::implementation* made_by = nullptr;
  std::unique_ptr<simdjson::internal::dom_parser_implementation> stage;
  std::string padded;  // for the one implementation that looks past the end
};

JsonIndex::JsonIndex() : parser_(std::make_unique<Parser>()) {}
JsonIndex::~JsonIndex() = default;

const char* JsonIndex::Build(std::string_view body) {
  tokens_ = {};
  if (body.empty()) return "the body is empty";
  if (body.size() > kMaxBodyBytes) return "the body is too large";

  const simdjson::implementation* active = simdjson::get_active_implementation();
  const bool wasteful =
      parser_->stage && parser_->stage->capacity() > kKeepBytes && body.size() <= kKeepBytes;
  if (!parser_->stage || parser_->made_by != active || wasteful) {
    parser_->stage.reset();
    parser_->padded = {};
    if (active->create_dom_parser_implementation(0, 1, parser_->stage)) return "out of memory";
    parser_->made_by = active;
  }
  simdjson::internal::dom_parser_implementation& stage = *parser_->stage;
  if (stage.capacity() < body.size() && stage.set_capacity(body.size() + body.size() / 2))
    return "out of memory";

  // The vector implementations copy the last block themselves; only the scalar one peeks up to
  // three bytes past a truncated character.
  const char* bytes = body.data();
  if (active->name() == "fallback") {
    parser_->padded.assign(body);
    parser_->padded.append(simdjson::SIMDJSON_PADDING, '\0');
    bytes = parser_->padded.data();
  }
  const simdjson::error_code code =
      stage.stage1(reinterpret_cast<const uint8_t*>(bytes), body.size(), simdjson::stage1_mode::regular);
  if (code) return Reason(code);
  tokens_ = {stage.structural_indexes.get(), stage.n_structural_indexes};
  return nullptr;
}

}  // namespace hpol::surface
