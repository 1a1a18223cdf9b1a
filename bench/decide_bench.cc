// Decisions: a policy of 20 rules beside C++ by hand and beside other policy engines, random and hostile
// rules up to 100,000, edits of rules, whole verdicts with text, threads. Decisions are compared before
// anything is timed, and the run is refused when they differ.
//
//   decide_bench [--only=authorize|peers|random|edit|verdict|threads] [--peers=FOLDER]
//
// Every time is the fastest of many short rounds (fastest.h).
#include <benchmark/benchmark.h>

#include <array>
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <thread>
#include <vector>

#include "bench/authorize.h"
#include "bench/engine.h"
#include "bench/fastest.h"
#include "bench/random_rules.h"
#include "bench/text.h"
#include "compiler/driver/driver.h"
#include "hpol/compile.h"
#include "hpol/engine.h"
#include "runtime/tables/verify.h"

namespace hpol::bench {
namespace {

using benchmark::DoNotOptimize;

[[noreturn]] void Die(const std::string& what) {
  std::fprintf(stderr, "decide_bench: %s\n", what.c_str());
  std::exit(1);
}

void Title(const char* title) { std::printf("\n%s\n", title); }
void Row(const std::string& name, double ns, const std::string& beside = "") {
  std::printf("  %-58s %10.1f ns   %s\n", name.c_str(), ns, beside.c_str());
}
std::string Times(double ns, double floor) {
  char text[64];
  std::snprintf(text, sizeof text, "%.2f x the floor", ns / floor);
  return text;
}

// ---- 20 rules ----

struct Authorize {
  std::shared_ptr<const Engine> engine = MakeEngine(CompileText("authorize.hpol", AuthorizePolicy()));
  std::vector<Caller> callers = RandomCallers(1024, 7);
  std::vector<SpelledCaller> spelled;
  std::vector<AttributeSet> sets;

  Authorize() {
    if (!engine) Die("the policy of 20 rules does not compile");
    for (const Caller& caller : callers) {
      spelled.push_back(Spell(caller));
      Fill(sets.emplace_back(*engine), spelled.back());
    }
  }

