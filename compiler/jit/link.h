// Inside compiler/jit: objects → code in this process's memory.
#pragma once

#include <llvm/ExecutionEngine/Orc/Core.h>
#include <llvm/ExecutionEngine/Orc/ObjectLinkingLayer.h>
#include <llvm/Support/Error.h>

#include <memory>
#include <vector>

#include "compiler/cache/store.h"

namespace hpol::jit {

// Objects that were linked together; their code and data go with it.
class Linked {
 public:
  static llvm::Expected<std::unique_ptr<Linked>> Make(std::vector<cache::Blob> objects);
  ~Linked();
  Linked(const Linked&) = delete;
  Linked& operator=(const Linked&) = delete;

  // A symbol, and the pointer that is to point to it.
  struct Wanted {
    template <typename Pointer>
    Wanted(const char* symbol, Pointer* pointer) : name(symbol), place(pointer) {
      static_assert(sizeof(Pointer) == sizeof(void*));
    }
    const char* name;
    void* place;
  };
  // Links whatever is needed for all of them.
  llvm::Error Find(const std::vector<Wanted>& wanted);

 private:
  Linked(std::unique_ptr<llvm::orc::ExecutorProcessControl> process, std::vector<cache::Blob> objects);

  std::vector<cache::Blob> objects_;  // read while they are linked
  llvm::orc::ExecutionSession session_;
  llvm::orc::ObjectLinkingLayer layer_;
  llvm::orc::JITDylib& library_;
};

}  // namespace hpol::jit
