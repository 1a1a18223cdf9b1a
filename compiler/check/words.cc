#include "compiler/check/words.h"

#include <cctype>
#include <optional>
#include <string>
#include <utility>

#include "compiler/pattern/unicode.h"
#include "runtime/text/fold_word.h"

namespace hpol::check {
namespace {

// The lines of a word file: one entry a line; blank lines and lines that begin with # say nothing.
std::vector<std::string> SplitWords(std::string_view text) {
  std::vector<std::string> words;
  while (!text.empty()) {
    const size_t end = text.find('\n');
    std::string_view line = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    while (!line.empty() && std::isspace(static_cast<unsigned char>(line.back())) != 0) line.remove_suffix(1);
    while (!line.empty() && std::isspace(static_cast<unsigned char>(line.front())) != 0)
      line.remove_prefix(1);
    if (line.empty() || line.front() == '#') continue;
    words.emplace_back(line);
  }
  return words;
}

std::vector<std::string> ReadWords(Context& context, const ast::String& file, bool own) {
  std::optional<std::string> text;
  if (own && context.imports.file) text = context.imports.file(file.value);
  if (!text) {
    context.diagnostics.Error(DiagnosticKind::kWordsFile, file.span,
                              "cannot read the word list " + Tick(file.value),
                              own ? "no such file in the policy's folder" : "a pack cannot read files");
    return {};
  }
  if (!text::IsUtf8(*text)) {
    Diagnostic& error = context.diagnostics.Error(DiagnosticKind::kWordsFile, file.span,
                                                  "the word list " + Tick(file.value) + " is not UTF-8",
                                                  "some of its bytes are no character");
    error.help = dsl::Help{"save the file as UTF-8", {}};
    return {};
  }
  std::vector<std::string> words = SplitWords(*text);
  if (words.empty()) {
    context.diagnostics.Error(DiagnosticKind::kWordsFile, file.span,
                              "the word list " + Tick(file.value) + " is empty", "has no line with a word");
  }
  return words;
}

// A word as a pattern that matches it alone.
std::string Quoted(std::string_view word) {
  std::string pattern;
  for (const char c : word) {
    if (std::ispunct(static_cast<unsigned char>(c)) != 0) pattern += '\\';
    pattern += c;
  }
  return pattern;
}

// One word of a list, folded as texts are. With letters beyond ASCII that have case, where case is ignored,
// it is a bounded pattern, which means the same; whoever reads word lists need only know ASCII.
void AddWord(Context& context, std::string_view written, Span span, hir::WordList& list,
             std::vector<hir::Pattern>& patterns) {
  std::vector<std::string> forms = {text::FoldWord(written)};
  if (forms[0].empty()) {
    context.diagnostics.Error(
        DiagnosticKind::kMissingPart, span, "an empty word",
        written.empty() ? "would be found everywhere" : "has nothing but characters that no reader sees");
    return;
  }
  if (std::string wider = text::WidenWord(written); wider != forms[0]) forms.push_back(std::move(wider));
  for (std::string& form : forms) {
    if (list.ignoring_case && pattern::HasCaseBeyondAscii(form)) {
      patterns.push_back({Quoted(form), span, /*bounded=*/true, /*ignoring_case=*/true});
    } else {
      list.words.push_back(std::move(form));
    }
  }
}

}  // namespace

void ResolveWords(Context& context, const ast::Words& words, bool own, hir::Detector& detector) {
  hir::WordList list;
  list.ignoring_case = words.ignoring_case;
  list.span = words.span;
  for (const ast::String& word : words.list) {
    AddWord(context, word.value, word.span, list, detector.patterns);
  }
  if (words.file) {
    for (const std::string& word : ReadWords(context, *words.file, own)) {
      AddWord(context, word, words.file->span, list, detector.patterns);
    }
  }
  if (list.words.size() > kMaxWords) {
    ReportTooMany(words.file ? words.file->span : words.span, "words in one list", kMaxWords,
                  context.diagnostics);
  }
  if (!list.words.empty()) detector.words.push_back(std::move(list));
}

}  // namespace hpol::check
