#include "compiler/filter/background_text.h"

#include <array>

#include "compiler/filter/background_text_kinds.h"
#include "compiler/filter/background_text_words.h"

namespace hpol::filter {
namespace {

constexpr size_t kPieces = 128;
constexpr size_t kPieceBytes = 2048;
constexpr size_t kEncodedBytes = 4096;

// Parts of a hundred, in the order of TextKind.
constexpr std::array<uint32_t, kTextKinds> kShares = {18, 26, 24, 6, 6, 3, 2, 3, 1, 6, 5};

void AppendOne(TextKind kind, Random& random, std::string& out, uint32_t variant) {
  switch (kind) {
    case TextKind::kProse:
      return AppendProse(random, out, variant % 8 != 0);
    case TextKind::kDialogue:
      return AppendDialogue(random, out);
    case TextKind::kDocumentation:
      return AppendDocumentation(random, out);
    case TextKind::kCode:
      return AppendCode(random, out);
    case TextKind::kScript:
      return AppendScript(random, out);
    case TextKind::kConfiguration:
      return AppendConfiguration(random, out);
    case TextKind::kLog:
      return AppendLog(random, out);
    case TextKind::kTable:
      return AppendTable(random, out);
    case TextKind::kMail:
      return AppendMail(random, out);
    case TextKind::kChangeLog:
      return AppendChangeLog(random, out);
    case TextKind::kForeign:
      return AppendForeign(random, out, variant);
  }
}

bool IsContinuation(char byte) { return (static_cast<uint8_t>(byte) & 0xc0) == 0x80; }

// Cuts between code points and fills up with line ends.
void CutTo(std::string& text, size_t bytes) {
  size_t end = bytes;
  while (end > 0 && end < text.size() && IsContinuation(text[end])) --end;
  text.resize(end);
  text.resize(bytes, '\n');
}

}  // namespace

std::string GenerateText(TextKind kind, size_t bytes, uint64_t seed) {
  Random random(seed * kTextKinds + static_cast<uint64_t>(kind));
  const uint32_t variant = random.Next();
  std::string text;
  text.reserve(bytes + kPieceBytes);
  while (text.size() < bytes) AppendOne(kind, random, text, variant);
  CutTo(text, bytes);
  return text;
}

TextKind MixedKind(uint64_t index) {
  uint64_t at = index * 37 % 100;  // 37 and 100 have no common factor: a round visits every part once
  size_t kind = 0;
  while (at >= kShares[kind]) at -= kShares[kind++];
  return static_cast<TextKind>(kind);
}

std::string BackgroundText() {
  std::string text;
  text.reserve(kPieces * kPieceBytes);
  for (uint64_t piece = 0; piece < kPieces; ++piece) {
    text += GenerateText(MixedKind(piece), kPieceBytes - 1, piece);
    text += '\n';  // so that the cut end of one piece and the next do not make an identifier
  }
  return text;
}

std::string EncodedText() {
  constexpr std::string_view kAlphabets[] = {
      "0123456789",
      "0123456789abcdef",
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/",
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_",
      "abcdefghijklmnopqrstuvwxyz",
      "0123456789ABCDEF",
      "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567",
      "0123456789.",
      "0123456789abcdef:",
      "@",
      ":",
      ".-",
  };
  // Dates, times, amounts, versions, ranges and numbers in groups; 9: a digit, A: a capital, f: hexadecimal.
  constexpr std::string_view kShapes[] = {
      "9999-9999 ", "9999-99-99 ", "99:99:99 ", "9.9.9 ",    "999-9999 ",  "999,999.99 ", "99/99/9999 ",
      "99.99 ",     "A9-999 ",     "A99.9 ",    "AAA-9999 ", "9999 9999 ", "(999) ",      "999.999 ",
      "9-9 ",       "ffff:ffff ",  "ff-ff-ff ", "+99 ",      "99 999 ",    "99999 ",      "A9.99 ",
      "AA 99 ",     "AA999 ",      "99.99.99 ", "#999999 ",  "f:f ",       "99:99 ",      "999999 "};
  Random random(1);
  std::string text;
  const auto draw = [&](std::string_view alphabet) {
    text += alphabet[random.Below(static_cast<uint32_t>(alphabet.size()))];
  };
  while (text.size() < kEncodedBytes) {
    const std::string_view alphabet = random.Of(kAlphabets);
    for (uint32_t left = random.Between(20, 200); left > 0; --left) draw(alphabet);
    text += '\n';
    for (uint32_t left = 8; left > 0; --left) {
      for (const char c : random.Of(kShapes)) {
        c == '9'   ? draw("0123456789")
        : c == 'A' ? draw("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
        : c == 'f' ? draw("0123456789abcdef")
                   : draw({&c, 1});
      }
    }
    text += '\n';
  }
  text.resize(kEncodedBytes);
  return text;
}

}  // namespace hpol::filter
