// Inside runtime/bundle: whole files, and times as people write them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace hpol::bundle {

// Nothing when it cannot be read, or is larger than `most` bytes.
std::optional<std::string> ReadWholeFile(const std::string& path, uint64_t most);

// False only when there is surely no such file.
bool FileExists(const std::string& path);

// Written beside it and renamed, so that nobody ever sees half of it.
bool ReplaceFile(const std::string& path, const std::string& text);

// `2027-01-31` (the end of that day) or `2027-01-31T12:00:00Z`, in UTC; nothing for anything else.
std::optional<int64_t> ParseTime(const std::string& text);
std::string FormatTime(int64_t seconds);

}  // namespace hpol::bundle
