#include "adapters/gateway/receipt.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "adapters/gateway/tables_for_test.h"

namespace hpol::gateway {
namespace {

using nlohmann::json;

TEST(FormatReceipt, HoldsFactsAndNoText) {
  const TablesForTest policy;
  const Decision decision;
  const std::string_view legal[] = {"legal"};
  const std::string_view odd[] = {"my ssn is 536-22-8145"};
  const std::string_view roles[] = {"admin", "root"};
  const Attribute attributes[] = {{"department", Source::kIdentity, legal},
                                  {"purpose", Source::kCaller, odd},
                                  {"region", Source::kIdentity, odd},
                                  {"roles", Source::kIdentity, roles}};
  ReceiptFacts facts;
  facts.request_id = "req_1";
  facts.key_name = "team-a";
  facts.decision = &decision;
  facts.attributes = attributes;
  facts.attempts = {{0, 500, "status", 3}};
  facts.outcome = "denied";
  facts.status = 403;
  const std::string text = FormatReceipt(facts, policy.tables);
  ASSERT_EQ(text.find('\n'), text.size() - 1);
  EXPECT_EQ(text.find("536"), std::string::npos) << text;
  const json line = json::parse(text);
  EXPECT_EQ(line["policy"], "acme");
  EXPECT_EQ(line["key"], "team-a");
  EXPECT_EQ(line["verdict"], "deny");
  EXPECT_EQ(line["cause"], "internal");
  EXPECT_EQ(line["attributes"]["department"], "legal");
  EXPECT_TRUE(line["attributes"]["region"].is_null()) << "no member of the enum: not written";
  EXPECT_FALSE(line["attributes"].contains("purpose")) << "a string may hold anything";
  EXPECT_EQ(line["attributes"]["roles"], json::parse("[\"admin\", null]"));
  EXPECT_EQ(line["attempts"][0]["target"], "qwen72b");
  EXPECT_EQ(line["attempts"][0]["result"], "status");
}

TEST(ReceiptLog, AppendsWholeLinesForTheOwnerOnly) {
  const std::string path = testing::TempDir() + "hpol_receipts_" + std::to_string(::getpid());
  std::filesystem::remove(path);
  for (int round = 0; round < 2; ++round) {
    auto log = ReceiptLog::Open(path, [] { FAIL(); });
    ASSERT_TRUE(log.ok()) << log.error().message;
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i) {
      threads.emplace_back([&log] {
        for (int j = 0; j < 50; ++j) (*log)->Write("{\"a\":1}\n");
      });
    }
    for (std::thread& thread : threads) thread.join();
    (*log)->Flush();
  }
  std::ifstream file(path);
  std::string line;
  int lines = 0;
  while (std::getline(file, line)) {
    EXPECT_EQ(line, "{\"a\":1}");
    ++lines;
  }
  EXPECT_EQ(lines, 400);
  struct stat status{};
  ASSERT_EQ(::stat(path.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600u);
  std::filesystem::remove(path);
}

TEST(ReceiptLog, SaysWhenItCannotBeOpenedOrWritten) {
  EXPECT_FALSE(ReceiptLog::Open("/nonexistent/receipts", [] {}).ok());
  std::atomic<int> failures = 0;
  {
    auto log = ReceiptLog::Open("/dev/full", [&] { ++failures; });
    ASSERT_TRUE(log.ok());
    (*log)->Write("x\n");
    (*log)->Flush();
  }
  EXPECT_EQ(failures, 1);
}

}  // namespace
}  // namespace hpol::gateway
