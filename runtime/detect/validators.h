// Validators: what a checksum or a structure says about a shape. One row a validator,
// with its standard. Used by the runtime, the compiler's sample checks and the reference.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace hpol::detect {

// kReject drops the match, kUnknown leaves it at tier shape, kAccept makes it tier checksum.
enum class Validity : uint8_t { kReject = 0, kUnknown, kAccept };

struct Validator {
  std::string_view name;      // as written after `validate`
  std::string_view standard;  // where the rule comes from
  Validity (*check)(std::string_view match);
};

// Index 0 is "none" (accepts as kUnknown). The order is part of the ABI: append only.
const std::vector<Validator>& Validators();

// 0 when there is no such validator.
uint32_t FindValidator(std::string_view name);

}  // namespace hpol::detect
