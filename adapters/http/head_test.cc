#include "adapters/http/head.h"

#include <gtest/gtest.h>

namespace hpol::http {
namespace {

const std::vector<std::string> kAttributes = {"x-acme-region"};

HeadError Parse(const std::string& text, RequestHead& head) {
  return ParseRequestHead(text, kAttributes, head);
}

TEST(FindHeadEnd, FindsTheEndWhereverTheBytesWereCut) {
  const std::string text = "GET / HTTP/1.1\r\nHost: a\r\n\r\nrest";
  for (size_t cut = 1; cut <= text.size(); ++cut) {
    HeadEnd end = FindHeadEnd(std::string_view(text).substr(0, cut), 0);
    if (end.scan == HeadScan::kMore) end = FindHeadEnd(text, cut);
    EXPECT_EQ(end.scan, HeadScan::kFound) << cut;
    EXPECT_EQ(end.size, text.size() - 4) << cut;
  }
}

TEST(FindHeadEnd, GivesUpEarly) {
  for (const char* text :
       {"GET / HTTP/1.1\nHost: a\n", "\r\nGET / HTTP/1.1\r\n", "\n", "\x16\x03\x01", "GET /\rx"}) {
    EXPECT_EQ(FindHeadEnd(text, 0).scan, HeadScan::kBad) << text;
  }
  EXPECT_EQ(FindHeadEnd(std::string_view("G\0", 2), 0).scan, HeadScan::kBad);
  EXPECT_EQ(FindHeadEnd("GET / HTTP/1.1\r", 0).scan, HeadScan::kMore);
}

TEST(ParseRequestHead, ReadsAnOrdinaryRequest) {
  RequestHead head;
  const std::string text =
      "POST /v1/chat/completions HTTP/1.1\r\nHost: a.example:8080\r\nContent-Type:  application/json \r\n"
      "Content-Length: 12\r\nExpect: 100-continue\r\nX_Acme_Region: eu\r\n\r\n";
  ASSERT_EQ(Parse(text, head).status, 0);
  EXPECT_EQ(head.method, "POST");
  EXPECT_EQ(head.target, "/v1/chat/completions");
  EXPECT_EQ(head.content_length, 12u);
  EXPECT_TRUE(head.keep_alive);
  EXPECT_TRUE(head.expect_continue);
  EXPECT_EQ(head.Find("content-type"), "application/json");
  EXPECT_FALSE(head.Find("x-acme-region")) << "an underscore variant is another field";
}

TEST(ParseRequestHead, KeepAliveFollowsTheVersion) {
  RequestHead head;
  ASSERT_EQ(Parse("GET / HTTP/1.0\r\nHost: a\r\n\r\n", head).status, 0);
  EXPECT_FALSE(head.keep_alive);
  ASSERT_EQ(Parse("GET / HTTP/1.0\r\nHost: a\r\nConnection: keep-alive\r\n\r\n", head).status, 0);
  EXPECT_TRUE(head.keep_alive);
  ASSERT_EQ(Parse("GET / HTTP/1.1\r\nHost: a\r\nConnection: x, Close\r\n\r\n", head).status, 0);
  EXPECT_FALSE(head.keep_alive);
}

TEST(ParseRequestHead, SeesUpgrades) {
  RequestHead head;
  for (const char* text : {"GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\n\r\n",
                           "GET / HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\n\r\n",
                           "CONNECT a:443 HTTP/1.1\r\nHost: a\r\n\r\n"}) {
    ASSERT_EQ(Parse(text, head).status, 0) << text;
    EXPECT_TRUE(head.upgrade) << text;
  }
}

struct BadCase {
  const char* what;
  std::string lines;  // between the request line and the empty line
};

TEST(ParseRequestHead, RefusesWhatHasTwoReadings) {
  const BadCase cases[] = {
      {"no Host", ""},
      {"two Hosts", "Host: a\r\nhost: b\r\n"},
      {"empty Host", "Host:\r\n"},
      {"Host list", "Host: a, b\r\n"},
      {"Host with a path", "Host: a/b\r\n"},
      {"CL and TE", "Host: a\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n"},
      {"TE and CL", "Host: a\r\nTransfer-Encoding: chunked\r\nContent-Length: 2\r\n"},
      {"two CL", "Host: a\r\nContent-Length: 2\r\nContent-Length: 2\r\n"},
      {"CL list", "Host: a\r\nContent-Length: 2, 2\r\n"},
      {"CL signed", "Host: a\r\nContent-Length: +2\r\n"},
      {"CL negative", "Host: a\r\nContent-Length: -2\r\n"},
      {"CL hex", "Host: a\r\nContent-Length: 0x2\r\n"},
      {"CL empty", "Host: a\r\nContent-Length:\r\n"},
      {"CL leading zero", "Host: a\r\nContent-Length: 010\r\n"},
      {"CL too large", "Host: a\r\nContent-Length: 99999999999999999999\r\n"},
      {"TE xchunked", "Host: a\r\nTransfer-Encoding: xchunked\r\n"},
      {"TE list", "Host: a\r\nTransfer-Encoding: chunked, identity\r\n"},
      {"TE gzip", "Host: a\r\nTransfer-Encoding: gzip, chunked\r\n"},
      {"TE identity", "Host: a\r\nTransfer-Encoding: identity\r\n"},
      {"TE empty", "Host: a\r\nTransfer-Encoding:\r\n"},
      {"TE twice", "Host: a\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n"},
      {"space before colon", "Host: a\r\nContent-Length : 2\r\n"},
      {"obs-fold", "Host: a\r\nX-A: b\r\n c\r\n"},
      {"obs-fold first", " Host: a\r\n"},
      {"no colon", "Host: a\r\nX\r\n"},
      {"empty name", "Host: a\r\n: x\r\n"},
      {"two types", "Host: a\r\nContent-Type: a/b\r\nContent-Type: a/b\r\n"},
      {"two encodings", "Host: a\r\nContent-Encoding: identity\r\nContent-Encoding: gzip\r\n"},
      {"two keys", "Host: a\r\nAuthorization: a\r\nAuthorization: b\r\n"},
      {"attribute twice", "Host: a\r\nX-Acme-Region: eu\r\nx-acme-region: us\r\n"},
      {"unknown expectation", "Host: a\r\nExpect: 200-ok\r\n"},
  };
  RequestHead head;
  for (const BadCase& c : cases) {
    EXPECT_EQ(Parse("POST / HTTP/1.1\r\n" + c.lines + "\r\n", head).status, 400) << c.what;
  }
  EXPECT_EQ(Parse("POST / HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n", head).status, 400);
}

TEST(ParseRequestHead, RefusesMalformedRequestLines) {
  RequestHead head;
  for (const char* line : {"GET", "GET /", "GET  / HTTP/1.1", "GET / x HTTP/1.1", " GET / HTTP/1.1",
                           "GET / HTTP/1.9", "GET / HTTP/2.0", "GET / http/1.1", "G(T / HTTP/1.1",
                           "GET /\xff HTTP/1.1", "GET /\t HTTP/1.1", "GET / HTTP/1.1 "}) {
    EXPECT_EQ(Parse(std::string(line) + "\r\nHost: a\r\n\r\n", head).status, 400) << line;
  }
}

TEST(ParseRequestHead, BoundsTheNumberOfFields) {
  std::string lines = "Host: a\r\n";
  for (size_t i = 0; i < kMaxFields; ++i) lines += "X: y\r\n";
  RequestHead head;
  EXPECT_EQ(Parse("GET / HTTP/1.1\r\n" + lines + "\r\n", head).status, 431);
}

}  // namespace
}  // namespace hpol::http
