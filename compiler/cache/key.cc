#include "compiler/cache/key.h"

#include <elf.h>
#include <link.h>

#include <cstring>

namespace hpol::cache {
namespace {

struct Walk {
  Sha256 digest;
  bool complete = true;
};

// Adds the build id of one loaded object, from its notes.
bool AddBuildId(const dl_phdr_info& object, Sha256& digest) {
  for (int i = 0; i < object.dlpi_phnum; ++i) {
    const ElfW(Phdr)& header = object.dlpi_phdr[i];
    if (header.p_type != PT_NOTE) continue;
    const size_t align = header.p_align == 8 ? 8 : 4;
    const auto padded = [align](size_t size) { return (size + align - 1) / align * align; };
    const auto* at = reinterpret_cast<const uint8_t*>(object.dlpi_addr + header.p_vaddr);
    const uint8_t* end = at + header.p_memsz;
    while (at + sizeof(ElfW(Nhdr)) <= end) {
      ElfW(Nhdr) note;
      std::memcpy(&note, at, sizeof note);
      const uint8_t* name = at + sizeof note;
      const uint8_t* description = name + padded(note.n_namesz);
      at = description + padded(note.n_descsz);
      if (at > end) break;
      if (note.n_type == NT_GNU_BUILD_ID && note.n_namesz == 4 && std::memcmp(name, "GNU", 4) == 0) {
        digest.Add(description, note.n_descsz);
        return true;
      }
    }
  }
  return false;
}

std::optional<Digest> MakeStamp() {
  Walk walk;
  const auto visit = [](dl_phdr_info* object, size_t, void* data) {
    Walk& into = *static_cast<Walk*>(data);
    into.complete = AddBuildId(*object, into.digest) && into.complete;
    return 0;
  };
  dl_iterate_phdr(visit, &walk);
  if (!walk.complete) return std::nullopt;
  return walk.digest.Finish();
}

}  // namespace

const std::optional<Digest>& ProgramStamp() {
  static const std::optional<Digest> stamp = MakeStamp();
  return stamp;
}

KeyBuilder::KeyBuilder(std::string_view kind) {
  if (ProgramStamp()) Add(*ProgramStamp());
  Add(kind);
}

KeyBuilder& KeyBuilder::Add(std::string_view text) {
  Add(uint64_t{text.size()});
  digest_.Add(text);
  return *this;
}

KeyBuilder& KeyBuilder::Add(uint64_t number) {
  digest_.Add(&number, sizeof number);
  return *this;
}

KeyBuilder& KeyBuilder::Add(const Digest& digest) {
  digest_.Add(digest.data(), digest.size());
  return *this;
}

std::string Hex(const Digest& digest) {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string text;
  for (const uint8_t byte : digest) {
    text += kDigits[byte >> 4];
    text += kDigits[byte & 15];
  }
  return text;
}

}  // namespace hpol::cache
