// HMAC over framed parts; the only file that includes OpenSSL's hashing here.
#include "runtime/redact/token.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>
#include <climits>
#include <initializer_list>
#include <span>

#include "runtime/text/wipe.h"

namespace hpol::redact {
namespace {

void AppendFramed(std::string_view part, std::string& message) {
  for (int shift = 0; shift < 32; shift += 8)
    message.push_back(static_cast<char>(part.size() >> shift & 0xff));
  message.append(part);
}

// Letters from the HMAC of the parts, each with its length before it, so that they are read one way only.
bool Letters(std::string_view key, std::initializer_list<std::string_view> parts, std::string& message,
             std::span<char> letters) {
  if (key.empty() || key.size() > INT_MAX) return false;
  message.clear();
  for (const std::string_view part : parts) {
    if (part.size() > UINT32_MAX) return false;
    AppendFramed(part, message);
  }
  std::array<uint8_t, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  const bool done =
      HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()),
           reinterpret_cast<const uint8_t*>(message.data()), message.size(), digest.data(), &size) != nullptr;
  text::Wipe(message);
  if (!done || size < 2 * letters.size()) return false;
  // Two bytes a letter: the bias of `% 26` is then below one in two thousand.
  for (size_t i = 0; i < letters.size(); ++i) {
    const unsigned pair = static_cast<unsigned>(digest[2 * i]) << 8 | digest[2 * i + 1];
    letters[i] = static_cast<char>('a' + pair % 26);
  }
  return true;
}

constexpr size_t kWordLetters = 12;  // that fit into one number

uint64_t Pack(std::string_view letters) {
  uint64_t word = 0;
  for (const char c : letters) word = word << 5 | (static_cast<uint8_t>(c) & 31);  // either case alike
  return word;
}

bool IsLetter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

bool Mac(const TokenKey& key, std::string_view detector, std::string_view value_letters, std::string& message,
         std::span<char> letters) {
  return Letters(key.key, {"token mac", key.scope, detector, value_letters}, message, letters);
}

}  // namespace

bool DeriveTag(const TokenKey& key, std::string_view detector, std::string_view value, uint32_t attempt,
               std::string& message, Tag& tag) {
  const std::span<char> all(tag);
  const std::string count = std::to_string(attempt);
  return Letters(key.key, {"token value", key.scope, detector, count, value}, message,
                 all.first(kValueLetters)) &&
         Mac(key, detector, {tag.data(), kValueLetters}, message, all.subspan(kValueLetters));
}

bool CheckTag(const TokenKey& key, std::string_view detector, std::string_view tag) {
  if (tag.size() != kTagLetters) return false;
  std::array<char, kTagLetters - kValueLetters> mac{};
  std::string message;
  return Mac(key, detector, tag.substr(0, kValueLetters), message, mac) &&
         tag.substr(kValueLetters) == std::string_view(mac.data(), mac.size());
}

void TagsIn(std::string_view text, std::vector<uint64_t>& tags) {
  tags.clear();
  for (size_t at = text.find('_'); at != std::string_view::npos; at = text.find('_', at + 1)) {
    size_t end = at + 1;
    while (end < text.size() && end <= at + kTagLetters + 2 && IsLetter(text[end])) ++end;
    const size_t letters = end - at - 1;
    if (letters == kTagLetters || letters == kTagLetters + 1)
      tags.push_back(Pack(text.substr(at + 1, kWordLetters)));
  }
  std::sort(tags.begin(), tags.end());
}

bool IsAmong(const Tag& tag, const std::vector<uint64_t>& tags) {
  return std::binary_search(tags.begin(), tags.end(), Pack({tag.data(), kWordLetters}));
}

}  // namespace hpol::redact
