// What strangers may hand over as a bundle: nothing of it may crash the loader, and nothing that was not
// asked for may be mapped. The first byte chooses: the rest is a file, or the contents of sections under a
// head that is right (so that what reads sections is reached too), or a trust store.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "hpol/bundle.h"
#include "runtime/bundle/container.h"
#include "runtime/bundle/image.h"
#include "runtime/bundle/keys.h"
#include "runtime/bundle/manifest.h"
#include "runtime/tables/filter_pack.h"
#include "runtime/tables/pack.h"
#include "runtime/tables/verify.h"

namespace hpol {
namespace {

// `count` parts, each behind two bytes of length; the last takes the rest.
std::vector<std::string_view> Parts(std::string_view text, size_t count) {
  std::vector<std::string_view> parts;
  while (parts.size() + 1 < count && text.size() >= 2) {
    const size_t length = static_cast<uint8_t>(text[0]) | static_cast<size_t>(static_cast<uint8_t>(text[1]))
                                                              << 8;
    parts.push_back(text.substr(2, length));
    text.remove_prefix(2 + parts.back().size());
  }
  parts.push_back(text);
  parts.resize(count);
  return parts;
}

void Sections(std::string_view text) {
  const std::vector<std::string_view> parts = Parts(text, 5);
  const std::string bytes = bundle::AssembleUnsigned({{bundle::SectionKind::kManifest, 0, parts[0]},
                                                      {bundle::SectionKind::kTables, 0, parts[1]},
                                                      {bundle::SectionKind::kFilter, 0, parts[2]},
                                                      {bundle::SectionKind::kOpenings, 0, parts[3]},
                                                      {bundle::SectionKind::kImage, 1, parts[4]}},
                                                     HPOL_ABI_VERSION);
  BundleRefusal refusal = BundleRefusal::kNone;
  (void)Bundle::Read(bytes, {.allow_unsigned = true}, &refusal);
  // Each by itself too: one that is refused hides those behind it.
  bundle::ManifestFacts facts;
  (void)bundle::ReadManifest(parts[0], facts);
  ir::Tables tables;
  pack::Unpacker unpack_tables(parts[1]);
  unpack_tables(tables);
  if (unpack_tables.Done()) (void)ir::Verify(tables);
  filter::Program program;
  pack::Unpacker unpack_filter(parts[2]);
  unpack_filter(program);
  if (unpack_filter.Done()) (void)filter::IsSound(program, 4);
  std::string_view contents;
  (void)bundle::ReadImage(parts[4], contents);
}

}  // namespace
}  // namespace hpol

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace hpol;
  if (size == 0) return 0;
  const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  switch (data[0] % 3) {
    case 0: {
      BundleRefusal refusal = BundleRefusal::kNone;
      const Result<Bundle> bundle = Bundle::Read(text, {}, &refusal);
      // Nobody is trusted, so nothing is loaded.
      if (bundle.ok() || refusal == BundleRefusal::kNone) std::abort();
      break;
    }
    case 1:
      Sections(text);
      break;
    default:
      (void)TrustStore::FromPem(text);
      (void)IsVersion(text);
  }
  return 0;
}
