// Trees and word lists → one NFA over bytes. Built backwards, from what follows to what
// precedes, so that every fragment knows its continuation and nothing is patched.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <tuple>
#include <vector>

#include "compiler/pattern/regex.h"

namespace hpol::pattern {

inline constexpr uint32_t kMaxInstructions = 200000;  // of one NFA, before any subset construction

// Conditions on the bytes around a place. The bounded ones are what `bounded` and whole words mean:
// no ASCII digit beside a digit, no ASCII letter or digit beside a letter.
enum class Assertion : uint8_t {
  kTextStart,
  kTextEnd,
  kWordEdge,
  kNotWordEdge,
  kLineStart,
  kLineEnd,
  kBoundedStart,
  kBoundedEnd
};

// What an assertion can tell about the byte on one side of a place.
enum class Neighbor : uint8_t { kEdge, kNewline, kDigit, kLetter, kUnderscore, kOther };
inline constexpr int kNeighborKinds = 6;
Neighbor NeighborOf(uint8_t byte);
bool Holds(Assertion assertion, Neighbor before, Neighbor after);

struct Instruction {
  enum class Kind : uint8_t { kBytes, kSplit, kAssert, kMatch };
  Kind kind = Kind::kMatch;
  uint8_t low = 0;  // kBytes: one byte in [low, high]
  uint8_t high = 0;
  Assertion assertion = Assertion::kTextStart;
  uint32_t out = 0;
  uint32_t other = 0;  // kSplit: the second way
};

struct Nfa {
  std::vector<Instruction> instructions;
  uint32_t start = 0;
};

// Code points whose UTF-8 forms are the product of `length` byte ranges.
struct ByteRun {
  std::array<uint8_t, 4> low{};
  std::array<uint8_t, 4> high{};
  size_t length = 0;
};

// Collects the alternatives of one detector.
class NfaBuilder {
 public:
  NfaBuilder();
  void AddPattern(const Regex& regex, bool bounded);
  // Words are not empty. Common beginnings share instructions. Ignoring case means ASCII letters here: words
  // with other letters that have case are patterns by now (compiler/check).
  void AddWords(std::vector<std::string> words, bool ignoring_case);
  // The number of instructions reached kMaxInstructions; the NFA is of no use.
  bool too_large() const { return too_large_; }
  Nfa Take() &&;

 private:
  uint32_t Emit(Instruction instruction);
  uint32_t EmitBytes(uint8_t low, uint8_t high, uint32_t next);
  uint32_t EmitAssert(Assertion assertion, uint32_t next);
  uint32_t EmitSplit(const std::vector<uint32_t>& ways);
  // Like Emit, but equal instructions of one class are emitted once.
  uint32_t EmitShared(const Instruction& instruction);
  uint32_t Build(const Regex& regex, uint32_t next);
  uint32_t BuildRepeat(const Regex& regex, uint32_t next);
  uint32_t BuildClass(const Regex& regex, uint32_t next);
  uint32_t BuildRuns(const std::vector<ByteRun>& runs, size_t begin, size_t end, size_t depth, uint32_t next);
  uint32_t BuildWords(const std::vector<std::string>& words, size_t begin, size_t end, size_t depth,
                      bool ignoring_case, uint32_t next);

  Nfa nfa_;
  uint32_t match_ = 0;
  std::vector<uint32_t> alternatives_;
  // Instructions of the class being built, by low, high, out, other.
  std::map<std::tuple<uint8_t, uint8_t, uint32_t, uint32_t>, uint32_t> shared_;
  bool too_large_ = false;
};

}  // namespace hpol::pattern
