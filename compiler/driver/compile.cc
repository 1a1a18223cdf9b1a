// hpol/compile.h over the driver.
#include "hpol/compile.h"

#include <utility>

#include "compiler/driver/driver.h"
#include "dsl/diag/render.h"

namespace hpol {
namespace {

Compilation Finish(driver::Build build, const CompileOptions& options) {
  Compilation result;
  result.ok = build.ok() && build.program.artifact != nullptr;
  result.program = std::move(build.program);
  result.report = dsl::RenderTerminal(build.diagnostics, *build.sources, options.color);
  result.report_json = dsl::RenderJson(build.diagnostics, *build.sources);
  if (!build.fault.empty()) {
    result.report += "internal error: " + build.fault +
                     "\nthis is a fault in hpol, not in the policy; please report it with the policy\n";
  }
  result.errors = build.diagnostics.error_count() + (build.fault.empty() ? 0 : 1);
  result.warnings = build.diagnostics.all().size() - build.diagnostics.error_count();
  return result;
}

driver::Options StageOptions(const CompileOptions& options) {
  driver::Options stages;
  stages.optimize = options.optimize ? jit::Optimize::kFull : jit::Optimize::kNone;
  if (!options.cache_folder.empty()) stages.cache = std::make_shared<cache::Store>(options.cache_folder);
  return stages;
}

}  // namespace

Compilation CompileFile(const std::string& path, const CompileOptions& options) {
  Result<driver::Input> input = driver::ReadInput(path);
  if (!input) {
    Compilation result;
    result.report = "error: " + input.error().message + "\n";
    result.report_json = "[]";
    result.errors = 1;
    return result;
  }
  return Finish(driver::Run(*std::move(input), StageOptions(options)), options);
}

Compilation CompileText(std::string name, std::string text, const CompileOptions& options) {
  return Finish(driver::Run({std::move(name), std::move(text), ""}, StageOptions(options)), options);
}

}  // namespace hpol
