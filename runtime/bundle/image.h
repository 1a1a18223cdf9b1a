// The native part of a bundle: one position-independent image for one kind of machine, with its code for
// several levels of CPU over the same tables. It refers to nothing outside itself; the only relocations say
// "add the address where you are". Written by compiler/aot, mapped here without any library.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "hpol/result.h"
#include "runtime/abi/artifact.h"
#include "runtime/abi/pack.h"

namespace hpol::bundle {

enum class Machine : uint32_t { kX86_64 = 1, kAArch64 = 2 };

constexpr const char* MachineName(Machine machine) {
  return machine == Machine::kX86_64 ? "x86-64" : machine == Machine::kAArch64 ? "aarch64" : "unknown";
}

// Segments are mapped apart, so that each has its own protection. 64 KiB: the largest page of any kernel.
inline constexpr uint64_t kSegmentAlignment = 65536;
inline constexpr uint64_t kMaxImageBytes = uint64_t{1} << 30;

// What an entry is the place of: one field of hpol_artifact.
enum class Part : uint32_t { kDetectors, kFilterScalar, kFilterAvx2, kFilterAvx512 };
inline constexpr uint32_t kParts = 4;

enum class Protection : uint32_t {
  kRead,       // constants
  kExecute,    // code
  kRelocated,  // constants that hold addresses: written once, then as kRead
};

// Contents stand in the image behind its description, in the order of the segments, without gaps.
struct Segment {
  Protection protection = Protection::kRead;
  uint32_t address = 0;  // from the image's beginning; a multiple of kSegmentAlignment
  uint32_t size = 0;
};

struct Entry {
  uint32_t level = 0;  // x86-64: 2, 3, 4 as in x86-64-v2 …; aarch64: 8
  Part part = Part::kDetectors;
  uint32_t address = 0;
};

struct Image {
  Machine machine = Machine::kX86_64;
  std::vector<Segment> segments;  // by address, without overlap
  std::vector<Entry> entries;
  std::vector<uint32_t> relocations;  // addresses of 8-byte words in kRelocated segments
};

template <typename V, pack::Packs<Image> T>
void PackFields(V& visit, T& image) {
  auto& [machine, segments, entries, relocations] = image;
  visit(machine), visit(segments), visit(entries), visit(relocations);
}

// Description and contents in one.
std::string WriteImage(const Image& image, const std::vector<std::string>& contents);

// The description, checked: nothing in it leads outside. `contents` is what stands behind it.
Result<Image> ReadImage(std::string_view bytes, std::string_view& contents);

// The highest level of `image` that this CPU runs, that is at most `most` (0: any), and that HPOL_CPU
// (runtime/kernels) does not forbid; 0: none.
uint32_t BestLevel(const Image& image, uint32_t most = 0);

// An image in memory, its code executable and nothing writable. Unmapped with its last holder. Not part of
// core dumps.
struct Mapped {
  std::shared_ptr<const hpol_artifact> artifact;
  uint32_t level = 0;
};

// Maps the image's code for `level`. `detectors`: how many the policy has.
Result<Mapped> MapImage(const Image& image, std::string_view contents, uint32_t level, uint32_t detectors);

}  // namespace hpol::bundle
