// `hpol pack list|show|export`: the packs inside the program.
#include <algorithm>
#include <fstream>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "compiler/driver/driver.h"
#include "compiler/tools/build_policy.h"
#include "compiler/tools/commands.h"
#include "policies/packs.h"

namespace hpol::tools {
namespace {

using Json = nlohmann::ordered_json;

struct PackOptions {
  std::string name;
  std::string out;
  bool json = false;
};

const policies::Pack* FindPack(const std::string& name) {
  for (const policies::Pack& pack : policies::Packs()) {
    if (pack.path == name || pack.path == "std." + name) return &pack;
  }
  Fail("no pack named `" + name + "`; `hpol pack list` shows them");
  return nullptr;
}

// The first sentence of the comment that a pack begins with.
std::string Summary(std::string_view text) {
  std::string summary;
  while (text.starts_with("//")) {
    std::string_view line = text.substr(2, text.find('\n') - 2);
    text.remove_prefix(std::min(text.size(), line.size() + 3));
    if (line.starts_with(" ")) line.remove_prefix(1);
    summary += (summary.empty() ? "" : " ") + std::string(line);
  }
  const size_t stop = std::min(summary.find(". "), summary.find(": "));
  return stop == std::string::npos ? summary : summary.substr(0, stop) + ".";
}

// The pack's detectors, with those of what it imports; nothing after an error (printed).
std::optional<driver::Build> Load(const policies::Pack& pack) {
  driver::Options stages;
  stages.stop_after = driver::Stage::kHir;
  stages.keep_imports = true;
  std::optional<driver::Build> build =
      BuildInput({std::string(pack.file), std::string(pack.text), ""}, stages,
                 /*json=*/false, Wanted::kDetectors);
  if (build && !build->ok()) return std::nullopt;
  return build;
}

Json ToJson(const hir::Detector& detector) {
  return {{"detector", detector.name},
          {"fires_at", TierName(detector.firing)},
          {"severity", hir::SeverityName(detector.severity)},
          {"suggests", detector.suggests}};
}

int List(const PackOptions& options) {
  Json packs = Json::array();
  for (const policies::Pack& pack : policies::Packs()) {
    const std::optional<driver::Build> build = Load(pack);
    if (!build) return kExitUsage;
    const size_t detectors = build->policy.detectors.size();
    packs.push_back({{"pack", pack.path},
                     {"kind", build->is_pack() ? "pack" : "policy"},
                     {"detectors", detectors},
                     {"summary", Summary(pack.text)}});
  }
  if (options.json) {
    std::cout << packs.dump(2) << "\n";
    return kExitOk;
  }
  for (const Json& pack : packs) {
    std::string name = pack["pack"];
    std::string count = std::to_string(pack["detectors"].get<size_t>());
    name.resize(std::max<size_t>(22, name.size() + 1), ' ');
    count.insert(0, count.size() < 5 ? 5 - count.size() : 0, ' ');
    std::cout << name << count << (pack["kind"] == "pack" ? " detectors  " : " (policy)   ")
              << pack["summary"].get<std::string>() << "\n";
  }
  return kExitOk;
}

int Show(const PackOptions& options) {
  const policies::Pack* pack = FindPack(options.name);
  if (pack == nullptr) return kExitUsage;
  const std::optional<driver::Build> build = Load(*pack);
  if (!build) return kExitUsage;
  if (options.json) {
    Json detectors = Json::array();
    for (const hir::Detector& detector : build->policy.detectors) detectors.push_back(ToJson(detector));
    std::cout << Json{{"pack", pack->path},
                      {"summary", Summary(pack->text)},
                      {"detectors", std::move(detectors)}}
                     .dump(2)
              << "\n";
    return kExitOk;
  }
  std::cout << pack->path << "\n" << Summary(pack->text) << "\n\n";
  size_t widest = 0;
  for (const hir::Detector& detector : build->policy.detectors)
    widest = std::max(widest, detector.name.size());
  for (const hir::Detector& detector : build->policy.detectors) {
    std::string name = detector.name;
    name.resize(widest + 2, ' ');
    std::string tier = "fires at " + std::string(TierName(detector.firing));
    tier.resize(19, ' ');
    std::string severity(hir::SeverityName(detector.severity));
    severity.resize(10, ' ');
    std::cout << name << tier << severity
              << (detector.suggests.empty() ? "" : "suggests " + detector.suggests) << "\n";
  }
  return kExitOk;
}

int Export(const PackOptions& options) {
  const policies::Pack* pack = FindPack(options.name);
  if (pack == nullptr) return kExitUsage;
  std::string text(pack->text);
  if (options.json)
    text = Json{{"pack", pack->path}, {"file", pack->file}, {"text", pack->text}}.dump(2) + "\n";
  if (options.out.empty()) {
    std::cout << text;
    return kExitOk;
  }
  std::ofstream out(options.out, std::ios::binary);
  if (!(out << text) || !out.flush()) return Fail("cannot write `" + options.out + "`");
  return kExitOk;
}

}  // namespace

void AddPack(CLI::App& app, int& exit_code) {
  auto options = std::make_shared<PackOptions>();
  CLI::App* command = app.add_subcommand("pack", "the packs of detectors inside the program");
  command->require_subcommand(1);
  const auto add = [&](const char* verb, const char* what, int (*run)(const PackOptions&)) {
    CLI::App* sub = command->add_subcommand(verb, what);
    sub->add_flag("--json", options->json, "as JSON");
    sub->callback([options, &exit_code, run] { exit_code = run(*options); });
    return sub;
  };
  add("list", "every pack, with the number of its detectors", List);
  add("show", "the detectors of a pack: tier, severity, recommended label", Show)
      ->add_option("PACK", options->name, "`std.pii`, or `pii`")
      ->required();
  CLI::App* text = add("export", "the text of a pack, to read or to begin an own one with", Export);
  text->add_option("PACK", options->name, "`std.pii`, or `pii`")->required();
  text->add_option("-o,--out", options->out, "a file instead of standard output");
}

}  // namespace hpol::tools
