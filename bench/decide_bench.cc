// From a request to a decision: the example policy, with no text, a short one and 2 KB.
#include <benchmark/benchmark.h>

#include <array>
#include <cstdio>
#include <memory>
#include <string>

#include "bench/engine.h"
#include "bench/text.h"
#include "hpol/compile.h"
#include "hpol/engine.h"

namespace hpol::bench {
namespace {

std::shared_ptr<const Engine> LoadEngine() {
  return MakeEngine(CompileFile(HPOL_SOURCE_DIR "/policies/examples/acme.hpol"));
}

const std::shared_ptr<const Engine>& SharedEngine() {
  static const std::shared_ptr<const Engine> engine = LoadEngine();
  return engine;
}

// What a gateway would know about a caller in marketing.
struct Caller {
  std::array<std::string_view, 1> department = {"marketing"};
  std::array<std::string_view, 1> application = {"copywriting"};
  std::array<std::string_view, 1> region = {"us"};
  std::array<std::string_view, 1> env = {"prod"};
  std::array<Attribute, 4> attributes = {{{"department", Source::kIdentity, department},
                                          {"application", Source::kIdentity, application},
                                          {"region", Source::kIdentity, region},
                                          {"env", Source::kGateway, env}}};
};

void Decide(benchmark::State& state, const std::string& body) {
  const std::shared_ptr<const Engine>& engine = SharedEngine();
  if (!engine) return state.SkipWithError("the example policy does not compile");
  const Caller caller;
  Request request;
  request.body = body;
  request.attributes = caller.attributes;
  Scratch scratch;
  if (engine->Decide(request, scratch).verdict() != Verdict::kSend) {
    return state.SkipWithError("the request is denied, so this would measure something else");
  }
  for (auto _ : state) benchmark::DoNotOptimize(engine->Decide(request, scratch).verdict());
  state.SetBytesProcessed(state.iterations() * static_cast<int64_t>(body.size()));
}

BENCHMARK_CAPTURE(Decide, attributes_only, std::string());
BENCHMARK_CAPTURE(Decide, short_text, std::string("write a slogan for our spring sale"));
BENCHMARK_CAPTURE(Decide, text_2048, NaturalText(2048));

}  // namespace
}  // namespace hpol::bench

BENCHMARK_MAIN();
