// Every engine of one policy beside the reference: its tables read without native code,
// native code at both levels of optimisation, and a bundle at each level of CPU.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "compiler/hir/hir.h"
#include "compiler/reference/reference.h"
#include "hpol/engine.h"

namespace hpol::differential {

struct NamedEngine {
  const char* name;
  std::shared_ptr<const Engine> engine;
};

struct BuiltPolicy {
  hir::Policy policy;
  std::vector<NamedEngine> engines;
};

// Source text through every stage. Nothing when the policy is refused for what it says.
// A stage that contradicts another (tables that do not verify or do not read back, code that cannot be
// made) sets `fault`. A leak that check can prove is let pass: here the run-time check must catch it.
std::optional<BuiltPolicy> Build(const std::string& text, std::string& fault);

// What an engine decides, in the terms of the reference.
reference::Outcome Decide(const Engine& engine, const Request& request, Scratch& scratch);

// An outcome in words, for a report.
std::string Describe(const hir::Policy& policy, const reference::Outcome& outcome);

}  // namespace hpol::differential
