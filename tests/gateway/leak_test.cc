// A thousand mixed requests at once while the private servers die: the cloud never sees
// a byte of what is not public.
#include <gtest/gtest.h>

#include <atomic>
#include <map>
#include <thread>

#include "tests/gateway/raw_client.h"
#include "tests/gateway/world.h"

namespace hpol::gateway_tests {
namespace {

using demo::Fault;

constexpr int kRequests = 1000;
constexpr int kThreads = 16;

// Who asks for what. Every prompt carries a mark that says whether the cloud may see it.
struct Mix {
  std::string key;
  std::string prompt;
  bool stream;
};

Mix Request(int number) {
  const std::string mark = std::to_string(number) + "-";
  const bool stream = number % 3 == 0;
  switch (number % 5) {
    case 0:
      return {kCopywriter, "a slogan PUBLIC-" + mark, stream};
    case 1:
      return {kAssistant, "our plan HOME-" + mark, stream};
    case 2:
      return {kLegal, "a contract HOME-" + mark, stream};
    case 3:
      return {kCopywriter, "my ssn is 536-22-8145 HOME-" + mark, stream};
    default:
      return {kCopywriter, "AKIAIOSFODNN7EXAMPLQ and HOME-" + mark, stream};
  }
}

// Runs the mix; `middle` runs once when half of it is done.
std::map<int, int> RunMix(World& world, const std::function<void()>& middle) {
  std::atomic<int> next = 0;
  std::atomic<int> done = 0;
  std::map<int, int> statuses;
  std::mutex mutex;
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&] {
      for (int i = next++; i < kRequests; i = next++) {
        const Mix mix = Request(i);
        const RawReply reply = Ask(world.port(), ChatRequest(mix.key, ChatBody(mix.prompt, mix.stream)));
        if (++done == kRequests / 2) middle();
        const std::lock_guard lock(mutex);
        ++statuses[reply.status];
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  return statuses;
}

void ExpectNothingLeaked(World& world) {
  const std::string cloud = world.cloud().received();
  EXPECT_EQ(cloud.find("HOME-"), std::string::npos);
  EXPECT_EQ(cloud.find("536-22"), std::string::npos);
  EXPECT_EQ(cloud.find("AKIA"), std::string::npos);
  EXPECT_NE(cloud.find("PUBLIC-"), std::string::npos) << "the test would notice: public prompts do arrive";
  EXPECT_EQ(world.Receipts().find("HOME-"), std::string::npos);
}

TEST(GatewayLeaks, NothingWhenBothPrivateServersDie) {
  World world;
  const std::map<int, int> statuses = RunMix(world, [&] {
    world.qwen().Stop();
    world.deepseek().Stop();
  });
  ExpectNothingLeaked(world);
  EXPECT_GT(statuses.at(200), kRequests / 2 - 50);
  EXPECT_GT(statuses.at(503), 100) << "and the rest is unavailable, not elsewhere";
  for (const auto& [status, count] : statuses)
    EXPECT_TRUE(status == 200 || status == 503) << status << " " << count;
}

class GatewayLeaksWithFault : public testing::TestWithParam<Fault> {};

TEST_P(GatewayLeaksWithFault, NothingWhenPrivateServersMisbehave) {
  World world({.limits = {{"first_byte_ms", 50}, {"idle_ms", 200}, {"connect_ms", 200}}});
  RunMix(world, [&] {
    world.qwen().SetFault(GetParam());
    world.deepseek().SetFault(GetParam());
  });
  ExpectNothingLeaked(world);
}

INSTANTIATE_TEST_SUITE_P(Faults, GatewayLeaksWithFault,
                         testing::Values(Fault::kError500, Fault::kHang, Fault::kCutStream, Fault::kGarbage,
                                         Fault::kRedirect, Fault::kRateLimit));

}  // namespace
}  // namespace hpol::gateway_tests
