// A link in which memory begins at address 0: what the linker would write into a process is the image, and
// every absolute address in it is a relocation.
#include "compiler/aot/flatten.h"

#include <llvm/ExecutionEngine/JITLink/JITLink.h>
#include <llvm/ExecutionEngine/JITLink/aarch64.h>
#include <llvm/ExecutionEngine/JITLink/x86_64.h>
#include <llvm/Support/MemoryBuffer.h>

#include <algorithm>
#include <memory>
#include <utility>

namespace hpol::aot {
namespace {

namespace jitlink = llvm::jitlink;

llvm::Error Failed(const std::string& what) {
  return llvm::createStringError(llvm::inconvertibleErrorCode(), what);
}

bundle::Protection ProtectionOf(llvm::orc::MemProt protection) {
  const auto has = [protection](llvm::orc::MemProt flag) {
    return (static_cast<unsigned>(protection) & static_cast<unsigned>(flag)) != 0;
  };
  if (has(llvm::orc::MemProt::Exec)) return bundle::Protection::kExecute;
  return has(llvm::orc::MemProt::Write) ? bundle::Protection::kRelocated : bundle::Protection::kRead;
}

// Gives out addresses one after the other, and keeps what is written there.
class FlatMemory : public jitlink::JITLinkMemoryManager {
 public:
  explicit FlatMemory(Flat& flat) : flat_(flat) {}

  using JITLinkMemoryManager::allocate;
  using JITLinkMemoryManager::deallocate;

  void allocate(const jitlink::JITLinkDylib*, jitlink::LinkGraph& graph,
                OnAllocatedFunction on_allocated) override {
    jitlink::BasicLayout layout(graph);
    for (auto& [group, segment] : layout.segments()) {
      const uint64_t size = segment.ContentSize + segment.ZeroFillSize;
      if (size == 0) continue;
      const uint64_t address =
          (end_ + bundle::kSegmentAlignment - 1) / bundle::kSegmentAlignment * bundle::kSegmentAlignment;
      if (address + size > bundle::kMaxImageBytes) return on_allocated(Failed("the code is too large"));
      end_ = address + size;
      buffers_.push_back(std::make_unique<std::string>(size, '\0'));
      flat_.segments.push_back(
          {ProtectionOf(group.getMemProt()), static_cast<uint32_t>(address), static_cast<uint32_t>(size)});
      segment.Addr = llvm::orc::ExecutorAddr(address);
      segment.WorkingMem = buffers_.back()->data();
    }
    if (llvm::Error error = layout.apply()) return on_allocated(std::move(error));
    on_allocated(std::make_unique<Allocation>());
  }

  void deallocate(std::vector<FinalizedAlloc> allocations, OnDeallocatedFunction on_deallocated) override {
    for (FinalizedAlloc& allocation : allocations) allocation.release();
    on_deallocated(llvm::Error::success());
  }

  void TakeContents() {
    for (const std::unique_ptr<std::string>& buffer : buffers_) flat_.contents.push_back(std::move(*buffer));
  }

 private:
  struct Allocation : InFlightAlloc {
    void abandon(OnAbandonedFunction on_abandoned) override { on_abandoned(llvm::Error::success()); }
    void finalize(OnFinalizedFunction on_finalized) override {
      on_finalized(FinalizedAlloc(llvm::orc::ExecutorAddr(1)));
    }
  };

  Flat& flat_;
  uint64_t end_ = 0;
  std::vector<std::unique_ptr<std::string>> buffers_;  // the linker writes into them after `allocate`
};

// What stays right wherever the image is, what must be written by the loader, and what cannot be.
enum class Reference : uint8_t { kRelative, kPointer, kFixed };

Reference ReferenceOf(const llvm::Triple& triple, jitlink::Edge::Kind kind) {
  if (triple.isX86()) {
    if (kind == jitlink::x86_64::Pointer64) return Reference::kPointer;
    const bool fixed = kind == jitlink::x86_64::Pointer32 || kind == jitlink::x86_64::Pointer32Signed ||
                       kind == jitlink::x86_64::Pointer16 || kind == jitlink::x86_64::Pointer8;
    return fixed ? Reference::kFixed : Reference::kRelative;
  }
  if (kind == jitlink::aarch64::Pointer64) return Reference::kPointer;
  const bool fixed = kind == jitlink::aarch64::Pointer32 || kind == jitlink::aarch64::MoveWide16;
  return fixed ? Reference::kFixed : Reference::kRelative;
}

class Link : public jitlink::JITLinkContext {
 public:
  Link(Flat& flat, FlatMemory& memory, llvm::Error& failed)
      : JITLinkContext(nullptr), flat_(flat), memory_(memory), failed_(failed) {}

  jitlink::JITLinkMemoryManager& getMemoryManager() override { return memory_; }
  void notifyFailed(llvm::Error error) override {
    failed_ = llvm::joinErrors(std::move(failed_), std::move(error));
  }
  void notifyFinalized(jitlink::JITLinkMemoryManager::FinalizedAlloc allocation) override {
    allocation.release();
  }

  void lookup(const LookupMap& symbols,
              std::unique_ptr<jitlink::JITLinkAsyncLookupContinuation> go_on) override {
    if (symbols.empty()) return go_on->run(jitlink::AsyncLookupResult{});
    go_on->run(Failed("generated code needs `" + symbols.begin()->first.str() + "`"));
  }

  llvm::Error notifyResolved(jitlink::LinkGraph& graph) override {
    for (const jitlink::Symbol* symbol : graph.defined_symbols()) {
      if (!symbol->hasName()) continue;
      flat_.symbols[symbol->getName().str()] = static_cast<uint32_t>(symbol->getAddress().getValue());
    }
    return llvm::Error::success();
  }

  llvm::Error modifyPassConfig(jitlink::LinkGraph&, jitlink::PassConfiguration& passes) override {
    passes.PostFixupPasses.emplace_back([this](jitlink::LinkGraph& graph) { return Collect(graph); });
    return llvm::Error::success();
  }

 private:
  llvm::Error Collect(jitlink::LinkGraph& graph) {
    for (const jitlink::Block* block : graph.blocks()) {
      for (const jitlink::Edge& edge : block->edges()) {
        if (!edge.isRelocation()) continue;
        const uint64_t address = (block->getAddress() + edge.getOffset()).getValue();
        switch (ReferenceOf(graph.getTargetTriple(), edge.getKind())) {
          case Reference::kRelative:
            break;
          case Reference::kPointer:
            flat_.relocations.push_back(static_cast<uint32_t>(address));
            break;
          case Reference::kFixed:
            return Failed(std::string("generated code holds an absolute address (") +
                          graph.getEdgeKindName(edge.getKind()) + ")");
        }
      }
    }
    return llvm::Error::success();
  }

  Flat& flat_;
  FlatMemory& memory_;
  llvm::Error& failed_;
};

}  // namespace

llvm::Expected<Flat> Flatten(const std::vector<std::string>& objects) {
  Flat flat;
  FlatMemory memory(flat);
  llvm::Error failed = llvm::Error::success();
  for (const std::string& object : objects) {
    auto graph = jitlink::createLinkGraphFromObject(llvm::MemoryBufferRef(object, "object"));
    if (!graph) return llvm::joinErrors(std::move(failed), graph.takeError());
    jitlink::link(std::move(*graph), std::make_unique<Link>(flat, memory, failed));
    if (failed) return failed;
  }
  memory.TakeContents();
  std::ranges::sort(flat.relocations);
  return flat;
}

}  // namespace hpol::aot
