// Image → memory. Pages are writable or executable, never both.
#include <sys/mman.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>

#include "runtime/abi/serial.h"
#include "runtime/bundle/image.h"

namespace hpol::bundle {
namespace {

#if defined(__x86_64__)
constexpr Machine kThisMachine = Machine::kX86_64;

bool CpuRuns(uint32_t level) {
  __builtin_cpu_init();
  switch (level) {
    case 2:
      return __builtin_cpu_supports("sse4.2") && __builtin_cpu_supports("popcnt") &&
             __builtin_cpu_supports("ssse3");
    case 3:
      return CpuRuns(2) && __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi") &&
             __builtin_cpu_supports("bmi2") && __builtin_cpu_supports("fma") &&
             __builtin_cpu_supports("lzcnt");
    case 4:
      return CpuRuns(3) && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
             __builtin_cpu_supports("avx512cd") && __builtin_cpu_supports("avx512dq") &&
             __builtin_cpu_supports("avx512vl");
    default:
      return false;
  }
}
// What HPOL_CPU=scalar|avx2|avx512 leaves.
uint32_t Ceiling() {
  const char* wanted = std::getenv("HPOL_CPU");
  if (wanted == nullptr) return 4;
  return std::strcmp(wanted, "scalar") == 0 ? 2 : std::strcmp(wanted, "avx2") == 0 ? 3 : 4;
}
#else
constexpr Machine kThisMachine = Machine::kAArch64;

bool CpuRuns(uint32_t level) { return level == 8; }
uint32_t Ceiling() { return 8; }
#endif

class Mapping {
 public:
  ~Mapping() {
    if (base_ != nullptr) ::munmap(base_, size_);
  }
  Mapping() = default;
  Mapping(const Mapping&) = delete;
  Mapping& operator=(const Mapping&) = delete;

  bool Fill(const Image& image, std::string_view contents) {
    size_ = 0;
    for (const Segment& segment : image.segments)
      size_ = (uint64_t{segment.address} + segment.size + kSegmentAlignment - 1) / kSegmentAlignment *
              kSegmentAlignment;
    if (size_ == 0) return false;
    void* const base = ::mmap(nullptr, size_, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (base == MAP_FAILED) return false;
    base_ = static_cast<uint8_t*>(base);
    // Word lists stand in it (THREATS rule W).
    if (::madvise(base_, size_, MADV_DONTDUMP) != 0) return false;
    size_t at = 0;
    for (const Segment& segment : image.segments) {
      if (::mprotect(base_ + segment.address, segment.size, PROT_READ | PROT_WRITE) != 0) return false;
      std::memcpy(base_ + segment.address, contents.data() + at, segment.size);
      at += segment.size;
    }
    for (const uint32_t address : image.relocations) {
      uint64_t word = 0;
      std::memcpy(&word, base_ + address, sizeof word);
      word += reinterpret_cast<uintptr_t>(base_);
      std::memcpy(base_ + address, &word, sizeof word);
    }
    for (const Segment& segment : image.segments) {
      const bool code = segment.protection == Protection::kExecute;
      if (code) {
        auto* const begin = reinterpret_cast<char*>(base_ + segment.address);
        __builtin___clear_cache(begin, begin + segment.size);
      }
      if (::mprotect(base_ + segment.address, segment.size, code ? PROT_READ | PROT_EXEC : PROT_READ) != 0)
        return false;
    }
    return true;
  }

  template <typename Pointer>
  void Point(Pointer& pointer, uint32_t address) const {
    const uint8_t* const place = base_ + address;
    static_assert(sizeof pointer == sizeof place);
    std::memcpy(&pointer, &place, sizeof place);
  }

  hpol_artifact artifact{};

 private:
  uint8_t* base_ = nullptr;
  size_t size_ = 0;
};

void Bind(Mapping& mapping, const Entry& entry) {
  hpol_artifact& artifact = mapping.artifact;
  switch (entry.part) {
    case Part::kDetectors:
      return mapping.Point(artifact.detectors, entry.address);
    case Part::kFilterScalar:
      return mapping.Point(artifact.filter_scalar, entry.address);
    case Part::kFilterAvx2:
      return mapping.Point(artifact.filter_avx2, entry.address);
    case Part::kFilterAvx512:
      return mapping.Point(artifact.filter_avx512, entry.address);
  }
}

}  // namespace

uint32_t BestLevel(const Image& image, uint32_t most) {
  uint32_t best = 0;
  if (image.machine != kThisMachine) return best;
  for (const Entry& entry : image.entries) {
    const bool allowed = entry.level <= Ceiling() && (most == 0 || entry.level <= most);
    if (entry.level > best && allowed && CpuRuns(entry.level)) best = entry.level;
  }
  return best;
}

Result<Mapped> MapImage(const Image& image, std::string_view contents, uint32_t level, uint32_t detectors) {
  // The detectors are an array: all of it must be there, where their addresses are written.
  for (const Entry& entry : image.entries) {
    const uint64_t size = uint64_t{detectors} * sizeof(hpol_detector_code);
    if (entry.level == level && entry.part == Part::kDetectors &&
        !std::ranges::any_of(image.segments, [&](const Segment& segment) {
          return segment.protection == Protection::kRelocated && entry.address >= segment.address &&
                 entry.address + size <= uint64_t{segment.address} + segment.size;
        })) {
      return Error{"it has code for fewer detectors"};
    }
  }
  auto mapping = std::make_shared<Mapping>();
  if (!mapping->Fill(image, contents)) return Error{"the system gives no memory for its code"};
  hpol_artifact& artifact = mapping->artifact;
  artifact.struct_size = sizeof(hpol_artifact);
  artifact.abi_version = HPOL_ABI_VERSION;
  artifact.serial = NextArtifactSerial();
  artifact.detector_count = detectors;
  for (const Entry& entry : image.entries) {
    if (entry.level == level) Bind(*mapping, entry);
  }
  return Mapped{std::shared_ptr<const hpol_artifact>(mapping, &mapping->artifact), level};
}

}  // namespace hpol::bundle
