// Objects: looked for, else compiled; then linked in one session a policy, freed with its artifact's last
// holder. No process symbols and no platform support: generated code needs nothing that is not in its object.
#include "compiler/jit/jit.h"

#include <utility>

#include "compiler/jit/link.h"
#include "compiler/jit/optimize.h"
#include "compiler/lower/filter_steps.h"
#include "compiler/lower/lower.h"
#include "runtime/abi/serial.h"

namespace hpol::jit {
namespace {

// What an artifact points into.
struct Owned {
  std::unique_ptr<Linked> linked;
  hpol_artifact artifact{};
};

Error ToError(llvm::Error error) { return {"native code: " + llvm::toString(std::move(error))}; }

// One object on its way: from the cache, or compiled by `lower` when it is not there.
class ObjectMaker {
 public:
  ObjectMaker(Optimize optimize, cache::Store* store) : optimize_(optimize), store_(store) {}

  cache::KeyBuilder Key(std::string_view kind) const {
    cache::KeyBuilder key(kind);
    key.Add(Host().Name()).Add(static_cast<uint64_t>(optimize_));
    return key;
  }

  template <typename LowerIt>
  llvm::Expected<cache::Blob> Make(cache::KeyBuilder key_builder, bool& compiled, LowerIt lower) const {
    const cache::Digest key = key_builder.Finish();
    if (store_ != nullptr) {
      if (cache::Blob blob = store_->Find(key)) return blob;
    }
    compiled = true;
    llvm::orc::ThreadSafeModule module = lower();
    llvm::Expected<std::string> object = CompileObject(module, optimize_, Host());
    if (!object) return object.takeError();
    if (store_ != nullptr) store_->Put(key, *object);
    return std::make_shared<const std::string>(std::move(*object));
  }

 private:
  Optimize optimize_;
  cache::Store* store_;
};

void AddSteps(cache::KeyBuilder& key, const filter::Program& program) {
  key.Add(uint64_t{program.planes}).Add(uint64_t{program.ops.size()});
  for (const filter::Op& op : program.ops) {
    key.Add(static_cast<uint64_t>(op.kind) << 8 | op.amount).Add(uint64_t{op.result});
    key.Add(uint64_t{op.left}).Add(uint64_t{op.right});
  }
  for (const filter::Output& output : program.outputs) key.Add(uint64_t{output.plane});
  for (const filter::StepGroup& group : program.groups)
    key.Add(uint64_t{group.guard}).Add(uint64_t{group.ops}).Add(uint64_t{group.outputs});
}

llvm::Expected<std::vector<cache::Blob>> Objects(const std::vector<pattern::Matcher>& matchers,
                                                 Optimize optimize, const filter::Program* filter,
                                                 const Caching* caching, Code& code) {
  const ObjectMaker maker(optimize, caching != nullptr ? caching->store : nullptr);
  std::vector<cache::Blob> objects;
  llvm::Error failed = llvm::Error::success();
  const auto make = [&](cache::KeyBuilder key, bool& compiled, auto lower) {
    if (failed) return;
    llvm::Expected<cache::Blob> object = maker.Make(std::move(key), compiled, lower);
    if (object) {
      objects.push_back(std::move(*object));
    } else {
      failed = object.takeError();
    }
  };
  if (!matchers.empty()) {
    cache::KeyBuilder key = maker.Key("detectors");
    if (caching != nullptr) key.Add(caching->matchers);
    make(std::move(key), code.compiled_detectors, [&] { return lower::LowerDetectors(matchers); });
  }
  if (filter != nullptr) {
    cache::KeyBuilder key = maker.Key("filter steps");
    AddSteps(key, *filter);
    make(std::move(key), code.compiled_filter, [&] { return lower::LowerFilter(*filter); });
  }
  if (failed) return failed;
  return objects;
}

llvm::Error Fill(Owned& owned, size_t detectors, bool filter) {
  hpol_artifact& artifact = owned.artifact;
  artifact.struct_size = sizeof(hpol_artifact);
  artifact.abi_version = HPOL_ABI_VERSION;
  artifact.serial = NextArtifactSerial();
  artifact.detector_count = static_cast<uint32_t>(detectors);
  std::vector<Linked::Wanted> wanted;
  if (detectors > 0) wanted.push_back({lower::kDetectorsName, &artifact.detectors});
  if (filter) {
    wanted.push_back({lower::kFilterScalarName, &artifact.filter_scalar});
    wanted.push_back({lower::kFilterAvx2Name, &artifact.filter_avx2});
    wanted.push_back({lower::kFilterAvx512Name, &artifact.filter_avx512});
  }
  return owned.linked->Find(wanted);
}

llvm::Expected<Code> Build(const std::vector<pattern::Matcher>& matchers, Optimize optimize,
                           const filter::Program* filter, const Caching* caching) {
  Code code;
  llvm::Expected<std::vector<cache::Blob>> objects = Objects(matchers, optimize, filter, caching, code);
  if (!objects) return objects.takeError();
  auto owned = std::make_shared<Owned>();
  llvm::Expected<std::unique_ptr<Linked>> linked = Linked::Make(std::move(*objects));
  if (!linked) return linked.takeError();
  owned->linked = std::move(*linked);
  if (llvm::Error error = Fill(*owned, matchers.size(), filter != nullptr)) return error;
  code.artifact = &owned->artifact;
  code.owner = std::move(owned);
  return code;
}

}  // namespace

Result<Code> Compile(const std::vector<pattern::Matcher>& matchers, Optimize optimize,
                     const filter::Program* filter, const Caching* caching) {
  llvm::Expected<Code> code = Build(matchers, optimize, filter, caching);
  if (code) return std::move(*code);
  if (caching == nullptr) return ToError(code.takeError());
  // An object of the cache that cannot be linked is no reason to fail.
  llvm::consumeError(code.takeError());
  code = Build(matchers, optimize, filter, nullptr);
  if (!code) return ToError(code.takeError());
  return std::move(*code);
}

std::string DumpLlvm(const std::vector<pattern::Matcher>& matchers, Optimize optimize) {
  llvm::orc::ThreadSafeModule module = lower::LowerDetectors(matchers);
  if (optimize == Optimize::kFull) {
    if (llvm::Error error = Prepare(module, optimize, Host()))
      return "; " + ToError(std::move(error)).message + "\n";
  }
  return lower::Print(module);
}

}  // namespace hpol::jit