  // In the order of the declaration.
  static void Fill(AttributeSet& set, const SpelledCaller& caller) {
    set.Clear();
    set.Set(AttributeId{0}, Source::kIdentity, caller.department);
    set.Set(AttributeId{1}, Source::kIdentity, caller.region);
    set.Set(AttributeId{2}, Source::kIdentity, caller.clearance);
    set.Set(AttributeId{3}, Source::kIdentity, {caller.roles.data(), caller.role_count});
    set.SetInt(AttributeId{4}, Source::kGateway, caller.tokens);
    set.SetInt(AttributeId{5}, Source::kGateway, caller.cost);
    set.SetBool(AttributeId{6}, Source::kGateway, caller.flagged);
  }
};

void CompareAuthorize(const Authorize& world) {
  Scratch scratch;
  size_t allowed = 0;
  for (size_t i = 0; i < world.callers.size(); ++i) {
    const Choice choice = world.engine->Choose(world.sets[i], scratch);
    const uint32_t expected = DecideByHand(world.callers[i]);
    if (choice.row != expected || DecideByHand(world.spelled[i]) != expected ||
        (choice.verdict == Verdict::kSend) != (expected != kNoRule && expected >= kDenials))
      Die("caller " + std::to_string(i) + " is decided differently by hand");
    allowed += choice.verdict == Verdict::kSend ? 1 : 0;
  }
  std::printf("  %zu of %zu random callers allowed; hpol and both hands agree on every rule\n", allowed,
              world.callers.size());
}

void RunAuthorize() {
  Title("20 rules over department, roles, region, clearance, tokens, cost, flag");
  const Authorize world;
  CompareAuthorize(world);
  const size_t count = world.callers.size();
  Scratch scratch;
  const double floor = FastestNs(count, [&] {
    for (const Caller& caller : world.callers) DoNotOptimize(DecideByHand(caller));
  });
  Row("C++ by hand, interned, roles a bit mask", floor);
  const double chosen = FastestNs(count, [&] {
    for (const AttributeSet& set : world.sets) DoNotOptimize(world.engine->Choose(set, scratch).row);
  });
  Row("hpol, interned (Choose)", chosen, Times(chosen, floor));
  const double text_floor = FastestNs(count, [&] {
    for (const SpelledCaller& caller : world.spelled) DoNotOptimize(DecideByHand(caller));
  });
  Row("C++ by hand, from strings", text_floor);
  AttributeSet set(*world.engine);
  const double texts = FastestNs(count, [&] {
    for (const SpelledCaller& caller : world.spelled) {
      Authorize::Fill(set, caller);
      DoNotOptimize(world.engine->Choose(set, scratch).row);
    }
  });
  Row("hpol, from strings (Set…, Choose)", texts, Times(texts, text_floor));
  Request request;
  const double decided = FastestNs(count, [&] {
    for (const AttributeSet& one : world.sets) {
      request.interned = &one;
      DoNotOptimize(world.engine->Decide(request, scratch).verdict());
    }
  });
  Row("hpol, whole decision with reasons, no text (Decide)", decided);
}

// ---- peers ----

std::string WriteCallers(const Authorize& world, const std::string& path) {
  nlohmann::json all = nlohmann::json::array();
  for (size_t i = 0; i < world.callers.size(); ++i) {
    const SpelledCaller& one = world.spelled[i];
    all.push_back({{"department", one.department},
                   {"region", one.region},
                   {"clearance", world.callers[i].clearance},
                   {"roles", std::vector<std::string>(one.roles.begin(), one.roles.begin() + one.role_count)},
                   {"tokens", one.tokens},
                   {"cost", one.cost},
                   {"flagged", one.flagged}});
  }
  std::ofstream(path) << all;
  return path;
}

void ReportPeer(const nlohmann::json& peer, const Authorize& world) {
  const std::string name = peer.at("name");
  if (peer.contains("error")) {
    std::printf("  %-58s left out: %s\n", name.c_str(), peer.at("error").get<std::string>().c_str());
    return;
  }
  const std::string allowed = peer.at("allowed");
  for (size_t i = 0; i < world.callers.size(); ++i) {
    const uint32_t rule = DecideByHand(world.callers[i]);
    if (i >= allowed.size() || (allowed[i] == '1') != (rule != kNoRule && rule >= kDenials))
      Die(name + " decides caller " + std::to_string(i) + " differently");
  }
  Row(name, peer.at("ns"), "the same verdicts");
}

void RunPeers(const std::string& folder) {
  Title("the same rules and callers in other engines, under node, each in its own loop");
  if (!std::filesystem::exists(folder + "/node_modules")) {
    std::printf("  not installed (npm ci --prefix %s)\n", folder.c_str());
    return;
  }
  const Authorize world;
  const std::string path =
      WriteCallers(world, std::filesystem::temp_directory_path() / "hpol_decide_bench_callers.json");
  std::FILE* pipe = popen(("node '" + folder + "/peers.mjs' '" + path + "'").c_str(), "r");
  if (pipe == nullptr) Die("node does not start");
  std::string line;
  for (int c = std::fgetc(pipe); c != EOF; c = std::fgetc(pipe)) {
    if (c != '\n') {
      line += static_cast<char>(c);
      continue;
    }
    ReportPeer(nlohmann::json::parse(line), world);
    line.clear();
  }
  pclose(pipe);
  std::filesystem::remove(path);
  std::printf("  OPA is left out: its compiler from Rego to WebAssembly is no npm or Debian package\n");
}

// ---- random rules ----

// One decision with nothing of the engine in any cache, the clock's own time taken off: the median.
double ColdNs(const Engine& engine, const std::vector<AttributeSet>& sets, Scratch& scratch) {
  static std::vector<uint8_t> other(size_t{96} << 20, 1);
  std::vector<double> times, empty;
  for (size_t i = 0; i < 41; ++i) {
    for (size_t at = 0; at < other.size(); at += 64) ++other[at];
    const double begin = SecondsNow();
    DoNotOptimize(engine.Choose(sets[i], scratch).row);
    times.push_back(SecondsNow() - begin);
    const double before = SecondsNow();
    empty.push_back(SecondsNow() - before);
  }
  std::sort(times.begin(), times.end());
  std::sort(empty.begin(), empty.end());
  return (times[times.size() / 2] - empty[empty.size() / 2]) * 1e9;
}

void RunFamily(Family family, uint32_t count) {
  const std::vector<RandomRule> rules = MakeRules(family, count);
  const std::vector<RandomQuery> queries = MakeQueries(1024, count);
  const std::shared_ptr<const ir::Tables> tables = ToTables(rules);
  if (const Result<bool> verified = ir::Verify(*tables); !verified) Die(verified.error().message);
  double built = 1e30;
  std::shared_ptr<const Engine> engine;
  for (int i = 0; i < 5; ++i) {
    const double begin = SecondsNow();
    engine = MakeEngineOf(tables);
    built = std::min(built, SecondsNow() - begin);
  }
  std::vector<AttributeSet> sets;
  Scratch scratch;
  size_t none = 0;
  for (size_t i = 0; i < queries.size(); ++i) {
    Fill(sets.emplace_back(*engine), queries[i]);
    if (i >= 200 && count > 10'000) continue;  // reading 100,000 rules takes its time
    const uint32_t expected = DecideByScan(rules, queries[i]);
    if (engine->Choose(sets.back(), scratch).row != expected)
      Die(std::string(FamilyName(family)) + ": query " + std::to_string(i) + " is decided differently");
    none += expected == Choice::kNoRow ? 1 : 0;
  }
  const size_t compared = count > 10'000 ? 200 : queries.size();
  const double ns = FastestNs(sets.size(), [&] {
    for (const AttributeSet& set : sets) DoNotOptimize(engine->Choose(set, scratch).row);
  });
  const double cold = ColdNs(*engine, sets, scratch);
  std::printf("  %-16s %7u rules %8.1f ns  cold %6.0f ns  no rule %3zu %%  index made in %7.2f ms\n",
              FamilyName(family), count, ns, cold, none * 100 / compared, built * 1e3);
}

void RunRandom() {
  Title(
      "random rules over 12 attributes, from interned attributes; every answer compared with reading all "
      "rules");
  for (const Family family : {Family::kLoose, Family::kSelective, Family::kScattered, Family::kOneAttribute,
                              Family::kRanges, Family::kNegations, Family::kStrings})
    for (const uint32_t count : {20u, 1'000u, 10'000u, 100'000u}) RunFamily(family, count);
}

// ---- edits ----

// The language allows no more rules in one policy.
constexpr uint32_t kMostAsText = 10'000;

std::string PolicyOf(uint32_t rules, uint32_t edit) {
  std::string text = AuthorizePolicy();
  const size_t at = text.find("route {\n") + 8;
  std::string more;
  for (uint32_t i = 0; i < rules; ++i) {
    more += "  when department == " + std::string(kDepartments[i % 8]) +
            " and region == " + std::string(kRegions[i / 8 % 6]) +
            " and tokens >= " + std::to_string(100'000 + i + edit) + " and roles has " +
            std::string(kRoles[i % 12]) + " send to cloud\n";
  }
  return text.insert(at, more);
}

void RunEdit() {
  Title("a rule is edited: from new tables, and from new policy text, to an engine that decides");
  for (const uint32_t count : {1'000u, 10'000u, 100'000u}) {
    const std::vector<RandomRule> rules = MakeRules(Family::kLoose, count);
    const std::shared_ptr<const ir::Tables> tables = ToTables(rules);
    const double made = FastestNs(1, [&] { DoNotOptimize(MakeEngineOf(tables)); });
    const double verified = FastestNs(1, [&] { DoNotOptimize(ir::Verify(*tables).ok()); });
    std::printf("  %7u random rules: index %8.3f ms, tables verified %8.3f ms\n", count, made / 1e6,
                verified / 1e6);
    if (count > kMostAsText) continue;
    const uint32_t as_text = std::min(count, kMostAsText - 100);
    const auto store = std::make_shared<cache::Store>();
    double best = 1e30;
    for (uint32_t edit = 0; edit < (count > 1000 ? 2u : 5u); ++edit) {
      driver::Options options;
      options.cache = store;
      const double begin = SecondsNow();
      const driver::Build build = driver::Run({"edit.hpol", PolicyOf(as_text, edit), ""}, options);
      if (!build.ok()) Die("the edited policy does not compile");
      DoNotOptimize(Engine::Make(build.program, "key"));
      best = std::min(best, SecondsNow() - begin);
    }
    std::printf("  %7u rules as text: %8.1f ms, all stages\n", as_text, best * 1e3);
  }
}

// ---- whole verdicts ----

void RunVerdict() {
  Title("whole verdict of the example policy: JSON, scan, label, candidates");
  const std::shared_ptr<const Engine> engine =
      MakeEngine(CompileFile(HPOL_SOURCE_DIR "/policies/examples/acme.hpol"));
  if (!engine) Die("the example policy does not compile");
  AttributeSet set(*engine);
  const auto give = [&](const char* name, Source source, const char* value) {
    if (!set.Set(*engine->FindAttribute(name), source, value)) Die(std::string(name) + " is not accepted");
  };
  give("department", Source::kIdentity, "marketing");
  give("application", Source::kIdentity, "copywriting");
  give("region", Source::kIdentity, "us");
  give("env", Source::kGateway, "prod");
  Scratch scratch;
  const auto run = [&](const char* name, Surface surface, const std::string& body, bool lazy) {
    Request request;
    request.surface = surface;
    request.body = body;
    request.interned = &set;
    request.lazy = lazy;
    if (engine->Decide(request, scratch).verdict() != Verdict::kSend) Die("the request is denied");
    const double ns = FastestNs(64, [&] {
      for (int i = 0; i < 64; ++i) DoNotOptimize(engine->Decide(request, scratch).verdict());
    });
    Row(name, ns);
  };
  const auto chat = [](const std::string& text) {
    return nlohmann::json({{"model", "m"}, {"messages", {{{"role", "user"}, {"content", text}}}}}).dump();
  };
  run("no text", Surface::kText, "", false);
  run("short text", Surface::kText, "write a slogan for our spring sale", false);
  run("2 KB of text", Surface::kText, NaturalText(2048), false);
  run("OpenAI body of 2 KB", Surface::kOpenAiChat, chat(NaturalText(1980)), false);
  run("OpenAI body of 2 KB, findings not wanted", Surface::kOpenAiChat, chat(NaturalText(1980)), true);
}

// ---- threads ----

void RunThreads() {
  Title("threads that share one engine, 1,000 loose rules");
  const std::shared_ptr<const Engine> engine = MakeEngineOf(ToTables(MakeRules(Family::kLoose, 1000)));
  const std::vector<RandomQuery> queries = MakeQueries(256, 1000);
  const auto decisions_per_second = [&](unsigned threads) {
    double best = 0;
    for (int round = 0; round < 15; ++round) {
      std::atomic<bool> start = false, stop = false;
      std::atomic<uint64_t> total = 0;
      std::vector<std::thread> all;
      for (unsigned t = 0; t < threads; ++t) {
        all.emplace_back([&] {
          Scratch scratch;
          std::vector<AttributeSet> sets;
          for (const RandomQuery& query : queries) Fill(sets.emplace_back(*engine), query);
          while (!start) std::this_thread::yield();
          uint64_t done = 0;
          while (!stop) {
            for (const AttributeSet& set : sets) DoNotOptimize(engine->Choose(set, scratch).row);
            done += sets.size();
          }
          total += done;
        });
      }
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
      const double begin = SecondsNow();
      start = true;
      std::this_thread::sleep_for(std::chrono::milliseconds(100));
      stop = true;
      const double seconds = SecondsNow() - begin;
      for (std::thread& thread : all) thread.join();
      best = std::max(best, static_cast<double>(total) / seconds);
    }
    return best;
  };
  const double one = decisions_per_second(1);
  for (const unsigned threads : {1u, 2u, 4u}) {
    const double many = threads == 1 ? one : decisions_per_second(threads);
    std::printf("  %u threads: %6.1f million decisions a second, %.2f times one thread\n", threads,
                many / 1e6, many / one);
  }
}

int Main(int argc, char** argv) {
  std::string only;
  std::string peers = HPOL_SOURCE_DIR "/bench/peers";
  for (int i = 1; i < argc; ++i) {
    if (std::strncmp(argv[i], "--only=", 7) == 0) only = argv[i] + 7;
    if (std::strncmp(argv[i], "--peers=", 8) == 0) peers = argv[i] + 8;
  }
  const auto wanted = [&](const char* name) { return only.empty() || only == name; };
  if (wanted("authorize")) RunAuthorize();
  if (wanted("peers")) RunPeers(peers);
  if (wanted("random")) RunRandom();
  if (wanted("edit")) RunEdit();
  if (wanted("verdict")) RunVerdict();
  if (wanted("threads")) RunThreads();
  return 0;
}

}  // namespace
}  // namespace hpol::bench

int main(int argc, char** argv) { return hpol::bench::Main(argc, argv); }
