// The file form of a bundle (.hpolb):
//
//   head      magic, format, ABI, counts and sizes; one entry a section with its digest; the seal: who
//   signed,
//             how, and until when
//   sections  each at a multiple of 64, zeroes between
//   signature of the head, which holds the digest of every section: one signature covers every byte
//
// Numbers are little-endian. An unsigned bundle has the head's SHA-256 in place of a signature.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "hpol/bundle.h"
#include "runtime/digest/sha256.h"

namespace hpol::bundle {

inline constexpr char kMagic[8] = {'\x89', 'H', 'P', 'O', 'L', 'B', '\r', '\n'};
inline constexpr uint32_t kFormat = 2;
inline constexpr uint64_t kMaxBundleBytes = uint64_t{1} << 30;
inline constexpr uint32_t kMaxSections = 64;

enum class SectionKind : uint32_t {
  kManifest = 1,  // JSON
  kTables,        // runtime/tables/pack.h
  kFilter,        // runtime/tables/filter_pack.h
  kOpenings,
  kImage,   // runtime/bundle/image.h; `variant` is its machine
  kSource,  // packed name and text of one file; for people
};

enum class Algorithm : uint32_t { kNone = 0, kEd25519 = 1 };

struct Section {
  SectionKind kind = SectionKind::kManifest;
  uint32_t variant = 0;
  std::string_view bytes;
};

struct Seal {
  Algorithm algorithm = Algorithm::kNone;
  uint32_t reserved = 0;
  int64_t not_after = 0;
  std::array<uint8_t, 32> key_id{};
};

// A container whose head is sound and whose size is right; nothing is verified yet.
struct Container {
  uint32_t abi = 0;
  Seal seal;
  std::vector<Section> sections;
  std::vector<Sha256Digest> digests;  // of the sections, as the head says
  std::string_view head;              // what is signed
  std::string_view signature;
  std::string_view all;

  const Section* Find(SectionKind kind, uint32_t variant = 0) const;
};

// kNone when `bytes` are a container.
BundleRefusal Open(std::string_view bytes, Container& container);

// Whether every section is what the head says, and nothing stands between them.
bool DigestsHold(const Container& container);

Sha256Digest DigestOf(std::string_view bytes);

// A container without its signature, which is `signature_size` bytes and belongs at its end; `head_size` says
// how much of it is to be signed.
std::string Assemble(const std::vector<Section>& sections, const Seal& seal, uint32_t abi,
                     uint32_t signature_size, size_t& head_size);

// Ends the container of an unsigned bundle.
std::string AssembleUnsigned(const std::vector<Section>& sections, uint32_t abi);

}  // namespace hpol::bundle
