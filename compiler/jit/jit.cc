// LLJIT: one instance a compiled policy, freed with its artifact's last holder. No process symbols and
// no platform support: generated code needs nothing that is not in its module.
#include "compiler/jit/jit.h"

#include <llvm/ExecutionEngine/Orc/LLJIT.h>

#include <atomic>
#include <bitset>
#include <utility>

#include "compiler/jit/optimize.h"
#include "compiler/lower/filter_steps.h"
#include "compiler/lower/lower.h"
#include "compiler/pattern/coarsen.h"

namespace hpol::jit {
namespace {

// What an artifact points into.
struct Owned {
  std::unique_ptr<llvm::orc::LLJIT> jit;
  std::vector<hpol_detector_code> detectors;
  hpol_artifact artifact{};
};

Error ToError(llvm::Error error) { return {"native code: " + llvm::toString(std::move(error))}; }

llvm::Expected<std::unique_ptr<llvm::orc::LLJIT>> MakeJit(llvm::orc::JITTargetMachineBuilder host) {
  return llvm::orc::LLJITBuilder()
      .setJITTargetMachineBuilder(std::move(host))
      .setLinkProcessSymbolsByDefault(false)
      .setPlatformSetUp(llvm::orc::setUpInactivePlatform)
      .create();
}

template <typename Pointer>
llvm::Error Find(llvm::orc::LLJIT& jit, const std::string& name, Pointer& pointer) {
  llvm::Expected<llvm::orc::ExecutorAddr> address = jit.lookup(name);
  if (!address) return address.takeError();
  pointer = address->toPtr<Pointer>();
  return llvm::Error::success();
}

void CopyFirstBytes(const pattern::Matcher& matcher, hpol_detector_code& code) {
  const std::bitset<256> first_bytes = matcher.FirstBytes();
  for (size_t byte = 0; byte < 256; ++byte) {
    if (first_bytes[byte]) code.first_bytes[byte / 64] |= uint64_t{1} << (byte % 64);
  }
}

llvm::Error Fill(Owned& owned, const std::vector<pattern::Matcher>& matchers) {
  hpol_artifact& artifact = owned.artifact;
  artifact.struct_size = sizeof(hpol_artifact);
  artifact.abi_version = HPOL_ABI_VERSION;
  static std::atomic<uint64_t> serial = 0;
  artifact.serial = ++serial;
  artifact.detector_count = static_cast<uint32_t>(matchers.size());
  if (llvm::Error error = Find(*owned.jit, lower::kClassifyName, artifact.classify)) return error;
  if (llvm::Error error = Find(*owned.jit, lower::kRouteName, artifact.route)) return error;
  owned.detectors.resize(matchers.size());
  for (size_t i = 0; i < matchers.size(); ++i) {
    if (llvm::Error error = Find(*owned.jit, lower::MatchName(i), owned.detectors[i].match)) return error;
    if (llvm::Error error = Find(*owned.jit, lower::AutomatonName(i), owned.detectors[i].automaton))
      return error;
    if (pattern::HasCoarse(matchers[i])) {
      if (llvm::Error error = Find(*owned.jit, lower::CoarseName(i), owned.detectors[i].coarse)) return error;
    }
    owned.detectors[i].word_lists = matchers[i].tries.size();
    if (!matchers[i].tries.empty()) {
      if (llvm::Error error = Find(*owned.jit, lower::WordsName(i), owned.detectors[i].words)) return error;
    }
    CopyFirstBytes(matchers[i], owned.detectors[i]);
  }
  artifact.detectors = owned.detectors.data();
  return llvm::Error::success();
}

llvm::Error FillFilter(Owned& owned) {
  hpol_artifact& artifact = owned.artifact;
  if (llvm::Error error = Find(*owned.jit, lower::kFilterScalarName, artifact.filter_scalar)) return error;
  if (llvm::Error error = Find(*owned.jit, lower::kFilterAvx2Name, artifact.filter_avx2)) return error;
  return Find(*owned.jit, lower::kFilterAvx512Name, artifact.filter_avx512);
}

}  // namespace

Result<Code> Compile(const ir::Tables& tables, const std::vector<pattern::Matcher>& matchers,
                     Optimize optimize, const filter::Program* filter) {
  llvm::Expected<llvm::orc::JITTargetMachineBuilder> host = Host(optimize);
  if (!host) return ToError(host.takeError());
  llvm::orc::ThreadSafeModule module = lower::Lower(tables, matchers, filter);
  if (llvm::Error error = Prepare(module, *host, optimize)) return ToError(std::move(error));
  llvm::Expected<std::unique_ptr<llvm::orc::LLJIT>> jit = MakeJit(*host);
  if (!jit) return ToError(jit.takeError());
  auto owned = std::make_shared<Owned>();
  owned->jit = std::move(*jit);
  if (llvm::Error error = owned->jit->addIRModule(std::move(module))) return ToError(std::move(error));
  if (llvm::Error error = Fill(*owned, matchers)) return ToError(std::move(error));
  if (filter != nullptr) {
    if (llvm::Error error = FillFilter(*owned)) return ToError(std::move(error));
  }
  const hpol_artifact* artifact = &owned->artifact;
  return Code{artifact, std::move(owned)};
}

std::string DumpLlvm(const ir::Tables& tables, const std::vector<pattern::Matcher>& matchers,
                     Optimize optimize) {
  llvm::orc::ThreadSafeModule module = lower::Lower(tables, matchers);
  if (optimize == Optimize::kFull) {
    llvm::Expected<llvm::orc::JITTargetMachineBuilder> host = Host(optimize);
    if (!host) return "; " + ToError(host.takeError()).message + "\n";
    if (llvm::Error error = Prepare(module, *host, optimize)) {
      return "; " + ToError(std::move(error)).message + "\n";
    }
  }
  return lower::Print(module);
}

}  // namespace hpol::jit
