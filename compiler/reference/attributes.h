// Attributes of a request, read against their declarations: present and typed, or missing.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "compiler/hir/hir.h"
#include "hpol/engine.h"

namespace hpol::reference {

// One typed value; which fields count depends on the declared type.
struct Value {
  bool present = false;
  bool boolean = false;
  int64_t number = 0;
  Label label;
  std::vector<uint32_t> members;   // enum, set of enum
  std::vector<std::string> texts;  // string, set of string
};

// One value for each attribute of the policy. Missing: not given, given by another
// source than declared, given more than once, or not spelled as its type wants.
std::vector<Value> ReadAttributes(const hir::Policy& policy, std::span<const hpol::Attribute> given);

// The first required attribute that is missing: such a request is denied at the door.
std::optional<AttributeId> FirstBadInput(const hir::Policy& policy, const std::vector<Value>& values);

}  // namespace hpol::reference
