#include "compiler/check/words.h"

#include <cctype>
#include <optional>
#include <string>
#include <utility>

#include "compiler/pattern/unicode.h"
#include "runtime/text/fold.h"
#include "runtime/text/fold_word.h"

namespace hpol::check {
namespace {

// A word of a list may stand in so many forms: three letters with an accent, each large or small.
constexpr size_t kMaxForms = 8;

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

std::string Utf8(uint32_t code_point) {
  char bytes[4];
  return {bytes, text::EncodeUtf8(code_point, bytes)};
}

bool IsAscii(uint32_t code_point) { return code_point < 0x80; }

// The word with every form of its letters beyond ASCII; nothing when these are more than kMaxForms.
std::vector<std::string> CaseForms(std::string_view word) {
  std::vector<std::string> forms = {""};
  for (size_t at = 0; at < word.size();) {
    const text::Decoded here = text::DecodeUtf8(word, at);
    std::vector<std::string> longer;
    uint32_t letter = here.code;
    do {
      const std::string ending = here.valid ? Utf8(letter) : std::string(word.substr(at, here.size));
      for (const std::string& form : forms) longer.push_back(form + ending);
      letter = pattern::NextCase(letter);
    } while (here.valid && !IsAscii(here.code) && letter != here.code && longer.size() <= kMaxForms);
    if (longer.size() > kMaxForms) return {};
    forms = std::move(longer);
    at += here.size;
  }
  return forms;
}

// A word where case is ignored. Whoever reads word lists need only know the case of ASCII: a word with a few
// other letters stands there in all its forms, one with many is a bounded pattern, which means the same.
void AddIgnoringCase(const std::string& word, Span span, hir::WordList& list,
                     std::vector<hir::Pattern>& patterns) {
  std::vector<std::string> forms = CaseForms(word);
  if (forms.empty()) patterns.push_back({Quoted(word), span, /*bounded=*/true, /*ignoring_case=*/true});
  for (std::string& form : forms) list.words.push_back(std::move(form));
}

// One word of a list, folded as texts are.
void AddWord(Context& context, std::string_view written, Span span, hir::WordList& list,
             std::vector<hir::Pattern>& patterns) {
  std::vector<std::string> readings = {text::FoldWord(written)};
  if (readings[0].empty()) {
    context.diagnostics.Error(
        DiagnosticKind::kMissingPart, span, "an empty word",
        written.empty() ? "would be found everywhere" : "has nothing but characters that no reader sees");
    return;
  }
  if (std::string wider = text::WidenWord(written); wider != readings[0])
    readings.push_back(std::move(wider));
  for (std::string& reading : readings) {
    if (list.ignoring_case) {
      AddIgnoringCase(reading, span, list, patterns);
    } else {
      list.words.push_back(std::move(reading));
    }
  }
}

void ReportTooManyWords(Context& context, Span span, size_t count) {
  Diagnostic& error = context.diagnostics.Error(
      DiagnosticKind::kTooMany, span, "more than " + std::to_string(kMaxWords) + " words in one list",
      "has " + std::to_string(count) + " words");
  error.help = dsl::Help{"write them to several files, with a `words from` line for each", {}};
}

}  // namespace

void ResolveWords(Context& context, const ast::Words& words, bool own, hir::Detector& detector) {
  hir::WordList list;
  list.ignoring_case = words.ignoring_case;
  list.span = words.span;
  size_t count = words.list.size();
  for (const ast::String& word : words.list) {
    AddWord(context, word.value, word.span, list, detector.patterns);
  }
  if (words.file) {
    const std::vector<std::string> more = ReadWords(context, *words.file, own);
    count += more.size();
    for (const std::string& word : more) AddWord(context, word, words.file->span, list, detector.patterns);
  }
  if (count > kMaxWords) ReportTooManyWords(context, words.file ? words.file->span : words.span, count);
  if (!list.words.empty()) detector.words.push_back(std::move(list));
}

}  // namespace hpol::check
