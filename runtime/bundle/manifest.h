// What a loader needs of a manifest. The rest is for people and their tools.
#pragma once

#include <string>
#include <string_view>

namespace hpol::bundle {

struct ManifestFacts {
  std::string policy;
  std::string version;
  std::string minimum_version;
  bool revokes = false;
};

// False when it is no JSON object, or lacks one of them.
bool ReadManifest(std::string_view json, ManifestFacts& facts);

}  // namespace hpol::bundle
