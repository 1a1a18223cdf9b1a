// The one place that knows every stage, in order. Each stage is a function with one
// output; this file calls them, stops where asked, and prints what is between them.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/cache/store.h"
#include "compiler/check/check.h"
#include "compiler/driver/derived.h"
#include "compiler/hir/hir.h"
#include "compiler/jit/jit.h"
#include "compiler/pattern/pattern.h"
#include "compiler/prove/prove.h"
#include "dsl/ast/ast.h"
#include "dsl/diag/diagnostic.h"
#include "dsl/source/source.h"
#include "hpol/engine.h"
#include "runtime/abi/tables.h"

namespace hpol::driver {

enum class Stage : uint8_t { kTokens, kAst, kHir, kIr, kPattern, kLlvm, kCode };

// `tokens`, `ast`, `hir`, `ir`, `pattern`, `llvm`; nothing for any other word.
std::optional<Stage> StageFromName(std::string_view name);
const std::vector<std::string>& DumpNames();

struct Options {
  Stage stop_after = Stage::kCode;
  jit::Optimize optimize = jit::Optimize::kFull;
  bool keep_imports = false;      // keep imported detectors that no rule uses (for `hpol scan`)
  std::string certificates = {};  // folder for what the proofs rest on (`hpol prove --certificate`)
  bool prove = true;   // prove what a policy must keep; off only where another run proved the same text
  bool filter = true;  // derive the candidate filter: a slower compile, a much faster scan
  bool jit = true;     // code for this process; off: a bundle is wanted (bundle.h)
  // Where results of slow stages are looked for and kept; null: every stage runs.
  std::shared_ptr<cache::Store> cache = {};
};

// Everything that one policy became, as far as it got. Movable; the program is shared.
struct Build {
  std::unique_ptr<dsl::SourceMap> sources;
  dsl::Diagnostics diagnostics;
  dsl::FileId file;
  dsl::ast::Policy ast;
  hir::Policy policy;
  std::vector<pattern::Matcher> matchers;
  std::shared_ptr<const ir::Tables> tables;
  Program program;       // runnable only after kCode without errors
  prove::Report proofs;  // of a policy that was compiled to code
  MadeAnew anew;         // what the cache did not have
  std::string fault;     // the compiler contradicts itself: a bug in hpol, not in the policy
  bool ok() const { return !diagnostics.has_errors() && fault.empty(); }
  // Detectors alone, for policies to import: there are no rules to plan, and nothing to run.
  bool is_pack() const { return policy.levels.empty(); }
};

// Where policy text comes from. `folder` is where `words from` files are looked up; empty
// forbids them.
struct Input {
  std::string name;
  std::string text;
  std::string folder;
};

// Reads a file into an Input; the error says what to do.
Result<Input> ReadInput(const std::string& path);

Build Run(Input input, const Options& options = {});

// The compiled code of a build that reached Stage::kCode with Options::jit, to try requests on. Outlives the
// build.
prove::Runner RunnerOf(const Build& build);

// The text of one stage of a build that reached it.
std::string Dump(const Build& build, Stage stage, jit::Optimize optimize);

}  // namespace hpol::driver
