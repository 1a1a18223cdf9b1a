// Any bytes as a request body. The walk must not crash, its offsets must be sound, two other
// parsers must agree with the one reading that it accepts, and what it would send must be
// accepted again.
#include <simdjson.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/surface/json_scalar.h"
#include "runtime/surface/surface.h"

namespace {

using hpol::RefusalKind;
using hpol::Surface;
using hpol::surface::Content;
using hpol::surface::Piece;

void Check(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "broken: %s\n", what);
  std::abort();
}

// Strings and keys in document order as nlohmann/json reads them; duplicates after ASCII folding.
struct Reading : nlohmann::json::json_sax_t {
  std::vector<std::string> texts;
  std::vector<std::set<std::string>> objects;
  bool duplicate = false;

  void Text(const std::string& text) {
    if (!text.empty()) texts.push_back(text);
  }
  bool null() override { return true; }
  bool boolean(bool) override { return true; }
  bool number_integer(number_integer_t) override { return true; }
  bool number_unsigned(number_unsigned_t) override { return true; }
  bool number_float(number_float_t, const string_t&) override { return true; }
  bool string(string_t& text) override {
    Text(text);
    return true;
  }
  bool binary(binary_t&) override { return true; }
  bool start_object(size_t) override {
    objects.emplace_back();
    return true;
  }
  bool key(string_t& text) override {
    Text(text);
    std::string folded = text;
    for (char& c : folded) {
      if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
    }
    duplicate = duplicate || !objects.back().insert(folded).second;
    return true;
  }
  bool end_object() override {
    objects.pop_back();
    return true;
  }
  bool start_array(size_t) override { return true; }
  bool end_array() override { return true; }
  bool parse_error(size_t, const std::string&, const nlohmann::detail::exception&) override { return false; }
};

void CheckOffsets(std::string_view body, const Content& content) {
  uint32_t at = 0;
  for (const Piece& piece : content.pieces) {
    Check(at <= piece.begin && piece.begin < piece.end && piece.end <= body.size(), "piece offsets");
    at = piece.end;
  }
  at = 0;
  for (const auto& patch : content.patches) {
    Check(at <= patch.begin && patch.begin < patch.end && patch.end <= body.size(), "patch offsets");
    at = patch.end;
  }
  Check(content.model_begin <= content.model_end && content.model_end <= body.size(), "model offsets");
}

void CheckReading(std::string_view body, const Content& content) {
  static simdjson::dom::parser dom;
  Check(dom.parse(body.data(), body.size(), true).error() == simdjson::SUCCESS,
        "the DOM refuses what the walk accepts");
  Reading reading;
  Check(nlohmann::json::sax_parse(body.begin(), body.end(), &reading),
        "nlohmann refuses what the walk accepts");
  Check(!reading.duplicate, "a duplicate key is accepted");
  std::string text;
  size_t next = 0;
  for (const Piece& piece : content.pieces) {
    if (piece.kind == Piece::Kind::kNumber) continue;
    hpol::surface::Unescape(body.substr(piece.begin, piece.end - piece.begin), text);
    Check(next < reading.texts.size() && reading.texts[next++] == text,
          "a piece is not what another parser reads");
  }
  Check(next == reading.texts.size(), "a string or key has no piece");
}

void CheckPatched(Surface surface, std::string_view body, const Content& content) {
  std::string out;
  size_t at = 0;
  for (const auto& patch : content.patches) {
    out.append(body, at, patch.begin - at);
    out += patch.text;
    at = patch.end;
  }
  out.append(body, at);
  Content again;
  hpol::surface::Walk(surface, out, again);
  Check(again.refusal.kind == RefusalKind::kNone, "the patched body is refused");
  Check(again.patches.empty(), "the patched body needs patches");
  Check(again.unregistered == content.unregistered, "patching changes what is unregistered");
}

void One(Surface surface, std::string_view body) {
  static Content content;
  hpol::surface::Walk(surface, body, content);
  CheckOffsets(body, content);
  if (surface == Surface::kText) return;
  if (content.refusal.kind != RefusalKind::kMalformed) CheckReading(body, content);
  if (content.refusal.kind == RefusalKind::kNone) {
    Check(content.model_end > content.model_begin + 2, "accepted without a model");
    CheckPatched(surface, body, content);
  }
}

// Behind which the same bytes are members of a good body: there the registry is reached at once.
std::string_view Required(Surface surface) {
  switch (surface) {
    case Surface::kOpenAiChat:
    case Surface::kAnthropicMessages:
    case Surface::kAnthropicCountTokens:
    case Surface::kOllamaChat:
      return R"(,"messages":[{"role":"user"}]})";
    case Surface::kOpenAiResponses:
    case Surface::kOpenAiEmbeddings:
    case Surface::kOllamaEmbed:
      return R"(,"input":"a"})";
    default:
      return R"(,"prompt":"a"})";
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  for (size_t i = 0; i < hpol::kSurfaceCount; ++i) {
    const auto surface = static_cast<Surface>(i);
    One(surface, input);
    if (surface != Surface::kText) {
      One(surface, R"({"model":"m",)" + std::string(input) + std::string(Required(surface)));
    }
  }
  return 0;
}
