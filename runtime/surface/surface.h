// Body → content: where text stands in a request body, what cannot be scanned, and
// what must be refused. One whole-document walk with one reading (THREATS rules F, J, T);
// the same walk reads the original and the bytes about to leave.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "hpol/engine.h"

namespace hpol::surface {

// One run of bytes of the body that detectors read: a string (inside its quotes), an
// object key, or a number of seven or more digits. Pieces stand in document order.
struct Piece {
  enum class Kind : uint8_t { kText, kKey, kNumber };
  static constexpr uint32_t kNoKey = 0xffffffff;
  uint32_t begin = 0;
  uint32_t end = 0;
  Kind kind = Kind::kText;
  bool json = false;   // raw JSON string bytes: escapes are still there
  bool joins = false;  // free text of the conversation: part of the joined views (rule X)
  // The key of the caller's own that this value stands beside, also as an element of an array under it:
  // its index in Content::pieces, before this one. Registered fields are no such keys.
  uint32_t key = kNoKey;
};

// Replace body bytes [begin, end) by `text`.
struct Patch {
  uint32_t begin = 0;
  uint32_t end = 0;
  std::string text;
};

struct Content {
  Refusal refusal;           // kNone: the body may be decided on
  bool unscanned = false;    // an image, audio, a file, token ids, ciphertext …
  std::string unregistered;  // path of the first unregistered field: only targets that clear the top label
  std::vector<Piece> pieces;
  std::vector<Patch> patches;  // what never goes upstream as written (identity, metadata), in order, disjoint
  uint32_t model_begin = 0;    // the raw value of `model` (with quotes); equal offsets: none
  uint32_t model_end = 0;
  bool stream = false;  // the client asked for a stream

  void Clear();  // keeps capacity
};

// Reads `body`. Total on any bytes; never throws. Depth at most 128.
void Walk(Surface surface, std::string_view body, Content& content);

// One row of a surface's field registry, for `--fields` and for tests.
struct Field {
  enum class Class : uint8_t {
    kContent,
    kParameter,
    kReference,
    kFetch,
    kTool,
    kPlacement,
    kIdentity,
    kStorage
  };
  // What a value may be; a set of bits.
  enum class Type : uint8_t {
    kString = 1,
    kNumber = 2,
    kBool = 4,
    kObject = 8,
    kArray = 16,
    kStringOrNumber = kString | kNumber,
    kStringOrBool = kString | kBool,
    kStringOrArray = kString | kArray,
    kStringOrObject = kString | kObject,
    kObjectOrArray = kObject | kArray,
    kStringNumberOrArray = kString | kNumber | kArray,
    kAny = 31,
  };
  std::string_view path;  // `messages[].content[].text`
  Class field_class;
  Type type;
  bool required = false;
  std::string_view handling{};  // what the walk does with it, in a few words
  std::string_view spec{};      // the values or bounds that are allowed
};
// `content`, `parameter`, …
std::string_view ClassName(Field::Class field_class);
// `string`, `number`, …: one for each bit.
std::vector<std::string_view> TypeNames(Field::Type types);

constexpr bool Has(Field::Type types, Field::Type type) {
  return (static_cast<uint8_t>(types) & static_cast<uint8_t>(type)) != 0;
}
// Empty for kText.
const std::vector<Field>& Fields(Surface surface);

}  // namespace hpol::surface
