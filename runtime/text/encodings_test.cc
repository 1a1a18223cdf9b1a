// Encodings round known text, at random: what a finding is written over is exactly its encoded
// form. And the rules about what stays as it is, what is opaque and how far texts may grow.
#include <gtest/gtest.h>
#include <zlib.h>

#include <random>
#include <string>
#include <vector>

#include "runtime/text/steps.h"
#include "runtime/text/survey.h"
#include "runtime/text/views.h"

namespace hpol::text {
namespace {

constexpr std::string_view kValue = "431-57-2096";

std::string Hex(uint8_t byte) {
  static constexpr char kDigits[] = "0123456789abcdef";
  return {kDigits[byte >> 4], kDigits[byte & 15]};
}

template <typename Write>
std::string Each(std::string_view text, Write write) {
  std::string out;
  for (const char c : text) out += write(static_cast<uint8_t>(c));
  return out;
}

std::string Digits(std::string_view text, std::string_view alphabet, uint32_t width, size_t group) {
  std::string out;
  uint32_t held = 0;
  uint32_t bits = 0;
  const auto put = [&](uint32_t value) { out += alphabet[value & ((1u << width) - 1)]; };
  for (const char c : text) {
    held = (held << 8) | static_cast<uint8_t>(c);
    for (bits += 8; bits >= width; bits -= width) put(held >> (bits - width));
  }
  if (bits > 0) put(held << (width - bits));
  while (out.size() % group != 0) out += '=';
  return out;
}

std::string Base64(std::string_view text) {
  return Digits(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/", 6, 4);
}
std::string Base32(std::string_view text) { return Digits(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", 5, 8); }

std::string Gzip(std::string_view text) {
  z_stream stream = {};
  deflateInit2(&stream, 9, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
  std::string in(text);
  std::string out(deflateBound(&stream, text.size()) + 64, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(in.data());
  stream.avail_in = static_cast<uInt>(in.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  deflate(&stream, Z_FINISH);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

using Encoder = std::string (*)(std::string_view);
const Encoder kEncoders[] = {
    [](std::string_view t) { return Each(t, [](uint8_t b) { return "%" + Hex(b); }); },
    [](std::string_view t) { return Each(t, [](uint8_t b) { return "&#" + std::to_string(b) + ";"; }); },
    [](std::string_view t) { return Each(t, [](uint8_t b) { return "&#x" + Hex(b) + ";"; }); },
    [](std::string_view t) { return Each(t, [](uint8_t b) { return "\\x" + Hex(b); }); },
    [](std::string_view t) { return Each(t, [](uint8_t b) { return "\\u{" + Hex(b) + "}"; }); },
    [](std::string_view t) { return Each(t, [](uint8_t b) { return "=" + Hex(b); }); },
    [](std::string_view t) { return Each(t, [](uint8_t b) { return Hex(b); }); },
    [](std::string_view t) {
      std::string list = Each(t, [](uint8_t b) { return "0x" + Hex(b) + " "; });
      list.pop_back();
      return list;
    },
    Base64,
    Base32,
    [](std::string_view t) { return Base64(Gzip(t)); },
};

struct Body {
  std::string bytes = "|";
  surface::Content content;
  void Add(const std::string& raw, bool json = false) {
    surface::Piece piece;
    piece.begin = static_cast<uint32_t>(bytes.size());
    bytes += raw;
    piece.end = static_cast<uint32_t>(bytes.size());
    piece.json = json;
    piece.joins = true;
    content.pieces.push_back(piece);
    bytes += "|";
  }
};

// The raw bytes behind each standing of `value` in the views that are not joined.
std::vector<std::string> Behind(const Body& body, const Views& views, std::string_view value) {
  std::vector<std::string> all;
  std::vector<RawRange> ranges;
  for (size_t v = 0; v < views.size(); ++v) {
    if (views[v].joined) continue;
    for (size_t at = views[v].text.find(value); at != std::string_view::npos;
         at = views[v].text.find(value, at + 1)) {
      views.Locate(v, static_cast<uint32_t>(at), static_cast<uint32_t>(at + value.size()), ranges);
      all.push_back(body.bytes.substr(ranges[0].begin, ranges[0].end - ranges[0].begin));
    }
  }
  return all;
}

std::string JsonEscaped(std::string_view text) {
  return Each(
      text, [](uint8_t b) { return b == '\\' ? std::string("\\\\") : std::string(1, static_cast<char>(b)); });
}

TEST(EncodedViews, AnyTwoEncodingsMapBackToExactlyTheEncodedForm) {
  std::mt19937 random(20240812);
  Views views;  // reused
  const std::string_view fillers[] = {
      "please look at ",  "",          "the number, ", "x=1; ", "\xe5\xb7\xa5\xe5\x8f\xb7 ",
      "half 50% & more ", "a\xcc\x81 "};
  for (int round = 0; round < 3000; ++round) {
    std::string encoded(kValue);
    const size_t levels = 1 + random() % 2;
    std::string how;
    for (size_t level = 0; level < levels; ++level) {
      const size_t encoder = random() % std::size(kEncoders);
      how += std::to_string(encoder) + " ";
      encoded = kEncoders[encoder](encoded);
    }
    const bool json = random() % 2 == 0;
    const std::string raw = json ? JsonEscaped(encoded) : encoded;
    Body body;
    body.Add(std::string(fillers[random() % std::size(fillers)]) + raw + " " +
                 std::string(fillers[random() % std::size(fillers)]),
             json);
    views.Build(body.bytes, body.content);
    const std::vector<std::string> behind = Behind(body, views, kValue);
    ASSERT_FALSE(behind.empty()) << how << body.bytes;
    for (const std::string& bytes : behind) ASSERT_EQ(bytes, raw) << how << body.bytes;
    ASSERT_TRUE(views.opaque().empty()) << how << body.bytes;
  }
}

TEST(EncodedViews, PartsOfAnEscapedTextMapToTheirOwnEscapes) {
  Body body;
  body.Add("a %34%33%31-57-2096 b");
  Views views;
  views.Build(body.bytes, body.content);
  EXPECT_EQ(Behind(body, views, "31-57"), (std::vector<std::string>{"31-57", "%33%31-57"}));
  EXPECT_EQ(Behind(body, views, kValue), std::vector<std::string>{"%34%33%31-57-2096"});
}

TEST(EncodedViews, AValueIsFoundBesideMarkupAndNotesThatTheWiderTextChanges) {
  Body body;
  body.Add("431-57-2096\xc2\xb2 and **431**-**57**-**2096**");  // a footnote mark, then markup
  Views views;
  views.Build(body.bytes, body.content);
  const std::vector<std::string> behind = Behind(body, views, kValue);
  ASSERT_EQ(behind.size(),
            3u);  // the footnoted one in both texts, though no number of nine digits in the wider
  EXPECT_EQ(behind[0], kValue);
  EXPECT_EQ(behind[2], "431**-**57**-**2096");
}

TEST(EncodedViews, PlainTextIsLookedAtAndNothingElse) {
  const std::string text =
      "Dear team, please summarise the contract of 12 March 2023 (pages 4-17, 3 annexes): it was renewed "
      "internationally, for well-known customers; costs rose 12 percent. Call me at 10:30 or later - "
      "thanks!\n"
      "Regards, Jane\n";
  std::vector<uint32_t> starts;
  EXPECT_TRUE(Look(text, starts).Quiet());
  Body body;
  body.Add(text);
  Views views;
  views.Build(body.bytes, body.content);
  ASSERT_EQ(views.size(), 1u);
  EXPECT_EQ(views[0].text.data(), body.bytes.data() + 1);
}

std::string RandomBase64(size_t size, uint32_t seed) {
  std::mt19937 random(seed);
  std::string bytes;
  while (bytes.size() * 4 < size * 3) bytes += static_cast<char>(random());
  return Base64(bytes).substr(0, size);
}

bool IsOpaque(const std::string& text) {
  Body body;
  body.Add(text);
  Views views;
  views.Build(body.bytes, body.content);
  return !views.opaque().empty();
}

TEST(Opaque, LongRunsThatAreNoText) {
  EXPECT_TRUE(IsOpaque("data:image/png;base64," + RandomBase64(400, 1)));
  std::string lines;
  for (uint32_t i = 0; i < 8; ++i) lines += RandomBase64(64, i) + "\n";
  EXPECT_TRUE(IsOpaque(lines));
  EXPECT_TRUE(IsOpaque("see " + Base64("PK\x03\x04 a zip archive of some size")));
  EXPECT_TRUE(
      IsOpaque(Base64(Gzip("my ssn is 431-57-2096, and much more of it").substr(0, 40)) + " cut off"));
  EXPECT_TRUE(IsOpaque(Base64(RandomBase64(400, 2))));  // below a readable level
  std::string many;
  for (uint32_t i = 0; i < 30; ++i) many += RandomBase64(200, i) + ", ";
  EXPECT_TRUE(IsOpaque(many));  // shorter ones, too many of them
}

TEST(Opaque, HashesKeysAndIdentifiersAreOrdinaryText) {
  EXPECT_FALSE(IsOpaque("commit 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b"));
  EXPECT_FALSE(IsOpaque("id 7c9e6679-7425-40de-944b-e07fc1f90ae7"));
  EXPECT_FALSE(IsOpaque("sha512-" + RandomBase64(86, 4) + "== in a lock file"));
  EXPECT_FALSE(IsOpaque("key sk-" + RandomBase64(160, 5)));
  std::string log;
  for (uint32_t i = 0; i < 200; ++i) {
    std::mt19937 random(i);
    for (int n = 0; n < 20; ++n) log += Hex(static_cast<uint8_t>(random()));
    log += '\n';
  }
  EXPECT_FALSE(IsOpaque(log));
  const std::string token =
      Base64(R"({"alg":"RS256","typ":"JWT"})") + "." + Base64(R"({"sub":"jane"})") + ".";
  std::string url = token;
  std::erase(url, '=');
  EXPECT_FALSE(IsOpaque(url + RandomBase64(342, 6)));
  EXPECT_TRUE(IsOpaque("no token." + RandomBase64(342, 6)));
  EXPECT_FALSE(IsOpaque(std::string(600, '-') + "\n" + std::string(600, 'a') + std::string(600, '1')));
}

TEST(Opaque, FiveLevelsOfPercentAreNotRead) {
  std::string encoded = Each(kValue, [](uint8_t b) { return "%" + Hex(b); });
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(IsOpaque(encoded), i == 2) << i;
    encoded = Each(encoded, [](uint8_t b) {
      return b == '%' ? std::string("%25") : std::string(1, static_cast<char>(b));
    });
  }
}

TEST(EncodedViews, GrowthIsBounded) {
  Body body;
  body.Add(Base64(Gzip(std::string(1'000'000, 'a'))));
  Views views;
  views.Build(body.bytes, body.content);
  size_t decoded = 0;
  for (size_t v = 0; v < views.size(); ++v) decoded += views[v].level > 0 ? views[v].text.size() : 0;
  EXPECT_LE(decoded, kGrowth * body.bytes.size());
  EXPECT_FALSE(views.opaque().empty());
}

TEST(Steps, HaveNamesAndCanBeLeftOut) {
  for (uint32_t i = 0; i < kStepCount; ++i) {
    const auto step = static_cast<Step>(i);
    EXPECT_EQ(StepNamed(StepName(step)), step);
  }
  EXPECT_FALSE(StepNamed("rot13"));
  const struct {
    const char* name;
    std::string text;
  } cases[] = {{"full_width", "\xef\xbc\x94\xef\xbc\x93\xef\xbc\x91-57-2096"},
               {"decimal_digits", "\xd9\xa4\xd9\xa3\xd9\xa1-57-2096"},
               {"dashes",
                "431\xe2\x80\x93"
                "57-2096"},
               {"invisible",
                "431-5\xe2\x80\x8b"
                "7-2096"},
               {"spelled_unicode", "431-\\u00357-2096"},
               {"tag_characters", "431-57-209\xf3\xa0\x80\xb6"},
               {"number_forms", "431-57-20\xe2\x91\xa8\xe2\x91\xa5"},
               {"letter_forms",
                "431\xe2\x81\xbb"
                "57-2096"},
               {"marks",
                "431-5\xcc\xb6"
                "7-2096"},
               {"cjk_numerals", "431-57-20\xe4\xb9\x9d\xe5\x85\xad"},
               {"gaps", "431**-**57-2096"},
               {"html_entities", "431&#45;57-2096"},
               {"percent", "431%2d57-2096"},
               {"backslashes", "431\\x2d57-2096"},
               {"quoted_printable", "431=2D57=2D2096 =3D"},
               {"hex", Each(kValue, Hex)},
               {"base64", Base64(kValue)},
               {"base32", Base32(kValue)},
               {"inflate", Base64(Gzip(kValue))}};
  Views views;
  for (const auto& c : cases) {
    Body body;
    body.Add(c.text);
    views.Build(body.bytes, body.content);
    EXPECT_FALSE(Behind(body, views, kValue).empty()) << c.name;
    const std::optional<Step> step = StepNamed(c.name);
    ASSERT_TRUE(step) << c.name;
    views.Build(body.bytes, body.content, Steps().Without(*step));
    EXPECT_TRUE(Behind(body, views, kValue).empty()) << c.name;
  }
  Body body;
  body.Add(RandomBase64(400, 1));
  views.Build(body.bytes, body.content, Steps().Without(Step::kOpaque));
  EXPECT_TRUE(views.opaque().empty());
}

}  // namespace
}  // namespace hpol::text
