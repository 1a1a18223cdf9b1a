// Decision IR and matchers → one LLVM module. LLVM types stay inside compiler/{lower,jit,aot}.
#pragma once

#include <llvm/ExecutionEngine/Orc/ThreadSafeModule.h>

#include <string>
#include <vector>

#include "compiler/pattern/pattern.h"
#include "runtime/abi/filter.h"
#include "runtime/abi/tables.h"

namespace hpol::lower {

// Names of the functions in the module; their types are those of runtime/abi/artifact.h.
inline constexpr char kClassifyName[] = "hpol_classify";
inline constexpr char kRouteName[] = "hpol_route";
std::string MatchName(size_t detector);      // hpol_match_<n>
std::string AutomatonName(size_t detector);  // hpol_automaton_<n>, an hpol_automaton
std::string CoarseName(size_t detector);     // hpol_coarse_<n>, another, where pattern::HasCoarse
std::string WordsName(size_t detector);      // hpol_words_<n>, one hpol_words for each trie, if there is one

// The attribute of functions that are long straight bit code: as short as it gets when written, so that
// LLVM's passes over IR and vectors only cost time there.
inline constexpr char kBitCode[] = "hpol-bit-code";

// Total on verified tables. The module has no undefined symbols.
// With `filter`, its steps for every level of CPU are in it too.
llvm::orc::ThreadSafeModule Lower(const ir::Tables& tables, const std::vector<pattern::Matcher>& matchers,
                                  const filter::Program* filter = nullptr);

// The module as text: `--dump=llvm`.
std::string Print(const llvm::orc::ThreadSafeModule& module);

}  // namespace hpol::lower
