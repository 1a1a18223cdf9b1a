// The door is content_coding.h.
#include "adapters/http/content_coding.h"

#include <brotli/decode.h>
#include <openssl/crypto.h>
#include <zlib.h>

#include <algorithm>
#include <array>
#include <memory>

#include "adapters/http/head.h"

namespace hpol::http {
namespace {

constexpr size_t kStep = 64 * 1024;

// What is decoded, in steps, within the limit. Wiped unless it is kept.
class Output {
 public:
  Output(size_t limit, std::string& out) : limit_(limit), out_(out) { out_.clear(); }
  ~Output() { OPENSSL_cleanse(step_.data(), step_.size()); }
  Output(const Output&) = delete;
  Output& operator=(const Output&) = delete;

  uint8_t* step() { return step_.data(); }
  bool Take(size_t size) {
    if (size > limit_ - out_.size()) return false;
    out_.append(reinterpret_cast<const char*>(step_.data()), size);
    return true;
  }

 private:
  size_t limit_;
  std::string& out_;
  std::array<uint8_t, kStep> step_;
};

struct EndInflate {
  void operator()(z_stream* stream) const { inflateEnd(stream); }
};

// `window` as inflateInit2 takes it: which framing is expected.
Decoded Inflate(int window, std::string_view bytes, Output& out) {
  z_stream stream = {};
  if (inflateInit2(&stream, window) != Z_OK) return Decoded::kBad;
  const std::unique_ptr<z_stream, EndInflate> end(&stream);
  // zlib does not write there.
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(bytes.size());
  for (;;) {
    stream.next_out = out.step();
    stream.avail_out = kStep;
    const int status = inflate(&stream, Z_NO_FLUSH);
    const size_t made = kStep - stream.avail_out;
    if (!out.Take(made)) return Decoded::kTooLarge;
    if (status == Z_STREAM_END) return stream.avail_in == 0 ? Decoded::kOk : Decoded::kBad;
    if (status != Z_OK || (made == 0 && stream.avail_in == 0)) return Decoded::kBad;
  }
}

struct DestroyBrotli {
  void operator()(BrotliDecoderState* state) const { BrotliDecoderDestroyInstance(state); }
};

Decoded Unbrotli(std::string_view bytes, Output& out) {
  const std::unique_ptr<BrotliDecoderState, DestroyBrotli> state(
      BrotliDecoderCreateInstance(nullptr, nullptr, nullptr));
  if (!state) return Decoded::kBad;
  size_t left = bytes.size();
  const auto* next = reinterpret_cast<const uint8_t*>(bytes.data());
  for (;;) {
    size_t room = kStep;
    uint8_t* into = out.step();
    const BrotliDecoderResult result =
        BrotliDecoderDecompressStream(state.get(), &left, &next, &room, &into, nullptr);
    if (!out.Take(kStep - room)) return Decoded::kTooLarge;
    if (result == BROTLI_DECODER_RESULT_SUCCESS) return left == 0 ? Decoded::kOk : Decoded::kBad;
    // All input is here: wanting more of it means that it was cut off.
    if (result != BROTLI_DECODER_RESULT_NEEDS_MORE_OUTPUT) return Decoded::kBad;
  }
}

Decoded Run(ContentCoding coding, std::string_view bytes, Output& out) {
  constexpr int kGzipFraming = 16 + MAX_WBITS;
  switch (coding) {
    case ContentCoding::kGzip:
      return Inflate(kGzipFraming, bytes, out);
    case ContentCoding::kDeflate:
      return Inflate(MAX_WBITS, bytes, out);  // RFC 9110: in zlib's framing, not raw
    case ContentCoding::kBrotli:
      return Unbrotli(bytes, out);
    case ContentCoding::kIdentity:
      break;
  }
  return Decoded::kBad;
}

}  // namespace

std::optional<ContentCoding> ContentCodingOf(std::string_view value) {
  if (EqualsIgnoringCase(value, "identity")) return ContentCoding::kIdentity;
  if (EqualsIgnoringCase(value, "gzip") || EqualsIgnoringCase(value, "x-gzip")) return ContentCoding::kGzip;
  if (EqualsIgnoringCase(value, "deflate")) return ContentCoding::kDeflate;
  if (EqualsIgnoringCase(value, "br")) return ContentCoding::kBrotli;
  return std::nullopt;
}

Decoded Decode(ContentCoding coding, std::string_view bytes, size_t limit, std::string& out) {
  if (coding == ContentCoding::kIdentity) {
    if (bytes.size() > limit) return Decoded::kTooLarge;
    out = bytes;
    return Decoded::kOk;
  }
  constexpr size_t kAlways = 64 * 1024;  // a short body may shrink as far as it likes
  const size_t grown = std::max(kAlways, std::min(limit, bytes.size() * kMaxGrowth));
  Decoded decoded = Decoded::kBad;
  {
    Output output(std::min(limit, grown), out);
    decoded = Run(coding, bytes, output);
  }
  if (decoded != Decoded::kOk) {
    OPENSSL_cleanse(out.data(), out.size());
    out.clear();
  }
  return decoded;
}

}  // namespace hpol::http
