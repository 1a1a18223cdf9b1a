#include "compiler/tools/match_lines.h"

#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

namespace hpol::tools {
namespace {

using Json = nlohmann::json;

// When more is kept, all is forgotten: a repeated pattern is worth a look-up, ten thousand are not worth
// memory.
constexpr size_t kMaxKept = 10'000;
constexpr uint64_t kMaxCells = 32'000'000;

std::string Error(std::string_view kind, size_t at) {
  return R"({"error":{"kind":")" + std::string(kind) + R"(","at":)" + std::to_string(at) + "}}";
}

struct Request {
  std::string pattern;
  std::string text;
  bool bounded = false;
  bool ignoring_case = false;
};

// A flag that is not there is false; one that is no flag makes the line no request.
bool ReadFlag(const Json& line, const char* name, bool& flag) {
  const auto found = line.find(name);
  if (found == line.end()) return true;
  if (!found->is_boolean()) return false;
  flag = found->get<bool>();
  return true;
}

bool ReadText(const Json& line, const char* name, std::string& text) {
  const auto found = line.find(name);
  if (found == line.end() || !found->is_string()) return false;
  text = found->get<std::string>();
  return true;
}

// Without a value, `at` is the byte of the line where it stops being JSON, or 0.
std::optional<Request> Read(std::string_view text, size_t& at) {
  at = 0;
  Request request;
  try {
    const Json line = Json::parse(text);
    const bool good = line.is_object() && ReadText(line, "pattern", request.pattern) &&
                      ReadText(line, "text", request.text) && ReadFlag(line, "bounded", request.bounded) &&
                      ReadFlag(line, "ignoring_case", request.ignoring_case);
    if (!good) return std::nullopt;
  } catch (const Json::parse_error& error) {
    at = error.byte == 0 ? 0 : std::min(error.byte - 1, text.size());
    return std::nullopt;
  }
  return request;
}

// Leftmost, then longest, not overlapping.
void WriteMatches(const pattern::Matcher& matcher, std::string_view text, std::string& out) {
  const auto* bytes = reinterpret_cast<const uint8_t*>(text.data());
  const std::bitset<256> first_bytes = matcher.FirstBytes();
  const char* separator = "[";
  for (uint64_t at = 0; at < text.size();) {
    const uint64_t end =
        first_bytes[bytes[at]] ? pattern::Match(matcher, bytes, text.size(), at, text.size()) : 0;
    if (end != 0) {
      out += separator + std::to_string(at) + "," + std::to_string(end) + "]";
      separator = ",[";
    }
    at = end != 0 ? end : at + 1;
  }
}

}  // namespace

const LineMatcher::Compiled& LineMatcher::Compile(const std::string& text, bool bounded, bool ignoring_case) {
  std::string key = {bounded ? 'b' : '-', ignoring_case ? 'i' : '-'};
  key += text;
  const auto known = compiled_.find(key);
  if (known != compiled_.end()) return known->second;
  if (compiled_.size() >= kMaxKept || states_ > kMaxCells) {
    compiled_.clear();
    states_ = 0;
  }
  hir::Detector detector;
  detector.patterns.push_back({text, {}, bounded, ignoring_case});
  dsl::Diagnostics diagnostics;
  Compiled compiled;
  if (auto matcher = pattern::Compile(detector, diagnostics, pattern::Purpose::kSearch)) {
    states_ += matcher->next.size();
    compiled.matcher = *std::move(matcher);
  } else {
    // Byte i of a pattern stands at byte i + 1 of its literal, which here begins at 0.
    const dsl::Diagnostic& first = diagnostics.all().front();
    compiled.error = Error(dsl::KindName(first.kind), first.primary.span.begin - 1);
  }
  return compiled_.emplace(std::move(key), std::move(compiled)).first->second;
}

std::string LineMatcher::Answer(std::string_view line) {
  size_t at = 0;
  const std::optional<Request> request = Read(line, at);
  if (!request) return Error("json", at);
  const Compiled& compiled = Compile(request->pattern, request->bounded, request->ignoring_case);
  if (!compiled.error.empty()) return compiled.error;
  std::string answer = R"({"matches":[)";
  WriteMatches(compiled.matcher, request->text, answer);
  return answer + "]}";
}

}  // namespace hpol::tools
