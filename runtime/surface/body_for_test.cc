// The door is body_for_test.h.
#include "runtime/surface/body_for_test.h"

#include <algorithm>
#include <fstream>

namespace hpol::surface {
namespace {

// Steps of `a[].b`: "a", "[]", "b".
Strings Steps(std::string_view path) {
  Strings steps;
  while (!path.empty()) {
    if (path.starts_with('.')) path.remove_prefix(1);
    const size_t size = path.starts_with("[]") ? 2 : std::min(path.find_first_of(".["), path.size());
    steps.emplace_back(path.substr(0, size));
    path.remove_prefix(size);
  }
  return steps;
}

const Row* FindRow(Surface surface, std::string_view path) {
  for (const Row& row : RowsOf(surface)) {
    if (row.path == path) return &row;
  }
  return nullptr;
}

// The path of the row that decides there, for looking up what an object there needs.
std::string Canonical(Surface surface, const std::string& path) {
  const Found found = Resolve(surface, path);
  return found.row && found.rest.empty() ? std::string(found.row->path) : path;
}

std::string Sample(const Row& row) {
  if (row.rule == Rule::kOneOf) return '"' + std::string(row.spec.substr(0, row.spec.find(' '))) + '"';
  if (row.rule == Rule::kModel) return R"("m")";
  return row.type == Field::Type::kArray ? "[]" : R"("")";
}

// Members that an object at `path` needs beside `except`, each with a comma behind.
std::string Required(Surface surface, const std::string& path, const std::string& except) {
  std::string out;
  const std::string above = Canonical(surface, path);
  for (const Row& row : RowsOf(surface)) {
    if (!row.required || row.path.ends_with("[]") || Parent(row.path) != above) continue;
    const std::string name(row.path.substr(above.empty() ? 0 : above.size() + 1));
    if (name != except) out += '"' + name + "\":" + Sample(row) + ',';
  }
  return out;
}

std::string Build(Surface surface, const Strings& steps, size_t at, const std::string& path,
                  const std::string& value) {
  if (at == steps.size()) return value;
  const bool element = steps[at] == "[]";
  const std::string below = element ? path + "[]" : path.empty() ? steps[at] : path + "." + steps[at];
  const std::string inner = Build(surface, steps, at + 1, below, value);
  if (element) return "[" + inner + "]";
  return "{" + Required(surface, path, steps[at]) + '"' + steps[at] + "\":" + inner + "}";
}

}  // namespace

const std::vector<Row>& RowsOf(Surface surface) { return Registry::Of(surface)->rows(); }

Strings SdkPaths(Surface surface) {
  std::ifstream file("runtime/surface/sdk/" + std::string(SurfaceName(surface)) + ".txt");
  Strings paths;
  for (std::string line; std::getline(file, line);) paths.push_back(line);
  return paths;
}

Strings AllPaths(Surface surface) {
  Strings paths = SdkPaths(surface);
  for (const Row& row : RowsOf(surface)) paths.emplace_back(row.path);
  paths.emplace_back("nobody_knows_this");
  return paths;
}

std::string_view Parent(std::string_view path) {
  if (path.ends_with("[]")) return path.substr(0, path.size() - 2);
  const size_t dot = path.rfind('.');
  return dot == std::string_view::npos ? "" : path.substr(0, dot);
}

Found Resolve(Surface surface, std::string_view path) {
  Found found;
  std::string at;
  for (const std::string& step : Steps(path)) {
    const std::string next = step == "[]" || at.empty() ? at + step : at + "." + step;
    const Row* row = FindRow(surface, next);
    if (!row) {
      found.rest = step;
      return found;
    }
    at = next;
    if (row->rule == Rule::kSame) {
      at = row->spec;
      row = FindRow(surface, at);
    }
    found.row = row;
  }
  return found;
}

std::string BodyWith(Surface surface, std::string_view path, const std::string& value) {
  return Build(surface, Steps(path), 0, "", value);
}

}  // namespace hpol::surface
