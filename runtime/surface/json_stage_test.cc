// Every level against simdjson's first stage, which knows nothing of this one.
#include "runtime/surface/json_stage.h"

#include <gtest/gtest.h>
#include <simdjson.h>

#include <memory>
#include <random>
#include <string>
#include <vector>

namespace hpol::surface {
namespace {

std::vector<const StageLevel*> Levels() {
  std::vector<const StageLevel*> levels = {&kScalarStage};
#if defined(__x86_64__)
  for (const StageLevel* level : {&kAvx2Stage, &kAvx512Stage}) {
    if (level->present()) levels.push_back(level);
  }
#endif
  return levels;
}

struct Result {
  StageError error = StageError::kNone;
  std::vector<uint32_t> offsets;
  bool operator==(const Result&) const = default;
};

Result Run(const StageLevel& level, std::string_view body) {
  // A copy that ends where the memory ends, so that a sanitizer sees every byte read outside.
  const std::unique_ptr<char[]> exact(new char[body.size()]);
  std::copy(body.begin(), body.end(), exact.get());
  std::vector<uint32_t> offsets(body.size() + kStageRoom);
  const Staged staged = level.stage({exact.get(), body.size()}, offsets.data());
  offsets.resize(staged.count);
  EXPECT_EQ(level.is_utf8({exact.get(), body.size()}), simdjson::validate_utf8(body.data(), body.size()));
  // After a mistake what was found does not count.
  if (staged.error != StageError::kNone) offsets.clear();
  return {staged.error, std::move(offsets)};
}

Result Judge(const std::string& body) {
  static std::unique_ptr<simdjson::internal::dom_parser_implementation> parser = [] {
    std::unique_ptr<simdjson::internal::dom_parser_implementation> made;
    EXPECT_FALSE(simdjson::get_active_implementation()->create_dom_parser_implementation(1 << 20, 1, made));
    return made;
  }();
  const simdjson::padded_string padded(body);
  const auto code = parser->stage1(reinterpret_cast<const uint8_t*>(padded.data()), padded.size(),
                                   simdjson::stage1_mode::regular);
  switch (code) {
    case simdjson::UTF8_ERROR:
      return {StageError::kUtf8, {}};
    case simdjson::UNESCAPED_CHARS:
      return {StageError::kControl, {}};
    case simdjson::UNCLOSED_STRING:
      return {StageError::kUnclosed, {}};
    default: {
      const auto* begin = parser->structural_indexes.get();
      return {StageError::kNone, {begin, begin + parser->n_structural_indexes}};
    }
  }
}

void Compare(const std::string& body) {
  const Result expected = Judge(body);
  for (const StageLevel* level : Levels()) {
    const Result got = Run(*level, body);
    EXPECT_EQ(got, expected) << level->name << ": " << body;
  }
}

TEST(JsonStage, SaysWhatSimdjsonSays) {
  for (const char* body :
       {"{}", "{\"a\":1}", "[1,2,\"x\\\"y\"]", "\"", "\"\\\"", "{\"a\":\"\\\\\"}", "\"\x01\"", "x y",
        "\"\xc3\xa9\"", "\"\xc3\"", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xe0\x80\x80", "\xc0\x80",
        "\xf0\x9f\x98\x80", "   ", "truefalse", "{\"\xe4\xba\xba\":null}"}) {
    Compare(body);
    // At every place of a block, and across its end.
    for (size_t shift : {1, 30, 31, 32, 33, 60, 61, 62, 63, 64, 65}) Compare(std::string(shift, ' ') + body);
  }
}

TEST(JsonStage, SaysWhatSimdjsonSaysOfRandomTexts) {
  std::mt19937 random(7);
  static const std::string kPieces[] = {"{",
                                        "}",
                                        "[",
                                        "]",
                                        ":",
                                        ",",
                                        "\"",
                                        "\"",
                                        "\\",
                                        "\\\\",
                                        "\\\"",
                                        " ",
                                        "\n",
                                        "\t",
                                        "a",
                                        "word",
                                        "12.5e3",
                                        "true",
                                        "\xc3\xa9",
                                        "\xe4\xba\xba",
                                        "\xf0\x9f\x98\x80",
                                        "                              ",
                                        "abcdefghijklmnopqrstuvwxyzabcdefghijkl"};
  for (int i = 0; i < 40000; ++i) {
    std::string body;
    const size_t pieces = 1 + random() % 40;
    for (size_t k = 0; k < pieces; ++k) body += kPieces[random() % std::size(kPieces)];
    const auto byte = static_cast<char>(random());
    // Two control bytes may count as a comma and a colon; either way no document may hold them.
    if (random() % 4 == 0 && byte != 0x0c && byte != 0x1a) body[random() % body.size()] = byte;
    Compare(body);
    if (HasFailure()) return;
  }
}

// All texts of two bytes, and all that may or may not be one character, across the end of a block.
TEST(JsonStage, KnowsEveryCharacter) {
  const auto check = [](const std::string& text) {
    const bool expected = simdjson::validate_utf8(text.data(), text.size());
    for (const StageLevel* level : Levels()) {
      if (level->is_utf8(text) != expected) ADD_FAILURE() << level->name << " " << text.size();
    }
  };
  for (uint32_t first = 0xc0; first <= 0xff; ++first) {
    for (uint32_t second = 0x70; second <= 0xd0; ++second) {
      for (const char* rest : {"", "\x80", "\x80\x80", "\xbf\xbf", "\x80\x80\x80", "a"}) {
        const std::string character = std::string{static_cast<char>(first), static_cast<char>(second)} + rest;
        check(std::string(61, 'a') + character);
        check(character + std::string(64, 'a'));
      }
    }
  }
}

}  // namespace
}  // namespace hpol::surface
