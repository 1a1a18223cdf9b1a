#include "compiler/check/names.h"

#include <algorithm>
#include <utility>

#include "dsl/diag/suggest.h"

namespace hpol::check {

bool Names::Declare(const ast::Name& name, uint32_t index, std::string_view what, Diagnostics& diagnostics) {
  const auto [it, fresh] = entries_.try_emplace(name.text, Entry{index, name.span});
  if (fresh) return true;
  Diagnostic& error = diagnostics.Error(
      DiagnosticKind::kDuplicateName, name.span,
      "the " + std::string(what) + " " + Tick(name.text) + " is declared twice", "second declaration");
  error.others.push_back({it->second.span, "first declared here"});
  return false;
}

const Names::Entry* Names::Find(std::string_view name) const {
  const auto it = entries_.find(name);
  return it == entries_.end() ? nullptr : &it->second;
}

std::vector<std::string> Names::All() const {
  std::vector<std::string> names;
  names.reserve(entries_.size());
  for (const auto& [name, entry] : entries_) names.push_back(name);
  return names;
}

Diagnostic& ReportUnknown(const ast::Name& name, std::string_view what, const std::vector<std::string>& known,
                          Diagnostics& diagnostics) {
  Diagnostic& error = diagnostics.Error(DiagnosticKind::kUnknownName, name.span,
                                        "no " + std::string(what) + " named " + Tick(name.text));
  if (std::optional<std::string> nearest = dsl::Suggest(name.text, known)) {
    error.primary.text = "did you mean " + Tick(*nearest) + "?";
    error.help = {"write " + Tick(*nearest), {{name.span, *nearest}}};
  } else if (!known.empty() && known.size() <= 8) {
    std::string list;
    for (const std::string& one : known) list += (list.empty() ? "" : ", ") + Tick(one);
    error.primary.text = (known.size() == 1 ? "there is only " : "there are ") + list;
  }
  return error;
}

void ReportTooMany(Span span, std::string_view what, size_t limit, Diagnostics& diagnostics) {
  diagnostics.Error(DiagnosticKind::kTooMany, span,
                    "more than " + std::to_string(limit) + " " + std::string(what),
                    "the first one above the limit");
}

std::string Tick(std::string_view name) { return "`" + std::string(name) + "`"; }

Span AfterBrace(Span block, const dsl::SourceMap& sources) {
  const size_t at = sources.Text(block).find('{');
  if (at == std::string_view::npos) return EndOf(block);
  const uint32_t offset = block.begin + static_cast<uint32_t>(at) + 1;
  return {block.file, offset, offset};
}

Span BeginOf(Span span) { return {span.file, span.begin, span.begin}; }
Span EndOf(Span span) { return {span.file, span.end, span.end}; }

Span KeywordOf(Span block, const dsl::SourceMap& sources) {
  const std::string_view text = sources.Text(block);
  size_t size = 0;
  while (size < text.size() && (text[size] >= 'a' && text[size] <= 'z')) ++size;
  return size == 0 ? block : Span{block.file, block.begin, block.begin + static_cast<uint32_t>(size)};
}

}  // namespace hpol::check
