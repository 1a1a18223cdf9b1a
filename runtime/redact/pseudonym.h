// The tag of a pseudonym: the same value gets the same tag under one key, and nobody
// without the key can try values against it.
#pragma once

#include <array>
#include <string_view>

namespace hpol::redact {

inline constexpr size_t kTagLetters = 12;

// Letters a–z from HMAC-SHA256(key, message). False when the library refuses.
bool DeriveTag(std::string_view key, std::string_view message, std::array<char, kTagLetters>& tag);

}  // namespace hpol::redact
