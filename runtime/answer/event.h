// One event of an answer as fields of the registry, and the event again with some of their texts replaced.
// Door: Event::Read, Event::Write.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/answer/fields.h"
#include "runtime/surface/json_reader.h"

namespace hpol::answer {

// A string of the event.
struct Field {
  Role role = Role::kUnknown;
  uint32_t begin = 0;  // inside of its quotes
  uint32_t end = 0;
  bool escaped = false;
  std::string name;   // its key: `content`; for deltas with the event's type
  std::string chain;  // which of several it belongs to, from the outside in: `0;2;`
};

// Write `text` over [begin, end).
struct Change {
  uint32_t begin = 0;
  uint32_t end = 0;
  std::string text;
};

// The last event read. Reuses memory.
class Event {
 public:
  // False: not one JSON object with one reading.
  bool Read(Surface surface, std::string_view data);

  // What no row of the registry knows, with a comma each: written over with nothing, the rest is JSON again.
  const std::vector<Change>& unknown() const { return unknown_; }

  const std::vector<Field>& fields() const { return fields_; }
  // Texts whose chain begins with one of these end in this event.
  const std::vector<std::string>& ends() const { return ends_; }
  // The number that counts events, in the data; equal offsets: none.
  uint32_t sequence_begin() const { return sequence_begin_; }
  uint32_t sequence_end() const { return sequence_end_; }

  // What a string says.
  static void Unescape(std::string_view data, const Field& field, std::string& text);

  // `data` with the changes, which are disjoint, in order.
  static std::string Write(std::string_view data, const std::vector<Change>& changes);

 private:
  struct Frame {
    uint32_t parent = 0;
    size_t path = 0;  // how much of path_ leads here
    bool array = false;
    bool element = false;        // of a list
    bool first_unknown = false;  // what came first in it is unknown: the comma behind goes too
    uint32_t position = 0;       // of the next element, or of this one in its list
    Role inherited = Role::kUnknown;
    std::string numbers;
  };
  void Key(const surface::Event& token);
  void EndUnknown(uint32_t end);
  void Open(bool array);
  void Value(const surface::Event& token);
  void Text(const surface::Event& token, Role role);
  std::string ChainOf(uint32_t frame) const;
  Role RoleHere() const;

  Surface surface_ = Surface::kText;
  std::string_view data_;
  surface::JsonReader reader_;
  std::string path_;
  std::vector<Frame> frames_;
  std::vector<uint32_t> stack_;
  std::vector<Field> fields_;
  std::vector<uint32_t> field_frames_;  // one a field
  std::vector<uint32_t> end_frames_;
  std::vector<std::string> ends_;
  std::string type_;
  std::vector<Change> unknown_;
  size_t unknown_depth_ = 0;  // of stack_, while the value of an unknown key is read; 0: none is
  uint32_t unknown_begin_ = 0;
  uint32_t sequence_begin_ = 0;
  uint32_t sequence_end_ = 0;
};

}  // namespace hpol::answer
