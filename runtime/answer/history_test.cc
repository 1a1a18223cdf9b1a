#include "hpol/history.h"

#include <gtest/gtest.h>

#include "runtime/decide/hand_policy_for_test.h"

namespace hpol {
namespace {

constexpr std::string_view kAnswer =
    "The merger with Northwind closes in the third quarter, and nobody outside of the board may know about "
    "it yet.";

class Broken : public LabelStore {
 public:
  Found Get(std::string_view, int64_t, Label&) noexcept override { return Found::kUnreachable; }
  bool Join(std::string_view, Label, int64_t) noexcept override { return false; }
};

class HistoryTest : public testing::Test {
 protected:
  History Make(const std::string& secret = "secret") {
    return {store, policy.tables(), secret, {.ttl_seconds = 100}};
  }
  static History::Who Who(std::string_view scope, std::string_view tenant = "acme", int64_t now = 1000) {
    return {scope, tenant, now};
  }
  const Label top() const { return policy.tables().Top(); }

  hand::Policy policy;
  std::shared_ptr<LabelStore> store = std::make_shared<MemoryLabelStore>();
};

TEST_F(HistoryTest, AConversationKeepsItsLabel) {
  const History history = Make();
  EXPECT_EQ(history.LabelOf(Who("one"), "hello", false), Label{});
  EXPECT_TRUE(history.Record(Who("one"), hand::kConfidential, "short"));
  EXPECT_TRUE(history.Record(Who("one"), hand::kInternal.Join(hand::kPii), "short"));
  EXPECT_EQ(history.LabelOf(Who("one"), "and then?", true), hand::kConfidential.Join(hand::kPii));
  EXPECT_EQ(history.LabelOf(Who("two"), "hello", false), Label{});
}

// THREATS, test 7: without its state a conversation that goes on is at the top.
TEST_F(HistoryTest, WhatIsMissingIsTop) {
  const History history = Make();
  EXPECT_EQ(history.LabelOf(Who("one"), "and then?", true), top());
  history.Record(Who("one"), hand::kPublic, "short");
  EXPECT_EQ(history.LabelOf(Who("one"), "and then?", true), hand::kPublic);
  EXPECT_EQ(history.LabelOf(Who("one", "acme", 1101), "later", true), top());  // past its time
  EXPECT_EQ(Make("another secret").LabelOf(Who("one"), "and then?", true), top());
  hand::Policy other;
  other.tables().levels.push_back(other.Text("secret"));
  const History moved(store, other.tables(), "secret", {.ttl_seconds = 100});
  EXPECT_EQ(moved.LabelOf(Who("one"), "and then?", true), other.tables().Top());
  store = std::make_shared<Broken>();
  const History broken = Make();
  EXPECT_EQ(broken.LabelOf(Who("one"), "hello", false), top());
  EXPECT_FALSE(broken.Record(Who("one"), hand::kPublic, "short"));
}

TEST_F(HistoryTest, PastedTextInheritsItsLabel) {
  const History history = Make();
  history.Record(Who("one"), hand::kConfidential, kAnswer);
  const auto pasted = [&](std::string_view text, std::string_view tenant = "acme") {
    return history.LabelOf(Who("two", tenant), text, false);
  };
  EXPECT_EQ(pasted(std::string("translate: ") + std::string(kAnswer)), hand::kConfidential);
  EXPECT_EQ(pasted("> the MERGER with northwind -- closes in the\n> third quarter, and nobody"),
            hand::kConfidential);
  EXPECT_EQ(pasted("the merger with northwind closes"), Label{});  // too short to tell
  EXPECT_EQ(pasted("nothing of all that has anything to do with what was said before here"), Label{});
  EXPECT_EQ(pasted(kAnswer, "another tenant"), Label{});
  // In scripts without spaces each character is a word.
  const std::string chinese = "第三季度完成与北风公司的合并董事会以外的任何人都不得知晓";
  history.Record(Who("three"), hand::kConfidential, chinese);
  EXPECT_EQ(pasted("请翻译：" + chinese.substr(0, 45)), hand::kConfidential);
  // What is public leaves nothing.
  history.Record(Who("four"), hand::kPublic,
                 "one two three four five six seven eight nine ten eleven twelve");
  EXPECT_EQ(pasted("one two three four five six seven eight nine ten eleven twelve"), Label{});
}

TEST_F(HistoryTest, AFullStoreForgetsWhatEndsFirst) {
  MemoryLabelStore small(2);
  Label label;
  small.Join("a", hand::kInternal, 10);
  small.Join("b", hand::kInternal, 20);
  small.Join("a", hand::kConfidential, 30);  // put off
  small.Join("c", hand::kInternal, 40);
  EXPECT_EQ(small.Get("b", 0, label), LabelStore::Found::kNothing);
  EXPECT_EQ(small.Get("c", 0, label), LabelStore::Found::kLabel);
  EXPECT_EQ(small.Get("a", 0, label), LabelStore::Found::kLabel);
  EXPECT_EQ(label, hand::kConfidential);
}

}  // namespace
}  // namespace hpol
