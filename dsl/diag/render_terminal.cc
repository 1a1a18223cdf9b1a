// The terminal form: a gutter with line numbers, carets under the primary words, dashes
// under the others, a colon for skipped lines, then example and help.
#include <algorithm>
#include <tuple>
#include <utility>

#include "dsl/diag/render.h"

namespace hpol::dsl {
namespace {

// A line longer than this is shown as a window round the words that matter.
constexpr size_t kMaxLineWidth = 160;
constexpr size_t kBeforeWindow = 40;

// A mark under one line: bytes [begin, end) of that line, never past its end.
struct Mark {
  uint32_t line = 1;
  size_t begin = 0;
  size_t end = 0;
  bool primary = false;
  size_t order = 0;  // as reported, where two begin together
  std::string text;
};

// The part of a span that stands on its first line.
Mark FirstLine(Span span, const SourceFile& file, bool primary, std::string text) {
  Mark mark;
  mark.line = file.Locate(span.begin).line;
  const size_t start = file.LineStart(mark.line);
  const size_t size = file.Line(mark.line).size();
  mark.begin = std::min(span.begin - start, size);
  mark.end = std::clamp(span.end - start, mark.begin, size);
  mark.primary = primary;
  mark.text = std::move(text);
  return mark;
}

// One source line as shown: safe, cut to a window, and able to say where a byte stands.
class ShownLine {
 public:
  ShownLine(std::string_view line, size_t focus) : line_(line) {
    if (line.size() > kMaxLineWidth) {
      begin_ = AlignDown(focus > kBeforeWindow ? focus - kBeforeWindow : 0);
      end_ = AlignDown(std::min(line.size(), begin_ + kMaxLineWidth));
    } else {
      end_ = line.size();
    }
  }
  std::string text() const {
    return (begin_ > 0 ? "…" : "") + Printable(line_.substr(begin_, end_ - begin_)) +
           (end_ < line_.size() ? "…" : "");
  }
  // Cells before the byte at `offset`.
  size_t Column(size_t offset) const {
    const size_t at = std::clamp(offset, begin_, end_);
    return (begin_ > 0 ? 1 : 0) + DisplayWidth(Printable(line_.substr(begin_, at - begin_)));
  }

 private:
  size_t AlignDown(size_t at) const {
    while (at > 0 && at < line_.size() && (static_cast<unsigned char>(line_[at]) & 0xc0) == 0x80) --at;
    return at;
  }
  std::string_view line_;
  size_t begin_ = 0;
  size_t end_ = 0;
};

class Terminal {
 public:
  Terminal(const Diagnostic& diagnostic, const SourceMap& sources, bool color)
      : diagnostic_(diagnostic), sources_(sources), color_(color) {}

  std::string Render() {
    WriteHead();
    if (sources_.size() == 0) return std::move(out_);
    MeasureGutter();
    WriteFile(Repair(diagnostic_.primary.span, sources_).file, "--> ");
    for (uint32_t i = 0; i < sources_.size(); ++i) {
      if (!(FileId{i} == Repair(diagnostic_.primary.span, sources_).file)) WriteFile(FileId{i}, "::: ");
    }
    WriteNotes();
    return std::move(out_);
  }

 private:
  static constexpr const char* kBold = "1";
  static constexpr const char* kBlue = "1;34";
  static constexpr const char* kGreen = "32";

  const char* SeverityColor() const { return diagnostic_.severity == Severity::kError ? "1;31" : "1;33"; }

  void Write(std::string_view text, const char* style = nullptr) {
    if (color_ && style != nullptr && !text.empty()) {
      out_ += "\x1b[" + std::string(style) + "m";
      out_ += text;
      out_ += "\x1b[0m";
    } else {
      out_ += text;
    }
  }

  void WriteHead() {
    const std::string severity = diagnostic_.severity == Severity::kError ? "error" : "warning";
    Write(severity + "[" + std::string(KindName(diagnostic_.kind)) + "]", SeverityColor());
    Write(": " + Printable(diagnostic_.message), kBold);
    Write("\n");
  }

  void MeasureGutter() {
    uint32_t last = 1;
    const auto see = [&](Span span) {
      const Span good = Repair(span, sources_);
      last = std::max(last, sources_.Get(good.file).Locate(good.begin).line);
    };
    see(diagnostic_.primary.span);
    for (const Annotation& other : diagnostic_.others) see(other.span);
    if (diagnostic_.help) {
      for (const Edit& edit : diagnostic_.help->edits) see(edit.span);
    }
    digits_ = std::max<size_t>(2, std::to_string(last).size());
  }

  // ` 12 | `, or with no line `    | `.
  void Gutter(uint32_t line, char bar, bool space = true) {
    const std::string number = line == 0 ? "" : std::to_string(line);
    Write(" " + std::string(digits_ - number.size(), ' ') + number + " " + bar, kBlue);
    if (space) Write(" ");
  }
  void EmptyGutter(char bar = '|') {
    Gutter(0, bar, /*space=*/false);
    Write("\n");
  }

  std::vector<Mark> MarksIn(FileId file) const {
    std::vector<Mark> marks;
    const auto add = [&](const Annotation& annotation, bool primary) {
      const Span span = Repair(annotation.span, sources_);
      if (span.file == file) {
        marks.push_back(FirstLine(span, sources_.Get(file), primary, Printable(annotation.text)));
        marks.back().order = marks.size();
      }
    };
    add(diagnostic_.primary, true);
    for (const Annotation& other : diagnostic_.others) add(other, false);
    std::sort(marks.begin(), marks.end(), [](const Mark& a, const Mark& b) {
      return std::tie(a.line, a.begin, a.order) < std::tie(b.line, b.begin, b.order);
    });
    return marks;
  }

