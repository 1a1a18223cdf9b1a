#include "compiler/lower/lower.h"

#include <llvm/IR/Constants.h>
#include <llvm/IR/GlobalVariable.h>
#include <llvm/IR/LLVMContext.h>
#include <llvm/Support/raw_ostream.h>

#include <memory>
#include <utility>

#include "compiler/lower/emit.h"
#include "compiler/lower/filter_steps.h"

namespace hpol::lower {
namespace {

template <typename Emit>
llvm::orc::ThreadSafeModule NewModule(const char* name, Emit emit) {
  auto context = std::make_unique<llvm::LLVMContext>();
  auto module = std::make_unique<llvm::Module>(name, *context);
  emit(*module);
  return {std::move(module), std::move(context)};
}

}  // namespace

void SetAttributes(llvm::Function& function) {
  function.addFnAttr(llvm::Attribute::NoUnwind);
  function.addFnAttr(llvm::Attribute::WillReturn);
  function.addFnAttr("no-builtins");
}

llvm::orc::ThreadSafeModule LowerDetectors(const std::vector<pattern::Matcher>& matchers) {
  return NewModule("detectors", [&](llvm::Module& module) {
    std::vector<llvm::Constant*> codes;
    for (size_t i = 0; i < matchers.size(); ++i)
      codes.push_back(EmitMatch(module, std::to_string(i), matchers[i]));
    if (codes.empty()) return;
    llvm::ArrayType* type = llvm::ArrayType::get(codes.front()->getType(), codes.size());
    new llvm::GlobalVariable(module, type, /*isConstant=*/true, llvm::GlobalValue::ExternalLinkage,
                             llvm::ConstantArray::get(type, codes), kDetectorsName);
  });
}

llvm::orc::ThreadSafeModule LowerFilter(const filter::Program& program) {
  return NewModule("filter", [&](llvm::Module& module) { EmitFilter(module, program); });
}

std::string Print(const llvm::orc::ThreadSafeModule& module) {
  std::string text;
  module.withModuleDo([&](llvm::Module& inner) {
    llvm::raw_string_ostream out(text);
    inner.print(out, nullptr);
  });
  return text;
}

}  // namespace hpol::lower
