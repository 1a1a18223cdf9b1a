// Known answers: the test suite that AWS publishes for Signature Version 4 (aws-sig-v4-test-suite), and the
// worked example of its documentation. Access key, secret, date, region and service are the suite's.
#include "adapters/dialect/sigv4.h"

#include <gtest/gtest.h>

namespace hpol::dialect {
namespace {

constexpr int64_t kSuiteTime = 1440938160;  // 20150830T123600Z

AwsScope Suite() {
  return {.access_key_id = "AKIDEXAMPLE",
          .secret_key = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
          .region = "us-east-1",
          .service = "service",
          .now = kSuiteTime};
}

std::string SignatureOf(const AwsRequest& request, const AwsScope& scope) {
  const std::string lines = SignAws(request, scope);
  const size_t at = lines.find("Signature=");
  return at == std::string::npos ? lines : lines.substr(at + 10, 64);
}

TEST(SignAws, GivesTheAnswersOfTheSuite) {
  struct Case {
    const char* name;
    AwsRequest request;
    const char* signature;
  };
  const char* const host = "example.amazonaws.com";
  const Case cases[] = {
      {"get-vanilla",
       {.method = "GET", .host = host, .path = "/", .body = ""},
       "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"},
      {"get-vanilla-query-order-key-case",
       {.method = "GET", .host = host, .path = "/", .query = "Param2=value2&Param1=value1", .body = ""},
       "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500"},
      {"post-vanilla",
       {.method = "POST", .host = host, .path = "/", .body = ""},
       "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b"},
      {"post-x-www-form-urlencoded",
       {.method = "POST",
        .host = host,
        .path = "/",
        .fields = {{"content-type", "application/x-www-form-urlencoded"}},
        .body = "Param1=value1"},
       "ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a"},
  };
  for (const Case& c : cases) EXPECT_EQ(SignatureOf(c.request, Suite()), c.signature) << c.name;
}

TEST(SignAws, GivesTheAnswerOfTheDocumentation) {
  AwsScope scope = Suite();
  scope.service = "iam";
  const AwsRequest request{.method = "GET",
                           .host = "iam.amazonaws.com",
                           .path = "/",
                           .query = "Action=ListUsers&Version=2010-05-08",
                           .fields = {{"content-type", "application/x-www-form-urlencoded; charset=utf-8"}},
                           .body = ""};
  EXPECT_EQ(SignAws(request, scope),
            "x-amz-date: 20150830T123600Z\r\n"
            "authorization: AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/iam/aws4_request, "
            "SignedHeaders=content-type;host;x-amz-date, "
            "Signature=5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7\r\n");
}

TEST(SignAws, EscapesAModelOnceForSendingAndAgainForSigning) {
  const std::string path = "/model/" + EscapeSegment("anthropic.claude-3:0") + "/converse";
  EXPECT_EQ(path, "/model/anthropic.claude-3%3A0/converse");
  AwsRequest request{.host = "h", .path = path, .body = "{}"};
  const std::string twice = SignatureOf(request, Suite());
  AwsScope once = Suite();
  once.escape_twice = false;
  EXPECT_NE(SignatureOf(request, once), twice);
  request.path = "/model/anthropic.claude-3%253A0/converse";
  EXPECT_EQ(SignatureOf(request, once), twice);
}

TEST(SignAws, SignsTheTokenOfASession) {
  AwsScope scope = Suite();
  scope.session_token = "token";
  const std::string lines = SignAws({.host = "h", .path = "/", .body = ""}, scope);
  EXPECT_NE(lines.find("x-amz-security-token: token\r\n"), std::string::npos);
  EXPECT_NE(lines.find("SignedHeaders=host;x-amz-date;x-amz-security-token,"), std::string::npos);
}

}  // namespace
}  // namespace hpol::dialect
