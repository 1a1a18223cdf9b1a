#include "runtime/bundle/container.h"

#include <algorithm>
#include <cstring>
#include <type_traits>

namespace hpol::bundle {
namespace {

struct Head {
  char magic[8];
  uint32_t format;
  uint32_t abi;
  uint32_t section_count;
  uint32_t signature_size;
  uint64_t size;  // of the file
};
struct SectionEntry {
  uint32_t kind;
  uint32_t variant;
  uint64_t offset;
  uint64_t size;
  Sha256Digest digest;
};
static_assert(sizeof(Head) == 32 && sizeof(SectionEntry) == 56 && sizeof(Seal) == 48);

constexpr uint64_t kAlignment = 64;
constexpr uint32_t kMaxSignatureBytes = 4096;

template <typename T>
T At(std::string_view bytes, size_t offset) {
  static_assert(std::is_trivially_copyable_v<T>);
  T value;
  std::memcpy(&value, bytes.data() + offset, sizeof value);
  return value;
}

template <typename T>
void Append(std::string& bytes, const T& value) {
  static_assert(std::is_trivially_copyable_v<T>);
  bytes.append(reinterpret_cast<const char*>(&value), sizeof value);
}

uint64_t Aligned(uint64_t offset) { return (offset + kAlignment - 1) / kAlignment * kAlignment; }

size_t HeadSize(size_t sections) { return sizeof(Head) + sections * sizeof(SectionEntry) + sizeof(Seal); }

}  // namespace

const Section* Container::Find(SectionKind kind, uint32_t variant) const {
  const auto found = std::ranges::find_if(
      sections, [&](const Section& each) { return each.kind == kind && each.variant == variant; });
  return found == sections.end() ? nullptr : &*found;
}

BundleRefusal Open(std::string_view bytes, Container& container) {
  const size_t known = std::min(bytes.size(), sizeof kMagic);
  if (known == 0) return BundleRefusal::kTruncated;
  if (std::memcmp(bytes.data(), kMagic, known) != 0) return BundleRefusal::kNotABundle;
  if (bytes.size() < sizeof(Head)) return BundleRefusal::kTruncated;
  const Head head = At<Head>(bytes, 0);
  if (head.format != kFormat) return BundleRefusal::kFormat;
  if (head.size != bytes.size()) return BundleRefusal::kTruncated;
  if (head.section_count > kMaxSections || head.signature_size > kMaxSignatureBytes ||
      head.size > kMaxBundleBytes || head.size < HeadSize(head.section_count) + head.signature_size) {
    return BundleRefusal::kMalformed;
  }
  container.all = bytes;
  container.abi = head.abi;
  container.head = bytes.substr(0, HeadSize(head.section_count));
  container.signature = bytes.substr(bytes.size() - head.signature_size);
  container.seal = At<Seal>(bytes, container.head.size() - sizeof(Seal));
  // Sections stand in the order of their entries, as close as they can.
  uint64_t end = container.head.size();
  const uint64_t limit = head.size - head.signature_size;
  for (uint32_t i = 0; i < head.section_count; ++i) {
    const auto entry = At<SectionEntry>(bytes, sizeof(Head) + i * sizeof(SectionEntry));
    if (entry.offset != Aligned(end) || entry.offset > limit || entry.size > limit - entry.offset)
      return BundleRefusal::kMalformed;
    container.sections.push_back(
        {static_cast<SectionKind>(entry.kind), entry.variant, bytes.substr(entry.offset, entry.size)});
    container.digests.push_back(entry.digest);
    end = entry.offset + entry.size;
  }
  return end == limit ? BundleRefusal::kNone : BundleRefusal::kMalformed;
}

Sha256Digest DigestOf(std::string_view bytes) {
  Sha256 digest;
  digest.Add(bytes);
  return digest.Finish();
}

bool DigestsHold(const Container& container) {
  const char* end = container.head.data() + container.head.size();
  for (size_t i = 0; i < container.sections.size(); ++i) {
    const std::string_view bytes = container.sections[i].bytes;
    if (DigestOf(bytes) != container.digests[i]) return false;
    if (!std::all_of(end, bytes.data(), [](char byte) { return byte == 0; })) return false;
    end = bytes.data() + bytes.size();
  }
  return true;
}

std::string Assemble(const std::vector<Section>& sections, const Seal& seal, uint32_t abi,
                     uint32_t signature_size, size_t& head_size) {
  head_size = HeadSize(sections.size());
  std::vector<SectionEntry> entries;
  uint64_t end = head_size;
  for (const Section& section : sections) {
    entries.push_back({static_cast<uint32_t>(section.kind), section.variant, Aligned(end),
                       section.bytes.size(), DigestOf(section.bytes)});
    end = entries.back().offset + entries.back().size;
  }
  Head head{{}, kFormat, abi, static_cast<uint32_t>(sections.size()), signature_size, end + signature_size};
  std::memcpy(head.magic, kMagic, sizeof kMagic);
  std::string bytes;
  bytes.reserve(head.size);
  Append(bytes, head);
  for (const SectionEntry& entry : entries) Append(bytes, entry);
  Append(bytes, seal);
  for (size_t i = 0; i < sections.size(); ++i) {
    bytes.resize(entries[i].offset, '\0');
    bytes += sections[i].bytes;
  }
  return bytes;
}

std::string AssembleUnsigned(const std::vector<Section>& sections, uint32_t abi) {
  size_t head_size = 0;
  std::string bytes = Assemble(sections, Seal{}, abi, sizeof(Sha256Digest), head_size);
  Append(bytes, DigestOf(std::string_view(bytes).substr(0, head_size)));
  return bytes;
}

}  // namespace hpol::bundle
