// Inside compiler/lower: the parts of a module.
#pragma once

#include <llvm/IR/Constant.h>
#include <llvm/IR/Function.h>
#include <llvm/IR/Module.h>

#include <cstdint>
#include <string>
#include <vector>

#include "compiler/pattern/pattern.h"

namespace hpol::lower {

// Emits a detector's hpol_match_fn and hpol_automaton, both over the same tables, and its coarse automaton
// and its words where it has some. Returns its hpol_detector_code.
llvm::Constant* EmitMatch(llvm::Module& module, const std::string& number, const pattern::Matcher& matcher);

// Emits an array of hpol_words, one for each trie, of which there is one at least.
llvm::Constant* EmitWords(llvm::Module& module, const std::string& name,
                          const std::vector<pattern::WordTrie>& tries);

// What every function of generated code promises: it ends, does not unwind, calls no library.
void SetAttributes(llvm::Function& function);

}  // namespace hpol::lower
