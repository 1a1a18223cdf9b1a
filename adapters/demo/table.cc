// Lays a table out; see table.h.
#include "adapters/demo/table.h"

#include <algorithm>
#include <numeric>

namespace hpol::demo {
namespace {

constexpr size_t kGap = 2;
constexpr size_t kNarrowest = 8;

const char* CodeOf(Color color) {
  switch (color) {
    case Color::kNone:
      return "";
    case Color::kGreen:
      return "\033[32m";
    case Color::kYellow:
      return "\033[33m";
    case Color::kRed:
      return "\033[31m";
    case Color::kDim:
      return "\033[2m";
  }
  return "";
}

bool IsWide(uint32_t code) {
  return (code >= 0x1100 && code <= 0x115f) || (code >= 0x2e80 && code <= 0xa4cf) ||
         (code >= 0xac00 && code <= 0xd7a3) || (code >= 0xf900 && code <= 0xfaff) ||
         (code >= 0xfe30 && code <= 0xfe6f) || (code >= 0xff00 && code <= 0xff60) ||
         (code >= 0x1f300 && code <= 0x1faff) || (code >= 0x20000 && code <= 0x3fffd);
}

// One character of UTF-8 at `at`: its bytes and columns. Broken bytes count one each.
struct Character {
  size_t size = 1;
  size_t width = 1;
};
Character CharacterAt(std::string_view text, size_t at) {
  const auto lead = static_cast<unsigned char>(text[at]);
  const size_t size = lead < 0x80 ? 1 : lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc0 ? 2 : 1;
  if (size == 1 || at + size > text.size()) return {};
  uint32_t code = lead & (0xffu >> (size + 1));
  for (size_t i = 1; i < size; ++i) code = code << 6 | (static_cast<unsigned char>(text[at + i]) & 0x3fu);
  return {size, IsWide(code) ? size_t{2} : size_t{1}};
}

// The longest beginning of `text` that fits, broken at a space if there is one.
size_t BreakAt(std::string_view text, size_t width) {
  size_t used = 0;
  size_t at = 0;
  size_t space = 0;
  while (at < text.size()) {
    const Character character = CharacterAt(text, at);
    if (used + character.width > width) return space > 0 ? space : std::max(at, character.size);
    if (text[at] == ' ') space = at;
    used += character.width;
    at += character.size;
  }
  return at;
}

std::vector<std::string> Wrap(std::string_view text, size_t width) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    const size_t newline = std::min(text.find('\n'), text.size());
    const size_t size = std::min(BreakAt(text.substr(0, newline), width), newline);
    lines.emplace_back(text.substr(0, size));
    text.remove_prefix(size);
    if (!text.empty() && (text.front() == ' ' || text.front() == '\n')) text.remove_prefix(1);
  }
  if (lines.empty()) lines.emplace_back();
  return lines;
}

size_t WidestLine(const std::string& text) {
  size_t widest = 0;
  for (const std::string& line : Wrap(text, text.size() * 2 + 1))
    widest = std::max(widest, DisplayWidth(line));
  return widest;
}

// Takes columns away from the widest ones until the table fits.
std::vector<size_t> ChooseWidths(const Table& table, size_t width) {
  std::vector<size_t> widths;
  for (size_t i = 0; i < table.headings.size(); ++i) {
    size_t widest = DisplayWidth(table.headings[i]);
    for (const std::vector<Cell>& row : table.rows) widest = std::max(widest, WidestLine(row[i].text));
    widths.push_back(widest);
  }
  const size_t gaps = kGap * (widths.size() - 1);
  while (std::accumulate(widths.begin(), widths.end(), gaps) > width) {
    const auto widest = std::max_element(widths.begin(), widths.end());
    if (*widest <= kNarrowest) break;
    --*widest;
  }
  return widths;
}

void AppendRow(const std::vector<Cell>& cells, const std::vector<size_t>& widths, bool color,
               std::string& out) {
  std::vector<std::vector<std::string>> columns;
  size_t height = 1;
  for (size_t i = 0; i < cells.size(); ++i) {
    columns.push_back(Wrap(cells[i].text, widths[i]));
    height = std::max(height, columns[i].size());
  }
  for (size_t line = 0; line < height; ++line) {
    std::string text;
    size_t padding = 0;
    for (size_t i = 0; i < cells.size(); ++i) {
      const std::string part = line < columns[i].size() ? columns[i][line] : "";
      const bool colored = color && cells[i].color != Color::kNone && !part.empty();
      if (!part.empty()) text += std::string(padding, ' ');
      if (!part.empty()) padding = 0;
      text += colored ? CodeOf(cells[i].color) + part + "\033[0m" : part;
      padding += widths[i] - std::min(widths[i], DisplayWidth(part)) + kGap;
    }
    out += text + "\n";
  }
}

}  // namespace

size_t DisplayWidth(std::string_view text) {
  size_t width = 0;
  for (size_t at = 0; at < text.size();) {
    const Character character = CharacterAt(text, at);
    width += character.width;
    at += character.size;
  }
  return width;
}

std::string Render(const Table& table, size_t width, bool color) {
  const std::vector<size_t> widths = ChooseWidths(table, width);
  std::string out;
  std::vector<Cell> headings, rule;
  for (size_t i = 0; i < widths.size(); ++i) {
    headings.push_back({table.headings[i], Color::kDim});
    std::string line;
    for (size_t n = 0; n < widths[i]; ++n) line += "─";
    rule.push_back({line, Color::kDim});
  }
  AppendRow(headings, widths, color, out);
  AppendRow(rule, widths, color, out);
  for (const std::vector<Cell>& row : table.rows) AppendRow(row, widths, color, out);
  return out;
}

}  // namespace hpol::demo
