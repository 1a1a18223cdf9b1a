// No leak under fire: mixed requests of every surface at once, to targets that die, hang, answer garbage, cut
// streams, limit, refuse the key, or redirect elsewhere. Every byte that reached a target is kept, and read
// by RE2 with the packs' own patterns: what the untrusted ones got holds no finding.
//
//   fire_test [--requests N]    400 by default; at most 64 at once
#include <gtest/gtest.h>

#include <atomic>
#include <cstring>
#include <filesystem>
#include <random>
#include <set>

#include "bench/re2_peer.h"
#include "tests/gateway/dialect_world.h"
#include "tests/gateway/raw_client.h"

namespace hpol::gateway_tests {
namespace {

using nlohmann::json;

int requests = 400;
constexpr int kThreads = 64;

// Prompts that may not reach a cloud as they are, and words that may.
const char* const kPrompts[] = {
    "a slogan for our new bicycle",
    "my ssn is 536-22-8145, please file it",
    "charge 4539 1488 0343 6467 for the order",
    "our account is DE89 3702 0044 0532 0130 00",
    "write to jane.doe@example.net about the meeting",
    "the key is AKIAIOSFODNN7EXAMPLQ, keep it",
    "two of them: john.roe@example.org and max@example.com",
    "and 536-22-8145 in the middle of jane@example.net a sentence",
};

struct Shape {
  const char* path;
  json (*body)(const std::string& prompt, bool stream);
};

const Shape kShapes[] = {
    {"/v1/chat/completions",
     [](const std::string& prompt, bool stream) -> json {
       return {{"model", "m"}, {"stream", stream}, {"messages", {{{"role", "user"}, {"content", prompt}}}}};
     }},
    {"/v1/messages",
     [](const std::string& prompt, bool stream) -> json {
       return {{"model", "m"},
               {"max_tokens", 9},
               {"stream", stream},
               {"system", prompt},
               {"messages", {{{"role", "user"}, {"content", "do it"}}}}};
     }},
    {"/v1/responses",
     [](const std::string& prompt, bool stream) -> json {
       return {{"model", "m"}, {"stream", stream}, {"store", false}, {"input", prompt}};
     }},
    {"/api/chat",
     [](const std::string& prompt, bool stream) -> json {
       return {{"model", "m"}, {"stream", stream}, {"messages", {{{"role", "user"}, {"content", prompt}}}}};
     }},
    // In the arguments of an earlier tool call, which other dialects write as objects.
    {"/v1/chat/completions",
     [](const std::string& prompt, bool stream) -> json {
       const json function = {{"name", "look"}, {"arguments", json{{"at", prompt}}.dump()}};
       const json call = {{"id", "c1"}, {"type", "function"}, {"function", function}};
       return {{"model", "m"},
               {"stream", stream},
               {"messages",
                {{{"role", "user"}, {"content", "go on"}},
                 {{"role", "assistant"}, {"content", nullptr}, {"tool_calls", {call}}},
                 {{"role", "tool"}, {"tool_call_id", "c1"}, {"content", "nothing"}}}}};
     }},
};

std::string RequestBytes(const std::string& key, const Shape& shape, const std::string& body) {
  return "POST " + std::string(shape.path) + " HTTP/1.1\r\nhost: h\r\nauthorization: Bearer " + key +
         "\r\ncontent-type: application/json\r\nconnection: close\r\ncontent-length: " +
         std::to_string(body.size()) + "\r\n\r\n" + body;
}

class Chaos {
 public:
  explicit Chaos(uint16_t elsewhere) : elsewhere_(elsewhere) {}

  ReplayAnswer Answer(const std::string& recording, const std::string& request) {
    ReplayAnswer answer = RecordedAnswer(recording, request);
    switch (Random(16)) {
      case 0:
        return {.bytes = "", .close = true};
      case 1:  // longer than the gateway waits
        std::this_thread::sleep_for(std::chrono::milliseconds(300));
        return {.bytes = "", .close = true};
      case 2:
        return {.bytes = "not http at all\r\n\r\n", .close = true};
      case 3:
        answer.bytes.resize(answer.bytes.size() / 2);
        answer.close = true;
        return answer;
      case 4:
        return {.bytes = "HTTP/1.1 307 Temporary Redirect\r\nlocation: http://127.0.0.1:" +
                         std::to_string(elsewhere_) + "/v1/chat/completions\r\ncontent-length: 0\r\n\r\n"};
      case 5:
        return {Recording("limited")};
      case 6:
        return {Recording("key")};
      case 7:  // an error that repeats what was sent
        return {.bytes = "HTTP/1.1 500 Oops\r\ncontent-length: " + std::to_string(request.size()) +
                         "\r\n\r\n" + request};
      default:
        answer.step = Random(3) == 0 ? 11 : 0;
        return answer;
    }
  }

