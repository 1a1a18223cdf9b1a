// quality: how much the standard packs find of what they should, and how much else. Doors: the tables on
// standard output. Cases that are not part of the project are read where they are at hand; the packs' own
// samples are checked by every compilation.
//
//   quality [--policy FILE] [--cases FOLDER] [--prose FILE…] [--misses]
//
// --policy  the detectors that this policy uses, instead of all packs'
// --cases   labelled rows (../shared/cases): `*_recognizers`, `*_context` and `*_generated` hold one text
// with the spans
//           of one entity, `corpus_*` texts with the spans of all entities
// --prose   clean texts, one a line or a .bin of work_bench; without any, the project's own
// --misses  every row that goes wrong, on standard error
#include <algorithm>
#include <cstdio>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <vector>

#include "bench/engine.h"
#include "bench/text.h"
#include "hpol/compile.h"
#include "hpol/engine.h"
#include "policies/packs.h"

namespace hpol::bench {
namespace {

using Json = nlohmann::json;

struct Span {
  uint32_t begin = 0;
  uint32_t end = 0;
};

struct Found {
  std::string detector;
  Tier tier;
  bool fires;  // at its detector's firing tier or above
  Span span;
};

// A policy that needs every detector of every pack (`std.pii`, not its parts).
std::string PolicyText() {
  std::string text = "policy bench.quality version \"1\"\n";
  std::string any;
  for (const policies::Pack& pack : policies::Packs()) {
    if (std::count(pack.path.begin(), pack.path.end(), '.') != 1 || pack.path == "std.all") continue;
    if (pack.path == "std.baseline") continue;
    text += "import " + std::string(pack.path) + "\n";
    any += (any.empty() ? "" : " or ") + std::string(pack.path.substr(4)) + ".any";
  }
  return text + "levels public < internal\nclassify {\n  start at public\n  when " + any +
         "  raise to internal\n}\nroute { otherwise deny \"a benchmark sends nothing\" }\n";
}

class Scanner {
 public:
  explicit Scanner(std::shared_ptr<const Engine> engine) : engine_(std::move(engine)) {}
  // How many findings; less than zero when the text cannot be scanned. Without a look at what they are.
  int64_t Count(const std::string& text) {
    findings_.clear();
    if (!engine_->Scan(text, scratch_, findings_)) return -1;
    return static_cast<int64_t>(findings_.size());
  }
  std::vector<Found> Scan(const std::string& text) {
    findings_.clear();
    std::vector<Found> found;
    if (!engine_->Scan(text, scratch_, findings_)) return found;
    const ir::Tables& tables = engine_->tables();
    for (const Finding& each : findings_) {
      std::string_view name = tables.Text(tables.detectors[each.detector.value].name);
      if (const size_t dot = name.rfind('.'); dot != std::string_view::npos) name.remove_prefix(dot + 1);
      const bool fires = each.tier >= tables.detectors[each.detector.value].firing;
      found.push_back({std::string(name), each.tier, fires, {each.begin, each.end}});
    }
    return found;
  }

