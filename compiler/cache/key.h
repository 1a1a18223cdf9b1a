// What a cached result was made from, as a digest: equal keys, equal results. A key is made of the source
// (patterns, words, options), never of a result, so that it is had before any slow stage has run.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "runtime/digest/sha256.h"

namespace hpol::cache {

using Digest = Sha256Digest;

// Builds a key from parts. Every part is written with its size, so that no two lists of parts look alike.
class KeyBuilder {
 public:
  // `kind` says what sort of result it is: two kinds never share a key. Every key also holds the stamp of
  // this program.
  explicit KeyBuilder(std::string_view kind);

  KeyBuilder& Add(std::string_view text);
  KeyBuilder& Add(uint64_t number);
  KeyBuilder& Add(const Digest& digest);
  Digest Finish() { return digest_.Finish(); }

 private:
  Sha256 digest_;
};

// A digest over the build ids of this program and of every library that it has loaded: another compiler never
// takes this one's results for its own. Nothing when one has no build id; results then may not outlive the
// process.
const std::optional<Digest>& ProgramStamp();

// 64 hexadecimal digits.
std::string Hex(const Digest& digest);

}  // namespace hpol::cache
