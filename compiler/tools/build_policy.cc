#include "compiler/tools/build_policy.h"

#include <unistd.h>

#include <iostream>
#include <utility>

#include "compiler/tools/commands.h"
#include "dsl/diag/render.h"

namespace hpol::tools {

namespace {

bool use_cache = true;

}  // namespace

void UseCache(bool use) { use_cache = use; }

std::shared_ptr<cache::Store> Cache() {
  return use_cache ? std::make_shared<cache::Store>(cache::DefaultFolder()) : nullptr;
}

std::optional<driver::Build> BuildPolicy(const std::string& path, driver::Options options, bool json,
                                         Wanted wanted) {
  Result<driver::Input> input = driver::ReadInput(path);
  if (!input) {
    Fail(input.error().message);
    return std::nullopt;
  }
  return BuildInput(*std::move(input), options, json, wanted);
}

std::optional<driver::Build> BuildInput(driver::Input input, driver::Options options, bool json,
                                        Wanted wanted) {
  const std::string path = input.name;
  options.cache = Cache();
  driver::Build build = driver::Run(std::move(input), options);
  if (json) {
    std::cout << dsl::RenderJson(build.diagnostics, *build.sources) << "\n";
  } else {
    std::cerr << dsl::RenderTerminal(build.diagnostics, *build.sources, UseColor(STDERR_FILENO));
    const size_t errors = build.diagnostics.error_count();
    if (errors > 0) std::cerr << errors << (errors == 1 ? " error" : " errors") << " in " << path << "\n";
  }
  if (!build.fault.empty()) {
    std::cerr << "hpol: internal error: " << build.fault
              << "\nthis is a fault in hpol, not in the policy; please report it with the policy\n";
  }
  if (build.ok() && build.is_pack() && wanted == Wanted::kRules) {
    Fail("`" + path + "` is a pack: detectors without rules; import it in a policy");
    return std::nullopt;
  }
  return build;
}

}  // namespace hpol::tools
