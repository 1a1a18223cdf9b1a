// What encodings mean for a decision: an encoded value is a finding that redaction writes over as a whole,
// and a blob that cannot be read is content that was not scanned.
#include <gtest/gtest.h>

#include <random>

#include "runtime/decide/hand_policy_for_test.h"

namespace hpol {
namespace {

using hand::Always;
using hand::Is;

class EncodedTest : public testing::Test {
 protected:
  EncodedTest() {
    email = p.Detector("email", hand::Code(hand::MatchEmail));
    p.Classify(Always(), hand::kPublic);
    p.Classify(Is(p.Found({email})), hand::kInternal.Join(hand::kPii));
    const uint32_t qwen = p.Target("qwen", hand::Policy::kPrivate, hand::kTop);
    const uint32_t gpt = p.Target("gpt", hand::Policy::kCloud, hand::kPublic.Join(hand::kPseudonymous));
    const uint32_t scrub = p.Redaction(
        "scrub", {{RedactionAction::kPseudonym, {email}, hand::kPublic.Join(hand::kPseudonymous)}});
    at_gpt = p.Candidate(gpt, scrub);
    at_qwen = p.Candidate(qwen);
    p.Send(Always(), {at_gpt, at_qwen});
    engine = p.Make();
  }

  const Decision& Decide(std::string text) {
    body = std::move(text);  // Render reads it again
    return engine->Decide({Surface::kText, body, {}, false}, scratch);
  }

  hand::Policy p;
  std::shared_ptr<const Engine> engine;
  Scratch scratch;
  std::string body;
  uint32_t email, at_gpt, at_qwen;
};

TEST_F(EncodedTest, TheWholeEncodedRunIsWrittenOver) {
  for (const std::string encoded :
       {"%6aane%40example.net", "amFuZUBleGFtcGxlLm5ldA==", "6a616e65406578616d706c652e6e6574",
        "&#106;ane&#64;example.net", "YW1GdVpVQmxlR0Z0Y0d4bExtNWxkQT09"}) {
    const Decision& decision = Decide("to " + encoded + " today");
    EXPECT_EQ(decision.label(), hand::kInternal.Join(hand::kPii)) << encoded;
    ASSERT_EQ(decision.candidates().size(), 2u) << encoded;
    const Outbound out = engine->Render(0, {}, scratch);
    ASSERT_TRUE(out.allowed) << encoded;
    EXPECT_EQ(out.body.substr(0, 10), "to <email_");
    EXPECT_EQ(out.body.substr(out.body.size() - 7), "> today");
    EXPECT_EQ(out.body.size(), std::string("to <email_qkzhtwvoapxnbd> today").size());
  }
}

TEST_F(EncodedTest, OneValueHasOnePseudonymInAnyEncoding) {
  Decide("jane@example.net");
  const std::string plain(engine->Render(0, {}, scratch).body);
  Decide("amFuZUBleGFtcGxlLm5ldA==");
  EXPECT_EQ(engine->Render(0, {}, scratch).body, plain);
}

TEST_F(EncodedTest, ABlobHasTheTopLabel) {
  static constexpr char kAlphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::mt19937 random(5);
  std::string blob;
  for (int i = 0; i < 400; ++i) blob += kAlphabet[random() % 64];
  const Decision& decision = Decide("what is in " + blob + " ?");
  EXPECT_TRUE(decision.unscanned());
  EXPECT_EQ(decision.label(), hand::kTop);
  ASSERT_EQ(decision.candidates().size(), 1u);
  EXPECT_EQ(decision.candidates()[0].id.value, at_qwen);
}

TEST_F(EncodedTest, HashesAndIdentifiersDoNot) {
  const Decision& decision = Decide(
      "commit 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b, id 7c9e6679-7425-40de-944b-e07fc1f90ae7, sha256 "
      "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_FALSE(decision.unscanned());
  EXPECT_EQ(decision.label(), hand::kPublic);
}

}  // namespace
}  // namespace hpol
