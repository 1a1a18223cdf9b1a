#include "compiler/lower/lower.h"

#include <llvm/IR/LLVMContext.h>
#include <llvm/Support/raw_ostream.h>

#include <memory>
#include <utility>

#include "compiler/lower/emit.h"
#include "compiler/lower/filter_steps.h"
#include "compiler/pattern/coarsen.h"

namespace hpol::lower {

std::string MatchName(size_t detector) { return "hpol_match_" + std::to_string(detector); }
std::string CoarseName(size_t detector) { return "hpol_coarse_" + std::to_string(detector); }
std::string AutomatonName(size_t detector) { return "hpol_automaton_" + std::to_string(detector); }
std::string WordsName(size_t detector) { return "hpol_words_" + std::to_string(detector); }

void SetAttributes(llvm::Function& function) {
  function.addFnAttr(llvm::Attribute::NoUnwind);
  function.addFnAttr(llvm::Attribute::WillReturn);
  function.addFnAttr("no-builtins");
}

llvm::orc::ThreadSafeModule Lower(const ir::Tables& tables, const std::vector<pattern::Matcher>& matchers,
                                  const filter::Program* filter) {
  auto context = std::make_unique<llvm::LLVMContext>();
  auto module = std::make_unique<llvm::Module>("hpol", *context);
  std::vector<ir::Range> conditions;
  for (const ir::ClassifyRow& row : tables.classify) conditions.push_back(row.condition);
  EmitRows(*module, kClassifyName, tables.nodes, conditions);
  conditions.clear();
  for (const ir::RouteRow& row : tables.route) conditions.push_back(row.condition);
  EmitRows(*module, kRouteName, tables.nodes, conditions);
  for (size_t i = 0; i < matchers.size(); ++i) {
    EmitMatch(*module, MatchName(i), AutomatonName(i), matchers[i]);
    if (pattern::HasCoarse(matchers[i])) EmitAutomaton(*module, CoarseName(i), pattern::Coarsen(matchers[i]));
    EmitWords(*module, WordsName(i), matchers[i].tries);
  }
  if (filter != nullptr) EmitFilter(*module, *filter);
  return {std::move(module), std::move(context)};
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
