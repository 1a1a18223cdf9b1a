// The record of versions that were loaded: a JSON object, policy → the oldest version that may follow.
#pragma once

#include <map>
#include <string>
#include <string_view>

namespace hpol::bundle {

class Pins {
 public:
  // True when it was read or is not there yet; false when it is there and cannot be understood.
  bool Load(const std::string& path);
  // Empty: any.
  std::string_view MinimumVersion(std::string_view policy) const;
  // Records that nothing older than `version` may follow; a lower one changes nothing. Both are names as the
  // language allows them, without quotes in them.
  bool Raise(std::string_view policy, std::string_view version, const std::string& path);

 private:
  std::map<std::string, std::string, std::less<>> versions_;
};

}  // namespace hpol::bundle
