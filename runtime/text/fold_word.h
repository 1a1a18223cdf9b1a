// Texts of a policy as detectors read the texts of a request. What an author writes must be folded
// as what a user writes is, or the two never meet.
#pragma once

#include <string>
#include <string_view>

namespace hpol::text {

// A word, an exception: folded by the table that always stands (fold.h). A `\uXXXX` stays as written.
std::string FoldWord(std::string_view word);

// The same with ligatures and letter-like forms as ASCII letters: how the wider text has it, and how a
// plain one may.
std::string WidenWord(std::string_view word);

// A whole text, such as a sample: folded as a body of plain text is.
std::string FoldText(std::string_view text);

bool IsUtf8(std::string_view text);

}  // namespace hpol::text
