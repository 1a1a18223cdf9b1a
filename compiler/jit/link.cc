#include "compiler/jit/link.h"

#include <llvm/ExecutionEngine/Orc/ExecutorProcessControl.h>
#include <llvm/Support/MemoryBuffer.h>

#include <cstring>
#include <utility>

namespace hpol::jit {

Linked::Linked(std::unique_ptr<llvm::orc::ExecutorProcessControl> process, std::vector<cache::Blob> objects)
    : objects_(std::move(objects)),
      session_(std::move(process)),
      layer_(session_),
      library_(session_.createBareJITDylib("policy")) {
  // What goes wrong is returned by Find; nothing is printed beside it.
  session_.setErrorReporter(llvm::consumeError);
}

Linked::~Linked() { llvm::consumeError(session_.endSession()); }

llvm::Expected<std::unique_ptr<Linked>> Linked::Make(std::vector<cache::Blob> objects) {
  auto process = llvm::orc::SelfExecutorProcessControl::Create();
  if (!process) return process.takeError();
  std::unique_ptr<Linked> linked(new Linked(std::move(*process), std::move(objects)));
  for (const cache::Blob& object : linked->objects_) {
    auto buffer = llvm::MemoryBuffer::getMemBuffer(*object, "object", /*RequiresNullTerminator=*/false);
    if (llvm::Error error = linked->layer_.add(linked->library_, std::move(buffer))) return error;
  }
  return linked;
}

llvm::Error Linked::Find(const std::vector<Wanted>& wanted) {
  llvm::orc::SymbolLookupSet names;
  for (const Wanted& each : wanted) names.add(session_.intern(each.name));
  auto found =
      session_.lookup({{&library_, llvm::orc::JITDylibLookupFlags::MatchAllSymbols}}, std::move(names));
  if (!found) return found.takeError();
  for (const Wanted& each : wanted) {
    const void* address = (*found)[session_.intern(each.name)].getAddress().toPtr<const void*>();
    std::memcpy(each.place, &address, sizeof address);
  }
  return llvm::Error::success();
}

}  // namespace hpol::jit
