// From a signed file to the first decision: what a gateway does at its start and at every reload. The policy
// is the example policy; the first load of the process, which sets up OpenSSL, is printed by itself.
//
//   load_bench [--policy=FILE] [options of Google Benchmark]
#include <benchmark/benchmark.h>
#include <stdlib.h>

#include <chrono>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <string>

#include "bench/engine.h"
#include "compiler/driver/bundle.h"
#include "compiler/driver/driver.h"
#include "hpol/bundle.h"
#include "runtime/bundle/sign.h"

namespace hpol::bench {
namespace {

// Written by this process; the key stands beside it.
struct Signed {
  std::string path;
};

bool Make(const std::string& policy, Signed& made) {
  Result<driver::Input> input = driver::ReadInput(policy);
  if (!input) return std::fprintf(stderr, "%s\n", input.error().message.c_str()), false;
  driver::Options options;
  options.jit = false;
  const driver::Build build = driver::Run(*std::move(input), options);
  const Result<std::string> bundle = driver::MakeBundle(build);
  const Result<bundle::KeyPair> keys = bundle::MakeKeyPair();
  if (!bundle || !keys) return std::fputs("the policy makes no bundle\n", stderr), false;
  const auto signer = bundle::SignerFromPem(keys->private_pem);
  const Result<std::string> bytes = bundle::Sign(*bundle, **signer, 0);
  std::string folder = std::filesystem::temp_directory_path() / "hpol_load_XXXXXX";
  if (!bytes || mkdtemp(folder.data()) == nullptr) return false;
  made.path = folder + "/policy.hpolb";
  std::ofstream(made.path, std::ios::binary) << *bytes;
  std::ofstream(made.path + ".pub") << keys->public_pem;
  std::printf("%s: %zu bytes\n", policy.c_str(), bytes->size());
  return true;
}

constexpr char kBody[] = R"({"model":"any","messages":[{"role":"user","content":"my ssn is 536-22-8145"}]})";

// Everything from the file's name to a verdict.
bool LoadAndDecide(const std::string& path) {
  const Result<TrustStore> trust = TrustStore::Load(path + ".pub");
  if (!trust) return false;
  BundleOptions options;
  options.trust = &*trust;
  const Result<Bundle> bundle = Bundle::Load(path, options);
  if (!bundle) return std::fprintf(stderr, "%s\n", bundle.error().message.c_str()), false;
  const auto engine = Engine::Make(bundle->program(), "a key for benchmarks");
  if (!engine) return false;
  Scratch scratch;
  const Decision& decision = (*engine)->Decide({Surface::kOpenAiChat, kBody, {}}, scratch);
  return decision.cause() != DenyCause::kInternal;
}

void Load(benchmark::State& state, const std::string& path) {
  for (auto _ : state) {
    if (!LoadAndDecide(path)) return state.SkipWithError("the bundle does not load");
  }
}

int First(const std::string& path) {
  const auto before = std::chrono::steady_clock::now();
  const bool good = LoadAndDecide(path);
  const std::chrono::duration<double, std::milli> taken = std::chrono::steady_clock::now() - before;
  std::printf("first load of a process, to the first decision: %.2f ms\n", taken.count());
  return good ? 0 : 1;
}

int Main(int argc, char** argv) {
  if (argc == 3 && std::strcmp(argv[1], "--first") == 0) return First(argv[2]);
  std::string policy = HPOL_SOURCE_DIR "/policies/examples/acme.hpol";
  if (argc > 1 && std::strncmp(argv[1], "--policy=", 9) == 0) {
    policy = argv[1] + 9;
    argv[1] = argv[0], ++argv, --argc;
  }
  Signed made;
  if (!Make(policy, made)) return 1;
  const std::string again = std::string("\"") + argv[0] + "\" --first " + made.path;
  for (int i = 0; i < 3; ++i) {
    std::fflush(stdout);
    if (std::system(again.c_str()) != 0) return 1;
  }
  benchmark::RegisterBenchmark("load and decide", [&](benchmark::State& state) {
    Load(state, made.path);
  })->Unit(benchmark::kMicrosecond);
  benchmark::Initialize(&argc, argv);
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}

}  // namespace
}  // namespace hpol::bench

int main(int argc, char** argv) { return hpol::bench::Main(argc, argv); }
