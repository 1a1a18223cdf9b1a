// Trust stores as people write them, keys, times, and the record of versions.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <string>

#include "hpol/bundle.h"
#include "runtime/bundle/files.h"
#include "runtime/bundle/keys.h"
#include "runtime/bundle/manifest.h"
#include "runtime/bundle/pins.h"

namespace hpol::bundle {
namespace {

using ::testing::HasSubstr;

class TrustTest : public testing::Test {
 protected:
  TrustTest()
      : folder_(testing::TempDir() + "/hpol_trust_XXXXXX"), first_(*MakeKeyPair()), second_(*MakeKeyPair()) {
    EXPECT_NE(mkdtemp(folder_.data()), nullptr);
    Write("first.pub", first_.public_pem);
    Write("second.pub", second_.public_pem);
  }
  std::string Write(const std::string& name, const std::string& text) {
    std::ofstream(folder_ + "/" + name) << text;
    return folder_ + "/" + name;
  }
  Result<TrustStore> Load(const std::string& json) { return TrustStore::Load(Write("trust.json", json)); }
  static KeyId IdOfPem(const std::string& pem) { return IdOf(PublicKeysFromPem(pem)->front()); }

  std::string folder_;
  KeyPair first_, second_;
};

TEST_F(TrustTest, SeveralKeysInOneFile) {
  const auto store =
      TrustStore::Load(Write("both.pem", first_.public_pem + "comment\n" + second_.public_pem));
  ASSERT_TRUE(store.ok()) << store.error().message;
  EXPECT_EQ(store->keys().size(), 2u);
  EXPECT_NE(store->Find(IdOfPem(first_.public_pem)), nullptr);
  EXPECT_NE(store->Find(IdOfPem(second_.public_pem)), nullptr);
  EXPECT_EQ(store->Find(KeyId{}), nullptr);
}

TEST_F(TrustTest, KeysThatComeAndGo) {
  const auto store = Load(R"({"keys": [{"file": "first.pub", "name": "2026", "not_after": "2027-03-31"},
                                       {"file": "second.pub", "revoked": true}],
                              "minimum_versions": {"acme.gateway": "2.3", "other": "1"}})");
  ASSERT_TRUE(store.ok()) << store.error().message;
  const TrustStore::Key* first = store->Find(IdOfPem(first_.public_pem));
  ASSERT_NE(first, nullptr);
  EXPECT_EQ(first->name, "2026");
  EXPECT_EQ(FormatTime(first->not_after), "2027-03-31T23:59:59Z");
  EXPECT_FALSE(first->revoked);
  EXPECT_TRUE(store->Find(IdOfPem(second_.public_pem))->revoked);
  EXPECT_EQ(store->MinimumVersion("acme.gateway"), "2.3");
  EXPECT_EQ(store->MinimumVersion("nobody"), "");
}

TEST_F(TrustTest, WhatIsOddIsRefusedAsAWhole) {
  for (const char* json :
       {R"({"keys": [{"file": "absent.pub"}]})", R"({"keys": [{"file": "trust.json"}]})",
        R"({"keys": [{"file": "first.pub", "not_after": "soon"}]})",
        R"({"keys": [{"file": "first.pub", "x": 1}]})",
        R"({"keys": [{"file": "first.pub", "revoked": "yes"}]})", R"({"keys": "first.pub"})",
        R"({"key": []})", R"({"minimum_versions": {"a": "b"}})", R"({"minimum_versions": {"a": 1}})",
        R"({"keys": [], "keys": []})",
        R"({"keys": []} )"
        "\x01",
        "{"}) {
    EXPECT_FALSE(Load(json).ok()) << json;
  }
  EXPECT_TRUE(Load("{}").ok());  // trusts nobody
  EXPECT_THAT(TrustStore::Load(folder_ + "/absent").error().message, HasSubstr("no such file"));
  // A private key is no public one, and other algorithms are none of ours.
  EXPECT_FALSE(TrustStore::FromPem(first_.private_pem).ok());
  EXPECT_FALSE(TrustStore::FromPem(
                   "-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VuAyEAmFQeVSZPTnkn0/ueqmxmvtkwOV+eNFvNFSa4N02d"
                   "3zU=\n-----END PUBLIC KEY-----\n")
                   .ok());
}

TEST_F(TrustTest, SignsAndVerifies) {
  const auto signer = SignerFromPem(first_.private_pem);
  ASSERT_TRUE(signer.ok()) << signer.error().message;
  EXPECT_EQ(PublicKeyPem((*signer)->public_key()).ok() ? *PublicKeyPem((*signer)->public_key()) : "",
            first_.public_pem);
  const std::string signature = *(*signer)->Sign("words");
  EXPECT_TRUE(VerifyEd25519((*signer)->public_key(), "words", signature));
  EXPECT_FALSE(VerifyEd25519((*signer)->public_key(), "words ", signature));
  EXPECT_FALSE(VerifyEd25519((*signer)->public_key(), "words", signature.substr(1)));
  EXPECT_FALSE(VerifyEd25519(PublicKeysFromPem(second_.public_pem)->front(), "words", signature));
  EXPECT_FALSE(SignerFromPem(first_.public_pem).ok());
  EXPECT_FALSE(SignerFromPem("").ok());
}

TEST(Times, AreDaysOrMoments) {
  EXPECT_EQ(ParseTime("1970-01-01T00:00:10Z"), 10);
  EXPECT_EQ(ParseTime("1970-01-02"), 2 * 86400 - 1);
  for (const char* wrong : {"", "2027", "2027-13-01", "2027-02-30", "2027-01-01 ", "2027-01-01T25:00:00Z",
                            "2027-01-01T00:00:00", "tomorrow", "2027-01-01T00:00:00Zx"}) {
    EXPECT_FALSE(ParseTime(wrong)) << wrong;
  }
}

TEST(Manifest, NeedsWhatALoaderDecidesBy) {
  ManifestFacts facts;
  EXPECT_TRUE(ReadManifest(
      R"({"policy":"a.b","version":"2","minimum_version":"1.5","revokes":true,"x":[{"y":[]}]})", facts));
  EXPECT_TRUE(facts.revokes);
  for (const char* wrong :
       {"", "{}", R"({"policy":"a","version":"2","minimum_version":"1"})",
        R"({"policy":"a\"b","version":"2","minimum_version":"1","revokes":false})",
        R"({"policy":"a","version":"2","minimum_version":"3","revokes":false})",
        R"({"policy":"a","version":"two","minimum_version":"1","revokes":false})",
        R"({"policy":"a","policy":"b","version":"2","minimum_version":"1","revokes":false})"}) {
    ManifestFacts other;
    EXPECT_FALSE(ReadManifest(wrong, other)) << wrong;
  }
}

}  // namespace
}  // namespace hpol::bundle
