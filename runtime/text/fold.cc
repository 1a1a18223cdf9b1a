// The tables behind fold.h. Ranges are sorted; look-up is a binary search that only
// non-ASCII characters pay for.
#include "runtime/text/fold.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <span>

namespace hpol::text {
namespace {

// The zero of each run of ten decimal digits (Unicode 14, general category Nd, but ASCII).
constexpr char32_t kZeros[] = {
    0x660,   0x6f0,   0x7c0,   0x966,   0x9e6,   0xa66,   0xae6,   0xb66,   0xbe6,   0xc66,   0xce6,
    0xd66,   0xde6,   0xe50,   0xed0,   0xf20,   0x1040,  0x1090,  0x17e0,  0x1810,  0x1946,  0x19d0,
    0x1a80,  0x1a90,  0x1b50,  0x1bb0,  0x1c40,  0x1c50,  0xa620,  0xa8d0,  0xa900,  0xa9d0,  0xa9f0,
    0xaa50,  0xabf0,  0xff10,  0x104a0, 0x10d30, 0x11066, 0x110f0, 0x11136, 0x111d0, 0x112f0, 0x11450,
    0x114d0, 0x11650, 0x116c0, 0x11730, 0x118e0, 0x11950, 0x11c50, 0x11d50, 0x11da0, 0x16a60, 0x16ac0,
    0x16b50, 0x1d7ce, 0x1d7d8, 0x1d7e2, 0x1d7ec, 0x1d7f6, 0x1e140, 0x1e2f0, 0x1e950, 0x1fbf0};

// Characters that no reader sees: Default_Ignorable_Code_Point and the other format characters
// that show nothing.
constexpr CodeRange kDropped[] = {{0xad, 0xad},      {0x34f, 0x34f},   {0x61c, 0x61c},     {0x115f, 0x1160},
                                  {0x17b4, 0x17b5},  {0x180b, 0x180f}, {0x200b, 0x200f},   {0x202a, 0x202e},
                                  {0x2060, 0x206f},  {0x3164, 0x3164}, {0xfe00, 0xfe0f},   {0xfeff, 0xfeff},
                                  {0xffa0, 0xffa0},  {0xfff0, 0xfffb}, {0x1bca0, 0x1bca3}, {0x1d173, 0x1d17a},
                                  {0xe0000, 0xe0fff}};

// Pd, and what is drawn the same. The wave dashes and the double hyphen of Japanese words are only in
// the wider table: a word list may hold them.
constexpr CodeRange kDashes[] = {{0x2d7, 0x2d7},   {0x58a, 0x58a},   {0x5be, 0x5be},   {0x1400, 0x1400},
                                 {0x1806, 0x1806}, {0x2010, 0x2015}, {0x2043, 0x2043}, {0x2212, 0x2212},
                                 {0x2e17, 0x2e17}, {0x2e1a, 0x2e1a}, {0x2e3a, 0x2e3b}, {0x2e40, 0x2e40},
                                 {0x2e5d, 0x2e5d}, {0xfe58, 0xfe58}, {0xfe63, 0xfe63}, {0x10ead, 0x10ead}};

constexpr CodeRange kSpaces[] = {{0xa0, 0xa0},     {0x1680, 0x1680}, {0x2000, 0x200a},
                                 {0x202f, 0x202f}, {0x205f, 0x205f}, {0x3000, 0x3000}};

// The only letters that ignoring case would have to know beside ASCII: so patterns of ASCII letters need not.
constexpr char32_t kLongS = 0x17f;
constexpr char32_t kKelvin = 0x212a;

bool Contains(std::span<const CodeRange> ranges, char32_t code) {
  const auto after =
      std::upper_bound(ranges.begin(), ranges.end(), code,
                       [](char32_t value, const CodeRange& range) { return value < range.first; });
  return after != ranges.begin() && code <= std::prev(after)->last;
}

int DecimalDigit(char32_t code) {
  const auto* after = std::upper_bound(std::begin(kZeros), std::end(kZeros), code);
  if (after == std::begin(kZeros)) return -1;
  const char32_t offset = code - *std::prev(after);
  return offset < 10 ? static_cast<int>(offset) : -1;
}

// A run of code points that stand for consecutive things: the first one for number `value` or letter `value`.
struct Run {
  char32_t first;
  char32_t last;
  uint8_t value;
};

// Numbers 0…20 (general category No, with a digit value), sorted.
constexpr Run kNumbers[] = {
    {0xb2, 0xb3, 2},       {0xb9, 0xb9, 1},       {0x1369, 0x1371, 1},   {0x19da, 0x19da, 1},
    {0x2070, 0x2070, 0},   {0x2074, 0x2079, 4},   {0x2080, 0x2089, 0},   {0x2460, 0x2473, 1},
    {0x2474, 0x2487, 1},   {0x2488, 0x249b, 1},   {0x24ea, 0x24ea, 0},   {0x24eb, 0x24f4, 11},
    {0x24f5, 0x24fe, 1},   {0x24ff, 0x24ff, 0},   {0x2776, 0x277f, 1},   {0x2780, 0x2789, 1},
    {0x278a, 0x2793, 1},   {0x3192, 0x3195, 1},   {0x3220, 0x3229, 1},   {0x3280, 0x3289, 1},
    {0x10107, 0x1010f, 1}, {0x10a40, 0x10a43, 1}, {0x10e60, 0x10e68, 1}, {0x11052, 0x1105a, 1},
    {0x111e1, 0x111e9, 1}, {0x1d360, 0x1d368, 1}, {0x1f100, 0x1f100, 0}, {0x1f101, 0x1f10a, 0},
    {0x1f10b, 0x1f10c, 0}, {0x1f51f, 0x1f51f, 10}};
constexpr std::string_view kNumerals[] = {"0",  "1",  "2",  "3",  "4",  "5",  "6",  "7",  "8",  "9", "10",
                                          "11", "12", "13", "14", "15", "16", "17", "18", "19", "20"};

// Alphabets; 0 begins at A, 26 at a; the mathematical ones go on with the next alphabet.
constexpr Run kAlphabets[] = {{0x249c, 0x24b5, 26},  {0x24b6, 0x24cf, 0},   {0x24d0, 0x24e9, 26},
                              {0x1d400, 0x1d6a3, 0}, {0x1f110, 0x1f129, 0}, {0x1f130, 0x1f149, 0},
                              {0x1f150, 0x1f169, 0}, {0x1f170, 0x1f189, 0}};
constexpr std::string_view kLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

struct Form {
  char32_t code;
  std::string_view text;
};
// Letter-like and punctuation forms of NFKC that identifiers can be written with, sorted.
constexpr Form kForms[] = {
    {0x2024, "."},   {0x2025, ".."},  {0x2026, "..."}, {0x2071, "i"},  {0x207a, "+"},  {0x207b, "-"},
    {0x207c, "="},   {0x207d, "("},   {0x207e, ")"},   {0x207f, "n"},  {0x208a, "+"},  {0x208b, "-"},
    {0x208c, "="},   {0x208d, "("},   {0x208e, ")"},   {0x2102, "C"},  {0x210a, "g"},  {0x210b, "H"},
    {0x210c, "H"},   {0x210d, "H"},   {0x210e, "h"},   {0x2110, "I"},  {0x2111, "I"},  {0x2112, "L"},
    {0x2113, "l"},   {0x2115, "N"},   {0x2116, "No"},  {0x2119, "P"},  {0x211a, "Q"},  {0x211b, "R"},
    {0x211c, "R"},   {0x211d, "R"},   {0x2124, "Z"},   {0x2128, "Z"},  {0x212c, "B"},  {0x212d, "C"},
    {0x212f, "e"},   {0x2130, "E"},   {0x2131, "F"},   {0x2133, "M"},  {0x2134, "o"},  {0x2139, "i"},
    {0x2145, "D"},   {0x2146, "d"},   {0x2147, "e"},   {0x2148, "i"},  {0x2149, "j"},  {0x3002, "."},
    {0x301c, "-"},   {0x3030, "-"},   {0x30a0, "-"},   {0xfb00, "ff"}, {0xfb01, "fi"}, {0xfb02, "fl"},
    {0xfb03, "ffi"}, {0xfb04, "ffl"}, {0xfb05, "st"},  {0xfb06, "st"}, {0xfe31, "-"},  {0xfe32, "-"},
    {0xfe33, "_"},   {0xfe34, "_"},   {0xfe4d, "_"},   {0xfe4e, "_"},  {0xfe4f, "_"},  {0xfe50, ","},
    {0xfe52, "."},   {0xfe54, ";"},   {0xfe55, ":"},   {0xfe56, "?"},  {0xfe57, "!"},  {0xfe59, "("},
    {0xfe5a, ")"},   {0xfe5f, "#"},   {0xfe60, "&"},   {0xfe61, "*"},  {0xfe62, "+"},  {0xfe64, "<"},
    {0xfe65, ">"},   {0xfe66, "="},   {0xfe68, "\\"},  {0xfe69, "$"},  {0xfe6a, "%"},  {0xfe6b, "@"},
    {0xff61, "."}};

// 〇 零, then one to nine in their usual, financial and telephone forms.
constexpr std::u32string_view kCjkDigits[] = {U"〇零○", U"一壹弌幺", U"二贰貳弍兩两", U"三叁參叄弎", U"四肆",
                                              U"五伍",  U"六陆陸",   U"七柒漆",       U"八捌",       U"九玖"};

const Run* FindRun(std::span<const Run> runs, char32_t code) {
  const auto after = std::upper_bound(runs.begin(), runs.end(), code,
                                      [](char32_t value, const Run& run) { return value < run.first; });
  if (after == runs.begin() || code > std::prev(after)->last) return nullptr;
  return &*std::prev(after);
}

// Ideographs and Hangul, where most text that is not Latin lives: no table has them but the CJK numerals.
bool IsPlainEastAsian(char32_t code) {
  return (code >= 0x3400 && code <= 0x9fff) || (code >= 0xac00 && code <= 0xd7a3);
}

}  // namespace

int FoldCodePoint(char32_t code, Steps steps) {
  if (code < 0x80 || IsPlainEastAsian(code)) return kKeep;
  if (code >= 0xff01 && code <= 0xff5e) {
    return steps.Has(Step::kFullWidth) ? static_cast<int>(code - 0xff01 + 0x21) : kKeep;
  }
  if (Contains(kDropped, code)) return steps.Has(Step::kInvisible) ? kDrop : kKeep;
  if (Contains(kDashes, code)) return steps.Has(Step::kDashes) ? '-' : kKeep;
  if (Contains(kSpaces, code)) return steps.Has(Step::kSpaces) ? ' ' : kKeep;
  if (code == kLongS || code == kKelvin) {
    return !steps.Has(Step::kLetterForms) ? kKeep : code == kLongS ? 's' : 'K';
  }
  const int digit = DecimalDigit(code);
  return digit < 0 || !steps.Has(Step::kDecimalDigits) ? kKeep : '0' + digit;
}

std::string_view WidenCodePoint(char32_t code, Steps steps) {
  if (code < 0x80 || IsPlainEastAsian(code)) return {};
  if (steps.Has(Step::kNumberForms)) {
    if (const Run* run = FindRun(kNumbers, code)) {
      // U+1F100 is `0.` and U+1F101 `0,`: the run of the latter begins at its own zero.
      return kNumerals[run->value + (code - run->first)];
    }
  }
  if (!steps.Has(Step::kLetterForms)) return {};
  if (const Run* run = FindRun(kAlphabets, code)) {
    return kLetters.substr((run->value + (code - run->first)) % 52, 1);
  }
  const auto* form = std::lower_bound(std::begin(kForms), std::end(kForms), code,
                                      [](const Form& entry, char32_t value) { return entry.code < value; });
  return form != std::end(kForms) && form->code == code ? form->text : std::string_view();
}

int CjkDigit(char32_t code) {
  // Asked of every ideograph: most are none by their low byte alone.
  static constexpr auto kMay = [] {
    std::array<bool, 256> may{};
    for (const std::u32string_view digits : kCjkDigits) {
      for (const char32_t digit : digits) may[digit & 0xff] = true;
    }
    return may;
  }();
  if (code < 0x25cb || code > 0x9fff || !kMay[code & 0xff]) return -1;
  for (int value = 0; value < 10; ++value) {
    if (kCjkDigits[value].find(code) != std::u32string_view::npos) return value;
  }
  return -1;
}

bool IsMark(char32_t code) {
  return code >= 0x300 && !IsPlainEastAsian(code) && Contains({kMarks, kMarkCount}, code);
}

int TagCharacter(char32_t code) {
  return code >= 0xe0020 && code <= 0xe007e ? static_cast<int>(code - 0xe0000) : -1;
}

Decoded DecodeUtf8(std::string_view text, size_t at) {
  const auto byte = [&](size_t i) { return static_cast<uint8_t>(text[i]); };
  const uint8_t lead = byte(at);
  if (lead < 0x80) return {lead, 1, true};
  const uint32_t size = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
  if (lead < 0xc2 || lead > 0xf4 || text.size() - at < size) return {lead, 1, false};
  char32_t code = lead & (0xffu >> (size + 1));
  for (uint32_t i = 1; i < size; ++i) {
    if ((byte(at + i) & 0xc0) != 0x80) return {lead, 1, false};
    code = (code << 6) | (byte(at + i) & 0x3fu);
  }
  constexpr char32_t kSmallest[5] = {0, 0, 0x80, 0x800, 0x10000};
  const bool surrogate = code >= 0xd800 && code <= 0xdfff;
  if (code < kSmallest[size] || code > 0x10ffff || surrogate) return {lead, 1, false};
  return {code, size, true};
}

uint32_t EncodeUtf8(char32_t code, char out[4]) {
  const auto tail = [code](int shift) { return static_cast<char>(0x80 | ((code >> shift) & 0x3f)); };
  if (code < 0x80) {
    out[0] = static_cast<char>(code);
    return 1;
  }
  if (code < 0x800) {
    out[0] = static_cast<char>(0xc0 | (code >> 6));
    out[1] = tail(0);
    return 2;
  }
  if (code < 0x10000) {
    out[0] = static_cast<char>(0xe0 | (code >> 12));
    out[1] = tail(6);
    out[2] = tail(0);
    return 3;
  }
  out[0] = static_cast<char>(0xf0 | (code >> 18));
  out[1] = tail(12);
  out[2] = tail(6);
  out[3] = tail(0);
  return 4;
}

int HexValue(char32_t c) {
  if (c >= '0' && c <= '9') return static_cast<int>(c - '0');
  if (c >= 'a' && c <= 'f') return static_cast<int>(c - 'a') + 10;
  return c >= 'A' && c <= 'F' ? static_cast<int>(c - 'A') + 10 : -1;
}

}  // namespace hpol::text
