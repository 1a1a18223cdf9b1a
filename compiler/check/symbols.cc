#include "compiler/check/symbols.h"

#include <algorithm>
#include <utility>

namespace hpol::check {

uint32_t DetectorScope::AddOwn(const ast::Detector& detector) {
  const auto index = static_cast<uint32_t>(entries_.size());
  entries_.push_back({&detector, {}, {}, false});
  own_[detector.name.text] = {index};
  return index;
}

uint32_t DetectorScope::AddMerged(ast::Detector detector) {
  return AddOwn(merged_.emplace_back(std::move(detector)));
}

void DetectorScope::AddPack(std::string_view qualifier, Span import_span, const ast::Policy& pack,
                            Selection* wanted) {
  const std::string prefix = std::string(qualifier) + ".";
  for (const ast::Detector& detector : pack.detectors) {
    if (wanted != nullptr && wanted->missing.erase(detector.name.text) == 0) {
      wanted->passed_over.push_back(detector.name.text);
      continue;
    }
    const std::string full = prefix + detector.name.text;
    // Declared twice: the pack's own check says so. Declared by what the pack imports: its own comes first.
    if (qualified_.contains(full)) continue;
    auto [known, added] = of_packs_.emplace(&detector, static_cast<uint32_t>(entries_.size()));
    const uint32_t index = known->second;
    if (added) {
      entries_.push_back({&detector, std::string(qualifier), import_span, false});
      bare_[detector.name.text].push_back(index);
    }
    qualified_[full] = {index};
    qualified_[prefix + "any"].push_back(index);
  }
}

bool DetectorScope::Knows(std::string_view name) const {
  if (own_.contains(name) || qualified_.contains(name)) return true;
  return bare_.contains(name) && !hidden_.contains(name);
}

std::vector<uint32_t> DetectorScope::Resolve(const ast::Name& name, Diagnostics& diagnostics) {
  std::vector<uint32_t> found;
  if (const auto own = own_.find(name.text); own != own_.end()) {
    found = own->second;
  } else if (const auto full = qualified_.find(name.text); full != qualified_.end()) {
    found = full->second;
  } else if (const auto bare = bare_.find(name.text); bare != bare_.end() && !hidden_.contains(name.text)) {
    found = bare->second;
    if (found.size() > 1) {
      ReportAmbiguous(name, found, diagnostics);
      for (const uint32_t index : found) entries_[index].used = true;
      return {};
    }
  } else {
    ReportUnknown(name, "detector", AllNames(), diagnostics);
    return {};
  }
  for (const uint32_t index : found) entries_[index].used = true;
  return found;
}

void DetectorScope::ReportAmbiguous(const ast::Name& name, const std::vector<uint32_t>& found,
                                    Diagnostics& diagnostics) const {
  Diagnostic& error = diagnostics.Error(DiagnosticKind::kAmbiguousName, name.span,
                                        Tick(name.text) + " is a detector of more than one pack");
  std::string choices;
  for (const uint32_t index : found) {
    const std::string full_name = entries_[index].qualifier + "." + name.text;
    choices += (choices.empty() ? "" : " or ") + Tick(full_name);
    error.others.push_back({entries_[index].import_span, "has " + Tick(full_name)});
  }
  error.primary.text = "write " + choices;
  error.help = {"name the pack", {{name.span, entries_[found.front()].qualifier + "." + name.text}}};
}

std::vector<uint32_t> DetectorScope::ResolveInPacks(const ast::Name& name, Diagnostics& diagnostics) {
  if (const auto full = qualified_.find(name.text); full != qualified_.end()) return full->second;
  if (const auto bare = bare_.find(name.text); bare != bare_.end()) {
    if (bare->second.size() == 1) return bare->second;
    ReportAmbiguous(name, bare->second, diagnostics);
    return {};
  }
  std::vector<std::string> known;
  for (const auto& [text, ids] : bare_) known.push_back(text);
  for (const auto& [text, ids] : qualified_) known.push_back(text);
  ReportUnknown(name, "imported detector", known, diagnostics);
  return {};
}

void DetectorScope::Replace(uint32_t imported, uint32_t own) {
  entries_[imported].replaced = true;
  for (auto* names : {&bare_, &qualified_}) {
    for (auto& [name, ids] : *names) std::replace(ids.begin(), ids.end(), imported, own);
  }
}

std::vector<uint32_t> DetectorScope::InPacks(std::string_view name) const {
  const auto it = bare_.find(name);
  return it == bare_.end() ? std::vector<uint32_t>{} : it->second;
}

std::vector<std::string> DetectorScope::AllNames() const {
  std::vector<std::string> names;
  for (const auto& [name, ids] : own_) names.push_back(name);
  for (const auto& [name, ids] : bare_) names.push_back(name);
  for (const auto& [name, ids] : qualified_) names.push_back(name);
  return names;
}

}  // namespace hpol::check
