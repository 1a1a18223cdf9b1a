#include "compiler/aot/levels.h"

#include <llvm/IR/Constants.h>
#include <llvm/Transforms/Utils/Cloning.h>
#include <llvm/Transforms/Utils/ValueMapper.h>

#include <set>

#include "compiler/lower/filter_steps.h"

namespace hpol::aot {
namespace {

// Whether a constant leads to a function, through other constants and the contents of variables.
bool LeadsToCode(const llvm::Constant* constant, std::set<const llvm::Constant*>& seen) {
  if (llvm::isa<llvm::Function>(constant)) return true;
  if (!seen.insert(constant).second) return false;
  if (const auto* variable = llvm::dyn_cast<llvm::GlobalVariable>(constant))
    return variable->hasInitializer() && LeadsToCode(variable->getInitializer(), seen);
  for (const llvm::Use& operand : constant->operands()) {
    if (LeadsToCode(llvm::cast<llvm::Constant>(operand.get()), seen)) return true;
  }
  return false;
}

bool HasOwnFeatures(const llvm::Function& function) { return function.hasFnAttribute("target-features"); }

// On other machines than x86-64 the steps for any CPU are the only ones.
void KeepPlainSteps(llvm::Module& module) {
  for (const char* name : {lower::kFilterAvx2Name, lower::kFilterAvx512Name}) {
    if (llvm::Function* function = module.getFunction(name)) function->eraseFromParent();
  }
  if (llvm::Function* steps = module.getFunction(lower::kFilterScalarName)) {
    steps->removeFnAttr("target-features");
    steps->removeFnAttr("prefer-vector-width");
  }
}

void AddLevel(llvm::Module& module, const std::vector<llvm::Function*>& functions,
              const std::vector<llvm::GlobalVariable*>& variables, const Level& level) {
  llvm::ValueToValueMapTy copies;
  for (llvm::Function* function : functions) {
    llvm::Function* copy = llvm::Function::Create(function->getFunctionType(), function->getLinkage(),
                                                  function->getName() + level.suffix, module);
    copies[function] = copy;
    for (size_t i = 0; i < function->arg_size(); ++i)
      copies[function->getArg(static_cast<unsigned>(i))] = copy->getArg(static_cast<unsigned>(i));
  }
  for (llvm::GlobalVariable* variable : variables) {
    auto* copy =
        new llvm::GlobalVariable(module, variable->getValueType(), variable->isConstant(),
                                 variable->getLinkage(), nullptr, variable->getName() + level.suffix);
    copy->copyAttributesFrom(variable);
    copies[variable] = copy;
  }
  for (llvm::GlobalVariable* variable : variables) {
    llvm::cast<llvm::GlobalVariable>(copies[variable])
        ->setInitializer(llvm::MapValue(variable->getInitializer(), copies));
  }
  for (llvm::Function* function : functions) {
    auto* copy = llvm::cast<llvm::Function>(copies[function]);
    llvm::SmallVector<llvm::ReturnInst*, 4> returns;
    llvm::CloneFunctionInto(copy, function, copies, llvm::CloneFunctionChangeType::GlobalChanges, returns);
    copy->addFnAttr("target-cpu", level.processor);
  }
}

}  // namespace

const Target& TargetOf(bundle::Machine machine) {
  static const Target x86_64{{"x86_64-unknown-linux-gnu", "x86-64-v2", ""},
                             {{2, "x86-64-v2", ""}, {3, "x86-64-v3", ".v3"}, {4, "x86-64-v4", ".v4"}}};
  static const Target aarch64{{"aarch64-unknown-linux-gnu", "generic", "+neon"}, {{8, "generic", ""}}};
  return machine == bundle::Machine::kX86_64 ? x86_64 : aarch64;
}

void AddLevels(llvm::Module& module, const Target& target) {
  if (target.levels.size() == 1) return KeepPlainSteps(module);
  std::vector<llvm::Function*> functions;
  std::vector<llvm::GlobalVariable*> variables;
  for (llvm::Function& function : module) {
    if (!function.isDeclaration() && !HasOwnFeatures(function)) functions.push_back(&function);
  }
  for (llvm::GlobalVariable& variable : module.globals()) {
    std::set<const llvm::Constant*> seen;
    if (LeadsToCode(&variable, seen)) variables.push_back(&variable);
  }
  for (size_t i = 1; i < target.levels.size(); ++i) AddLevel(module, functions, variables, target.levels[i]);
}

}  // namespace hpol::aot
