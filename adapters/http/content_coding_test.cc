#include "adapters/http/content_coding.h"

#include <brotli/encode.h>
#include <gtest/gtest.h>
#include <zlib.h>

#include <string>

namespace hpol::http {
namespace {

// `window` as deflateInit2 takes it.
std::string Deflated(const std::string& text, int window) {
  z_stream stream = {};
  EXPECT_EQ(deflateInit2(&stream, 9, Z_DEFLATED, window, 8, Z_DEFAULT_STRATEGY), Z_OK);
  std::string out(deflateBound(&stream, text.size()), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  EXPECT_EQ(deflate(&stream, Z_FINISH), Z_STREAM_END);
  out.resize(out.size() - stream.avail_out);
  deflateEnd(&stream);
  return out;
}
std::string Gzip(const std::string& text) { return Deflated(text, 31); }
std::string Zlib(const std::string& text) { return Deflated(text, 15); }

std::string Brotli(const std::string& text) {
  size_t size = BrotliEncoderMaxCompressedSize(text.size());
  std::string out(size, '\0');
  EXPECT_TRUE(BrotliEncoderCompress(9, BROTLI_DEFAULT_WINDOW, BROTLI_DEFAULT_MODE, text.size(),
                                    reinterpret_cast<const uint8_t*>(text.data()), &size,
                                    reinterpret_cast<uint8_t*>(out.data())));
  out.resize(size);
  return out;
}

struct Coding {
  ContentCoding coding;
  std::string (*encode)(const std::string&);
};
constexpr Coding kCodings[] = {
    {ContentCoding::kGzip, Gzip}, {ContentCoding::kDeflate, Zlib}, {ContentCoding::kBrotli, Brotli}};

constexpr size_t kLimit = 1 << 20;

TEST(ContentCoding, NamesOneLayer) {
  EXPECT_EQ(ContentCodingOf("GZIP"), ContentCoding::kGzip);
  EXPECT_EQ(ContentCodingOf("br"), ContentCoding::kBrotli);
  EXPECT_EQ(ContentCodingOf("deflate"), ContentCoding::kDeflate);
  EXPECT_EQ(ContentCodingOf("identity"), ContentCoding::kIdentity);
  for (const char* value : {"", "gzip, gzip", "gzip,identity", "zstd", "compress", "gzip;q=1", "*"}) {
    EXPECT_FALSE(ContentCodingOf(value)) << value;
  }
}

TEST(ContentCoding, DecodesWhatWasEncoded) {
  const std::string text = R"({"a":"hello hello hello hello"})";
  std::string numbers;  // several steps long, and no bomb
  for (int i = 0; numbers.size() < 200'000; ++i) numbers += std::to_string(i * 7919) + " hello ";
  std::string out = "before";
  for (const Coding& one : kCodings) {
    for (const std::string& body : {text, numbers, std::string()}) {
      EXPECT_EQ(Decode(one.coding, one.encode(body), kLimit, out), Decoded::kOk);
      EXPECT_TRUE(out == body) << body.size();
    }
  }
  EXPECT_EQ(Decode(ContentCoding::kIdentity, text, kLimit, out), Decoded::kOk);
  EXPECT_EQ(out, text);
}

TEST(ContentCoding, RefusesBrokenCutAndTrailing) {
  const std::string text(5000, 'x');
  std::string out;
  for (const auto& [coding, encode] : kCodings) {
    const std::string bytes = encode(text);
    for (size_t size = 0; size < bytes.size(); ++size) {
      EXPECT_EQ(Decode(coding, bytes.substr(0, size), kLimit, out), Decoded::kBad) << size;
      EXPECT_TRUE(out.empty());
    }
    EXPECT_EQ(Decode(coding, bytes + "x", kLimit, out), Decoded::kBad);
    EXPECT_EQ(Decode(coding, bytes + bytes, kLimit, out), Decoded::kBad) << "two members";
  }
  EXPECT_EQ(Decode(ContentCoding::kDeflate, Deflated(text, -15), kLimit, out), Decoded::kBad) << "raw";
  EXPECT_EQ(Decode(ContentCoding::kGzip, Zlib(text), kLimit, out), Decoded::kBad);
  EXPECT_EQ(Decode(ContentCoding::kBrotli, Gzip(text), kLimit, out), Decoded::kBad);
}

TEST(ContentCoding, StopsBombs) {
  std::string out;
  for (const auto& [coding, encode] : kCodings) {
    EXPECT_EQ(Decode(coding, encode(std::string(kLimit + 1, ' ')), kLimit, out), Decoded::kTooLarge);
    EXPECT_TRUE(out.empty());
    // Far below the limit of bodies, and still no honest body.
    const std::string bomb = encode(std::string(30'000'000, ' '));
    EXPECT_EQ(Decode(coding, bomb, 100'000'000, out), Decoded::kTooLarge) << bomb.size();
  }
  EXPECT_EQ(Decode(ContentCoding::kIdentity, std::string(kLimit + 1, ' '), kLimit, out), Decoded::kTooLarge);
}

}  // namespace
}  // namespace hpol::http
