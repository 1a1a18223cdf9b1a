// From a policy's text to a signed file and back: the same decisions, the same bytes, and no way around the
// signature.
#include "compiler/driver/bundle.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>

#include "compiler/ir/ir.h"
#include "hpol/bundle.h"
#include "runtime/bundle/container.h"
#include "runtime/bundle/sign.h"
#include "runtime/tables/pack.h"

namespace hpol::driver {
namespace {

using ::testing::HasSubstr;

std::string PolicyText(const std::string& version) {
  return "policy shop.desk version \"" + version + R"("
levels public < secret
categories pii
input { team : enum { sales, legal } from identity }
detector ticket { pattern `T-[0-9]{6}` bounded }
detector codename { words "bluefin", "orion" ignoring case }
classify {
  start at public
  when ticket raise to secret + pii
  when codename raise to secret
  when team == legal raise to secret
}
zone home  { trusted clears secret + all hosts "10.0.0.0/8" }
zone cloud { untrusted clears public tls required }
target llama in home { clears secret + all }
target far in cloud { clears public }
route {
  when level == secret send to llama
  otherwise send to far then to llama
}
)";
}

Build Compiled(const std::string& version = "1.2", bool jit = false) {
  Options options;
  options.jit = jit;
  Build build = Run({"desk.hpol", PolicyText(version), ""}, options);
  EXPECT_TRUE(build.ok());
  return build;
}

// Compiled once: every test changes only bytes.
const std::string& Unsigned() {
  static const std::string bytes = [] {
    Result<std::string> made = MakeBundle(Compiled());
    EXPECT_TRUE(made.ok()) << made.error().message;
    return *made;
  }();
  return bytes;
}

struct SigningKey {
  std::unique_ptr<bundle::Signer> signer;
  TrustStore trust;

