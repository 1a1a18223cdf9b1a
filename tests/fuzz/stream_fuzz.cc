// Any text in any chunks: the stream must find what the scan of the whole text finds, keep its promises about
// what is settled, and keep no more than it says.
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/detect/hand_detectors_for_test.h"
#include "runtime/detect/stream.h"
#include "runtime/detect/validators.h"

namespace {

using namespace hpol;

void Check(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "broken: %s\n", what);
  std::abort();
}

// An SSN, an address that a word raises, and a number that is none without a word.
struct Detectors {
  ir::Tables tables;
  std::vector<hpol_detector_code> code = {hand::Code(hand::MatchSsn), hand::Code(hand::MatchEmail),
                                          hand::Code(hand::MatchNumber)};
  hpol_artifact artifact{};

  Detectors() {
    tables.strings = {"", "an", "ssn"};
    tables.lists = {1, 2};
    ir::NearClause words{false, 12, {0, 2}};
    detect::SetFirstBytes({"an", "ssn"}, words.first);
    tables.near = {words};
    for (const uint32_t length : {11u, 96u, 20u}) {
      ir::Detector detector;
      detector.max_length = length;
      tables.detectors.push_back(detector);
    }
    tables.detectors[0].validator = detect::FindValidator("us_ssn");
    for (const size_t i : {1, 2}) {
      tables.detectors[i].near = {0, 1};
      tables.detectors[i].reach = 12;
    }
    tables.detectors[2].needs_near = true;
    artifact.detector_count = static_cast<uint32_t>(code.size());
    artifact.detectors = code.data();
  }
};

}  // namespace

// The first byte seeds the lengths of the chunks.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static const Detectors detectors;
  static text::Views views;
  static detect::Matches matches;
  static detect::Stream stream(detectors.tables, detectors.artifact, nullptr, nullptr);
  if (size == 0) return 0;
  const std::string text(reinterpret_cast<const char*>(data) + 1, size - 1);
  surface::Content content;
  content.pieces.push_back({.end = static_cast<uint32_t>(text.size())});
  views.Build(text, content);
  Check(detect::Scan(detectors.tables, detectors.artifact, nullptr, views, matches), "scan");

  stream.Reset();
  std::vector<Finding> findings;
  uint32_t state = data[0];
  for (size_t at = 0; at < text.size();) {
    state = state * 1664525 + 1013904223;
    const size_t chunk = std::min(text.size() - at, size_t{1} + (state >> 20) % (data[0] < 128 ? 8 : 200));
    const uint64_t settled = stream.settled();
    const size_t before = findings.size();
    Check(stream.Feed(std::string_view(text).substr(at, chunk), findings), "feed");
    at += chunk;
    Check(stream.settled() >= settled && stream.settled() <= at, "settled goes forward");
    for (size_t i = before; i < findings.size(); ++i) {
      Check(findings[i].begin >= settled && findings[i].end <= stream.settled(), "a finding is settled once");
    }
  }
  Check(stream.Finish(findings), "finish");
  Check(findings.size() == matches.all.size(), "as many findings as in the whole text");
  for (size_t i = 0; i < findings.size(); ++i)
    Check(findings[i] == matches.all[i].finding, "the same finding");
  Check(stream.unscanned() == !views.opaque().empty(), "unscanned as the whole text");
  return 0;
}
