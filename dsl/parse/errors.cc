#include "dsl/parse/errors.h"

#include <algorithm>

#include "dsl/parse/limits.h"

namespace hpol::dsl::parse {

std::string Shortened(std::string_view text) {
  size_t end = 40;
  if (text.size() <= end) return std::string(text);
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) --end;
  return std::string(text.substr(0, end)) + "…";
}

Diagnostic* SyntaxErrors::Add(uint32_t begin, uint32_t end, std::string message, std::string label) {
  return Add(DiagnosticKind::kSyntax, begin, end, std::move(message), std::move(label));
}

Diagnostic* SyntaxErrors::Add(DiagnosticKind kind, uint32_t begin, uint32_t end, std::string message,
                              std::string label) {
  if (full_) return nullptr;
  for (const Diagnostic& known : all_) {
    if (known.primary.span.begin == begin) return nullptr;
  }
  Diagnostic diagnostic;
  diagnostic.kind = kind;
  if (all_.size() == kMaxSyntaxErrors) {
    full_ = true;
    diagnostic.kind = DiagnosticKind::kTooLarge;
    message = "more than " + std::to_string(kMaxSyntaxErrors) + " errors: the rest of the file is not read";
    label.clear();
  }
  diagnostic.message = std::move(message);
  diagnostic.primary = {At(begin, end), std::move(label)};
  all_.push_back(std::move(diagnostic));
  return full_ ? nullptr : &all_.back();
}

void SyntaxErrors::MoveTo(Diagnostics& diagnostics) {
  // "more than 20 errors" stays last, wherever the error stands that was one too many.
  const auto end = full_ ? all_.end() - 1 : all_.end();
  std::sort(all_.begin(), end, [](const Diagnostic& a, const Diagnostic& b) {
    return a.primary.span.begin < b.primary.span.begin;
  });
  for (Diagnostic& from : all_) {
    Diagnostic& to = diagnostics.Error(from.kind, from.primary.span, std::move(from.message));
    to.primary.text = std::move(from.primary.text);
    to.others = std::move(from.others);
    to.example = std::move(from.example);
    to.help = std::move(from.help);
  }
  all_.clear();
}

}  // namespace hpol::dsl::parse
