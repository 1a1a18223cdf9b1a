// Any text of a model in any parts: what is put back is the same, nothing is put back where it may not be,
// and no more is held back than a token. Door: the Restorer of runtime/answer.
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

#include "runtime/answer/restore.h"

namespace {

using namespace hpol;

constexpr std::string_view kValue = "john@example.net";
constexpr std::string_view kToken = "email_abcdefghijklmn";

void Check(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "broken: %s\n", what);
  std::abort();
}

struct Policy {
  ir::Tables tables;
  Policy() {
    tables.strings = {"", "email"};
    tables.detectors.push_back({.name = 1});
    tables.indices = {0};
    tables.redaction_lines = {{RedactionAction::kPseudonym, {0, 1}, 0}};
  }
};

// Every `$` in the input stands for a token, so that the fuzzer need not find its letters.
std::string WithTokens(std::string_view input) {
  std::string text;
  for (const char c : input) c == '$' ? void(text.append(kToken)) : text.push_back(c);
  return text;
}

}  // namespace

// The first byte is the kind of text, the second seeds the lengths of the parts.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static const Policy policy;
  if (size < 2) return 0;
  const auto kind = static_cast<answer::TextKind>(data[0] % 3);
  uint32_t seed = data[1];
  const std::string text = WithTokens({reinterpret_cast<const char*>(data + 2), size - 2});
  const Token minted[] = {{kToken, kValue, DetectorId{0}}};

  answer::Tokens whole_tokens(policy.tables, "key", "scope", minted);
  std::string whole;
  answer::Restorer at_once(whole_tokens, kind, /*admitted=*/true);
  at_once.Feed(text, whole);
  at_once.Finish(whole);

  answer::Tokens part_tokens(policy.tables, "key", "scope", minted);
  std::string parts;
  answer::Restorer in_parts(part_tokens, kind, /*admitted=*/true);
  for (size_t at = 0; at < text.size();) {
    seed = seed * 1103515245 + 12345;
    const size_t part = 1 + (seed >> 16) % 9;
    in_parts.Feed(std::string_view(text).substr(at, part), parts);
    at += part;
    // Brackets, the name and its letters with a backslash before `_`, and what may follow.
    Check(in_parts.held() <= kToken.size() + 24, "holds back more than a token");
  }
  in_parts.Finish(parts);
  Check(parts == whole, "parts and the whole differ");
  Check(part_tokens.counts.restored == whole_tokens.counts.restored, "counts differ");
  if (whole_tokens.counts.restored == 0) Check(whole == text, "text changed without a token");

  answer::Tokens none(policy.tables, "key", "scope", {});
  std::string unchanged;
  answer::Restorer nothing(none, kind, /*admitted=*/true);
  nothing.Feed(text, unchanged);
  nothing.Finish(unchanged);
  Check(unchanged == text, "text changed without a value");
  return 0;
}
