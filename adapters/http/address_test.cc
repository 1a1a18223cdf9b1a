#include "adapters/http/address.h"

#include <gtest/gtest.h>

namespace hpol::http {
namespace {

HostRule Rule(std::vector<std::string_view> hosts) {
  Result<HostRule> rule = HostRule::Parse(hosts);
  EXPECT_TRUE(rule.ok()) << (rule.ok() ? "" : rule.error().message);
  return rule.ok() ? *rule : HostRule();
}

TEST(Address, ParsesOnlyTheStrictForms) {
  for (const char* good : {"127.0.0.1", "10.1.2.3", "::1", "fe80::1", "::ffff:10.0.0.1"}) {
    EXPECT_TRUE(Address::Parse(good)) << good;
  }
  for (const char* bad :
       {"", "127.1", "0x7f.0.0.1", "010.0.0.1", "10.0.0.256", "[::1]", "fe80::1%eth0", "2130706433"}) {
    EXPECT_FALSE(Address::Parse(bad)) << bad;
  }
}

TEST(Cidr, RefusesHostBitsAndNonsense) {
  for (const char* bad : {"10.0.0.1/8", "10.0.0.0/33", "10.0.0.0/", "10.0.0.0/-1", "10.0.0.0/8x", "a/8"}) {
    EXPECT_FALSE(Cidr::Parse(bad)) << bad;
  }
}

struct ListCase {
  const char* range;
  const char* address;
  bool listed;
};

TEST(Cidr, SpecialAddressesMustBeListedThemselves) {
  const ListCase cases[] = {
      {"10.0.0.0/8", "10.200.0.1", true},
      {"10.0.0.0/8", "11.0.0.1", false},
      {"10.0.0.0/8", "::ffff:10.0.0.1", false},
      {"10.0.0.0/8", "64:ff9b::a00:1", false},
      {"0.0.0.0/0", "8.8.8.8", true},
      {"0.0.0.0/0", "127.0.0.1", false},
      {"0.0.0.0/0", "169.254.169.254", false},
      {"127.0.0.0/8", "127.0.0.1", true},
      {"127.0.0.1", "127.0.0.1", true},
      {"169.254.169.254/32", "169.254.169.254", true},
      {"::/0", "2a00::1", true},
      {"::/0", "::1", false},
      {"::/0", "fe80::1", false},
      {"::/0", "::ffff:10.0.0.1", false},
      {"::ffff:10.0.0.0/104", "::ffff:10.0.0.1", true},
      {"fd00::/8", "fd00:ec2::254", false},
      {"fd00::/8", "fd12::1", true},
  };
  for (const ListCase& c : cases) {
    EXPECT_EQ(Cidr::Parse(c.range)->Lists(*Address::Parse(c.address)), c.listed)
        << c.range << " " << c.address;
  }
}

TEST(HostRule, NameAndAddressMustBothHold) {
  const HostRule rule = Rule({"10.0.0.0/8", "*.gpu.internal"});
  EXPECT_TRUE(rule.NameAllowed("a.gpu.internal"));
  EXPECT_TRUE(rule.NameAllowed("A.GPU.Internal"));
  EXPECT_TRUE(rule.NameAllowed("10.0.0.7"));
  EXPECT_FALSE(rule.NameAllowed("gpu.internal"));
  EXPECT_FALSE(rule.NameAllowed("evilgpu.internal"));
  EXPECT_FALSE(rule.NameAllowed("a.gpu.internal.evil.example"));
  EXPECT_FALSE(rule.NameAllowed("127.0.0.1"));
  EXPECT_TRUE(rule.AddressAllowed("a.gpu.internal", *Address::Parse("10.0.0.7")));
  EXPECT_FALSE(rule.AddressAllowed("a.gpu.internal", *Address::Parse("8.8.8.8")));
  EXPECT_FALSE(rule.AddressAllowed("a.gpu.internal", *Address::Parse("127.0.0.1")));
}

TEST(HostRule, NamesOnlyMeanNoBareAddresses) {
  const HostRule rule = Rule({"api.example.com"});
  EXPECT_FALSE(rule.NameAllowed("10.0.0.7"));
  EXPECT_TRUE(rule.NameAllowed("api.example.com"));
  EXPECT_FALSE(rule.AddressAllowed("api.example.com", *Address::Parse("169.254.169.254")));
}

TEST(HostRule, EmptyAllowsLoopbackOnlyWhereTheOperatorWroteIt) {
  const HostRule rule;
  EXPECT_TRUE(rule.NameAllowed("api.example.com"));
  EXPECT_TRUE(rule.AddressAllowed("api.example.com", *Address::Parse("93.184.216.34")));
  EXPECT_FALSE(rule.AddressAllowed("api.example.com", *Address::Parse("127.0.0.1")));
  EXPECT_TRUE(rule.AddressAllowed("localhost", *Address::Parse("127.0.0.1")));
  EXPECT_FALSE(rule.AddressAllowed("localhost", *Address::Parse("169.254.169.254")));
  EXPECT_TRUE(rule.AddressAllowed("127.0.0.1", *Address::Parse("127.0.0.1")));
}

TEST(HostRule, RefusesWhatCannotMatch) {
  for (const std::string_view bad : {"127.1", "*", "a*.example.com", "https://a", "a b", "10.0.0.0/99", ""}) {
    const std::vector<std::string_view> hosts = {bad};
    EXPECT_FALSE(HostRule::Parse(hosts).ok()) << bad;
  }
}

}  // namespace
}  // namespace hpol::http
