// Inside compiler/aot: object files → one flat image, by LLVM's own linker in memory, for any machine.
#pragma once

#include <llvm/Support/Error.h>

#include <map>
#include <string>
#include <vector>

#include "runtime/bundle/image.h"

namespace hpol::aot {

struct Flat {
  std::vector<bundle::Segment> segments;
  std::vector<std::string> contents;  // of each segment
  std::vector<uint32_t> relocations;
  std::map<std::string, uint32_t> symbols;  // addresses
};

// Objects that need nothing from each other, one behind the other. Fails when something is undefined, or has
// an address that would depend on where the image is.
llvm::Expected<Flat> Flatten(const std::vector<std::string>& objects);

}  // namespace hpol::aot
