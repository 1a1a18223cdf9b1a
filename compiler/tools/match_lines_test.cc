#include "compiler/tools/match_lines.h"

#include <gtest/gtest.h>

#include <string>

namespace hpol::tools {
namespace {

TEST(MatchLines, Answers) {
  const struct {
    const char* line;
    const char* answer;
  } cases[] = {
      {R"({"pattern":"a+b","text":"xaab ab"})", R"({"matches":[[1,4],[5,7]]})"},
      {R"({"pattern":"ab|abcd","text":"abcde"})", R"({"matches":[[0,4]]})"},
      {R"({"text":"aba","pattern":"b"})", R"({"matches":[[1,2]]})"},
      {R"({"pattern":"x","text":"a"})", R"({"matches":[]})"},
      {R"({"pattern":"é","text":"éé"})", R"({"matches":[[0,2],[2,4]]})"},
      {R"({"pattern":".","text":"\ud83d\ude00\u0000"})", R"({"matches":[[0,4],[4,5]]})"},
      {R"({"pattern":"\\x00","text":"a\u0000"})", R"({"matches":[[1,2]]})"},
      {R"({"pattern":"[0-9]{3}","text":"1234 123","bounded":true})", R"({"matches":[[5,8]]})"},
      {R"({"pattern":"[0-9]{3}","text":"1234 123","bounded":false})", R"({"matches":[[0,3],[5,8]]})"},
      {R"({"pattern":"straße","text":"STRAẞE","ignoring_case":true})", R"({"matches":[[0,8]]})"},
      {R"({"pattern":"k","text":"\u212a","ignoring_case":true})", R"({"matches":[[0,3]]})"},
      {R"({"pattern":"１","text":"１1"})", R"({"matches":[[0,3]]})"},
      {R"({"pattern":"a*","text":"baa"})", R"({"matches":[[1,3]]})"},
      {R"({"pattern":"","text":"baa"})", R"({"matches":[]})"},
      {R"({"pattern":"a^b","text":"ab"})", R"({"matches":[]})"},
      {R"({"pattern":"ab(c","text":"ab"})", R"({"error":{"kind":"pattern-syntax","at":2}})"},
      {"{\"pattern\":\"é(?=a)\",\"text\":\"ab\"}", R"({"error":{"kind":"pattern-unsupported","at":2}})"},
      {R"({"pattern":"(a)\\1","text":"ab"})", R"({"error":{"kind":"pattern-unsupported","at":3}})"},
      {R"({"pattern":"x[ab]*a[ab]{30}","text":"ab"})", R"({"error":{"kind":"pattern-limit","at":7}})"},
      {R"({"pattern":"a{1001}","text":"ab"})", R"({"error":{"kind":"pattern-limit","at":1}})"},
      {"", R"({"error":{"kind":"json","at":0}})"},
      {"{\"pattern\":x}", R"({"error":{"kind":"json","at":11}})"},
      {R"({"pattern":"\ud800","text":""})", R"({"error":{"kind":"json","at":18}})"},
      {"{\"pattern\":\"a\",\"text\":\"\xff\"}", R"({"error":{"kind":"json","at":23}})"},
      {R"({"pattern":"a"})", R"({"error":{"kind":"json","at":0}})"},
      {R"({"pattern":1,"text":"a"})", R"({"error":{"kind":"json","at":0}})"},
      {R"({"pattern":"a","text":"a","bounded":1})", R"({"error":{"kind":"json","at":0}})"},
      {R"([1])", R"({"error":{"kind":"json","at":0}})"},
      {R"({"pattern":"a","text":"a"} x)", R"({"error":{"kind":"json","at":27}})"},
  };
  LineMatcher matcher;
  for (int round = 0; round < 2; ++round) {  // the second from what was kept
    for (const auto& each : cases) EXPECT_EQ(matcher.Answer(each.line), each.answer) << each.line;
  }
}

TEST(MatchLines, FlagsMakeAnotherPattern) {
  LineMatcher matcher;
  EXPECT_EQ(matcher.Answer(R"({"pattern":"ab","text":"AB cab"})"), R"({"matches":[[4,6]]})");
  EXPECT_EQ(matcher.Answer(R"({"pattern":"ab","text":"AB cab","ignoring_case":true})"),
            R"({"matches":[[0,2],[4,6]]})");
  EXPECT_EQ(matcher.Answer(R"({"pattern":"ab","text":"AB cab","ignoring_case":true,"bounded":true})"),
            R"({"matches":[[0,2]]})");
  EXPECT_EQ(matcher.Answer(R"({"pattern":"ab","text":"AB cab","bounded":true})"), R"({"matches":[]})");
}

TEST(MatchLines, ForgetsAndStillAnswers) {
  LineMatcher matcher;
  for (int i = 0; i < 12'000; ++i) {
    const std::string number = std::to_string(i);
    ASSERT_EQ(matcher.Answer("{\"pattern\":\"a" + number + "\",\"text\":\"a" + number + "\"}"),
              "{\"matches\":[[0," + std::to_string(number.size() + 1) + "]]}");
  }
}

}  // namespace
}  // namespace hpol::tools
