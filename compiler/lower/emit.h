// Inside compiler/lower: the parts of a module.
#pragma once

#include <llvm/IR/Function.h>
#include <llvm/IR/Module.h>

#include <cstdint>
#include <string>
#include <vector>

#include "compiler/pattern/pattern.h"
#include "runtime/abi/tables.h"

namespace hpol::lower {

// Emits an hpol_rows_fn named `name` whose row r is true when conditions[r] is.
void EmitRows(llvm::Module& module, const std::string& name, const std::vector<ir::Node>& nodes,
              const std::vector<ir::Range>& conditions);

// Emits an hpol_match_fn named `name`, and an hpol_automaton named `automaton` over the tables that it reads.
void EmitMatch(llvm::Module& module, const std::string& name, const std::string& automaton,
               const pattern::Matcher& matcher);

// Emits an hpol_automaton named `name`, with tables of its own.
void EmitAutomaton(llvm::Module& module, const std::string& name, const pattern::Matcher& matcher);
// Emits an array of hpol_words named `name`, one for each trie; nothing where there are none.
void EmitWords(llvm::Module& module, const std::string& name, const std::vector<pattern::WordTrie>& tries);

// What every function of generated code promises: it ends, does not unwind, calls no library.
void SetAttributes(llvm::Function& function);

}  // namespace hpol::lower
