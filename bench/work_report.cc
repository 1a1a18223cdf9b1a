#include "bench/work_report.h"

#include <algorithm>
#include <cstdarg>
#include <cstdio>
#include <nlohmann/json.hpp>

namespace hpol::bench {
namespace {

[[gnu::format(printf, 1, 2)]] std::string Format(const char* format, ...) {
  char text[160];
  va_list arguments;
  va_start(arguments, format);
  std::vsnprintf(text, sizeof text, format, arguments);
  va_end(arguments);
  return text;
}

double GigabytesPerSecond(size_t bytes, double seconds) {
  return seconds == 0 ? 0 : static_cast<double>(bytes) / seconds / 1e9;
}

std::string Rate(size_t bytes, double seconds) {
  const double rate = GigabytesPerSecond(bytes, seconds);
  return rate == 0 ? "-" : rate >= 0.1 ? Format("%.2f", rate) : Format("%.4f", rate);
}

// The widest hpol comes first.
constexpr size_t kOurs = 0;

void HotTable(const Report& report, std::string& out) {
  out +=
      "Hot: GB/s (first round, median of the rounds), ns a prompt; behind a peer's rate how many times "
      "faster ";
  out += report.engines[kOurs] + " is.\n\n";
  out += Format("%-22s %8s %8s %7s %7s %10s", "corpus", "prompts", "spans", "first", "median", "ns/prompt");
  for (size_t e = kOurs + 1; e < report.engines.size(); ++e)
    out += Format(" %19s", report.engines[e].c_str());
  out += '\n';
  for (const Report::Row& row : report.rows) {
    const HotTime& ours = row.hot[kOurs];
    out += Format("%-22s %8zu %8zu %7s %7s %10.0f", row.corpus.c_str(), row.prompts, row.spans,
                  Rate(row.bytes, ours.first).c_str(), Rate(row.bytes, ours.median).c_str(),
                  ours.median * 1e9 / static_cast<double>(std::max<size_t>(row.prompts, 1)));
    for (size_t e = kOurs + 1; e < row.hot.size(); ++e) {
      const double peer = row.hot[e].median;
      const std::string ratio = peer == 0 ? "" : Format("%9.2fx", peer / ours.median);
      out += Format(" %9s%10s", Rate(row.bytes, peer).c_str(), ratio.c_str());
    }
    out += '\n';
  }
}

void ColdTable(const Report& report, std::string& out) {
  out += "\nCold caches: ns for one prompt; behind a peer's how many times faster " + report.engines[kOurs] +
         " is.\n\n";
  out += Format("%-22s %10s", "corpus", report.engines[kOurs].c_str());
  for (size_t e = kOurs + 1; e < report.engines.size(); ++e)
    out += Format(" %19s", report.engines[e].c_str());
  out += '\n';
  for (const Report::Row& row : report.rows) {
    if (row.cold.empty()) continue;
    out += Format("%-22s %10.0f", row.corpus.c_str(), row.cold[kOurs] * 1e9);
    for (size_t e = kOurs + 1; e < row.cold.size(); ++e) {
      out += row.cold[e] == 0 ? Format(" %19s", "-")
                              : Format(" %9.0f%9.2fx", row.cold[e] * 1e9, row.cold[e] / row.cold[kOurs]);
    }
    out += '\n';
  }
}

double NsPerByte(double seconds, size_t bytes) { return seconds * 1e9 / static_cast<double>(bytes); }

void LinearTable(const Report& report, std::string& out) {
  out += Format("\nLinear: ns a byte of %s on hostile text of %zu KiB and of %zu KiB.\n\n",
                report.engines[kOurs].c_str(), report.short_bytes >> 10, report.long_bytes >> 10);
  out += Format("%-22s %10s %10s %8s\n", "family", "short", "long", "ratio");
  for (const Linearity& family : report.linear) {
    const double brief = NsPerByte(family.short_seconds, report.short_bytes);
    const double lengthy = NsPerByte(family.long_seconds, report.long_bytes);
    out += Format("%-22s %10.3f %10.3f %7.2fx\n", family.family.c_str(), brief, lengthy, lengthy / brief);
  }
}

}  // namespace

std::string ReportText(const Report& report) {
  std::string out;
  HotTable(report, out);
  ColdTable(report, out);
  LinearTable(report, out);
  if (!report.left_out.empty()) out += '\n';
  for (const std::string& reason : report.left_out) out += reason + "\n";
  return out;
}

std::string ReportJson(const Report& report) {
  using Json = nlohmann::ordered_json;
  Json json{{"corpora", Json::array()}, {"linear", Json::array()}, {"left_out", report.left_out}};
  for (const Report::Row& row : report.rows) {
    Json engines = Json::object();
    for (size_t e = 0; e < report.engines.size(); ++e) {
      if (row.hot[e].median == 0) continue;
      const auto prompts = static_cast<double>(row.prompts);
      Json engine{{"first_gb_per_s", GigabytesPerSecond(row.bytes, row.hot[e].first)},
                  {"median_gb_per_s", GigabytesPerSecond(row.bytes, row.hot[e].median)},
                  {"ns_per_prompt", row.hot[e].median * 1e9 / prompts},
                  {"times_slower", row.hot[e].median / row.hot[kOurs].median},
                  {"times_slower_first", row.hot[e].first / row.hot[kOurs].first}};
      if (!row.cold.empty() && row.cold[e] != 0) engine["cold_ns_per_prompt"] = row.cold[e] * 1e9;
      engines[report.engines[e]] = std::move(engine);
    }
    json["corpora"].push_back({{"name", row.corpus},
                               {"prompts", row.prompts},
                               {"bytes", row.bytes},
                               {"spans", row.spans},
                               {"hostile", row.hostile},
                               {"engines", std::move(engines)}});
  }
  for (const Linearity& family : report.linear) {
    json["linear"].push_back({{"family", family.family},
                              {"short_ns_per_byte", NsPerByte(family.short_seconds, report.short_bytes)},
                              {"long_ns_per_byte", NsPerByte(family.long_seconds, report.long_bytes)}});
  }
  return json.dump(2) + "\n";
}

}  // namespace hpol::bench