  void WriteFile(FileId id, const char* arrow) {
    const std::vector<Mark> marks = MarksIn(id);
    if (marks.empty()) return;
    const SourceFile& file = sources_.Get(id);
    const auto lead = std::find_if(marks.begin(), marks.end(), [](const Mark& mark) { return mark.primary; });
    const Mark& place = lead == marks.end() ? marks.front() : *lead;
    const Position at = file.Locate(file.LineStart(place.line) + static_cast<uint32_t>(place.begin));
    Write(std::string(digits_, ' ') + arrow, kBlue);
    Write(Printable(file.name()) + ":" + std::to_string(at.line) + ":" + std::to_string(at.column) + "\n");
    EmptyGutter();
    uint32_t shown = 0;
    for (size_t i = 0; i < marks.size(); ++i) {
      const ShownLine line(file.Line(marks[i].line), FocusOf(marks, i));
      if (marks[i].line != shown) {
        if (shown != 0 && marks[i].line > shown + 1) EmptyGutter(':');
        shown = marks[i].line;
        Gutter(shown, '|');
        Write(line.text() + "\n");
      }
      WriteMark(marks[i], line);
    }
  }

  // All marks of a line share the window that the first of them asks for.
  static size_t FocusOf(const std::vector<Mark>& marks, size_t i) {
    while (i > 0 && marks[i - 1].line == marks[i].line) --i;
    return marks[i].begin;
  }

  void WriteMark(const Mark& mark, const ShownLine& line) {
    const size_t column = line.Column(mark.begin);
    const size_t width = std::max<size_t>(1, line.Column(mark.end) - column);
    const char* style = mark.primary ? SeverityColor() : kBlue;
    Gutter(0, '|');
    Write(std::string(column, ' '));
    Write(std::string(width, mark.primary ? '^' : '-'), style);
    if (!mark.text.empty()) Write(" " + mark.text, style);
    Write("\n");
  }

  void WriteNotes() {
    if (!diagnostic_.example && !diagnostic_.help) return;
    EmptyGutter();
    if (diagnostic_.example) WriteNote("example", *diagnostic_.example);
    if (!diagnostic_.help) return;
    WriteNote("help", diagnostic_.help->text);
    std::vector<Edit> edits = diagnostic_.help->edits;
    if (edits.empty()) return;
    for (Edit& edit : edits) edit.span = Repair(edit.span, sources_);
    std::sort(edits.begin(), edits.end(), [](const Edit& a, const Edit& b) {
      return std::tie(a.span.file.value, a.span.begin, a.span.end, a.replacement) <
             std::tie(b.span.file.value, b.span.begin, b.span.end, b.replacement);
    });
    EmptyGutter();
    for (size_t i = 0; i < edits.size();) i = WriteEditedLine(edits, i);
  }

  void WriteNote(const char* name, std::string_view text) {
    Gutter(0, '=');
    Write(std::string(name) + ": ", kBold);
    Write(Printable(text) + "\n");
  }

  // Shows the line of edits[first] with every edit that begins on it made; gives the next index.
  size_t WriteEditedLine(const std::vector<Edit>& edits, size_t first) {
    const SourceFile& file = sources_.Get(edits[first].span.file);
    const uint32_t number = file.Locate(edits[first].span.begin).line;
    const std::string_view line = file.Line(number);
    std::string edited;
    std::vector<std::pair<size_t, size_t>> changed;
    size_t copied = 0;
    size_t i = first;
    for (; i < edits.size() && edits[i].span.file == edits[first].span.file; ++i) {
      const Mark mark = FirstLine(edits[i].span, file, false, "");
      if (mark.line != number) break;
      if (mark.begin < copied) continue;  // overlaps the one before; an editor would refuse it too
      edited += line.substr(copied, mark.begin - copied);
      const size_t at = edited.size();
      edited += Printable(edits[i].replacement);
      changed.emplace_back(at, edited.size());
      copied = mark.end;
    }
    edited += line.substr(copied);
    WriteChangedLine(number, edited, changed);
    return i;
  }

  void WriteChangedLine(uint32_t number, const std::string& edited,
                        const std::vector<std::pair<size_t, size_t>>& changed) {
    const ShownLine shown(edited, changed.front().first);
    Gutter(number, '|');
    Write(shown.text() + "\n");
    std::string marks;
    size_t at = 0;
    for (const auto& [begin, end] : changed) {
      const size_t column = std::max(shown.Column(begin), at);
      marks += std::string(column - at, ' ');
      const size_t width = std::max<size_t>(1, shown.Column(end) - std::min(column, shown.Column(end)));
      marks += std::string(width, '~');
      at = column + width;
    }
    Gutter(0, '|');
    Write(marks, kGreen);
    Write("\n");
  }

  const Diagnostic& diagnostic_;
  const SourceMap& sources_;
  const bool color_;
  size_t digits_ = 2;
  std::string out_;
};

}  // namespace

Span Repair(Span span, const SourceMap& sources) {
  if (sources.size() == 0) return {};
  if (span.file.value >= sources.size()) return {};
  const auto size = static_cast<uint32_t>(sources.Get(span.file).text().size());
  span.begin = std::min(span.begin, size);
  span.end = std::clamp(span.end, span.begin, size);
  return span;
}

std::string RenderTerminal(const Diagnostic& diagnostic, const SourceMap& sources, bool color) {
  return Terminal(diagnostic, sources, color).Render();
}

std::string RenderTerminal(const Diagnostics& diagnostics, const SourceMap& sources, bool color) {
  std::string out;
  for (const Diagnostic& diagnostic : diagnostics.all()) {
    if (!out.empty()) out += "\n";
    out += RenderTerminal(diagnostic, sources, color);
  }
  return out;
}

}  // namespace hpol::dsl
