#include "adapters/gateway/attributes.h"

#include <gtest/gtest.h>

#include "adapters/gateway/tables_for_test.h"

namespace hpol::gateway {
namespace {

constexpr uint32_t kDepartment = 0, kRegion = 1, kEnv = 2, kPurpose = 3, kRoles = 4;

// SHA-256 of "sk-one".
std::array<uint8_t, 32> DigestOfOne() {
  return {0x45, 0x6f, 0x16, 0x12, 0xbd, 0x25, 0xc6, 0xc8, 0x45, 0x50, 0x39, 0x43, 0x7b, 0xf4, 0x41, 0xf4,
          0x3a, 0xa3, 0xb7, 0xd1, 0xc0, 0xb0, 0x04, 0x7c, 0x71, 0x2d, 0x50, 0x36, 0xdf, 0xeb, 0xef, 0x0d};
}

Settings SomeSettings() {
  Settings settings;
  settings.ways = {{kRegion, Source::kIdentity, "x-acme-region", {}},
                   {kEnv, Source::kGateway, "", {"prod"}},
                   {kPurpose, Source::kCaller, "x-purpose", {}},
                   {kRoles, Source::kIdentity, "x-roles", {}}};
  settings.trusted_peers = {*http::Cidr::Parse("10.0.0.0/8")};
  return settings;
}

http::RequestHead HeadWith(std::vector<http::HeaderField> fields) {
  http::RequestHead head;
  head.fields = std::move(fields);
  return head;
}

// name=value,value/source of every attribute.
std::string Spell(const RequestAttributes& attributes) {
  std::string text;
  for (const Attribute& attribute : attributes.list()) {
    text += std::string(attribute.name) + "=";
    for (const std::string_view value : attribute.values) text += std::string(value) + ",";
    text += "/" + std::to_string(static_cast<int>(attribute.source)) + " ";
  }
  return text;
}

TEST(RequestAttributes, HeadersCountOnlyFromTrustedPeers) {
  const TablesForTest policy;
  const Settings settings = SomeSettings();
  const http::RequestHead head = HeadWith(
      {{"X-Acme-Region", "eu"}, {"x-purpose", "demo"}, {"x-roles", "admin, user"}, {"x-hpol-env", "test"}});
  EXPECT_EQ(Spell(RequestAttributes(settings, policy.tables, nullptr, true, head)),
            "region=eu,/1 env=prod,/2 purpose=demo,/3 roles=admin,user,/1 ");
  EXPECT_EQ(Spell(RequestAttributes(settings, policy.tables, nullptr, false, head)),
            "env=prod,/2 purpose=demo,/3 ");
}

TEST(RequestAttributes, AnUnderscoreIsAnotherHeader) {
  const TablesForTest policy;
  const Settings settings = SomeSettings();
  const http::RequestHead head = HeadWith({{"X_Acme_Region", "eu"}, {"x_purpose", "demo"}});
  EXPECT_EQ(Spell(RequestAttributes(settings, policy.tables, nullptr, true, head)), "env=prod,/2 ");
}

TEST(RequestAttributes, TheKeyKnowsBetterThanAHeader) {
  const TablesForTest policy;
  const Settings settings = SomeSettings();
  KeyRecord key;
  key.attributes = {{kDepartment, {"legal"}}, {kRegion, {"us"}}};
  const http::RequestHead head = HeadWith({{"x-acme-region", "eu"}});
  EXPECT_EQ(Spell(RequestAttributes(settings, policy.tables, &key, true, head)),
            "department=legal,/1 region=us,/1 env=prod,/2 ");
}

TEST(FindKey, ComparesDigests) {
  std::vector<KeyRecord> keys(2);
  keys[0].name = "other";
  keys[1].name = "one";
  keys[1].digest = DigestOfOne();
  EXPECT_EQ(FindKey(keys, "Bearer sk-one"), &keys[1]);
  EXPECT_EQ(FindKey(keys, "bearer   sk-one"), &keys[1]);
  for (const char* value :
       {"", "Bearer", "Bearer ", "Basic sk-one", "sk-one", "Bearer sk-two", "Bearer sk-one x"}) {
    EXPECT_EQ(FindKey(keys, value), nullptr) << value;
  }
}

TEST(FindCaller, TakesEitherFieldAndNotTwoPeople) {
  std::vector<KeyRecord> keys(2);
  keys[0].name = "other";
  keys[1].name = "one";
  keys[1].digest = DigestOfOne();
  const auto find = [&](std::vector<http::HeaderField> fields) {
    return FindCaller(keys, HeadWith(std::move(fields)));
  };
  EXPECT_EQ(find({{"Authorization", "Bearer sk-one"}}), &keys[1]);
  EXPECT_EQ(find({{"X-Api-Key", "sk-one"}}), &keys[1]);
  EXPECT_EQ(find({{"x-api-key", "sk-one"}, {"authorization", "Bearer sk-one"}}), &keys[1]);
  EXPECT_EQ(find({{"x-api-key", "sk-one"}, {"authorization", "Bearer sk-two"}}), nullptr);
  EXPECT_EQ(find({{"x-api-key", "sk-two"}, {"authorization", "Bearer sk-one"}}), nullptr);
  EXPECT_EQ(find({{"x-api-key", ""}}), nullptr);
  EXPECT_EQ(find({}), nullptr);
}

TEST(IsTrustedPeer, IsByAddressOnly) {
  const Settings settings = SomeSettings();
  EXPECT_TRUE(IsTrustedPeer(settings, *http::Address::Parse("10.1.2.3")));
  EXPECT_FALSE(IsTrustedPeer(settings, *http::Address::Parse("127.0.0.1")));
  EXPECT_FALSE(IsTrustedPeer(settings, *http::Address::Parse("::ffff:10.1.2.3")));
}

}  // namespace
}  // namespace hpol::gateway