 private:
  std::shared_ptr<const Engine> engine_;
  Scratch scratch_;
  std::vector<Finding> findings_;
};

// Entity → the detectors that names.json maps to it.
using Names = std::map<std::string, std::set<std::string>>;

Names ReadNames() {
  Names names;
  std::ifstream in(HPOL_SOURCE_DIR "/policies/std/names.json");
  const Json file = Json::parse(in, nullptr, /*allow_exceptions=*/false);
  if (!file.is_object()) return names;
  for (const auto& [detector, row] : file.items()) {
    for (const char* key : {"presidio", "cases"}) {
      if (!row.contains(key)) continue;
      const Json& value = row[key];
      for (const Json& one : value.is_array() ? value : Json::array({value})) {
        if (one.is_string()) names[one.get<std::string>()].insert(detector);
      }
    }
  }
  return names;
}

struct Score {
  size_t cases = 0;
  size_t right = 0;
  size_t weak = 0;        // positives that need a word, and are not asked for
  size_t weak_found = 0;  // of these found all the same
  size_t true_positive = 0;
  size_t missed = 0;
  size_t exact = 0;
  size_t false_positive = 0;
};

struct Tables {
  std::map<std::string, Score> entities;
  std::map<std::string, Score> countries;
  std::map<std::string, std::map<std::string, size_t>> prose;  // corpus → detector → flags
  std::map<std::string, size_t> prose_texts;
  std::map<std::string, double> prose_speed;  // MB/s of CPU time, all detectors, findings included
};

bool Overlap(const Span& a, const Span& b) { return a.begin < b.end && b.begin < a.end; }

std::vector<Span> SpansOf(const Json& rows) {
  std::vector<Span> spans;
  for (const Json& row : rows) spans.push_back({row.at(0).get<uint32_t>(), row.at(1).get<uint32_t>()});
  return spans;
}

// Compares the findings of one entity with what was expected of a text.
struct Comparison {
  size_t hit = 0;
  size_t exact = 0;
  size_t missed = 0;
  size_t other = 0;  // findings beside every expected span
};
Comparison Compare(const std::vector<Span>& expected, const std::vector<Span>& found) {
  Comparison result;
  for (const Span& span : expected) {
    const auto overlaps = [&span](const Span& other) { return Overlap(span, other); };
    const auto same = [&span](const Span& other) {
      return span.begin == other.begin && span.end == other.end;
    };
    const bool hit = std::any_of(found.begin(), found.end(), overlaps);
    (hit ? result.hit : result.missed) += 1;
    result.exact += std::any_of(found.begin(), found.end(), same) ? 1 : 0;
  }
  for (const Span& span : found) {
    const auto overlaps = [&span](const Span& other) { return Overlap(span, other); };
    result.other += std::none_of(expected.begin(), expected.end(), overlaps) ? 1 : 0;
  }
  return result;
}

std::vector<Span> Of(const std::vector<Found>& found, const std::set<std::string>& detectors, bool firing) {
  std::vector<Span> spans;
  for (const Found& each : found) {
    if ((each.fires || !firing) && detectors.contains(each.detector)) spans.push_back(each.span);
  }
  return spans;
}

void Miss(bool print, const char* what, const std::string& entity, const std::string& text) {
  if (print) std::fprintf(stderr, "%s %s: %s\n", what, entity.c_str(), text.c_str());
}

// One text, one entity. A positive row is right when every span is found at any tier, a negative when nothing
// is.
void RunCase(const Json& row, Scanner& scanner, const Names& names, bool print, Tables& tables) {
  const auto entity = row.value("entity", std::string());
  const auto known = names.find(entity);
  if (known == names.end()) return;
  const auto text = row.value("text", std::string());
  const std::string country = row.contains("country") && row["country"].is_string()
                                  ? row["country"].get<std::string>()
                              : entity.starts_with("CN_") ? "cn"
                                                          : "-";
  const std::vector<Span> expected = SpansOf(row.at("expected_bytes"));
  const std::vector<Span> found = Of(scanner.Scan(text), known->second, false);
  const Comparison result = Compare(expected, found);
  const bool right = result.missed == 0 && (!expected.empty() || found.empty());
  Score& score = tables.entities[entity];
  if (!expected.empty() && row.value("needs_context", false)) {
    ++score.weak;
    score.weak_found += right ? 1 : 0;
    return;
  }
  for (Score* each : {&score, &tables.countries[country]}) {
    ++each->cases;
    each->right += right ? 1 : 0;
  }
  if (!right) Miss(print, expected.empty() ? "found" : "missed", entity, text);
}

// A text with all its entities: precision and recall of what fires, and the share of exact spans.
void RunCorpusRow(const Json& row, Scanner& scanner, const Names& names, bool print, Tables& tables) {
  const auto text = row.value("text", std::string());
  const std::vector<Found> found = scanner.Scan(text);
  for (const auto& [entity, detectors] : names) {
    std::vector<Span> expected;
    for (const Json& span : row.at("entities_bytes")) {
      if (span.at(2) == entity) expected.push_back({span.at(0).get<uint32_t>(), span.at(1).get<uint32_t>()});
    }
    const Comparison result = Compare(expected, Of(found, detectors, true));
    Score& score = tables.entities[entity];
    score.true_positive += result.hit;
    score.missed += result.missed;
    score.exact += result.exact;
    score.false_positive += result.other;
    if (result.missed > 0) Miss(print, "corpus: missed", entity, text);
    if (result.other > 0) Miss(print, "corpus: found", entity, text);
  }
}

void RunFolder(const std::string& folder, Scanner& scanner, const Names& names, bool print, Tables& tables) {
  std::vector<std::string> files;
  std::error_code none;
  for (const auto& entry : std::filesystem::directory_iterator(folder, none)) {
    if (entry.path().extension() == ".jsonl") files.push_back(entry.path().string());
  }
  std::sort(files.begin(), files.end());
  for (const std::string& file : files) {
    std::ifstream in(file);
    for (std::string line; std::getline(in, line);) {
      const Json row = Json::parse(line, nullptr, /*allow_exceptions=*/false);
      if (!row.is_object()) continue;
      if (row.contains("entities_bytes")) {
        RunCorpusRow(row, scanner, names, print, tables);
      } else if (row.contains("entity") && row.contains("expected_bytes")) {
        RunCase(row, scanner, names, print, tables);
      }
    }
  }
}

// ---- clean prose ----

std::vector<std::string> ReadTexts(const std::string& path) {
  std::vector<std::string> texts;
  std::ifstream in(path, std::ios::binary);
  if (path.ends_with(".bin")) {
    uint32_t size = 0;
    while (in.read(reinterpret_cast<char*>(&size), sizeof size)) {
      std::string text(size, '\0');
      if (!in.read(text.data(), static_cast<std::streamsize>(size))) break;
      texts.push_back(std::move(text));
    }
    return texts;
  }
  for (std::string line; std::getline(in, line);) texts.push_back(std::move(line));
  return texts;
}

void RunProse(const std::string& name, const std::vector<std::string>& texts, Scanner& scanner, bool print,
              Tables& tables) {
  size_t bytes = 0;
  const std::clock_t begin = std::clock();
  for (const std::string& text : texts) bytes += scanner.Count(text) >= 0 ? text.size() : 0;
  const double seconds = static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC;
  tables.prose_speed[name] = seconds > 0 ? static_cast<double>(bytes) / 1e6 / seconds : 0;
  for (const std::string& text : texts) {
    std::set<std::string> seen;
    for (const Found& each : scanner.Scan(text)) {
      if (each.tier < Tier::kContext || !seen.insert(each.detector).second) continue;
      ++tables.prose[name][each.detector];
      Miss(print, "prose", each.detector, text.substr(each.span.begin, each.span.end - each.span.begin));
    }
  }
  tables.prose_texts[name] += texts.size();
}

// ---- tables ----

double Percent(size_t part, size_t whole) {
  return whole == 0 ? 100.0 : 100.0 * static_cast<double>(part) / static_cast<double>(whole);
}

void PrintCases(const char* title, const std::map<std::string, Score>& rows) {
  Score all;
  std::printf("\n| %s | cases | right | %% |\n|---|---|---|---|\n", title);
  for (const auto& [name, score] : rows) {
    if (score.cases == 0) continue;
    std::printf("| %s | %zu | %zu | %.1f |\n", name.c_str(), score.cases, score.right,
                Percent(score.right, score.cases));
    all.cases += score.cases;
    all.right += score.right;
  }
  std::printf("| all | %zu | %zu | %.1f |\n", all.cases, all.right, Percent(all.right, all.cases));
}

void PrintCorpus(const std::map<std::string, Score>& rows) {
  std::printf("\n| entity in the corpus | spans | recall | precision | exact |\n|---|---|---|---|---|\n");
  for (const auto& [name, score] : rows) {
    const size_t spans = score.true_positive + score.missed;
    if (spans + score.false_positive == 0) continue;
    std::printf("| %s | %zu | %.3f | %.3f | %.3f |\n", name.c_str(), spans,
                Percent(score.true_positive, spans) / 100,
                Percent(score.true_positive, score.true_positive + score.false_positive) / 100,
                Percent(score.exact, spans) / 100);
  }
}

void PrintProse(const Tables& tables) {
  for (const auto& [name, texts] : tables.prose_texts) {
    size_t flags = 0;
    std::string list;
    const auto rows = tables.prose.find(name);
    if (rows != tables.prose.end()) {
      for (const auto& [detector, count] : rows->second) {
        if (detector != "url" && !detector.starts_with("date")) flags += count;
        list += (list.empty() ? "" : ", ") + detector + " " + std::to_string(count);
      }
    }
    std::printf(
        "\nclean prose %s: %zu texts, %.2f flags per 1,000 beside url and date (%s); scanned at %.0f MB/s\n",
        name.c_str(), texts,
        texts == 0 ? 0.0 : 1000.0 * static_cast<double>(flags) / static_cast<double>(texts), list.c_str(),
        tables.prose_speed.at(name));
  }
}

int Run(const std::vector<std::string>& arguments) {
  std::string cases = HPOL_SOURCE_DIR "/../shared/cases";
  std::vector<std::string> prose;
  std::string policy;
  bool print = false;
  for (size_t i = 0; i < arguments.size(); ++i) {
    if (arguments[i] == "--misses") {
      print = true;
    } else if (arguments[i] == "--policy" && i + 1 < arguments.size()) {
      policy = arguments[++i];
    } else if (arguments[i] == "--cases" && i + 1 < arguments.size()) {
      cases = arguments[++i];
    } else if (arguments[i] == "--prose") {
      while (i + 1 < arguments.size() && !arguments[i + 1].starts_with("--")) prose.push_back(arguments[++i]);
    } else {
      std::fprintf(stderr, "usage: quality [--policy FILE] [--cases FOLDER] [--prose FILE…] [--misses]\n");
      return 2;
    }
  }
  const std::shared_ptr<const Engine> engine =
      MakeEngine(policy.empty() ? CompileText("quality.hpol", PolicyText()) : CompileFile(policy));
  if (engine == nullptr) return 1;
  Scanner scanner(engine);
  const Names names = ReadNames();
  Tables tables;
  RunFolder(cases, scanner, names, print, tables);
  if (prose.empty())
    RunProse("of the project", {NaturalText(256), NaturalText(2048), NaturalText(16384)}, scanner, print,
             tables);
  for (const std::string& path : prose) {
    RunProse(std::filesystem::path(path).filename().string(), ReadTexts(path), scanner, print, tables);
  }
  PrintCases("identifier cases by country", tables.countries);
  PrintCases("identifier cases by entity", tables.entities);
  PrintCorpus(tables.entities);
  PrintProse(tables);
  return 0;
}

}  // namespace
}  // namespace hpol::bench

int main(int argc, char** argv) { return hpol::bench::Run({argv + 1, argv + argc}); }
