// What `hpol scan` reads: files, folders and standard input, turned into texts, and a reason for each file
// that is not read. Links inside folders are not followed, so no cycle and nothing outside is read.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace hpol::tools {

// A file that will be scanned, or one that will not and why.
struct ScanInput {
  enum class Kind : uint8_t {
    kText,
    kBinary,      // has a NUL byte near its beginning, or begins as an archive or image does
    kLink,        // a symbolic link inside a folder
    kSpecial,     // a pipe, device or socket inside a folder
    kUnreadable,  // no permission, no such file, or reading failed
    kTooLarge,
  };
  std::string path;  // as it was reached from the command line; "-" is standard input
  Kind kind = Kind::kText;
  uint64_t size = 0;  // bytes, 0 when not known
};

// "is binary", …: for people.
std::string_view WhySkipped(ScanInput::Kind kind);
// Whether skipping leaves something unscanned that the caller asked for: exit code 2.
bool IsFailure(ScanInput::Kind kind);

// Every file behind the arguments, sorted within each folder. `.git` folders are left out. Nothing is opened
// yet.
std::vector<ScanInput> FindInputs(const std::vector<std::string>& arguments);

// The text of an input, or what is in the way as its kind. Bytes that are no UTF-8 become `?`, one for one,
// so that offsets stay; `*repaired` counts them.
std::string ReadInputText(ScanInput& input, uint64_t max_bytes, size_t* repaired);

}  // namespace hpol::tools
