// An artifact without generated code: detectors run by their automaton's table. When native code is wrong and
// this is right, the fault lies behind the tables; when both are wrong, before them.
#pragma once

#include <memory>
#include <vector>

#include "compiler/pattern/pattern.h"
#include "hpol/engine.h"
#include "runtime/abi/tables.h"

namespace hpol::differential {

// The program keeps tables and matchers alive.
Program MakeTableProgram(std::shared_ptr<const ir::Tables> tables, std::vector<pattern::Matcher> matchers);

}  // namespace hpol::differential
