#include "compiler/pattern/nfa.h"

#include <algorithm>
#include <array>
#include <utility>

namespace hpol::pattern {
namespace {

bool IsLetter(uint8_t byte) { return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z'); }

uint8_t LowerCase(uint8_t byte) {
  return byte >= 'A' && byte <= 'Z' ? static_cast<uint8_t>(byte + ('a' - 'A')) : byte;
}

bool IsWord(Neighbor side) {
  return side == Neighbor::kDigit || side == Neighbor::kLetter || side == Neighbor::kUnderscore;
}

// `inside` is a byte of the match at one of its ends, `outside` stands next to it.
bool IsBound(Neighbor inside, Neighbor outside) {
  if (inside == Neighbor::kDigit) return outside != Neighbor::kDigit;
  if (inside == Neighbor::kLetter) return outside != Neighbor::kDigit && outside != Neighbor::kLetter;
  return true;
}

// The UTF-8 bytes of a code point; returns how many.
size_t Encode(uint32_t code_point, std::array<uint8_t, 4>& bytes) {
  const auto tail = [&](int shift) { return static_cast<uint8_t>(0x80 | ((code_point >> shift) & 0x3F)); };
  if (code_point < 0x80) {
    bytes = {static_cast<uint8_t>(code_point)};
    return 1;
  }
  if (code_point < 0x800) {
    bytes = {static_cast<uint8_t>(0xC0 | (code_point >> 6)), tail(0)};
    return 2;
  }
  if (code_point < 0x10000) {
    bytes = {static_cast<uint8_t>(0xE0 | (code_point >> 12)), tail(6), tail(0)};
    return 3;
  }
  bytes = {static_cast<uint8_t>(0xF0 | (code_point >> 18)), tail(12), tail(6), tail(0)};
  return 4;
}

// Splits code points [first, last] into byte runs, in order.
void AddRuns(uint32_t first, uint32_t last, std::vector<ByteRun>& runs) {
  const auto split = [&](uint32_t end_of_first) {
    AddRuns(first, end_of_first, runs);
    AddRuns(end_of_first + 1, last, runs);
  };
  for (uint32_t longest : {0x7Fu, 0x7FFu, 0xFFFFu}) {
    if (first <= longest && longest < last) return split(longest);
  }
  for (int shift = 6; shift <= 18 && last > 0x7F; shift += 6) {
    const uint32_t mask = (uint32_t{1} << shift) - 1;
    if ((first & ~mask) == (last & ~mask)) continue;
    if ((first & mask) != 0) return split(first | mask);
    if ((last & mask) != mask) return split((last & ~mask) - 1);
  }
  ByteRun run;
  Encode(first, run.low);
  run.length = Encode(last, run.high);
  runs.push_back(run);
}

}  // namespace

Neighbor NeighborOf(uint8_t byte) {
  if (byte >= '0' && byte <= '9') return Neighbor::kDigit;
  if (IsLetter(byte)) return Neighbor::kLetter;
  if (byte == '\n') return Neighbor::kNewline;
  return byte == '_' ? Neighbor::kUnderscore : Neighbor::kOther;
}

bool Holds(Assertion assertion, Neighbor before, Neighbor after) {
  switch (assertion) {
    case Assertion::kTextStart:
      return before == Neighbor::kEdge;
    case Assertion::kTextEnd:
      return after == Neighbor::kEdge;
    case Assertion::kWordEdge:
      return IsWord(before) != IsWord(after);
    case Assertion::kNotWordEdge:
      return IsWord(before) == IsWord(after);
    case Assertion::kLineStart:
      return before == Neighbor::kEdge || before == Neighbor::kNewline;
    case Assertion::kLineEnd:
      return after == Neighbor::kEdge || after == Neighbor::kNewline;
    case Assertion::kBoundedStart:
      return IsBound(after, before);
    case Assertion::kBoundedEnd:
      return IsBound(before, after);
  }
  return false;
}

NfaBuilder::NfaBuilder() { match_ = Emit({}); }

void NfaBuilder::AddPattern(const Regex& regex, bool bounded) {
  const uint32_t end = bounded ? EmitAssert(Assertion::kBoundedEnd, match_) : match_;
  const uint32_t begin = Build(regex, end);
  alternatives_.push_back(bounded ? EmitAssert(Assertion::kBoundedStart, begin) : begin);
}

void NfaBuilder::AddWords(std::vector<std::string> words, bool ignoring_case) {
  if (words.empty()) return;
  if (ignoring_case) {
    for (std::string& word : words) {
      for (char& c : word) c = static_cast<char>(LowerCase(static_cast<uint8_t>(c)));
    }
  }
  std::sort(words.begin(), words.end());
  words.erase(std::unique(words.begin(), words.end()), words.end());
  const uint32_t end = EmitAssert(Assertion::kBoundedEnd, match_);
  const uint32_t begin = BuildWords(words, 0, words.size(), 0, ignoring_case, end);
  alternatives_.push_back(EmitAssert(Assertion::kBoundedStart, begin));
}

Nfa NfaBuilder::Take() && {
  constexpr uint8_t kLow = 1;
  constexpr uint8_t kHigh = 0;  // below kLow: no byte, so that nothing matches
  nfa_.start = alternatives_.empty() ? EmitBytes(kLow, kHigh, match_) : EmitSplit(alternatives_);
  return std::move(nfa_);
}

uint32_t NfaBuilder::Emit(Instruction instruction) {
  if (nfa_.instructions.size() >= kMaxInstructions) {
    too_large_ = true;
    return 0;
  }
  nfa_.instructions.push_back(instruction);
  return static_cast<uint32_t>(nfa_.instructions.size() - 1);
}

uint32_t NfaBuilder::EmitBytes(uint8_t low, uint8_t high, uint32_t next) {
  Instruction instruction;
  instruction.kind = Instruction::Kind::kBytes;
  instruction.low = low;
  instruction.high = high;
  instruction.out = next;
  return Emit(instruction);
}

uint32_t NfaBuilder::EmitAssert(Assertion assertion, uint32_t next) {
  Instruction instruction;
  instruction.kind = Instruction::Kind::kAssert;
  instruction.assertion = assertion;
  instruction.out = next;
  return Emit(instruction);
}

// At least one way.
uint32_t NfaBuilder::EmitSplit(const std::vector<uint32_t>& ways) {
  uint32_t result = ways.back();
  for (size_t i = ways.size() - 1; i-- > 0;) {
    Instruction instruction;
    instruction.kind = Instruction::Kind::kSplit;
    instruction.out = ways[i];
    instruction.other = result;
    result = Emit(instruction);
  }
  return result;
}

uint32_t NfaBuilder::Build(const Regex& regex, uint32_t next) {
  if (too_large_) return next;
  switch (regex.kind) {
    case Regex::Kind::kEmpty:
      return next;
    case Regex::Kind::kClass:
      return BuildClass(regex, next);
    case Regex::Kind::kConcat:
      for (size_t i = regex.parts.size(); i-- > 0;) next = Build(regex.parts[i], next);
      return next;
    case Regex::Kind::kAlternate: {
      std::vector<uint32_t> ways;
      for (const Regex& part : regex.parts) ways.push_back(Build(part, next));
      return EmitSplit(ways);
    }
    case Regex::Kind::kRepeat:
      return BuildRepeat(regex, next);
    case Regex::Kind::kEdge:
      // The first assertions are the edges, in the same order.
      return EmitAssert(static_cast<Assertion>(regex.edge), next);
  }
  return next;
}

uint32_t NfaBuilder::BuildRepeat(const Regex& regex, uint32_t next) {
  const Regex& part = regex.parts[0];
  const uint32_t after = next;
  if (regex.max == kUnbounded) {
    Instruction loop;
    loop.kind = Instruction::Kind::kSplit;
    loop.other = after;
    next = Emit(loop);
    const uint32_t body = Build(part, next);
    nfa_.instructions[next].out = body;
  } else {
    for (uint32_t i = regex.min; i < regex.max && !too_large_; ++i)
      next = EmitSplit({Build(part, next), after});
  }
  for (uint32_t i = 0; i < regex.min && !too_large_; ++i) next = Build(part, next);
  return next;
}

uint32_t NfaBuilder::EmitShared(const Instruction& instruction) {
  const auto [entry, added] =
      shared_.try_emplace({instruction.low, instruction.high, instruction.out, instruction.other}, 0);
  if (added) entry->second = Emit(instruction);
  return entry->second;
}

uint32_t NfaBuilder::BuildClass(const Regex& regex, uint32_t next) {
  shared_.clear();
  std::vector<ByteRun> runs;
  for (CodePoints range : regex.code_points) AddRuns(range.first, range.last, runs);
  return BuildRuns(runs, 0, runs.size(), 0, next);
}

// The runs [begin, end) agree before byte `depth`, are in order and do not overlap, so equal beginnings
// stand together. What is left is deterministic, and equal ends are shared: large classes
// stay small, and the subset construction finds little to do.
uint32_t NfaBuilder::BuildRuns(const std::vector<ByteRun>& runs, size_t begin, size_t end, size_t depth,
                               uint32_t next) {
  std::vector<Instruction> ways;
  while (begin < end) {
    const ByteRun& run = runs[begin];
    size_t stop = begin + 1;
    while (stop < end && runs[stop].low[depth] == run.low[depth] &&
           runs[stop].high[depth] == run.high[depth]) {
      ++stop;
    }
    Instruction instruction;
    instruction.kind = Instruction::Kind::kBytes;
    instruction.low = run.low[depth];
    instruction.high = run.high[depth];
    instruction.out = depth + 1 == run.length ? next : BuildRuns(runs, begin, stop, depth + 1, next);
    ways.push_back(instruction);
    begin = stop;
  }
  uint32_t result = EmitShared(ways.back());
  for (size_t i = ways.size() - 1; i-- > 0;) {
    Instruction split;
    split.kind = Instruction::Kind::kSplit;
    split.low = 1;  // no byte range, so that the key differs from every byte instruction's
    split.out = EmitShared(ways[i]);
    split.other = result;
    result = EmitShared(split);
  }
  return result;
}

// The words [begin, end) agree in their first `depth` bytes and are in order.
uint32_t NfaBuilder::BuildWords(const std::vector<std::string>& words, size_t begin, size_t end, size_t depth,
                                bool ignoring_case, uint32_t next) {
  std::vector<uint32_t> ways;
  if (words[begin].size() == depth) {
    ways.push_back(next);
    ++begin;
  }
  while (begin < end && !too_large_) {
    const auto byte = static_cast<uint8_t>(words[begin][depth]);
    size_t stop = begin + 1;
    while (stop < end && static_cast<uint8_t>(words[stop][depth]) == byte) ++stop;
    const uint32_t rest = BuildWords(words, begin, stop, depth + 1, ignoring_case, next);
    ways.push_back(EmitBytes(byte, byte, rest));
    if (ignoring_case && IsLetter(byte)) {
      const auto upper = static_cast<uint8_t>(byte - ('a' - 'A'));
      ways.push_back(EmitBytes(upper, upper, rest));
    }
    begin = stop;
  }
  return ways.empty() ? next : EmitSplit(ways);
}

}  // namespace hpol::pattern
