#include "runtime/bundle/image.h"

#include <algorithm>

namespace hpol::bundle {
namespace {

bool HasSegmentOf(const Image& image, uint64_t address, uint64_t size, Protection protection) {
  return std::ranges::any_of(image.segments, [&](const Segment& segment) {
    return segment.protection == protection && address >= segment.address &&
           address + size <= uint64_t{segment.address} + segment.size;
  });
}

bool IsFunction(Part part) { return part != Part::kDetectors; }

const char* WhatIsWrong(const Image& image, uint64_t contents) {
  if (image.machine != Machine::kX86_64 && image.machine != Machine::kAArch64) return "no such machine";
  uint64_t next = 0, bytes = 0;
  for (const Segment& segment : image.segments) {
    if (segment.protection > Protection::kRelocated || segment.address % kSegmentAlignment != 0 ||
        segment.address < next || segment.size == 0) {
      return "a segment that cannot be";
    }
    next = uint64_t{segment.address} + segment.size;
    bytes += segment.size;
    if (next > kMaxImageBytes) return "the image is too large";
  }
  if (bytes != contents) return "the image is not as long as its segments";
  for (const Entry& entry : image.entries) {
    if (static_cast<uint32_t>(entry.part) >= kParts) return "no such part";
    const bool inside =
        IsFunction(entry.part)
            ? HasSegmentOf(image, entry.address, 1, Protection::kExecute)
            : entry.address % 8 == 0 && (HasSegmentOf(image, entry.address, 8, Protection::kRelocated) ||
                                         HasSegmentOf(image, entry.address, 8, Protection::kRead));
    if (!inside) return "an entry outside the image";
  }
  if (!std::ranges::all_of(image.relocations, [&](uint32_t address) {
        return address % 8 == 0 && HasSegmentOf(image, address, 8, Protection::kRelocated);
      })) {
    return "an address to be written outside its segment";
  }
  return nullptr;
}

}  // namespace

std::string WriteImage(const Image& image, const std::vector<std::string>& contents) {
  pack::Packer packer;
  packer(image);
  std::string description = packer.Take();
  pack::Packer size;
  size(uint64_t{description.size()});
  std::string bytes = size.Take() + description;
  for (const std::string& content : contents) bytes += content;
  return bytes;
}

Result<Image> ReadImage(std::string_view bytes, std::string_view& contents) {
  uint64_t size = 0;
  if (bytes.size() >= sizeof size) pack::Unpacker(bytes.substr(0, sizeof size))(size);
  if (bytes.size() < sizeof size || size > bytes.size() - sizeof size) return Error{"it is cut off"};
  pack::Unpacker unpacker(bytes.substr(sizeof size, size));
  Image image;
  unpacker(image);
  if (!unpacker.Done()) return Error{"its description cannot be read"};
  contents = bytes.substr(sizeof size + size);
  if (const char* wrong = WhatIsWrong(image, contents.size())) return Error{wrong};
  return image;
}

}  // namespace hpol::bundle