 private:
  uint32_t Random(uint32_t below) {
    const std::lock_guard lock(mutex_);
    return static_cast<uint32_t>(random_()) % below;
  }
  const uint16_t elsewhere_;
  std::mutex mutex_;
  std::mt19937 random_{20260101};
};

// Without the lines that hold our own credentials and signatures.
std::string WithoutCredentials(const std::string& received) {
  std::string kept;
  for (size_t at = 0; at < received.size();) {
    const size_t end = std::min(received.find('\n', at), received.size() - 1) + 1;
    const std::string line = received.substr(at, end - at);
    const bool ours = line.starts_with("authorization: ") || line.starts_with("x-api-key: ") ||
                      line.starts_with("api-key: ") || line.starts_with("x-amz-");
    if (!ours) kept += line;
    at = end;
  }
  return kept;
}

TEST(Fire, NothingAboveItsClearanceReachesATarget) {
  std::string error;
  // The packs of the policy; RE2 does not take every pattern of the others.
  const demo::TempFolder packs = *demo::TempFolder::Make();
  for (const char* const pack : {"pii", "secrets"}) {
    for (const auto& part : std::filesystem::directory_iterator(std::string("policies/std/") + pack)) {
      const std::string name = std::string(pack) + "_" + part.path().filename().string();
      if (part.path().extension() == ".hpol") std::filesystem::copy_file(part.path(), packs.File(name));
    }
  }
  const auto judge = bench::Re2Peer::Make(packs.path(), error);
  ASSERT_NE(judge, nullptr) << error;
  ReplayServer elsewhere([](const std::string& request) { return RecordedAnswer("openai", request); });
  Chaos chaos(elsewhere.port());
  DialectWorld world([](json& config) {
    config["limits"] = {{"first_byte_ms", 150}, {"idle_ms", 500}, {"connect_ms", 500}};
  });
  for (const std::string& dialect : kDialects) {
    world.server(dialect).SetScript([&, dialect](const std::string& r) { return chaos.Answer(dialect, r); });
  }
  world.server("home").SetScript([&](const std::string& r) { return chaos.Answer("openai", r); });

  std::atomic<int> next = 0;
  std::mutex mutex;
  std::map<int, int> statuses;
  std::map<std::string, int> refusals;
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&] {
      for (int i = next++; i < requests; i = next++) {
        std::mt19937 random(static_cast<uint32_t>(i));
        const std::string name = random() % 3 == 0 ? "any" : kDialects[random() % kDialects.size()];
        const Shape& shape = kShapes[random() % std::size(kShapes)];
        const std::string prompt =
            std::string(kPrompts[random() % std::size(kPrompts)]) + " (" + std::to_string(i) + ")";
        const std::string body = shape.body(prompt, random() % 2 == 0).dump();
        const RawReply reply = Ask(world.port(), RequestBytes("sk-" + name, shape, body));
        const std::lock_guard lock(mutex);
        ++statuses[reply.status];
        if (reply.status == 400) ++refusals[reply.body.substr(0, reply.body.find("request_id"))];
      }
    });
  }
  for (std::thread& thread : threads) thread.join();

  const ir::Tables& tables = DialectEngine()->tables();
  std::set<std::string_view> judged;
  for (const auto& detector : tables.detectors) judged.insert(tables.Text(detector.name));
  const auto findings = [&](const std::string& received) {
    std::vector<bench::Span> spans;
    judge->Scan(received, spans);
    std::map<std::string, int> found;
    for (const bench::Span& span : spans) {
      if (judged.contains(span.detector)) ++found[std::string(span.detector)];
    }
    return found;
  };
  for (const std::string& dialect : kDialects) {
    const std::string received = WithoutCredentials(world.server(dialect).received());
    EXPECT_GT(received.size(), 1000u) << dialect << ": the test would notice, requests do arrive";
    for (const auto& [detector, count] : findings(received))
      ADD_FAILURE() << dialect << " got " << count << " " << detector;
  }
  EXPECT_FALSE(findings(WithoutCredentials(world.server("home").received())).empty());
  EXPECT_EQ(elsewhere.received(), "") << "redirects are not followed";
  const std::string receipts = world.Receipts();
  for (const char* value : {"536-22", "4539 1488", "jane", "AKIA", "slogan"}) {
    EXPECT_EQ(receipts.find(value), std::string::npos) << value;
  }
  for (const auto& [why, count] : refusals) std::printf("%d x %s\n", count, why.c_str());
  std::string seen;
  for (const auto& [status, count] : statuses)
    seen += std::to_string(status) + ":" + std::to_string(count) + " ";
  std::printf("%d requests, statuses %s\n", requests, seen.c_str());
  EXPECT_GT(statuses[200], requests / 4) << seen;
}

}  // namespace
}  // namespace hpol::gateway_tests

int main(int argc, char** argv) {
  testing::InitGoogleTest(&argc, argv);
  for (int i = 1; i + 1 < argc; ++i) {
    if (std::strcmp(argv[i], "--requests") == 0)
      hpol::gateway_tests::requests = std::max(1, std::atoi(argv[i + 1]));
  }
  return RUN_ALL_TESTS();
}
