// Which detectors a policy can name, and by which names. Private to compiler/check.
//
// An import binds each detector of a pack by its bare name and as `lastword.name`, and all of
// them as `lastword.any`. The policy's own declarations come before bare names of packs; a
// bare name of two packs must be written in full.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/check/names.h"

namespace hpol::check {

struct DetectorEntry {
  const ast::Detector* declaration = nullptr;
  std::string qualifier;  // last word of the import; empty: the policy's own
  Span import_span;       // of the import's path, where there is one
  bool used = false;      // named by a rule, a redaction or a test
  bool replaced = false;  // an own detector stands in its place
};

// The detectors that an import asks for by name.
struct Selection {
  std::set<std::string, std::less<>> missing;  // not found yet
  std::vector<std::string> passed_over;        // of the pack and not asked for
};

class DetectorScope {
 public:
  // Indices are stable; HIR detector ids are such indices until FinishDetectors.
  uint32_t AddOwn(const ast::Detector& detector);
  // The same, with a declaration that is written nowhere as a whole.
  uint32_t AddMerged(ast::Detector detector);
  // Adds what the pack itself declares, or of it what is `wanted` (null: all). A detector that came by
  // another import already is the same one.
  void AddPack(std::string_view qualifier, Span import_span, const ast::Policy& pack, Selection* wanted);
  // `own` stands in the place of an imported detector from now on, in `pack.any` too.
  void Replace(uint32_t imported, uint32_t own);
  // `name` now means something else (an input): a pack's bare name no longer counts.
  void Hide(std::string_view name) { hidden_[std::string(name)] = true; }

  // True when `name` can be meant as a detector, ambiguous or not.
  bool Knows(std::string_view name) const;
  // The detectors that a name means, marked as used. Empty after an error (reported).
  std::vector<uint32_t> Resolve(const ast::Name& name, Diagnostics& diagnostics);
  // The imported detectors that a name means, own ones aside, not marked as used. Empty after an error.
  std::vector<uint32_t> ResolveInPacks(const ast::Name& name, Diagnostics& diagnostics);
  // Bare names of packs that `name` would hide.
  std::vector<uint32_t> InPacks(std::string_view name) const;
  // Every way to name something, for suggestions.
  std::vector<std::string> AllNames() const;

  std::vector<DetectorEntry>& entries() { return entries_; }
  const std::vector<DetectorEntry>& entries() const { return entries_; }

 private:
  // Reports a bare name of two packs, with both.
  void ReportAmbiguous(const ast::Name& name, const std::vector<uint32_t>& found,
                       Diagnostics& diagnostics) const;

  std::vector<DetectorEntry> entries_;
  std::deque<ast::Detector> merged_;  // stable addresses
  std::map<std::string, std::vector<uint32_t>, std::less<>> own_;
  std::map<std::string, std::vector<uint32_t>, std::less<>> bare_;
  std::map<std::string, std::vector<uint32_t>, std::less<>> qualified_;  // `pii.email`, `pii.any`
  std::map<std::string, bool, std::less<>> hidden_;
  std::map<const ast::Detector*, uint32_t> of_packs_;  // one entry, by however many imports it came
};

}  // namespace hpol::check
