#include "compiler/aot/object.h"

#include <llvm/ExecutionEngine/Orc/ThreadSafeModule.h>
#include <llvm/IR/Constants.h>
#include <llvm/IR/GlobalVariable.h>
#include <llvm/IR/LLVMContext.h>
#include <llvm/IR/Module.h>

#include <memory>

#include "compiler/aot/levels.h"
#include "compiler/jit/optimize.h"

namespace hpol::aot {

Result<std::string> ObjectOfBytes(std::string_view bytes, const std::string& symbol) {
  auto context = std::make_unique<llvm::LLVMContext>();
  auto module = std::make_unique<llvm::Module>(symbol, *context);
  const auto add = [&](llvm::Constant* value, const std::string& name) {
    auto* variable = new llvm::GlobalVariable(*module, value->getType(), /*isConstant=*/true,
                                              llvm::GlobalValue::ExternalLinkage, value, name);
    variable->setAlignment(llvm::Align(64));
  };
  add(llvm::ConstantDataArray::getString(*context, llvm::StringRef(bytes.data(), bytes.size()), false),
      symbol);
  add(llvm::ConstantInt::get(llvm::Type::getInt64Ty(*context), bytes.size()), symbol + "_size");
  llvm::orc::ThreadSafeModule safe(std::move(module), std::move(context));
#if defined(__x86_64__)
  const Target& target = TargetOf(bundle::Machine::kX86_64);
#else
  const Target& target = TargetOf(bundle::Machine::kAArch64);
#endif
  llvm::Expected<std::string> object = jit::CompileObject(safe, jit::Optimize::kNone, target.machine);
  if (!object) return Error{"object: " + llvm::toString(object.takeError())};
  return std::move(*object);
}

}  // namespace hpol::aot
