// A bundle whose manifest says more than its tables show: `hpol-gateway --prove` refuses it, whoever signed
// it.
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <sstream>

#include "compiler/driver/bundle.h"
#include "hpol/bundle.h"
#include "hpol/prove.h"

namespace hpol::gateway_tests {
namespace {

constexpr char kPolicy[] = R"(policy shop.desk version "1.2"
levels public < secret
categories pii
input { team : enum { sales, legal } from gateway }
detector ticket { pattern `T-[0-9]{6}` bounded }
classify {
  start at public
  when ticket raise to secret + pii
  when team == legal raise to secret
}
zone home  { trusted clears secret + all hosts "127.0.0.0/8" }
zone cloud { untrusted clears secret + pii + pseudonymous tls required }
target llama in home { clears secret + all }
target far in cloud { clears secret + pii + pseudonymous }
route {
  when level == secret send to llama
  otherwise send to far then to llama
}
guarantee "secrets stay home" never request.level >= secret and zone is untrusted
)";

constexpr char kConfig[] =
    R"({"listen": {"port": 0}, "allow_anonymous": true, "attributes": {"team": {"value": "sales"}},
  "targets": {"llama": {"url": "http://127.0.0.1:9/v1", "model": "m"},
              "far": {"url": "https://localhost:9/v1", "model": "m"}}})";

driver::Build Compiled() {
  driver::Options options;
  options.jit = false;
  driver::Build build = driver::Run({"desk.hpol", kPolicy, ""}, options);
  EXPECT_TRUE(build.ok());
  return build;
}

std::string BundleOf(const driver::Build& build) {
  const Result<std::string> bundle = driver::MakeBundle(build);
  EXPECT_TRUE(bundle.ok()) << bundle.error().message;
  return bundle.ok() ? *bundle : std::string();
}

// The rule for secrets offers what the last rule offers; the manifest was written before.
driver::Build Lying() {
  driver::Build build = Compiled();
  ir::Tables tables = *build.tables;
  tables.route[0].candidates = tables.route[1].candidates;
  build.tables = std::make_shared<const ir::Tables>(std::move(tables));
  return build;
}

ProvedAgain Again(const std::string& bytes) {
  BundleOptions options;
  options.allow_unsigned = true;
  const Result<Bundle> bundle = Bundle::Read(bytes, options);
  EXPECT_TRUE(bundle.ok()) << bundle.error().message;
  return ProveAgain(*bundle->program().tables, bundle->info().manifest);
}

TEST(Reprove, HoldsOfWhatWasCompiled) {
  const ProvedAgain again = Again(BundleOf(Compiled()));
  EXPECT_EQ(again.failure, "");
  ASSERT_EQ(again.claims.size(), 4u);
  EXPECT_EQ(again.claims.back().title, "secrets stay home");
  EXPECT_EQ(again.claims.back().status, "proved");
}

TEST(Reprove, DoesNotBelieveTheManifest) {
  const ProvedAgain again = Again(BundleOf(Lying()));
  EXPECT_EQ(again.failure, "`secrets stay home` is broken");
  EXPECT_EQ(again.claims.back().status, "broken");
  EXPECT_NE(again.claims.back().example, "");
}

TEST(Reprove, MissesAGuaranteeThatIsOnlyClaimed) {
  driver::Build build = Compiled();
  const std::string bundle = BundleOf(build);
  BundleOptions options;
  options.allow_unsigned = true;
  const Result<Bundle> read = Bundle::Read(bundle, options);
  ASSERT_TRUE(read.ok());
  ir::Tables tables = *read->program().tables;
  tables.guarantees.clear();
  EXPECT_EQ(ProveAgain(tables, read->info().manifest).failure,
            "the manifest claims `secrets stay home`, which its tables do not show");
  EXPECT_EQ(ProveAgain(tables, "{}").failure, "the manifest's proofs cannot be read");
}

class Folder {
 public:
  Folder() {
    std::string name = (std::filesystem::temp_directory_path() / "hpol-reprove-XXXXXX").string();
    path_ = ::mkdtemp(name.data());
  }
  ~Folder() { std::filesystem::remove_all(path_); }
  std::string Write(const std::string& name, const std::string& text) const {
    std::ofstream(path_ / name, std::ios::binary) << text;
    return path_ / name;
  }
  std::string Read(const std::string& name) const {
    std::ostringstream text;
    text << std::ifstream(path_ / name).rdbuf();
    return std::move(text).str();
  }
  std::string File(const std::string& name) const { return path_ / name; }

 private:
  std::filesystem::path path_;
};

TEST(Reprove, TheGatewayRefusesALieWhenItIsTold) {
  const Folder folder;
  const std::string config = folder.Write("gateway.json", kConfig);
  const std::string honest = folder.Write("honest.hpolb", BundleOf(Compiled()));
  const std::string lying = folder.Write("lying.hpolb", BundleOf(Lying()));
  const auto run = [&](const std::string& bundle, const std::string& options) {
    const std::string command = std::string(HPOL_GATEWAY_PROGRAM) + " --allow-unsigned --check --config " +
                                config + " --bundle " + bundle + options + " >" + folder.File("out") +
                                " 2>&1";
    return std::system(command.c_str());
  };
  EXPECT_EQ(run(honest, " --prove"), 0) << folder.Read("out");
  EXPECT_EQ(run(lying, ""), 0) << folder.Read("out");
  EXPECT_NE(run(lying, " --prove"), 0);
  EXPECT_NE(folder.Read("out").find("`secrets stay home` is broken"), std::string::npos)
      << folder.Read("out");
}

}  // namespace
}  // namespace hpol::gateway_tests
