#include "compiler/jit/optimize.h"

#include <llvm/Analysis/TargetLibraryInfo.h>
#include <llvm/ExecutionEngine/Orc/CompileUtils.h>
#include <llvm/IR/Verifier.h>
#include <llvm/MC/TargetRegistry.h>
#include <llvm/Passes/PassBuilder.h>
#include <llvm/Support/MemoryBuffer.h>
#include <llvm/Support/TargetSelect.h>
#include <llvm/Support/raw_ostream.h>
#include <llvm/Target/TargetMachine.h>
#include <llvm/TargetParser/Host.h>

#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "compiler/lower/lower.h"

namespace hpol::jit {
namespace {

llvm::Error Failed(const std::string& what) {
  return llvm::createStringError(llvm::inconvertibleErrorCode(), what);
}

void RunPipeline(llvm::Module& module, llvm::TargetMachine& machine, Optimize optimize) {
  llvm::PassBuilder builder(&machine);
  llvm::LoopAnalysisManager loops;
  llvm::FunctionAnalysisManager functions;
  llvm::CGSCCAnalysisManager components;
  llvm::ModuleAnalysisManager modules;
  // Generated code has no library to call: no loop may become a memset.
  llvm::TargetLibraryInfoImpl no_library(machine.getTargetTriple());
  no_library.disableAllFunctions();
  functions.registerPass([&] { return llvm::TargetLibraryAnalysis(no_library); });
  builder.registerModuleAnalyses(modules);
  builder.registerCGSCCAnalyses(components);
  builder.registerFunctionAnalyses(functions);
  builder.registerLoopAnalyses(loops);
  builder.crossRegisterProxies(loops, functions, components, modules);
  llvm::ModulePassManager passes = optimize == Optimize::kFull
                                       ? builder.buildPerModuleDefaultPipeline(llvm::OptimizationLevel::O2)
                                       : builder.buildO0DefaultPipeline(llvm::OptimizationLevel::O0);
  passes.run(module, modules);
}

// Keeps the passes over IR away from bit code while they run (`keep`), and afterwards AVX-512: with it, LLVM
// 19 looks for mask registers in time that is quadratic in the length of a block.
void ShieldBitCode(llvm::Module& module, const llvm::Triple& triple, bool keep) {
  for (llvm::Function& function : module) {
    if (!function.hasFnAttribute(lower::kBitCode)) continue;
    if (keep) {
      function.addFnAttr(llvm::Attribute::OptimizeNone);
      function.addFnAttr(llvm::Attribute::NoInline);
    } else {
      function.removeFnAttr(llvm::Attribute::OptimizeNone);
      if (triple.isX86()) function.addFnAttr("target-features", "-avx512f");
    }
  }
}

llvm::Error CheckSelfContained(const llvm::Module& module) {
  for (const llvm::Function& function : module) {
    if (function.isDeclaration() && !function.isIntrinsic()) {
      return Failed("generated code calls `" + function.getName().str() + "`");
    }
  }
  return llvm::Error::success();
}

Machine FindHost() {
  Machine host{llvm::sys::getProcessTriple(), llvm::sys::getHostCPUName().str(), ""};
  std::map<std::string, bool> sorted;
  for (const auto& feature : llvm::sys::getHostCPUFeatures())
    sorted[feature.getKey().str()] = feature.getValue();
  for (const auto& [feature, present] : sorted) {
    host.features += (host.features.empty() ? "" : ",") + std::string(present ? "+" : "-") + feature;
  }
  return host;
}

// LLVM's targets are set up once a process, those of other machines only when one is asked for.
void SetUpTargets(bool host) {
  static std::once_flag host_once;
  static std::once_flag all_once;
  if (host) {
    std::call_once(host_once, [] {
      llvm::InitializeNativeTarget();
      llvm::InitializeNativeTargetAsmPrinter();
    });
  } else {
    std::call_once(all_once, [] {
      llvm::InitializeAllTargetInfos();
      llvm::InitializeAllTargets();
      llvm::InitializeAllTargetMCs();
      llvm::InitializeAllAsmPrinters();
    });
  }
}

llvm::Expected<std::unique_ptr<llvm::TargetMachine>> MakeMachine(Optimize optimize, const Machine& machine) {
  const bool host = &machine == &Host();
  SetUpTargets(host);
  std::string problem;
  const llvm::Target* target = llvm::TargetRegistry::lookupTarget(machine.triple, problem);
  if (target == nullptr) return Failed(problem);
  const auto level =
      optimize == Optimize::kFull ? llvm::CodeGenOptLevel::Default : llvm::CodeGenOptLevel::None;
  std::unique_ptr<llvm::TargetMachine> made(
      target->createTargetMachine(machine.triple, machine.processor, machine.features, llvm::TargetOptions(),
                                  llvm::Reloc::PIC_, llvm::CodeModel::Small, level, /*JIT=*/host));
  if (made == nullptr) return Failed("no target machine for " + machine.triple);
  return made;
}

llvm::Error PrepareFor(llvm::Module& module, llvm::TargetMachine& machine, Optimize optimize) {
  module.setTargetTriple(machine.getTargetTriple().str());
  module.setDataLayout(machine.createDataLayout());
  std::string problems;
  llvm::raw_string_ostream out(problems);
  if (llvm::verifyModule(module, &out)) return Failed("generated code is malformed: " + problems);
  ShieldBitCode(module, machine.getTargetTriple(), true);
  RunPipeline(module, machine, optimize);
  ShieldBitCode(module, machine.getTargetTriple(), false);
  return CheckSelfContained(module);
}

}  // namespace

const Machine& Host() {
  static const Machine host = FindHost();
  return host;
}

llvm::Error Prepare(llvm::orc::ThreadSafeModule& module, Optimize optimize, const Machine& machine) {
  llvm::Expected<std::unique_ptr<llvm::TargetMachine>> made = MakeMachine(optimize, machine);
  if (!made) return made.takeError();
  return module.withModuleDo([&](llvm::Module& inner) { return PrepareFor(inner, **made, optimize); });
}

llvm::Expected<std::string> CompileObject(llvm::orc::ThreadSafeModule& module, Optimize optimize,
                                          const Machine& machine) {
  llvm::Expected<std::unique_ptr<llvm::TargetMachine>> made = MakeMachine(optimize, machine);
  if (!made) return made.takeError();
  return module.withModuleDo([&](llvm::Module& inner) -> llvm::Expected<std::string> {
    if (llvm::Error error = PrepareFor(inner, **made, optimize)) return error;
    llvm::Expected<std::unique_ptr<llvm::MemoryBuffer>> object = llvm::orc::SimpleCompiler(**made)(inner);
    if (!object) return object.takeError();
    return (*object)->getBuffer().str();
  });
}

}  // namespace hpol::jit
