#include "tests/golden/expectations.h"

#include <algorithm>
#include <map>
#include <sstream>

#include "dsl/diag/render.h"

namespace hpol::golden {
namespace {

using dsl::Diagnostic;
using dsl::SourceFile;
using dsl::Span;

constexpr std::string_view kPrefix = "//!";

std::vector<std::string> Lines(std::string_view text) {
  std::vector<std::string> lines;
  std::istringstream in{std::string(text)};
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

bool IsExpectation(std::string_view line) { return line.starts_with(kPrefix); }

// Cells before byte `end` of a line.
size_t Cells(std::string_view line, size_t end) {
  return dsl::DisplayWidth(dsl::Printable(line.substr(0, end)));
}

// Where a span stands, drawn for the line below it: `//!     ^^^`.
std::string Draw(Span span, const SourceFile& file, char mark) {
  const dsl::Position begin = file.Locate(span.begin);
  const dsl::Position end = file.Locate(span.end);
  const std::string_view line = file.Line(begin.line);
  const size_t start = file.LineStart(begin.line);
  const size_t first = Cells(line, std::min<size_t>(span.begin - start, line.size()));
  const size_t last = Cells(line, std::min<size_t>(span.end - start, line.size()));
  const std::string rest =
      end.line > begin.line ? ">+" + std::to_string(end.line - begin.line) + ":" + std::to_string(end.column)
                            : "";
  if (first < kPrefix.size()) {
    return std::string(kPrefix) + " columns " + std::to_string(first + 1) + "-" + std::to_string(last) + rest;
  }
  const std::string drawn = last > first ? std::string(last - first, mark) : "|";
  return std::string(kPrefix) + std::string(first - kPrefix.size(), ' ') + drawn + rest;
}

std::string OneLine(const std::string& text) { return dsl::Printable(text); }

// The lines of one file, with what is to be written under each.
class Notes {
 public:
  Notes(const dsl::SourceMap& sources, dsl::FileId file) : sources_(sources), file_(file) {}

  void Add(const Diagnostic& diagnostic) {
    const std::string severity = diagnostic.severity == dsl::Severity::kError ? "error" : "warning";
    const Span span = dsl::Repair(diagnostic.primary.span, sources_);
    std::vector<std::string> lines = {Place(span, '^') + " " + severity + "[" +
                                      std::string(dsl::KindName(diagnostic.kind)) +
                                      "]: " + OneLine(diagnostic.message)};
    const auto add = [&lines](const char* name, const std::string& text) {
      lines.push_back(std::string(kPrefix) + " " + name + ": " + OneLine(text));
    };
    if (!diagnostic.primary.text.empty()) add("label", diagnostic.primary.text);
    if (diagnostic.example) add("example", *diagnostic.example);
    if (diagnostic.help) {
      add("help", diagnostic.help->text);
      for (const dsl::Edit& edit : diagnostic.help->edits) add("becomes", Edited(edit));
    }
    Put(span, 0, std::move(lines));
    for (const dsl::Annotation& other : diagnostic.others) {
      const Span at = dsl::Repair(other.span, sources_);
      Put(at, 1, {Place(at, '-') + " other: " + OneLine(other.text)});
    }
  }

  std::string Write() const {
    const SourceFile& file = sources_.Get(file_);
    std::string out;
    const std::vector<std::string> lines = Lines(file.text());
    for (size_t i = 0; i < lines.size(); ++i) {
      out += lines[i] + "\n";
      WriteUnder(static_cast<uint32_t>(i + 1), out);
    }
    WriteUnder(kElsewhere, out);
    return out;
  }

 private:
  static constexpr uint32_t kElsewhere = UINT32_MAX;  // notes about other files stand last
  using Key = std::tuple<uint32_t, uint32_t, int>;    // line, offset, primary first

  std::string Place(Span span, char mark) const {
    const SourceFile& file = sources_.Get(span.file);
    if (span.file == file_) return Draw(span, file, mark);
    const dsl::Position at = file.Locate(span.begin);
    return std::string(kPrefix) + " in " + file.name() + ":" + std::to_string(at.line) + ":" +
           std::to_string(at.column);
  }

  void Put(Span span, int rank, std::vector<std::string> lines) {
    uint32_t line = kElsewhere;
    if (span.file == file_) {
      // The end of the file is no line of its own.
      const auto count = static_cast<uint32_t>(Lines(sources_.Get(file_).text()).size());
      line = std::min(sources_.Get(file_).Locate(span.begin).line, std::max(count, 1u));
    }
    std::vector<std::string>& under = notes_[{line, span.begin, rank}];
    for (std::string& text : lines) under.push_back(std::move(text));
  }

  void WriteUnder(uint32_t line, std::string& out) const {
    for (auto it = notes_.lower_bound({line, 0, 0}); it != notes_.end() && std::get<0>(it->first) == line;
         ++it) {
      for (const std::string& text : it->second) out += text + "\n";
    }
  }

  // The line that an edit changes, as it is afterwards, without its indentation.
  std::string Edited(const dsl::Edit& edit) const {
    const Span span = dsl::Repair(edit.span, sources_);
    const SourceFile& file = sources_.Get(span.file);
    const uint32_t number = file.Locate(span.begin).line;
    const std::string_view line = file.Line(number);
    const size_t start = file.LineStart(number);
    const size_t begin = std::min<size_t>(span.begin - start, line.size());
    const size_t end = std::clamp<size_t>(span.end - start, begin, line.size());
    const std::string text =
        std::string(line.substr(0, begin)) + edit.replacement + std::string(line.substr(end));
    const size_t first = text.find_first_not_of(' ');
    return first == std::string::npos ? "" : text.substr(first);
  }

  const dsl::SourceMap& sources_;
  dsl::FileId file_;
  std::map<Key, std::vector<std::string>> notes_;
};

}  // namespace

std::string Strip(std::string_view text) {
  std::string out;
  for (const std::string& line : Lines(text)) {
    if (!IsExpectation(line)) out += line + "\n";
  }
  return out;
}

std::string Annotate(const dsl::Diagnostics& diagnostics, const dsl::SourceMap& sources, dsl::FileId file) {
  Notes notes(sources, file);
  for (const Diagnostic& diagnostic : diagnostics.all()) notes.Add(diagnostic);
  return notes.Write();
}

std::string Difference(std::string_view expected, std::string_view actual) {
  // Both have the same program lines in the same order; only what stands between differs.
  const std::vector<std::string> a = Lines(expected), b = Lines(actual);
  std::string out;
  size_t i = 0, j = 0;
  for (size_t line = 1; i < a.size() || j < b.size(); ++line) {
    std::vector<std::string> want, got;
    const std::string program = i < a.size() ? a[i++] : "";
    if (j < b.size()) ++j;
    while (i < a.size() && IsExpectation(a[i])) want.push_back(a[i++]);
    while (j < b.size() && IsExpectation(b[j])) got.push_back(b[j++]);
    if (want == got) continue;
    out += "    " + std::to_string(line) + " | " + program + "\n";
    for (const std::string& text : want) {
      if (std::find(got.begin(), got.end(), text) == got.end()) out += "   - " + text + "\n";
    }
    for (const std::string& text : got) {
      if (std::find(want.begin(), want.end(), text) == want.end()) out += "   + " + text + "\n";
    }
  }
  return out;
}

}  // namespace hpol::golden
