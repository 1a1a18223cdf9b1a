// Tokens: what stands in a body for a value that comes back in the answer, `<email_qkzhtwvoapxnbd>`. A name
// and 14 letters: ten say which value it is, four that this key and scope made it. Nobody without the key can
// try values against a token, or tell tokens of two scopes apart from chance. Doors: DeriveTag, CheckTag,
// TagsIn.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace hpol::redact {

inline constexpr size_t kValueLetters = 10;
inline constexpr size_t kTagLetters = kValueLetters + 4;
using Tag = std::array<char, kTagLetters>;

// Within which a value has one token: one conversation of one caller (THREATS rule R).
struct TokenKey {
  std::string_view key;    // secret; nothing can be derived from an empty one
  std::string_view scope;  // any bytes
};

// Letters a–z from HMAC-SHA256 over scope, detector and value. `attempt` counts tags that could not be used,
// because the text already says them. `message` is working memory, wiped. False when the library refuses.
bool DeriveTag(const TokenKey& key, std::string_view detector, std::string_view value, uint32_t attempt,
               std::string& message, Tag& tag);

// Whether DeriveTag made this tag for some value of the detector: the letters of the MAC fit. A stranger's
// guess passes once in 456,976 times; what is restored is looked up, never computed.
bool CheckTag(const TokenKey& key, std::string_view detector, std::string_view tag);

// What looks like a tag in a text, for the question whether a new one would say something twice: `_` and
// kTagLetters letters of either case, with at most one behind them (a plural). Ascending; by the first twelve
// letters, so that it may name a few too many.
void TagsIn(std::string_view text, std::vector<uint64_t>& tags);
bool IsAmong(const Tag& tag, const std::vector<uint64_t>& tags);

}  // namespace hpol::redact
