// Tries of words → their tables as constant bytes, and hpol_words that point at them. Bytes, and not numbers:
// a list may have a million of them, which LLVM would print one by one.
#include <llvm/IR/Constants.h>
#include <llvm/IR/GlobalVariable.h>

#include "compiler/lower/emit.h"

namespace hpol::lower {
namespace {

template <typename T>
llvm::Constant* Table(llvm::Module& module, const std::string& name, const T* values, size_t count) {
  const llvm::StringRef bytes(reinterpret_cast<const char*>(values), count * sizeof(T));
  llvm::Constant* data = llvm::ConstantDataArray::getString(module.getContext(), bytes, /*AddNull=*/false);
  auto* table = new llvm::GlobalVariable(module, data->getType(), /*isConstant=*/true,
                                         llvm::GlobalValue::PrivateLinkage, data, name);
  table->setUnnamedAddr(llvm::GlobalValue::UnnamedAddr::Global);
  table->setAlignment(llvm::Align(64));
  return table;
}

}  // namespace

llvm::Constant* EmitWords(llvm::Module& module, const std::string& name,
                          const std::vector<pattern::WordTrie>& tries) {
  llvm::Type* number = llvm::Type::getInt32Ty(module.getContext());
  std::vector<llvm::Constant*> lists;
  for (size_t i = 0; i < tries.size(); ++i) {
    const pattern::WordTrie& trie = tries[i];
    const std::string prefix = name + "_" + std::to_string(i);
    lists.push_back(llvm::ConstantStruct::getAnon(
        {Table(module, prefix + "_nodes", trie.nodes().data(), trie.nodes().size()),
         Table(module, prefix + "_first", trie.first_bytes().data(), trie.first_bytes().size()),
         Table(module, prefix + "_tails", trie.tails().data(), trie.tails().size()),
         Table(module, prefix + "_fold", trie.fold().data(), trie.fold().size()),
         llvm::ConstantInt::get(number, trie.max_length()),
         llvm::ConstantInt::get(number, trie.nodes().size())}));
  }
  llvm::ArrayType* type = llvm::ArrayType::get(lists.front()->getType(), lists.size());
  return new llvm::GlobalVariable(module, type, /*isConstant=*/true, llvm::GlobalValue::PrivateLinkage,
                                  llvm::ConstantArray::get(type, lists), name);
}

}  // namespace hpol::lower
