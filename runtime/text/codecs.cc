// Small decoders by table, and the only use of zlib.
#include "runtime/text/codecs.h"

#include <zlib.h>

#include <algorithm>
#include <array>
#include <cstdint>

#include "runtime/text/fold.h"
#include "runtime/text/wipe.h"

namespace hpol::text {
namespace {

// RFC 4648: A–Z, 2–7.
int Base32Value(char c) {
  if (c >= 'A' && c <= 'Z') return c - 'A';
  if (c >= 'a' && c <= 'z') return c - 'a';
  return c >= '2' && c <= '7' ? c - '2' + 26 : -1;
}

// Appends whole bytes as `width`-bit digits come in.
struct Bits {
  std::string& out;
  uint32_t held = 0;
  uint32_t count = 0;
  void Add(uint32_t value, uint32_t width) {
    held = (held << width) | value;
    count += width;
    if (count < 8) return;
    count -= 8;
    out.push_back(static_cast<char>((held >> count) & 0xff));
  }
};

// Length of a well-formed character of two bytes or more at `at`, or 0.
size_t WideCharacter(std::string_view bytes, size_t at) {
  const Decoded decoded = DecodeUtf8(bytes, at);
  return decoded.valid && decoded.size > 1 && decoded.code >= 0xa0 ? decoded.size : 0;
}

}  // namespace

void DecodeHex(std::string_view text, std::string& out) {
  for (size_t i = 0; i + 1 < text.size(); i += 2) {
    const int high = HexValue(static_cast<uint8_t>(text[i]));
    const int low = HexValue(static_cast<uint8_t>(text[i + 1]));
    if (high < 0 || low < 0) return;
    out.push_back(static_cast<char>(high * 16 + low));
  }
}

void DecodeBase64(std::string_view text, std::string& out) {
  const size_t before = out.size();
  out.resize(before + text.size() * 3 / 4 + 3);
  char* to = out.data() + before;
  uint32_t held = 0;
  uint32_t count = 0;
  for (const char c : text) {
    const uint8_t value = kBase64Values[static_cast<uint8_t>(c)];
    if (value == kNotBase64) break;
    held = (held << 6) | value;
    if (++count < 4) continue;
    *to++ = static_cast<char>(held >> 16);
    *to++ = static_cast<char>(held >> 8);
    *to++ = static_cast<char>(held);
    count = 0;
  }
  if (count == 3) {
    *to++ = static_cast<char>(held >> 10);
    *to++ = static_cast<char>(held >> 2);
  } else if (count == 2) {
    *to++ = static_cast<char>(held >> 4);
  }
  out.resize(static_cast<size_t>(to - out.data()));
}

void DecodeBase32(std::string_view text, std::string& out) {
  Bits bits{out};
  for (const char c : text) {
    const int value = Base32Value(c);
    if (value < 0) return;
    bits.Add(static_cast<uint32_t>(value), 5);
  }
}

bool IsBase32(std::string_view text) {
  bool lower = false;
  bool upper = false;
  for (const char c : text) {
    if (Base32Value(c) < 0) return false;
    lower = lower || (c >= 'a' && c <= 'z');
    upper = upper || (c >= 'A' && c <= 'Z');
  }
  return !(lower && upper);
}

bool IsHex(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return HexValue(static_cast<uint8_t>(c)) >= 0; });
}

bool LooksLikeText(std::string_view bytes) {
  size_t bad = 0;
  size_t zeros = 0;
  for (size_t i = 0; i < bytes.size();) {
    const char c = bytes[i];
    if (c == '\0') {
      ++zeros;
    } else if (static_cast<uint8_t>(c) >= 0x80) {
      const size_t size = WideCharacter(bytes, i);
      if (size > 0) {
        i += size;
        continue;
      }
      if (++bad > bytes.size() / 4) return false;
    } else if ((c < ' ' && c != '\t' && c != '\n' && c != '\r') || c == 0x7f) {
      if (++bad > bytes.size() / 4) return false;
    }
    ++i;
  }
  const size_t shown = bytes.size() - zeros;
  return shown > 0 && shown * 2 + 2 >= bytes.size() && bad * 4 <= shown;
}

