// What `hpol scan` says: a table for people, JSON, SARIF 2.1.0. No form shows a value: an excerpt keeps the
// outermost characters of long values and hides the rest.
#pragma once

#include <cstdint>
#include <iosfwd>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/hir/hir.h"
#include "runtime/abi/vocabulary.h"

namespace hpol::tools {

struct ScanFinding {
  uint32_t detector = 0;  // index into ScanReport::detectors
  Tier tier = Tier::kShape;
  uint32_t line = 0, column = 0;          // of the first character; from 1, in code points
  uint32_t end_line = 0, end_column = 0;  // behind the last
  uint64_t begin = 0, end = 0;            // bytes
  std::string excerpt;                    // masked
};

struct ScannedFile {
  std::string path;  // "-": standard input
  std::vector<ScanFinding> findings;
  std::string skipped;     // why it was not scanned; empty: it was
  bool failed = false;     // and the caller asked for it
  bool unscanned = false;  // something in it is encoded and could not be read
};

struct ScanReport {
  std::vector<hir::Detector> detectors;
  std::vector<ScannedFile> files;
  size_t CountFindings() const;
  bool failed() const;
};

// At most a quarter of the letters and digits of a value, and none of a short one; at most 40 characters.
std::string Mask(std::string_view value);

void WriteTable(const ScanReport& report, bool color, std::ostream& out);
void WriteJson(const ScanReport& report, std::ostream& out);
void WriteSarif(const ScanReport& report, std::string_view version, std::ostream& out);

}  // namespace hpol::tools
