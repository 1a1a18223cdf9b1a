// The syntax errors of one file, until all are known: at most one a place, few in all,
// handed over in the order of the text. Private to dsl/parse.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "dsl/diag/diagnostic.h"

namespace hpol::dsl::parse {

// At most 40 bytes of the author's text, for a message; never half a character.
std::string Shortened(std::string_view text);

class SyntaxErrors {
 public:
  explicit SyntaxErrors(FileId file) : file_(file) {}

  // Adds an error at bytes [begin, end). Null when nothing is to be added: the place has
  // its error already, or there are enough. The pointer is good until the next call.
  Diagnostic* Add(uint32_t begin, uint32_t end, std::string message, std::string label = {});
  Diagnostic* Add(DiagnosticKind kind, uint32_t begin, uint32_t end, std::string message,
                  std::string label = {});

  bool empty() const { return all_.empty(); }
  // Nothing more will be added: the parser may stop.
  bool full() const { return full_; }
  Span At(uint32_t begin, uint32_t end) const { return {file_, begin, end}; }

  void MoveTo(Diagnostics& diagnostics);

 private:
  FileId file_;
  std::vector<Diagnostic> all_;
  bool full_ = false;
};

}  // namespace hpol::dsl::parse
