#include "tests/differential/table_engine.h"

#include <utility>

namespace hpol::differential {
namespace {

hpol_match Match(const void* context, const uint8_t* text, uint64_t size, uint64_t at, uint64_t limit) {
  return pattern::Attempt(*static_cast<const pattern::Matcher*>(context), text, size, at, limit);
}

struct Owner {
  std::vector<pattern::Matcher> matchers;
  std::vector<hpol_detector_code> detectors;
  hpol_artifact artifact{};
};

}  // namespace

Program MakeTableProgram(std::shared_ptr<const ir::Tables> tables, std::vector<pattern::Matcher> matchers) {
  auto owner = std::make_shared<Owner>();
  owner->matchers = std::move(matchers);
  for (const pattern::Matcher& matcher : owner->matchers) {
    hpol_detector_code code{Match, &matcher, {}, nullptr, nullptr, nullptr, 0};
    const std::bitset<256> first_bytes = matcher.FirstBytes();
    for (uint32_t byte = 0; byte < 256; ++byte)
      if (first_bytes[byte]) code.first_bytes[byte >> 6] |= uint64_t{1} << (byte & 63);
    owner->detectors.push_back(code);
  }
  hpol_artifact& artifact = owner->artifact;
  artifact.struct_size = sizeof(hpol_artifact);
  artifact.abi_version = HPOL_ABI_VERSION;
  artifact.detector_count = static_cast<uint32_t>(owner->detectors.size());
  artifact.detectors = owner->detectors.data();
  return {std::move(tables), &owner->artifact, owner, nullptr};
}

}  // namespace hpol::differential