  static SigningKey Make(const std::string& name) {
    const Result<bundle::KeyPair> pair = bundle::MakeKeyPair();
    EXPECT_TRUE(pair.ok());
    return {*bundle::SignerFromPem(pair->private_pem), *TrustStore::FromPem(pair->public_pem, name)};
  }
};

SigningKey& Key() {
  static SigningKey key = SigningKey::Make("the release key");
  return key;
}

const std::string& Signed() {
  static const std::string bytes = *bundle::Sign(Unsigned(), *Key().signer, 0);
  return bytes;
}

BundleOptions Trusting(const TrustStore& trust) {
  BundleOptions options;
  options.trust = &trust;
  return options;
}

BundleRefusal Why(std::string_view bytes, const BundleOptions& options) {
  BundleRefusal refusal = BundleRefusal::kNone;
  const Result<Bundle> bundle = Bundle::Read(bytes, options, &refusal);
  EXPECT_EQ(bundle.ok(), refusal == BundleRefusal::kNone);
  EXPECT_TRUE(bundle.ok() || !bundle.error().message.empty());
  return refusal;
}

BundleRefusal Why(std::string_view bytes) { return Why(bytes, Trusting(Key().trust)); }

std::string Decided(const Engine& engine, std::string_view body, std::string_view team) {
  Scratch scratch;
  const std::string_view values[] = {team};
  const Attribute attributes[] = {{"team", Source::kIdentity, values}};
  const Decision& decision = engine.Decide({Surface::kText, body, attributes}, scratch);
  std::string text =
      std::to_string(decision.label().word) + (decision.verdict() == Verdict::kSend ? " send" : " deny");
  for (const Candidate& candidate : decision.candidates())
    text += " " + std::to_string(candidate.target.value);
  for (const Finding& finding : decision.findings())
    text += " [" + std::to_string(finding.begin) + "," + std::to_string(finding.end) + ")";
  return text;
}

TEST(Bundle, DecidesAsThePolicyThatWasCompiledHere) {
  const Build build = Compiled("1.2", /*jit=*/true);
  const auto here = Engine::Make(build.program, "key");
  ASSERT_TRUE(here.ok());
  for (const uint32_t level : {2u, 3u, 4u}) {
    BundleOptions options = Trusting(Key().trust);
    options.max_level = level;
    const Result<Bundle> bundle = Bundle::Read(Signed(), options);
    ASSERT_TRUE(bundle.ok()) << bundle.error().message;
    EXPECT_LE(bundle->info().level, level);
    const auto there = Engine::Make(bundle->program(), "key");
    ASSERT_TRUE(there.ok()) << there.error().message;
    for (const char* text : {"nothing here", "see T-123456, please", "project Orion and T-1234567", ""}) {
      for (const char* team : {"sales", "legal", "nobody"})
        EXPECT_EQ(Decided(**there, text, team), Decided(**here, text, team)) << text << " " << team;
    }
  }
}

TEST(Bundle, OutlivesItsFileAndItsReader) {
  std::shared_ptr<const Engine> engine;
  {
    const std::string bytes = Signed();
    const Result<Bundle> bundle = Bundle::Read(bytes, Trusting(Key().trust));
    ASSERT_TRUE(bundle.ok());
    engine = *Engine::Make(bundle->program(), "key");
  }
  EXPECT_THAT(Decided(*engine, "T-123456", "sales"), HasSubstr("[0,8)"));
}

TEST(Bundle, SaysWhatItIs) {
  const std::string bytes = *bundle::Sign(Unsigned(), *Key().signer, 4102444800);
  const Result<Bundle> bundle = Bundle::Read(bytes, Trusting(Key().trust));
  ASSERT_TRUE(bundle.ok());
  EXPECT_EQ(bundle->info().policy, "shop.desk");
  EXPECT_EQ(bundle->info().version, "1.2");
  EXPECT_EQ(bundle->info().minimum_version, "1.2");
  EXPECT_EQ(bundle->info().signed_by, "the release key");
  EXPECT_EQ(bundle->info().not_after, 4102444800);
  EXPECT_FALSE(bundle->info().revokes);
  const auto manifest = nlohmann::json::parse(bundle->info().manifest);
  EXPECT_EQ(manifest["detectors"][0]["name"], "ticket");
  EXPECT_EQ(manifest["detectors"][0]["max_length"], 8);
  EXPECT_EQ(manifest["targets"][1]["clears"]["level"], "public");
  // The list of code names is as secret as what it finds.
  EXPECT_EQ(manifest["label"]["level"], "secret");
  EXPECT_EQ(manifest["inputs"][0]["from"], "identity");
  EXPECT_EQ(manifest["sources"][0]["file"], "desk.hpol");
}

TEST(Bundle, CarriesTheVeryTablesSoThatTheyCanBeProvedAgain) {
  const Build build = Compiled();
  bundle::Container container;
  ASSERT_EQ(bundle::Open(Signed(), container), BundleRefusal::kNone);
  pack::Unpacker unpacker(container.Find(bundle::SectionKind::kTables)->bytes);
  ir::Tables tables;
  unpacker(tables);
  ASSERT_TRUE(unpacker.Done());
  EXPECT_EQ(ir::Print(tables), ir::Print(*build.tables));
}

TEST(Bundle, SameSourceSameBytes) {
  EXPECT_EQ(*MakeBundle(Compiled()), Unsigned());
  EXPECT_EQ(*bundle::Sign(Unsigned(), *Key().signer, 0), Signed());
  EXPECT_NE(*MakeBundle(Compiled("1.3")), Unsigned());
}

// ---- what is not a bundle any more ----

TEST(Bundle, RefusesEveryByteThatIsAnother) {
  std::string bytes = Signed();
  std::map<BundleRefusal, size_t> reasons;
  for (size_t i = 0; i < bytes.size(); ++i) {
    bytes[i] = static_cast<char>(bytes[i] ^ (1 << (i % 8)));
    const BundleRefusal why = Why(bytes);
    ++reasons[why];
    ASSERT_NE(why, BundleRefusal::kNone) << "byte " << i;
    bytes[i] = static_cast<char>(bytes[i] ^ (1 << (i % 8)));
  }
  EXPECT_EQ(Why(bytes), BundleRefusal::kNone);
  // The sections' bytes fail by digest, the head's by what they say or by the signature.
  EXPECT_GT(reasons[BundleRefusal::kDigest], bytes.size() * 9 / 10);
  EXPECT_GT(reasons[BundleRefusal::kSignature], 100u);
  EXPECT_EQ(reasons[BundleRefusal::kNotABundle], 8u);
  EXPECT_EQ(reasons[BundleRefusal::kFormat], 4u);
  EXPECT_EQ(reasons[BundleRefusal::kUnknownKey], 32u);
}

TEST(Bundle, RefusesEveryByteThatIsAnotherWithoutASignatureToo) {
  std::string bytes = Unsigned();
  BundleOptions options;
  options.allow_unsigned = true;
  ASSERT_EQ(Why(bytes, options), BundleRefusal::kNone);
  for (size_t i = 0; i < bytes.size(); i += i < 1024 ? 1 : 97) {
    bytes[i] = static_cast<char>(bytes[i] ^ 0x10);
    ASSERT_NE(Why(bytes, options), BundleRefusal::kNone) << "byte " << i;
    bytes[i] = static_cast<char>(bytes[i] ^ 0x10);
  }
}

TEST(Bundle, RefusesEveryLength) {
  const std::string& bytes = Signed();
  for (size_t size = 0; size < bytes.size(); ++size)
    ASSERT_EQ(Why(std::string_view(bytes).substr(0, size)), BundleRefusal::kTruncated) << size;
  EXPECT_EQ(Why(bytes + '\0'), BundleRefusal::kTruncated);
  EXPECT_EQ(Why(bytes + bytes), BundleRefusal::kTruncated);
}

TEST(Bundle, RefusesWhatIsSomethingElse) {
  EXPECT_EQ(Why("policy shop.desk version \"1\""), BundleRefusal::kNotABundle);
  EXPECT_EQ(Why("\x7f"
                "ELF"),
            BundleRefusal::kNotABundle);
  BundleRefusal refusal = BundleRefusal::kNone;
  EXPECT_FALSE(Bundle::Load("/nowhere/at/all.hpolb", Trusting(Key().trust), &refusal).ok());
  EXPECT_EQ(refusal, BundleRefusal::kUnreadable);
  EXPECT_FALSE(Bundle::Load("/", Trusting(Key().trust), &refusal).ok());
  EXPECT_EQ(refusal, BundleRefusal::kUnreadable);
}

// ---- who signed ----

TEST(Bundle, RefusesWhoeverIsNotTrusted) {
  SigningKey other = SigningKey::Make("somebody");
  EXPECT_EQ(Why(Signed(), Trusting(other.trust)), BundleRefusal::kUnknownKey);
  EXPECT_EQ(Why(Signed(), BundleOptions()), BundleRefusal::kUnknownKey);
  EXPECT_EQ(Why(Unsigned()), BundleRefusal::kUnsigned);
  // Signed by the other, in the name of ours.
  std::string forged = *bundle::Sign(Unsigned(), *other.signer, 0);
  bundle::Container container, ours;
  ASSERT_EQ(bundle::Open(forged, container), BundleRefusal::kNone);
  ASSERT_EQ(bundle::Open(Signed(), ours), BundleRefusal::kNone);
  std::copy(ours.seal.key_id.begin(), ours.seal.key_id.end(),
            forged.begin() + static_cast<ptrdiff_t>(container.head.size() - sizeof ours.seal.key_id));
  EXPECT_EQ(Why(forged), BundleRefusal::kSignature);
}

TEST(Bundle, KeysAreChangedOneAfterTheOther) {
  SigningKey next = SigningKey::Make("the next key");
  TrustStore both = Key().trust;
  both.Add(next.trust.keys()[0]);
  const std::string by_next = *bundle::Sign(Signed(), *next.signer, 0);
  EXPECT_EQ(Why(Signed(), Trusting(both)), BundleRefusal::kNone);
  EXPECT_EQ(Why(by_next, Trusting(both)), BundleRefusal::kNone);
  EXPECT_EQ(Why(by_next), BundleRefusal::kUnknownKey);
  // Listed a second time as revoked: revoked.
  TrustStore::Key revoked = Key().trust.keys()[0];
  revoked.revoked = true;
  both.Add(revoked);
  EXPECT_EQ(Why(Signed(), Trusting(both)), BundleRefusal::kRetiredKey);
  TrustStore late;
  TrustStore::Key old = Key().trust.keys()[0];
  old.not_after = 1000;
  late.Add(old);
  EXPECT_EQ(Why(Signed(), Trusting(late)), BundleRefusal::kRetiredKey);
}

// A container made with any head: what a signer who errs could produce.
std::string Resealed(bundle::Seal seal, uint32_t abi) {
  bundle::Container container;
  EXPECT_EQ(bundle::Open(Unsigned(), container), BundleRefusal::kNone);
  seal.key_id = bundle::IdOf(Key().signer->public_key());
  size_t head = 0;
  std::string bytes = bundle::Assemble(container.sections, seal, abi, bundle::kEd25519SignatureBytes, head);
  return bytes + *Key().signer->Sign(std::string_view(bytes).substr(0, head));
}

TEST(Bundle, RefusesAnotherAbiAndOtherAlgorithms) {
  bundle::Seal seal;
  seal.algorithm = bundle::Algorithm::kEd25519;
  EXPECT_EQ(Why(Resealed(seal, HPOL_ABI_VERSION)), BundleRefusal::kNone);
  EXPECT_EQ(Why(Resealed(seal, HPOL_ABI_VERSION + 1)), BundleRefusal::kAbi);
  seal.algorithm = static_cast<bundle::Algorithm>(2);
  EXPECT_EQ(Why(Resealed(seal, HPOL_ABI_VERSION)), BundleRefusal::kAlgorithm);
}

TEST(Bundle, RefusesWhatIsOverItsTime) {
  const std::string bytes = *bundle::Sign(Unsigned(), *Key().signer, 2000);
  BundleOptions options = Trusting(Key().trust);
  options.now = 2000;
  EXPECT_EQ(Why(bytes, options), BundleRefusal::kNone);
  options.now = 2001;
  EXPECT_EQ(Why(bytes, options), BundleRefusal::kExpired);
}

// ---- versions ----

std::string SignedVersion(const std::string& version, const BundleWish& wish = {}) {
  return *bundle::Sign(*MakeBundle(Compiled(version), wish), *Key().signer, 0);
}

TEST(Bundle, RefusesVersionsThatWereReplaced) {
  const std::string old = Signed(), now = SignedVersion("1.10");
  BundleOptions options = Trusting(Key().trust);
  options.minimum_version = "1.3";
  EXPECT_EQ(Why(old, options), BundleRefusal::kOlder);
  EXPECT_EQ(Why(now, options), BundleRefusal::kNone);
  options.minimum_version = "no version";
  EXPECT_EQ(Why(now, options), BundleRefusal::kPins);
  options.minimum_version.clear();
  options.policy = "shop.other";
  EXPECT_EQ(Why(now, options), BundleRefusal::kPolicy);
  TrustStore pinned = Key().trust;
  pinned.Pin("shop.desk", "1.3");
  EXPECT_EQ(Why(old, Trusting(pinned)), BundleRefusal::kOlder);
  EXPECT_EQ(Why(now, Trusting(pinned)), BundleRefusal::kNone);
}

TEST(Bundle, RemembersAcrossProcessesWhatWasLoaded) {
  std::string folder = testing::TempDir() + "/hpol_pins_XXXXXX";
  ASSERT_NE(mkdtemp(folder.data()), nullptr);
  BundleOptions options = Trusting(Key().trust);
  options.pin_file = folder + "/versions.json";
  EXPECT_EQ(Why(Signed(), options), BundleRefusal::kNone);
  EXPECT_EQ(Why(SignedVersion("1.10"), options), BundleRefusal::kNone);
  EXPECT_EQ(Why(Signed(), options), BundleRefusal::kOlder);
  EXPECT_EQ(Why(SignedVersion("1.10"), options), BundleRefusal::kNone);
  // One that allows the step back does not lower what another one demanded.
  EXPECT_EQ(Why(SignedVersion("2", {.minimum_version = "1.2"}), options), BundleRefusal::kNone);
  EXPECT_EQ(Why(Signed(), options), BundleRefusal::kOlder);
  // Damaged, it allows nothing.
  std::ofstream(options.pin_file) << "{";
  EXPECT_EQ(Why(SignedVersion("1.10"), options), BundleRefusal::kPins);
  options.pin_file = folder + "/no/such/folder/versions.json";
  EXPECT_EQ(Why(Signed(), options), BundleRefusal::kPins);
}

TEST(Bundle, IsNotMadeOfWhatCannotBeCompared) {
  EXPECT_THAT(MakeBundle(Compiled("1.2-beta")).error().message, HasSubstr("cannot be compared"));
  EXPECT_THAT(MakeBundle(Compiled(), {.minimum_version = "1.3"}).error().message, HasSubstr("above"));
}

TEST(Versions, AreComparedByTheirNumbers) {
  EXPECT_LT(CompareVersions("1.9", "1.10"), 0);
  EXPECT_EQ(CompareVersions("2", "2.0.0"), 0);
  EXPECT_GT(CompareVersions("2.0.1", "2"), 0);
  for (const char* wrong : {"", ".", "1.", "-1", "1.x", "1..2", " 1", "1.99999999999999999999"})
    EXPECT_FALSE(IsVersion(wrong)) << wrong;
}

// ---- native code ----

TEST(Bundle, HoldsEachAutomatonOnceAndCodeForThreeLevels) {
  bundle::Container container;
  ASSERT_EQ(bundle::Open(Unsigned(), container), BundleRefusal::kNone);
  std::string_view contents;
  const Result<bundle::Image> image =
      bundle::ReadImage(container.Find(bundle::SectionKind::kImage, 1)->bytes, contents);
  ASSERT_TRUE(image.ok()) << image.error().message;
  for (const uint32_t level : {2u, 3u, 4u}) {
    EXPECT_EQ(std::ranges::count(image->entries, level, &bundle::Entry::level), bundle::kParts) << level;
  }
  // What is not code is there once: three times the tables would not fit beside it.
  uint64_t data = 0;
  for (const bundle::Segment& segment : image->segments) {
    if (segment.protection == bundle::Protection::kRead) data += segment.size;
  }
  uint64_t tables = 0;
  const auto manifest =
      nlohmann::json::parse(std::string(container.Find(bundle::SectionKind::kManifest)->bytes));
  for (const auto& detector : manifest["detectors"]) tables += detector["table_bytes"].get<uint64_t>();
  EXPECT_LT(data, 2 * tables);
}

TEST(Bundle, IsMadeForOtherMachinesToo) {
  const Result<std::string> bytes =
      MakeBundle(Compiled(), {.machines = {bundle::Machine::kX86_64, bundle::Machine::kAArch64}});
  ASSERT_TRUE(bytes.ok()) << bytes.error().message;
  bundle::Container container;
  ASSERT_EQ(bundle::Open(*bytes, container), BundleRefusal::kNone);
  std::string_view contents;
  const bundle::Section* section = container.Find(bundle::SectionKind::kImage, 2);
  ASSERT_NE(section, nullptr);
  const Result<bundle::Image> image = bundle::ReadImage(section->bytes, contents);
  ASSERT_TRUE(image.ok()) << image.error().message;
  EXPECT_EQ(image->machine, bundle::Machine::kAArch64);
  EXPECT_EQ(image->entries.size(), bundle::kParts - 2);  // the filter's steps for any CPU are the only ones
  EXPECT_GT(image->relocations.size(), 0u);
}

TEST(Image, RefusesADescriptionThatLeadsOutside) {
  bundle::Image sound;
  sound.segments = {{bundle::Protection::kExecute, 0, 16}, {bundle::Protection::kRelocated, 65536, 16}};
  sound.entries = {{2, bundle::Part::kFilterScalar, 8}, {2, bundle::Part::kDetectors, 65536}};
  sound.relocations = {65544};
  const auto read = [](const bundle::Image& image) {
    std::string_view contents;
    return bundle::ReadImage(bundle::WriteImage(image, {std::string(32, 'x')}), contents).ok();
  };
  ASSERT_TRUE(read(sound));
  const auto broken = [&](auto change) {
    bundle::Image image = sound;
    change(image);
    return !read(image);
  };
  EXPECT_TRUE(broken([](bundle::Image& image) { image.entries[0].address = 16; }));
  EXPECT_TRUE(broken([](bundle::Image& image) { image.entries[0].address = 65536; }));
  EXPECT_TRUE(broken([](bundle::Image& image) { image.entries[1].address = 65537; }));
  EXPECT_TRUE(broken([](bundle::Image& image) { image.entries[0].part = static_cast<bundle::Part>(99); }));
  EXPECT_TRUE(broken([](bundle::Image& image) { image.relocations[0] = 8; }));
  EXPECT_TRUE(broken([](bundle::Image& image) { image.relocations[0] = 65552; }));
  EXPECT_TRUE(broken([](bundle::Image& image) { image.relocations[0] = 65541; }));
  EXPECT_TRUE(broken([](bundle::Image& image) { image.segments[1].size = 24; }));
  EXPECT_TRUE(broken([](bundle::Image& image) { image.segments[1].address = 0; }));
  EXPECT_TRUE(broken([](bundle::Image& image) { image.segments[1].address = 100; }));
  EXPECT_TRUE(broken([](bundle::Image& image) { image.segments[1].address = 0x70000000; }));
  EXPECT_TRUE(broken([](bundle::Image& image) { image.machine = static_cast<bundle::Machine>(7); }));
}

}  // namespace
}  // namespace hpol::driver
