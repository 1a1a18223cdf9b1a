// The parts of ParseGatewayConfig, private to this folder. Each reads one section of
// gateway.json into Settings and collects mistakes and warnings.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "adapters/gateway/json_document.h"
#include "adapters/gateway/settings.h"
#include "hpol/result.h"
#include "runtime/abi/tables.h"

namespace hpol::gateway {

struct Section {
  const JsonDocument& document;
  const ir::Tables& tables;
  const std::string& folder;  // of gateway.json, with its slash; empty: the working folder
  Settings& settings;
  Mistakes& mistakes;
  std::vector<std::string>& warnings;
};

// "targets": one entry for each target of the policy, and no other.
void ReadTargets(Section& section, const nlohmann::json* targets);

// "keys_file": key records and the identity attributes they carry.
void ReadKeys(Section& section, const std::string& path, const std::string& pointer);

// "attributes": fixed values and headers. After ReadKeys, because it also checks that
// every attribute of the policy can come from its declared source.
void ReadAttributes(Section& section, const nlohmann::json* attributes);

// Spells a JSON value as attribute values; says what is wrong, or nothing.
std::string ReadValues(const ir::Tables& tables, uint32_t attribute, const nlohmann::json& value,
                       std::vector<std::string>& values);

// Whether the one value is of the attribute's type (one member, for sets).
bool IsValueOf(const ir::Tables& tables, const ir::Attribute& attribute, std::string_view value);

// `*` stands for any run of characters.
bool GlobMatches(std::string_view pattern, std::string_view text);

Result<std::string> ReadWholeFile(const std::string& path);

// `path` as written in a file of `folder`.
std::string InFolder(const std::string& folder, const std::string& path);

const char* SourceName(Source source);

}  // namespace hpol::gateway
