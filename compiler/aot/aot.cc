#include "compiler/aot/aot.h"

#include <llvm/ExecutionEngine/Orc/ThreadSafeModule.h>

#include <utility>

#include "compiler/aot/flatten.h"
#include "compiler/aot/levels.h"
#include "compiler/jit/optimize.h"
#include "compiler/lower/filter_steps.h"
#include "compiler/lower/lower.h"

namespace hpol::aot {
namespace {

struct PartName {
  bundle::Part part;
  const char* symbol;
  bool of_all_levels;  // one for all: it chooses by the CPU itself
};

constexpr PartName kPartNames[] = {
    {bundle::Part::kDetectors, lower::kDetectorsName, false},
    {bundle::Part::kFilterScalar, lower::kFilterScalarName, true},
    {bundle::Part::kFilterAvx2, lower::kFilterAvx2Name, true},
    {bundle::Part::kFilterAvx512, lower::kFilterAvx512Name, true},
};

llvm::Expected<std::string> Compile(llvm::orc::ThreadSafeModule module, const Target& target) {
  module.withModuleDo([&](llvm::Module& inner) { AddLevels(inner, target); });
  return jit::CompileObject(module, jit::Optimize::kFull, target.machine);
}

llvm::Expected<std::string> Build(const std::vector<pattern::Matcher>& matchers,
                                  const filter::Program& filter, bundle::Machine machine) {
  const Target& target = TargetOf(machine);
  std::vector<llvm::orc::ThreadSafeModule> modules;
  if (!matchers.empty()) modules.push_back(lower::LowerDetectors(matchers));
  modules.push_back(lower::LowerFilter(filter));
  std::vector<std::string> objects;
  for (llvm::orc::ThreadSafeModule& module : modules) {
    llvm::Expected<std::string> object = Compile(std::move(module), target);
    if (!object) return object.takeError();
    objects.push_back(std::move(*object));
  }
  llvm::Expected<Flat> flat = Flatten(objects);
  if (!flat) return flat.takeError();
  bundle::Image image{machine, flat->segments, {}, flat->relocations};
  for (const Level& level : target.levels) {
    for (const PartName& part : kPartNames) {
      const auto found = flat->symbols.find(part.symbol + (part.of_all_levels ? "" : level.suffix));
      if (found != flat->symbols.end()) image.entries.push_back({level.number, part.part, found->second});
    }
  }
  return bundle::WriteImage(image, flat->contents);
}

}  // namespace

Result<std::string> Emit(const std::vector<pattern::Matcher>& matchers, const filter::Program& filter,
                         bundle::Machine machine) {
  llvm::Expected<std::string> image = Build(matchers, filter, machine);
  if (!image) return Error{"native code: " + llvm::toString(image.takeError())};
  return std::move(*image);
}

}  // namespace hpol::aot
