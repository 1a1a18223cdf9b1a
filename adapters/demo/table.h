// A table for people: columns as wide as they need, or wrapped at words to fit the terminal.
#pragma once

#include <string>
#include <vector>

namespace hpol::demo {

enum class Color { kNone, kGreen, kYellow, kRed, kDim };

struct Cell {
  std::string text{};
  Color color = Color::kNone;
};

struct Table {
  std::vector<std::string> headings;
  std::vector<std::vector<Cell>> rows;
};

// Columns of a terminal that `text` takes: CJK and emoji take two.
size_t DisplayWidth(std::string_view text);

// At most `width` columns wide if the words allow it. Escape codes only when `color`.
std::string Render(const Table& table, size_t width, bool color);

}  // namespace hpol::demo
