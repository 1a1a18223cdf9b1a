// Pattern text → tree. The door is Parse; the tree is also what the reference engine's slow
// matcher walks, so its meaning is written here, without automata.
//
// The dialect is RE2's, without what is not regular and without what has no meaning where
// matches are always the longest. dsl/README.md has the table for authors. In short: literals,
// `\Q…\E`; classes `[a-z]`, `[^…]`, `[[:alpha:]]`; `.` is any code point but newline; \d \w \s \D \W \S are
// ASCII; \n \t \r \f \v \a \xHH \x{H…} and escaped punctuation; \p{Han} and its like; (…), (?:…),
// (?P<name>…) only group; flags i, s and m as (?i) or (?i:…); ? * + {n} {n,} {n,m}; `|`; edges ^ $ \A \z and
// \b \B (ASCII words).
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "compiler/hir/hir.h"
#include "compiler/pattern/unicode.h"
#include "dsl/diag/diagnostic.h"

namespace hpol::pattern {

inline constexpr uint32_t kMaxPatternBytes = 4096;
inline constexpr uint32_t kMaxNesting = 100;        // groups and repetitions in each other
inline constexpr uint32_t kUnbounded = 0xffffffff;  // Regex::max of `*`, `+`, `{n,}`

// What a pattern is for. A detector reads texts that were folded (runtime/text), and one that can match the
// empty text is a mistake. A search reads texts as they are, and leaves empty matches out.
enum class Purpose : uint8_t { kDetector, kSearch };

// What stands between two bytes of the text; neither side is consumed.
enum class Edge : uint8_t {
  kTextStart,    // ^ \A: nothing before
  kTextEnd,      // $ \z: nothing after
  kWordEdge,     // \b: exactly one side is an ASCII word byte (letter, digit, `_`)
  kNotWordEdge,  // \B
  kLineStart,    // (?m)^: nothing or a newline before
  kLineEnd,      // (?m)$: nothing or a newline after
};

struct Regex {
  enum class Kind : uint8_t {
    kEmpty,      // the empty text
    kClass,      // one well-formed UTF-8 code point that is in `code_points`
    kConcat,     // all `parts`, in order
    kAlternate,  // any one of `parts`
    kRepeat,     // parts[0], `min` to `max` times
    kEdge,       // `edge` holds here
  };
  Kind kind = Kind::kEmpty;
  Edge edge = Edge::kTextStart;
  uint32_t min = 0;
  uint32_t max = 0;
  // What was written, as bytes [begin, end) of the pattern.
  uint32_t begin = 0;
  uint32_t end = 0;
  std::vector<CodePoints> code_points;  // in order, disjoint, not empty, without surrogates
  std::vector<Regex> parts;

  bool Contains(uint32_t code_point) const;  // for kClass
};

// Parses one pattern. Ignoring case (of the pattern or by (?i)) is already in the classes. `bounded`
// is not in the tree: it restricts where a match may begin and end. On an error reports
// the first one at its place inside the pattern and returns nothing.
std::optional<Regex> Parse(const hir::Pattern& pattern, dsl::Diagnostics& diagnostics,
                           Purpose purpose = Purpose::kDetector);

bool MatchesEmpty(const Regex& regex);

// Bytes [begin, end) of the pattern, as a span of the policy.
dsl::Span SpanInside(const hir::Pattern& pattern, size_t begin, size_t end);

}  // namespace hpol::pattern
