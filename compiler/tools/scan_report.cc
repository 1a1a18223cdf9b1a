#include "compiler/tools/scan_report.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <ostream>

namespace hpol::tools {
namespace {

using Json = nlohmann::ordered_json;

constexpr size_t kExcerpt = 40;  // characters

bool IsShown(char c) { return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'); }

std::string NameOf(const ScannedFile& file) { return file.path == "-" ? "standard input" : file.path; }

std::string Padded(std::string text, size_t width) {
  if (text.size() < width) text.append(width - text.size(), ' ');
  return text;
}

std::string_view SarifLevel(hir::Severity severity) {
  switch (severity) {
    case hir::Severity::kCritical:
    case hir::Severity::kHigh:
      return "error";
    case hir::Severity::kLow:
      return "note";
    case hir::Severity::kMedium:
    case hir::Severity::kNone:
      return "warning";
  }
  return "warning";
}

// As GitHub's code scanning reads it: 0.0 to 10.0.
std::string_view SecuritySeverity(hir::Severity severity) {
  constexpr std::string_view kScores[] = {"5.0", "2.0", "5.0", "8.0", "9.5"};
  return kScores[static_cast<size_t>(severity)];
}

// RFC 3986: what may stand in a path stays, the rest is percent-encoded.
std::string UriOf(std::string_view path) {
  static constexpr char kHex[] = "0123456789ABCDEF";
  std::string uri = path.starts_with('/') ? "file://" : "";
  for (const char c : path) {
    if (IsShown(c) || std::string_view("/-._~!$&'()*+,;=@").find(c) != std::string_view::npos) {
      uri += c;
      continue;
    }
    uri += '%';
    uri += kHex[static_cast<uint8_t>(c) >> 4];
    uri += kHex[static_cast<uint8_t>(c) & 15];
  }
  return uri;
}

Json SarifRules(const ScanReport& report) {
  Json rules = Json::array();
  for (const hir::Detector& detector : report.detectors) {
    Json rule = {{"id", detector.name},
                 {"shortDescription", {{"text", "a finding of the detector " + detector.name}}},
                 {"defaultConfiguration", {{"level", SarifLevel(detector.severity)}}},
                 {"properties", {{"security-severity", SecuritySeverity(detector.severity)}}}};
    if (!detector.suggests.empty()) rule["properties"]["suggestedLabel"] = detector.suggests;
    rules.push_back(std::move(rule));
  }
  return rules;
}

Json SarifResult(const ScanReport& report, const ScannedFile& file, const ScanFinding& finding) {
  const hir::Detector& detector = report.detectors[finding.detector];
  const Json region = {{"startLine", finding.line},   {"startColumn", finding.column},
                       {"endLine", finding.end_line}, {"endColumn", finding.end_column},
                       {"byteOffset", finding.begin}, {"byteLength", finding.end - finding.begin}};
  return {{"ruleId", detector.name},
          {"ruleIndex", finding.detector},
          {"level", SarifLevel(detector.severity)},
          {"message",
           {{"text", detector.name + " (" + std::string(TierName(finding.tier)) + "): " + finding.excerpt}}},
          {"locations",
           Json::array({{{"physicalLocation",
                          {{"artifactLocation", {{"uri", UriOf(file.path == "-" ? "stdin" : file.path)}}},
                           {"region", region}}}}})}};
}

}  // namespace

size_t ScanReport::CountFindings() const {
  size_t count = 0;
  for (const ScannedFile& file : files) count += file.findings.size();
  return count;
}

bool ScanReport::failed() const {
  return std::any_of(files.begin(), files.end(), [](const ScannedFile& file) { return file.failed; });
}

std::string Mask(std::string_view value) {
  constexpr std::string_view kKept = " -./:_@=";  // they show the form and say nothing
  const auto is_first_byte = [](char c) { return (static_cast<uint8_t>(c) & 0xc0) != 0x80; };
  const auto characters = std::count_if(value.begin(), value.end(), is_first_byte);
  const auto shown = static_cast<size_t>(std::count_if(value.begin(), value.end(), IsShown));
  const size_t first = std::min<size_t>(4, shown / 8);
  const size_t last = std::min<size_t>(2, shown / 8);
  std::string masked;
  size_t index = 0;  // of the letters and digits
  for (const char c : value) {
    if (!is_first_byte(c)) continue;
    if (masked.size() == kExcerpt - 3 && characters > static_cast<ptrdiff_t>(kExcerpt)) return masked + "...";
    const bool outer = IsShown(c) && (index < first || index + last >= shown);
    index += IsShown(c) ? 1 : 0;
    masked += outer || (shown > 0 && kKept.find(c) != std::string_view::npos) ? c : '*';
  }
  return masked;
}

void WriteTable(const ScanReport& report, bool color, std::ostream& out) {
  const std::string bold = color ? "\x1b[1m" : "";
  const std::string plain = color ? "\x1b[0m" : "";
  size_t widest = 8;
  for (const ScannedFile& file : report.files) {
    for (const ScanFinding& finding : file.findings)
      widest = std::max(widest, report.detectors[finding.detector].name.size());
  }
  bool first = true;
  for (const ScannedFile& file : report.files) {
    if (file.findings.empty() && !file.unscanned) continue;
    if (!first) out << "\n";
    first = false;
    out << bold << NameOf(file) << plain << "\n";
    if (file.unscanned) out << "  something in it is encoded and could not be read\n";
    if (file.findings.empty()) continue;
    out << "    LINE  COL  " << Padded("DETECTOR", widest) << "  TIER      SEVERITY  EXCERPT\n";
    for (const ScanFinding& finding : file.findings) {
      const hir::Detector& detector = report.detectors[finding.detector];
      const std::string line = std::to_string(finding.line);
      const std::string column = std::to_string(finding.column);
      const std::string severity(hir::SeverityName(detector.severity));
      out << "  " << std::string(line.size() < 6 ? 6 - line.size() : 0, ' ') << line
          << std::string(column.size() < 5 ? 5 - column.size() : 0, ' ') << column << "  "
          << Padded(detector.name, widest) << "  " << Padded(std::string(TierName(finding.tier)), 8) << "  "
          << Padded(severity.empty() ? "-" : severity, 8) << "  " << finding.excerpt << "\n";
    }
  }
}

void WriteJson(const ScanReport& report, std::ostream& out) {
  Json files = Json::array();
  for (const ScannedFile& file : report.files) {
    Json one = {{"file", NameOf(file)}};
    if (!file.skipped.empty()) one["skipped"] = file.skipped;
    if (file.unscanned) one["unscanned"] = true;
    Json findings = Json::array();
    for (const ScanFinding& finding : file.findings) {
      const hir::Detector& detector = report.detectors[finding.detector];
      findings.push_back({{"detector", detector.name},
                          {"tier", TierName(finding.tier)},
                          {"severity", hir::SeverityName(detector.severity)},
                          {"suggests", detector.suggests},
                          {"line", finding.line},
                          {"column", finding.column},
                          {"start", finding.begin},
                          {"end", finding.end},
                          {"excerpt", finding.excerpt}});
    }
    if (file.skipped.empty()) one["findings"] = std::move(findings);
    files.push_back(std::move(one));
  }
  out << Json{{"findings", report.CountFindings()}, {"files", std::move(files)}}.dump(2) << "\n";
}

void WriteSarif(const ScanReport& report, std::string_view version, std::ostream& out) {
  Json results = Json::array();
  Json notes = Json::array();
  for (const ScannedFile& file : report.files) {
    for (const ScanFinding& finding : file.findings) results.push_back(SarifResult(report, file, finding));
    if (file.skipped.empty()) continue;
    notes.push_back({{"level", file.failed ? "error" : "note"},
                     {"message", {{"text", NameOf(file) + " was not scanned: it " + file.skipped}}}});
  }
  const Json run = {
      {"tool", {{"driver", {{"name", "hpol"}, {"semanticVersion", version}, {"rules", SarifRules(report)}}}}},
      {"columnKind", "unicodeCodePoints"},
      {"invocations", Json::array({{{"executionSuccessful", !report.failed()},
                                    {"toolExecutionNotifications", std::move(notes)}}})},
      {"results", std::move(results)}};
  out << Json{{"$schema", "https://json.schemastore.org/sarif-2.1.0.json"},
              {"version", "2.1.0"},
              {"runs", Json::array({run})}}
             .dump(2)
      << "\n";
}

}  // namespace hpol::tools
