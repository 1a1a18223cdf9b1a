// The packs that ship inside the program: no files to find at run time.
#pragma once

#include <span>
#include <string_view>

namespace hpol::policies {

struct Pack {
  std::string_view path;  // as written after `import`: `std.pii`
  std::string_view file;  // as diagnostics name it: `std/pii.hpol`
  std::string_view text;
};

// Every pack of policies/std, sorted by path. Static storage.
std::span<const Pack> Packs();

}  // namespace hpol::policies
