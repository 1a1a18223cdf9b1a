// Threads decide while bundles are loaded and swapped under them. Meant for ThreadSanitizer; of the runtime
// alone.
//
//   reload_stress KEYS COUNT BUNDLE OTHER_BUNDLE
//
// The second bundle denies what the first one sends, and both say which they are.
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "hpol/bundle.h"
#include "hpol/engine.h"

namespace hpol {
namespace {

// What an embedder keeps: everybody takes the engine in force, one thread replaces it.
class Current {
 public:
  std::shared_ptr<const Engine> Get() const {
    const std::lock_guard lock(mutex_);
    return engine_;
  }
  void Set(std::shared_ptr<const Engine> engine) {
    const std::lock_guard lock(mutex_);
    engine_.swap(engine);
  }

 private:
  mutable std::mutex mutex_;
  std::shared_ptr<const Engine> engine_;
};

std::shared_ptr<const Engine> Load(const std::string& path, const TrustStore& trust) {
  BundleOptions options;
  options.trust = &trust;
  const Result<Bundle> bundle = Bundle::Load(path, options);
  if (!bundle) {
    std::fprintf(stderr, "%s\n", bundle.error().message.c_str());
    std::exit(1);
  }
  return *Engine::Make(bundle->program(), "a key for tests");
}

// The engine's own version says what it must decide.
bool DecidesAsItSays(const Engine& engine, Scratch& scratch) {
  const std::string_view team = "sales";
  const Attribute attributes[] = {{"team", Source::kIdentity, {&team, 1}}};
  const Decision& decision = engine.Decide({Surface::kText, "about T-123456, again", attributes}, scratch);
  const bool closed = engine.tables().Text(engine.tables().version) == "2.0";
  if (decision.findings().size() != 1 || decision.findings()[0].begin != 6) return false;
  if (closed) return decision.verdict() == Verdict::kDeny && decision.cause() == DenyCause::kRule;
  return decision.verdict() == Verdict::kSend && engine.Render(0, {"m"}, scratch).allowed;
}

int Main(int argc, char** argv) {
  if (argc != 5) return 2;
  const auto trust = TrustStore::Load(argv[1]);
  if (!trust) return 2;
  Current current;
  current.Set(Load(argv[3], *trust));
  std::atomic<bool> done = false;
  std::atomic<uint64_t> right = 0, wrong = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 3; ++i) {
    threads.emplace_back([&] {
      Scratch scratch;
      while (!done) ++(DecidesAsItSays(*current.Get(), scratch) ? right : wrong);
    });
  }
  const int count = std::atoi(argv[2]);
  for (int i = 0; i < count; ++i) current.Set(Load(argv[3 + (i + 1) % 2], *trust));
  done = true;
  for (std::thread& thread : threads) thread.join();
  std::printf("%d reloads under %llu decisions, %llu wrong\n", count,
              static_cast<unsigned long long>(right + wrong), static_cast<unsigned long long>(wrong));
  return wrong == 0 && right > 0 ? 0 : 1;
}

}  // namespace
}  // namespace hpol

int main(int argc, char** argv) { return hpol::Main(argc, argv); }
