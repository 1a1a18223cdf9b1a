// An artifact without generated code: detectors run by their automaton's table, rows by
// reading the nodes one by one. When native code is wrong and this is right, the fault lies
// behind the tables; when both are wrong, before them.
#pragma once

#include <memory>
#include <vector>

#include "compiler/pattern/pattern.h"
#include "hpol/engine.h"
#include "runtime/abi/tables.h"

namespace hpol::differential {

// The program keeps tables and matchers alive. The row functions of an artifact have no
// context, so call SelectTables before a decision of such a program on this thread.
Program MakeTableProgram(std::shared_ptr<const ir::Tables> tables, std::vector<pattern::Matcher> matchers);
void SelectTables(const ir::Tables& tables);

}  // namespace hpol::differential
