#include "compiler/jit/optimize.h"

#include <llvm/Analysis/TargetLibraryInfo.h>
#include <llvm/IR/Verifier.h>
#include <llvm/Passes/PassBuilder.h>
#include <llvm/Support/TargetSelect.h>
#include <llvm/Support/raw_ostream.h>
#include <llvm/Target/TargetMachine.h>

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

}  // namespace

llvm::Expected<llvm::orc::JITTargetMachineBuilder> Host(Optimize optimize) {
  static std::once_flag once;
  std::call_once(once, [] {
    llvm::InitializeNativeTarget();
    llvm::InitializeNativeTargetAsmPrinter();
  });
  llvm::Expected<llvm::orc::JITTargetMachineBuilder> host = llvm::orc::JITTargetMachineBuilder::detectHost();
  if (host) {
    host->setCodeGenOptLevel(optimize == Optimize::kFull ? llvm::CodeGenOptLevel::Default
                                                         : llvm::CodeGenOptLevel::None);
  }
  return host;
}

llvm::Error Prepare(llvm::orc::ThreadSafeModule& module, llvm::orc::JITTargetMachineBuilder& host,
                    Optimize optimize) {
  llvm::Expected<std::unique_ptr<llvm::TargetMachine>> machine = host.createTargetMachine();
  if (!machine) return machine.takeError();
  return module.withModuleDo([&](llvm::Module& inner) -> llvm::Error {
    inner.setTargetTriple((*machine)->getTargetTriple().str());
    inner.setDataLayout((*machine)->createDataLayout());
    std::string problems;
    llvm::raw_string_ostream out(problems);
    if (llvm::verifyModule(inner, &out)) return Failed("generated code is malformed: " + problems);
    ShieldBitCode(inner, (*machine)->getTargetTriple(), true);
    RunPipeline(inner, **machine, optimize);
    ShieldBitCode(inner, (*machine)->getTargetTriple(), false);
    return CheckSelfContained(inner);
  });
}

}  // namespace hpol::jit
