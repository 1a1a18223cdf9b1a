#include "hpol/conversation.h"

#include <gtest/gtest.h>

#include <vector>

namespace hpol {
namespace {

constexpr std::string_view kFirst = R"({"role":"system","content":"s"},{"role":"user","content":"a"})";

std::string Turn(const std::string& more, const std::string& model = "m") {
  return R"({"model":")" + model + R"(","messages":[)" + std::string(kFirst) + more + "]}";
}

std::string Scope(const std::string& body, std::string_view caller = "key", std::string_view id = {},
                  std::string_view tenant = "acme", Source source = Source::kIdentity) {
  const std::vector<std::string_view> values = {tenant};
  const Attribute attribute = {"tenant", source, values};
  return ScopeOf({Surface::kOpenAiChat, body, caller, {&attribute, 1}, id});
}

TEST(Conversation, TurnsOfOneConversationBeginAlike) {
  const std::string more = R"(,{"role":"assistant","content":"b"},{"role":"user","content":"c"})";
  EXPECT_EQ(Beginning(Surface::kOpenAiChat, Turn("")), "[" + std::string(kFirst));
  EXPECT_EQ(Scope(Turn("")), Scope(Turn(more)));
  EXPECT_EQ(Scope(Turn("")), Scope(Turn(more, "another model")));
  EXPECT_NE(Scope(Turn("")), Scope(R"({"messages":[{"role":"user","content":"b"}]})"));
}

TEST(Conversation, NoTwoCallersShareOne) {
  const std::string body = Turn("");
  EXPECT_NE(Scope(body, "key"), Scope(body, "other"));
  EXPECT_NE(Scope(body, "key", "1"), Scope(body, "other", "1"));
  EXPECT_NE(Scope(body, "key", "1"), Scope(body, "key", "2"));
  EXPECT_NE(Scope(body, "key", "1", "acme"), Scope(body, "key", "1", "other"));
  // What the caller says of itself is no part of who it is.
  EXPECT_EQ(Scope(body, "key", "1", "acme", Source::kCaller), Scope(body, "key", "1", "x", Source::kCaller));
}

TEST(Conversation, WhatAModelSaidIsAnEarlierTurn) {
  EXPECT_FALSE(GoesOn(Surface::kOpenAiChat, Turn("")));
  EXPECT_TRUE(GoesOn(Surface::kOpenAiChat, Turn(R"(,{"role":"assistant","content":"b"})")));
  EXPECT_TRUE(GoesOn(Surface::kOpenAiResponses, R"({"input":[{"role":"assistant","content":"b"}]})"));
  EXPECT_FALSE(GoesOn(Surface::kOpenAiEmbeddings, R"({"role":"assistant"})"));
  EXPECT_EQ(TextOf(Surface::kOpenAiChat, R"({"a":"one\ntwo","b":["three",{"c":4}]})"), "one\ntwo\nthree\n");
  EXPECT_EQ(TextOf(Surface::kText, "as it is"), "as it is");
}

TEST(Conversation, WithoutMessagesItIsTheRequest) {
  for (const std::string_view body :
       {R"({"input":"text"})", R"({"messages":[]})", "{", "", R"({"x":{"messages":[{"role":"user"}]}})"}) {
    EXPECT_EQ(Beginning(Surface::kOpenAiChat, body), body);
    EXPECT_EQ(Beginning(Surface::kOpenAiResponses, body), body);
  }
  EXPECT_EQ(Beginning(Surface::kOpenAiResponses, R"({"input":[{"role":"user","content":"a"},{}]})"),
            R"([{"role":"user","content":"a"})");
}

}  // namespace
}  // namespace hpol
