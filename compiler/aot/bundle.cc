#include "compiler/aot/bundle.h"

#include <deque>

#include "compiler/aot/aot.h"
#include "runtime/abi/pack.h"
#include "runtime/bundle/container.h"
#include "runtime/tables/filter_pack.h"
#include "runtime/tables/pack.h"

namespace hpol::aot {

Result<std::string> WriteBundle(const BundleParts& parts) {
  std::deque<std::string> contents;  // sections point into it
  std::vector<bundle::Section> sections;
  const auto add = [&](bundle::SectionKind kind, std::string bytes, uint32_t variant = 0) {
    sections.push_back({kind, variant, contents.emplace_back(std::move(bytes))});
  };
  const auto packed = [](const auto&... values) {
    pack::Packer packer;
    (packer(values), ...);
    return packer.Take();
  };
  add(bundle::SectionKind::kManifest, parts.manifest);
  add(bundle::SectionKind::kTables, packed(parts.tables));
  add(bundle::SectionKind::kFilter, packed(parts.filter));
  add(bundle::SectionKind::kOpenings, packed(parts.openings));
  for (const bundle::Machine machine : parts.machines) {
    Result<std::string> image = Emit(parts.matchers, parts.filter, machine);
    if (!image) return image.error();
    add(bundle::SectionKind::kImage, *std::move(image), static_cast<uint32_t>(machine));
  }
  for (const auto& [name, text] : parts.sources) add(bundle::SectionKind::kSource, packed(name, text));
  return bundle::AssembleUnsigned(sections, HPOL_ABI_VERSION);
}

}  // namespace hpol::aot
