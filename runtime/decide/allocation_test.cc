// A warm scratch does not allocate: operator new is counted for this whole program. What
// OpenSSL takes from malloc inside an HMAC is not seen here.
#include <gtest/gtest.h>

#include <cstdlib>
#include <new>

#include "runtime/decide/hand_policy_for_test.h"

namespace {
size_t allocations = 0;
size_t fail_at = 0;  // 0: never; else the allocation with this number and all after it fail
}  // namespace

// Not inlined: an optimizer that sees only one of the pair warns about a mismatch.
[[gnu::noinline]] void* operator new(size_t size) {
  ++allocations;
  if (fail_at != 0 && allocations >= fail_at) throw std::bad_alloc();
  if (void* memory = std::malloc(size != 0 ? size : 1)) return memory;
  throw std::bad_alloc();
}
[[gnu::noinline]] void operator delete(void* memory) noexcept { std::free(memory); }
[[gnu::noinline]] void operator delete(void* memory, size_t) noexcept { std::free(memory); }

namespace hpol {
namespace {

class AllocationTest : public testing::Test {
 protected:
  AllocationTest() {
    const uint32_t ssn = p.Detector("us_ssn", hand::Code(hand::MatchSsn, "0123456789"), "us_ssn");
    const uint32_t email = p.Detector("email", hand::Code(hand::MatchEmail));
    p.Attribute("department", AttributeType::kEnum, Source::kIdentity, false, {"legal", "sales"});
    const uint32_t purpose = p.Attribute("purpose", AttributeType::kString, Source::kCaller, true);
    const uint32_t testing = p.OnAttribute(ir::FactKind::kText, purpose, p.Texts({"testing"}));
    p.Classify(hand::Always(), hand::kPublic);
    p.Classify(hand::Is(p.Found({ssn}, Tier::kChecksum)), hand::kConfidential.Join(hand::kPii));
    p.Classify(hand::Is(p.OnDetectors(ir::FactKind::kDistinct, {email}, 1)), hand::kInternal);
    const uint32_t qwen = p.Target("qwen", hand::Policy::kPrivate, hand::kTop);
    const uint32_t gpt = p.Target("gpt", hand::Policy::kCloud, hand::kPublic.Join(hand::kPseudonymous));
    const uint32_t scrub = p.Redaction("scrub", {{RedactionAction::kPseudonym, {email}, hand::kPseudonymous},
                                                 {RedactionAction::kMask, {ssn}, hand::kPublic}});
    const uint32_t at_qwen = p.Candidate(qwen);
    const uint32_t at_gpt = p.Candidate(gpt, scrub);
    p.Send(hand::Is(testing), {at_gpt, at_qwen});
    p.Send(hand::Always(), {at_gpt, at_qwen});
    engine = p.Make();
    given.Add("department", Source::kIdentity, {"sales"});
  }

  size_t Run(Surface surface, const std::string& body, bool render) {
    const size_t before = allocations;
    const Decision& decision = engine->Decide({surface, body, given.span(), false}, scratch);
    if (render) {
      for (size_t i = 0; i < decision.candidates().size(); ++i) {
        sent += engine->Render(i, {.model = "gpt-9"}, scratch).allowed ? 1 : 0;
      }
    }
    return allocations - before;
  }

  hand::Policy p;
  hand::Given given;
  std::shared_ptr<const Engine> engine;
  Scratch scratch;
  size_t sent = 0;
  const std::string text =
      "\xef\xbc\x95 jane@example.net, joe@example.net and 536-22-8145 with \\u0035 in it";
  const std::string chat =
      R"({"model":"m","messages":[{"role":"system","content":"be nice"},{"role":"user","content":)"
      R"("jane@example.net\nand 536-22-8145"},{"role":"user","content":"bye \u5de5"}]})";
};

TEST_F(AllocationTest, DecideIsFreeOfAllocationsOnceWarm) {
  for (int i = 0; i < 3; ++i) Run(Surface::kText, text, false), Run(Surface::kOpenAiChat, chat, false);
  EXPECT_EQ(Run(Surface::kText, text, false), 0u);
  EXPECT_EQ(Run(Surface::kOpenAiChat, chat, false), 0u);
}

TEST_F(AllocationTest, RenderIsFreeOfAllocationsOnceWarm) {
  for (int i = 0; i < 3; ++i) Run(Surface::kText, text, true), Run(Surface::kOpenAiChat, chat, true);
  sent = 0;
  EXPECT_EQ(Run(Surface::kText, text, true), 0u);
  EXPECT_EQ(Run(Surface::kOpenAiChat, chat, true), 0u);
  EXPECT_EQ(sent, 4u);
}

// Out of memory at any point is a denial, never a crash and never half a decision.
TEST_F(AllocationTest, OutOfMemoryDenies) {
  size_t denials = 0;
  for (size_t after = 1;; ++after) {
    ASSERT_LT(after, 1000u);
    Scratch cold;
    fail_at = allocations + after;
    const Decision& decision = engine->Decide({Surface::kText, text, given.span(), false}, cold);
    const Outbound outbound = engine->Render(0, {}, cold);
    const bool complete = allocations < fail_at;
    fail_at = 0;
    if (complete) {
      EXPECT_TRUE(outbound.allowed);
      break;
    }
    ++denials;
    EXPECT_FALSE(outbound.allowed);
    EXPECT_TRUE(outbound.body.empty());
    if (decision.verdict() == Verdict::kDeny) {
      EXPECT_TRUE(decision.candidates().empty());
      EXPECT_TRUE(decision.reasons().empty());
    } else {
      EXPECT_TRUE(engine->Render(0, {}, cold).allowed);  // with memory again, the same decision serves
    }
  }
  EXPECT_GT(denials, 10u);
}

}  // namespace
}  // namespace hpol
