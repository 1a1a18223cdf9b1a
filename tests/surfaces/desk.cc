// The door is desk.h.
#include "tests/surfaces/desk.h"

#include <array>
#include <cstdio>
#include <cstdlib>

#include "hpol/compile.h"

namespace hpol::surface_tests {
namespace {

template <size_t kSize>
using Views = std::array<std::string_view, kSize>;
constexpr Views<1> kDepartment = {"marketing"};
constexpr Views<1> kApplication = {"copywriting"};
constexpr Views<1> kRegion = {"us"};
constexpr Views<1> kEnv = {"prod"};

}  // namespace

std::shared_ptr<const Engine> ExampleEngine() {
  static const std::shared_ptr<const Engine> engine = [] {
    Compilation compilation = CompileFile("policies/examples/acme.hpol");
    if (!compilation.ok) {
      std::fprintf(stderr, "%s\n", compilation.report.c_str());
      std::exit(1);
    }
    Result<std::shared_ptr<const Engine>> made =
        Engine::Make(std::move(compilation.program), "a key for tests of thirty-two bytes or more");
    if (!made) {
      std::fprintf(stderr, "%s\n", made.error().message.c_str());
      std::exit(1);
    }
    return *std::move(made);
  }();
  return engine;
}

Desk::Desk() : engine_(ExampleEngine()) {}

const Decision& Desk::Decide(Surface surface, std::string_view body) {
  const std::array<Attribute, 4> attributes = {{{"department", Source::kIdentity, kDepartment},
                                                {"application", Source::kIdentity, kApplication},
                                                {"region", Source::kIdentity, kRegion},
                                                {"env", Source::kGateway, kEnv}}};
  decision_ = &engine_->Decide({surface, body, attributes}, scratch_);
  return *decision_;
}

std::vector<Desk::Sent> Desk::Render() {
  std::vector<Sent> sent;
  const ir::Tables& tables = engine_->tables();
  const size_t count = decision_->verdict() == Verdict::kSend ? decision_->candidates().size() : 0;
  for (size_t i = 0; i < count; ++i) {
    const ir::Target& target = tables.targets[decision_->candidates()[i].target.value];
    const Outbound out = engine_->Render(i, {"the-model"}, scratch_);
    sent.push_back({std::string(out.allowed ? out.body : ""), !tables.zones[target.zone].trusted});
  }
  return sent;
}

}  // namespace hpol::surface_tests
