// Alphabets and containers: characters → bytes, and whether bytes are text. No offsets here.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace hpol::text {

// Each appends to `out` what `text` stands for. Characters that are not of the alphabet end it.
void DecodeHex(std::string_view text, std::string& out);
void DecodeBase64(std::string_view text, std::string& out);  // both alphabets
void DecodeBase32(std::string_view text, std::string& out);  // either case

inline constexpr uint8_t kNotBase64 = 0xff;
constexpr std::array<uint8_t, 256> MakeBase64Values() {
  std::array<uint8_t, 256> table{};
  table.fill(kNotBase64);
  for (uint8_t i = 0; i < 26; ++i) {
    table[static_cast<size_t>('A' + i)] = i;
    table[static_cast<size_t>('a' + i)] = static_cast<uint8_t>(26 + i);
  }
  for (uint8_t i = 0; i < 10; ++i) table[static_cast<size_t>('0' + i)] = static_cast<uint8_t>(52 + i);
  table['+'] = table['-'] = 62;
  table['/'] = table['_'] = 63;
  return table;
}
inline constexpr std::array<uint8_t, 256> kBase64Values = MakeBase64Values();

// `A–Za–z0–9+/-_`
inline bool IsBase64(char c) { return kBase64Values[static_cast<uint8_t>(c)] != kNotBase64; }
bool IsBase32(std::string_view text);  // of one case
bool IsHex(std::string_view text);

// At least three quarters printable ASCII, white space or well-formed UTF-8. NUL does not count, so
// that UTF-16 of ASCII is text.
bool LooksLikeText(std::string_view bytes);

// Begins like a container or a compressed file that may hold text: zip, PDF, PNG, zstd, …
bool HasMagic(std::string_view bytes);
bool HasInflateMagic(std::string_view bytes);  // gzip, zlib

// Keeps zlib's memory, so that inflating does not allocate.
class Inflater {
 public:
  Inflater();
  ~Inflater();
  // Appends at most `limit` bytes. True when all of the stream was read.
  bool Run(std::string_view bytes, size_t limit, std::string& out);
  void Wipe();

 private:
  struct Memory;
  std::unique_ptr<Memory> memory_;
};

}  // namespace hpol::text