bool HasInflateMagic(std::string_view bytes) {
  if (bytes.size() < 8) return false;
  if (bytes.substr(0, 3) == "\x1f\x8b\x08") return true;
  // zlib: deflate with a window of 32 KiB, and the check of its two bytes.
  return bytes[0] == 0x78 &&
         (static_cast<uint8_t>(bytes[0]) * 256u + static_cast<uint8_t>(bytes[1])) % 31 == 0;
}

bool HasMagic(std::string_view bytes) {
  using std::string_view_literals::operator""sv;
  static constexpr std::string_view kMagics[] = {"PK\x03\x04"sv,
                                                 "%PDF-"sv,
                                                 "\x89PNG\r\n"sv,
                                                 "\xff\xd8\xff"sv,
                                                 "GIF87a"sv,
                                                 "GIF89a"sv,
                                                 "BZh91AY&SY"sv,
                                                 "\xfd"
                                                 "7zXZ"sv,
                                                 "(\xb5/\xfd"sv,
                                                 "7z\xbc\xaf\x27"sv,
                                                 "Rar!\x1a"sv,
                                                 "OggS\0"sv,
                                                 "\xd0\xcf\x11\xe0\xa1"sv,
                                                 "II*\0"sv,
                                                 "MM\0*"sv,
                                                 "\x04\x22\x4d\x18"sv,
                                                 "\x7f"
                                                 "ELF"sv};
  if (bytes.substr(0, 3) == "\x1f\x8b\x08") return true;
  return std::any_of(std::begin(kMagics), std::end(kMagics),
                     [bytes](std::string_view magic) { return bytes.substr(0, magic.size()) == magic; });
}

// What zlib asks for when it starts: its state, 10 KiB, and a window, 32 KiB.
struct Inflater::Memory {
  static constexpr size_t kSize = 64 * 1024;
  alignas(16) std::array<char, kSize> bytes;
  size_t used = 0;

  static void* Allocate(void* opaque, unsigned count, unsigned size) {
    auto& memory = *static_cast<Memory*>(opaque);
    const size_t bytes = (size_t{count} * size + 15) / 16 * 16;
    if (bytes > kSize - memory.used) return nullptr;
    void* place = memory.bytes.data() + memory.used;
    memory.used += bytes;
    return place;
  }
  static void Free(void*, void*) {}
};

Inflater::Inflater() = default;
Inflater::~Inflater() { Wipe(); }

bool Inflater::Run(std::string_view bytes, size_t limit, std::string& out) {
  if (memory_ == nullptr) memory_ = std::make_unique<Memory>();
  memory_->used = 0;
  z_stream stream = {};
  stream.zalloc = &Memory::Allocate;
  stream.zfree = &Memory::Free;
  stream.opaque = memory_.get();
  if (inflateInit2(&stream, 15 + 32) != Z_OK) return false;  // 32: zlib or gzip, by its header
  const size_t before = out.size();
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-const-cast): zlib does not write to its input
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(bytes.size());
  int state = Z_OK;
  while (state == Z_OK) {
    const size_t room = std::min<size_t>(limit - (out.size() - before), 16 * 1024);
    if (room == 0) break;
    const size_t at = out.size();
    out.resize(at + room);
    stream.next_out = reinterpret_cast<Bytef*>(out.data() + at);
    stream.avail_out = static_cast<uInt>(room);
    state = inflate(&stream, Z_NO_FLUSH);
    out.resize(out.size() - stream.avail_out);
    if (stream.avail_out > 0 && stream.avail_in == 0) break;  // cut off, or at its end
  }
  inflateEnd(&stream);
  return state == Z_STREAM_END;
}

void Inflater::Wipe() {
  if (memory_ == nullptr) return;
  volatile char* bytes = memory_->bytes.data();
  for (size_t i = 0; i < memory_->bytes.size(); ++i) bytes[i] = 0;
}

}  // namespace hpol::text
