// Credentials that carry a structure of their own. A token with a damaged checksum is still no text to send
// away, so it stays at tier shape; only what cannot be a token at all is rejected. Doors: checks.h.
#include <cstdint>

#include "runtime/detect/checks.h"

namespace hpol::detect {
namespace {

// RFC 4648 section 5 without padding. Returns -1 for a byte outside the alphabet.
int Base64UrlValue(char c) {
  if (IsUpper(c)) return c - 'A';
  if (c >= 'a' && c <= 'z') return c - 'a' + 26;
  if (IsDigit(c)) return c - '0' + 52;
  if (c == '-') return 62;
  return c == '_' ? 63 : -1;
}

// Decodes into a fixed buffer; a JOSE header is short. 0 when it does not fit or is not base64url.
size_t DecodeBase64Url(std::string_view text, char* out, size_t capacity) {
  uint32_t bits = 0;
  int held = 0;
  size_t count = 0;
  for (const char c : text) {
    const int value = Base64UrlValue(c);
    if (value < 0) return 0;
    bits = (bits << 6) | static_cast<uint32_t>(value);
    held += 6;
    if (held < 8) continue;
    held -= 8;
    if (count == capacity) return 0;
    out[count++] = static_cast<char>((bits >> held) & 0xff);
  }
  return count;
}

// A JSON object with a member `alg`. The text is short and trusted with nothing, so a look for the key
// and its colon is enough.
bool HasAlgorithm(std::string_view json) {
  if (json.size() < 2 || json.front() != '{') return false;
  const size_t close = json.find_last_not_of(" \t\r\n");
  if (close == std::string_view::npos || json[close] != '}') return false;
  const size_t key = json.find("\"alg\"");
  if (key == std::string_view::npos) return false;
  const size_t colon = json.find_first_not_of(" \t\r\n", key + 5);
  return colon != std::string_view::npos && json[colon] == ':';
}

}  // namespace

// RFC 7519 in the compact form of RFC 7515: header.payload.signature, the header a JOSE object.
Validity CheckJwt(std::string_view match) {
  const size_t dot = match.find('.');
  if (dot == std::string_view::npos) return Validity::kUnknown;
  char header[1024];
  const size_t size = DecodeBase64Url(match.substr(0, dot), header, sizeof header);
  return HasAlgorithm({header, size}) ? Validity::kAccept : Validity::kUnknown;
}

namespace {

uint32_t Crc32(std::string_view text) {
  uint32_t crc = 0xffffffff;
  for (const char c : text) {
    crc ^= static_cast<uint8_t>(c);
    for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ (0xedb88320u & (0u - (crc & 1)));
  }
  return ~crc;
}

int Base62Value(char c) {
  if (IsDigit(c)) return c - '0';
  if (IsUpper(c)) return c - 'A' + 10;
  return c >= 'a' && c <= 'z' ? c - 'a' + 36 : -1;
}

}  // namespace

// GitHub's token format of 2021: prefix, 30 random base62 characters, and their CRC-32 as six base62
// characters (0-9A-Za-z). Fine-grained tokens (`github_pat_`) publish no checksum; their form alone is
// certain.
Validity CheckGithubToken(std::string_view match) {
  if (CheckRandomToken(match) == Validity::kReject) return Validity::kReject;
  constexpr std::string_view kFineGrained = "github_pat_";
  if (match.substr(0, kFineGrained.size()) == kFineGrained) {
    return match.size() == 93 ? Validity::kAccept : Validity::kUnknown;
  }
  if (match.size() != 40) return Validity::kUnknown;
  uint64_t expected = 0;
  for (const char c : match.substr(34)) {
    const int value = Base62Value(c);
    if (value < 0) return Validity::kUnknown;
    expected = expected * 62 + static_cast<uint64_t>(value);
  }
  return expected == Crc32(match.substr(4, 30)) ? Validity::kAccept : Validity::kUnknown;
}

}  // namespace hpol::detect
