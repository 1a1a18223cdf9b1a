// Compiling in process: policy source → a program that an Engine can run, with
// diagnostics for people and machines. Not thread-safe per call; calls are independent.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "hpol/engine.h"

namespace hpol {

struct CompileOptions {
  bool optimize = true;  // off: LLVM at O0
  bool color = false;    // in `report`
  // Where results of slow stages are kept between compilations: a folder of this user alone, made when it is
  // not there. It then holds automata of the policy's patterns and words. Empty: nothing is kept.
  std::string cache_folder = {};
};

struct Compilation {
  bool ok = false;
  Program program;          // runnable when ok
  std::string report;       // every error and warning as a person reads them
  std::string report_json;  // the same as a JSON array
  size_t errors = 0;
  size_t warnings = 0;
};

// Compiles a policy file. `words from` files are read from the policy's own folder.
Compilation CompileFile(const std::string& path, const CompileOptions& options = {});

// Compiles policy text. `name` is what diagnostics call it; it may not use `words from`.
Compilation CompileText(std::string name, std::string text, const CompileOptions& options = {});

}  // namespace hpol
