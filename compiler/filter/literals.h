// The word filter: strings that matches begin with, each anchored at its rarest four
// bytes. Bytes fold to 32 classes; three overlapping pairs of classes are looked up in exact
// tables of 1,024 bits, in two groups, so that few texts pass by accident.
// buckets.h has the tables for CPUs without wide ones.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/filter/anchors.h"
#include "compiler/filter/background.h"
#include "compiler/pattern/pattern.h"
#include "runtime/abi/filter.h"

namespace hpol::filter {

// Every match begins with one of these, letters in lower case; nothing when there would be more
// than `limit` of them or one shorter than four bytes.
std::optional<std::vector<std::string>> BeginLiterals(const pattern::Matcher& matcher, size_t limit);

// Whole words, letters in lower case. A word shorter than four bytes is followed by any byte.
std::vector<std::string> WordLiterals(const std::vector<std::string>& words);

// Collects literals of all detectors and writes the word tables.
class LiteralTables {
 public:
  explicit LiteralTables(const Background& background) : background_(background) {}

  void Add(uint16_t detector, std::vector<std::string> literals);

  // How often the best anchors of `literals` stand in the background text.
  uint64_t Estimate(const std::vector<std::string>& literals) const;

  void Write(Literals& tables) const;

 private:
  struct Literal {
    uint16_t detector = 0;
    std::string text;
  };
  using Choice = AnchorChoice;
  std::vector<Choice> Choose() const;
  void WritePairs(const std::vector<Choice>& choices, Literals& tables) const;
  void WriteAnchors(const std::vector<size_t>& offsets, Anchors& anchors) const;

  const Background& background_;
  std::vector<Literal> literals_;
};

}  // namespace hpol::filter
