// NFA → minimal DFA, in the tables of pattern::Matcher.
#pragma once

#include <optional>

#include "compiler/pattern/nfa.h"
#include "compiler/pattern/pattern.h"

namespace hpol::pattern {

// Subset construction. Nothing when it would need more than `max_states` states or more
// work than such an automaton deserves. The result has states and classes only: not
// minimal, not in order, without lengths.
std::optional<Matcher> Determinize(const Nfa& nfa, uint32_t max_states);

// Subset construction sees states that minimising joins again.
inline constexpr uint32_t kMaxRawStates = 2 * kMaxStates;

// All of it: from instructions to the matcher that runs. Nothing when it is too large.
std::optional<Matcher> Automaton(NfaBuilder builder, uint32_t max_raw_states = kMaxRawStates);

// The smallest automaton with the same matches; states that lead nowhere become state 0.
Matcher Minimize(const Matcher& matcher);

// Puts states in the order that Matcher promises and fills in lengths and first bytes.
void Finish(Matcher& matcher);

// Joins byte classes that no state tells apart. The edge class stays the last.
void MergeClasses(Matcher& matcher);

}  // namespace hpol::pattern
