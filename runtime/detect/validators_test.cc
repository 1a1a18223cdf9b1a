// The table of validators against values of our own: one row a value.
#include "runtime/detect/validators.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace hpol::detect {
namespace {

constexpr Validity kNo = Validity::kReject;
constexpr Validity kMaybe = Validity::kUnknown;
constexpr Validity kYes = Validity::kAccept;

struct Case {
  const char* validator;
  const char* value;
  Validity expected;
};

const Case kCases[] = {
    {"luhn", "4539578049173468", kYes},
    {"luhn", "4539 5780 4917 3468", kYes},
    {"luhn", "3782-822463-10096", kYes},
    {"luhn", "6222021001012345671", kYes},
    {"luhn", "4539578049173466", kNo},
    {"luhn", "0000000000000000", kNo},
    {"luhn", "4539.5780.4917.3465", kNo},
    {"luhn", "42", kNo},
    {"luhn", "", kNo},
    {"luhn", "45395780491734684539578", kNo},
    {"us_ssn", "536-22-8145", kYes},
    {"us_ssn", "536 22 8145", kYes},
    {"us_ssn", "536.22.8145", kYes},
    {"us_ssn", "899-01-0001", kYes},
    {"us_ssn", "536228145", kMaybe},
    {"us_ssn", "000228145", kNo},
    {"us_ssn", "000-22-8145", kNo},
    {"us_ssn", "666-22-8145", kNo},
    {"us_ssn", "900-22-8145", kNo},
    {"us_ssn", "536-00-8145", kNo},
    {"us_ssn", "536-22-0000", kNo},
    {"us_ssn", "536-22-814", kNo},
    {"iban", "DE89370400440532013000", kYes},
    {"iban", "GB82 WEST 1234 5698 7654 32", kYes},
    {"iban", "NO9386011117947", kYes},
    {"iban", "MT84-MALT-0110-0001-2345-MTLC-AST0-01S", kYes},
    {"iban", "DE89370400440532013001", kNo},
    {"iban", "DE8937040044053201300", kNo},
    {"iban", "XX89370400440532013000", kNo},
    {"iban", "de89370400440532013000", kNo},
    {"iban", "D E89370400440532013000", kNo},
    {"iban", "DE", kNo},
    {"cn_resident_id", "11010519491231002X", kYes},
    {"cn_resident_id", "11010519491231002x", kYes},
    {"cn_resident_id", "110105 19491231 002X", kYes},
    {"cn_resident_id", "310115198706034210", kYes},
    {"cn_resident_id", "310115198706034211", kNo},
    {"cn_resident_id", "440304199002290019", kNo},  // 29 February of a common year
    {"cn_resident_id", "991105194912310020", kNo},  // no such region
    {"cn_resident_id", "110105491231002", kMaybe},  // the form before 1999
    {"cn_resident_id", "110105491331002", kNo},
    {"cn_resident_id", "1101051949X231002X", kNo},
    {"ipv4", "192.168.10.24", kYes},
    {"ipv4", "8.8.8.8", kMaybe},
    {"ipv4", "0.19.8.1", kNo},
    {"ipv4", "8.2.4.45", kMaybe},
    {"ipv4", "5.9.120.33", kYes},
    {"ipv4", "10.0.0.5", kYes},
    {"ipv4", "256.1.1.1", kNo},
    {"ipv4", "192.168.010.24", kNo},
    {"ipv4", "192.168.10", kNo},
    {"ipv4", "192.168.10.24.1", kNo},
    {"ipv4", "192..10.24", kNo},
    {"ipv4", "192.168.1.0/24", kYes},
    {"ipv4", "192.168.1.0/33", kNo},
    {"ipv4", "0.0.0.0", kMaybe},
    {"ipv6", "2001:db8::8a2e:370:7334", kYes},
    {"ipv6", "2001:0db8:85a3:0000:0000:8a2e:0370:7334", kYes},
    {"ipv6", "::ffff:192.0.2.1", kYes},
    {"ipv6", "::1/128", kYes},
    {"ipv6", "fe80::1", kYes},
    {"ipv6", "::", kMaybe},
    {"ipv6", "a::b", kMaybe},
    {"ipv6", "::add", kMaybe},
    {"ipv6", "12:34:56", kNo},
    {"ipv6", "1::2::3", kNo},
    {"ipv6", ":::1", kNo},
    {"ipv6", "2001:db8::1/129", kNo},
    {"ipv6", "::ffff:192.168.1", kNo},
    {"mac", "01:23:45:67:89:AB", kYes},
    {"mac", "0012.3456.789A", kYes},
    {"mac", "00:00:00:00:00:00", kNo},
    {"mac", "FF-FF-FF-FF-FF-FF", kNo},
    {"mac", "01:23:45:67:89", kNo},
    {"phone", "60-56-85-91", kMaybe},
    {"phone", "723 813 266", kMaybe},
    {"phone", "2024-05-12", kNo},
    {"phone", "2023-2024", kNo},
    {"uuid", "7c9e6679-7425-40de-944b-e07fc1f90ae7", kYes},
    {"uuid", "7C9E6679-7425-70DE-B44B-E07FC1F90AE7", kYes},
    {"uuid", "7c9e6679-7425-40de-c44b-e07fc1f90ae7", kMaybe},
    {"uuid", "00000000-0000-0000-0000-000000000000", kMaybe},
    {"uuid", "7c9e6679-7425-40de-944b-e07fc1f90ag7", kNo},
    {"uuid", "7c9e6679742540de944be07fc1f90ae7", kNo},
    {"jwt",
     "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiI0NzExIiwic2NvcGUiOiJyZWFkIn0."
     "c2lnbmF0dXJlLW9mLW91ci1vd24",
     kYes},
    {"jwt", "eyJ0eXAiOiJKV1QifQ.eyJzdWIiOiI0NzExIiwic2NvcGUiOiJyZWFkIn0.c2lnbmF0dXJlLW9mLW91ci1vd24", kMaybe},
    {"jwt", "eyJhbGci", kMaybe},
    {"phone", "+1 415 555 0132", kYes},
    {"phone", "(415) 555-0132", kYes},
    {"phone", "415-555-0132", kYes},
    {"phone", "1-415-555-0132", kYes},
    {"phone", "415.555.0132x459", kYes},
    {"phone", "13912345678", kYes},
    {"phone", "139-1234-5678", kYes},
    {"phone", "+86 139 1234 5678", kYes},
    {"phone", "+44 20 7946 0958", kYes},
    {"phone", "+46 (0)8 928 571 38", kYes},
    {"phone", "0044 20 7946 0958", kYes},
    {"phone", "079 2718 1155", kYes},
    {"phone", "(72) 754-186", kMaybe},
    {"phone", "415-055-0132", kMaybe},
    {"phone", "115-555-0132", kNo},
    {"phone", "2024-05-12 10", kNo},
    {"phone", "0405-0607-0809", kMaybe},
    {"phone", "05-12-2024 10", kNo},
    {"phone", "12886876258", kMaybe},
    {"phone", "+999 1234 5678", kYes},
    {"phone", "+0 1234 56789", kNo},
    {"phone", "+20240724103243", kMaybe},
    {"phone", "+1 415 555", kNo},
    {"phone", "078-05-1121", kNo},
    {"phone", "", kNo},
    {"email", "jane.roe@example.net", kYes},
    {"email", "j+tag@mail.example.co.uk", kYes},
    {"email", "user@xn--80ak6aa92e.com", kYes},
    {"email", "hans@m\xc3\xbcller.de", kYes},
    {"email", "jane@1337.com", kYes},
    {"email", "icon@2x.png", kNo},
    {"email", "lodash@4.17.21", kNo},
    {"email", "jane@localhost", kNo},
    {"email", "jane..roe@example.net", kNo},
    {"email", ".jane@example.net", kNo},
    {"email", "jane@-example.net", kNo},
    {"email", "jane@example.n", kNo},
    {"email", "@example.net", kNo},
    {"random_token", "sk_live_4eC39HqLyjWDarjtT1zd", kYes},
    {"random_token", "adobe_client_id = \"9f86d081884c7d659a2feaa0c55ad015\"", kYes},
    {"random_token", "AKIAQX4BIPW3AHOV29GN", kYes},
    {"random_token", "sk_live_xxxxxxxxxxxxxxxxxxxx", kNo},
    {"random_token", "key-abcdefghijklmnopqrstuvwxyz", kNo},
    {"random_token", "adobe = \"00000000000000000000000000000000\"", kNo},
    {"random_token", "ghp_yourTokenHere1234", kMaybe},
    {"random_token", "sk-some-long-css-class-name-for-a-button", kMaybe},
    {"random_token", "", kNo},
    {"secret_assignment", "api_key = \"Zk3pQ8sVtR1mN5xT7bZ2cY9w\"", kYes},
    {"secret_assignment", "token: 6da89121079f83b2eb6acccf8219ea98", kYes},
    {"secret_assignment", "secret is hT7yU9iO1pA2sD4f", kYes},
    {"secret_assignment", "token = getAccessTokenSilently", kNo},
    {"secret_assignment", "key: my-service-account-name", kNo},
    {"secret_assignment", "author: 9f86d081884c7d65", kNo},
    {"secret_assignment", "access: 1718000000000", kNo},
    {"secret_assignment", "key = xxxxxxxxxxxxxxxxxxxx", kNo},
    {"secret_assignment", "key =", kNo},
    {"password_assignment", "my password is hunter22x", kYes},
    {"password_assignment", "密码是Qw8eR2tY", kYes},
    {"password_assignment", "password: s0leil77.", kYes},
    {"password_assignment", "password is required", kNo},
    {"password_assignment", "password: ********", kNo},
    {"password_assignment", "PASSWORD=changeme1", kNo},
    {"user_and_password", "https://deploy:hunter22@example.net", kYes},
    {"user_and_password", "curl -u app:Zk3pQ8sV", kYes},
    {"user_and_password", "postgres://postgres:postgres@localhost", kMaybe},
    {"user_and_password", "https://user:xxxxxxxx@example.net", kNo},
    {"basic_auth", "Basic YXBwOlprM3BROHNW", kYes},
    {"basic_auth", "basic information", kNo},
    {"basic_auth", "Basic dGhpc2lzbm90YXBhaXI", kNo},
    {"github_token", "ghp_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", kNo},
    {"github_token",
     "ghp_"
     "Ky9Pf34qY6Nb3wWD25RQ4F5ZR3qa7y3gm1IL",
     kYes},
    {"github_token",
     "ghs_"
     "Eeeby3abP3E2Zs8IQ9Y7aJZqhB6bae2dTjzx",
     kYes},
    {"github_token", "ghp_000000000000000000000000000000000000", kNo},
    {"github_token", "ghp_short", kMaybe},
};

TEST(Validators, EveryRowSaysWhatItsStandardSays) {
  for (const Case& c : kCases) {
    const uint32_t index = FindValidator(c.validator);
    ASSERT_NE(index, 0u) << c.validator;
    EXPECT_EQ(static_cast<int>(Validators()[index].check(c.value)), static_cast<int>(c.expected))
        << c.validator << " " << c.value;
  }
}

TEST(Validators, FineGrainedTokensAreCertainByForm) {
  const uint32_t index = FindValidator("github_token");
  const std::string token =
      "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";
  EXPECT_EQ(Validators()[index].check(token), kYes);
  const std::string none = "github_pat_" + std::string(22, 'A') + "_" + std::string(59, 'A');
  EXPECT_EQ(Validators()[index].check(none), kNo);
}

TEST(Validators, EveryNameIsUniqueAndHasAStandard) {
  std::set<std::string_view> names;
  const auto& table = Validators();
  EXPECT_EQ(table[0].name, "none");
  EXPECT_EQ(table[0].check("anything"), kMaybe);
  for (size_t i = 1; i < table.size(); ++i) {
    EXPECT_TRUE(names.insert(table[i].name).second);
    EXPECT_FALSE(table[i].standard.empty()) << table[i].name;
    EXPECT_EQ(FindValidator(table[i].name), i);
  }
  EXPECT_EQ(FindValidator("no_such_check"), 0u);
  EXPECT_EQ(FindValidator("none"), 0u);
}

// Whatever bytes a pattern cuts: an answer, and no read outside them (run under the sanitizers).
TEST(Validators, TotalOnAnyBytes) {
  uint64_t seed = 88172645463325252u;
  for (int round = 0; round < 20000; ++round) {
    std::string value;
    seed ^= seed << 13, seed ^= seed >> 7, seed ^= seed << 17;
    const size_t length = seed % 70;
    static constexpr char kBytes[] = "0123456789-. ()+@xXABghp_eyJ\x80\xff\0:";
    for (size_t i = 0; i < length; ++i) {
      seed ^= seed << 13, seed ^= seed >> 7, seed ^= seed << 17;
      value += kBytes[seed % (sizeof kBytes - 1)];
    }
    for (const Validator& validator : Validators()) validator.check(value);
  }
}

}  // namespace
}  // namespace hpol::detect
