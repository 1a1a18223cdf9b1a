// The C++ door as a program outside the tree uses it.
#include <hpol/bundle.h>
#include <hpol/engine.h>

#include <iostream>

namespace {

void Ask(const hpol::Engine& engine, hpol::Scratch& scratch, std::string_view team, std::string_view body) {
  const hpol::ir::Tables& tables = engine.tables();
  const hpol::Attribute attributes[] = {{"team", hpol::Source::kIdentity, {&team, 1}}};
  const hpol::Decision& decision =
      engine.Decide({.surface = hpol::Surface::kText, .body = body, .attributes = attributes}, scratch);
  const bool send = decision.verdict() == hpol::Verdict::kSend;
  std::string_view reason;
  for (const hpol::Reason& each : decision.reasons()) {
    if (!send && decision.cause() == hpol::DenyCause::kRule && each.table == hpol::Reason::Table::kRoute)
      reason = tables.Text(tables.route[each.row].reason);
  }
  std::cout << (send ? "send" : "deny")
            << ": level=" << tables.Text(tables.levels[static_cast<size_t>(decision.label().level())])
            << " cause=" << (send ? "" : hpol::CauseName(decision.cause())) << " reason=" << reason;
  for (const hpol::Finding& finding : decision.findings())
    std::cout << " found=" << tables.Text(tables.detectors[finding.detector.value].name) << "["
              << finding.begin << "," << finding.end << ")";
  const size_t candidates = send ? decision.candidates().size() : 0;
  for (size_t i = 0; i < candidates; ++i) {
    const auto target = decision.candidates()[i].target;
    const hpol::Outbound out = engine.Render(i, {.model = "m"}, scratch);
    if (out.allowed)
      std::cout << " to=" << tables.Text(tables.targets[target.value].name) << " as=" << out.body;
  }
  std::cout << "\n";
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) return 2;
  const auto trust = hpol::TrustStore::Load(argv[2]);
  if (!trust) return 3;
  const auto bundle = hpol::Bundle::Load(argv[1], {.trust = &*trust});
  if (!bundle) return 4;
  const auto engine = hpol::Engine::Make(bundle->program(), "a key for tests");
  if (!engine) return 5;
  hpol::Scratch scratch;
  Ask(**engine, scratch, "sales", "hello");
  Ask(**engine, scratch, "sales", "about T-123456, again");
  Ask(**engine, scratch, "legal", "hello");
  Ask(**engine, scratch, "nobody", "hello");
  return 0;
}
