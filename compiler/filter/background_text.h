// Ordinary text made from nothing: words of the language by Zipf's law, put into the forms of
// prose, dialogue, documentation, code, configuration and records. Filters are chosen by how
// often they fire on it, and benches scan it, so letters, digits and separators occur about
// as often as in real text; `background_text_test` holds the bands. It means nothing, and it
// holds no e-mail addresses, card or account numbers.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace hpol::filter {

enum class TextKind : uint8_t {
  kProse,          // novels; wrapped paragraphs, often CRLF
  kDialogue,       // subtitles; a short sentence a line
  kDocumentation,  // Markdown: headings, lists, tables, links, code
  kCode,           // C and C++
  kScript,         // Python and shell
  kConfiguration,  // JSON, YAML, ini
  kLog,
  kTable,  // columns of numbers, CSV, tables of codes
  kMail,   // without addresses
  kChangeLog,
  kForeign,  // Russian, Chinese, French, Spanish, German
};
inline constexpr size_t kTextKinds = 11;

// Exactly `bytes` bytes of valid UTF-8, the same for the same arguments on every machine.
std::string GenerateText(TextKind kind, size_t bytes, uint64_t seed);

// The kind of the `index`-th piece of mixed text: kinds take turns by their share.
TextKind MixedKind(uint64_t index);

// The mix that Background is made of: 256 KiB in pieces of 2 KiB. A few milliseconds.
std::string BackgroundText();

// What is not language: long runs of digits, hexadecimal, base64 and letters, chains of one separator, and
// numbers in groups. A condition that holds at every byte of a run is a bad one, however rare runs are. 10
// KiB.
std::string EncodedText();

}  // namespace hpol::filter
