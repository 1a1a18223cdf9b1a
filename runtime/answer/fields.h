// The registry of answers (THREATS rule O): what each field of an answer is, for each surface. What it does
// not list is not known. The table is in fields.cc; review changes to it as policy. Door: RolesOf.
#pragma once

#include <cstdint>
#include <string_view>

#include "hpol/engine.h"

namespace hpol::answer {

enum class Role : uint8_t {
  kUnknown,
  kWithin,      // an object or list on the way to something listed
  kPass,        // about the answer; with all that is inside of it
  kProse,       // text for a person; in a stream, the next part of it
  kProseWhole,  // all of such a text, also in a stream
  kJson,        // arguments of a tool, as JSON in a string; in a stream, the next part
  kJsonWhole,
  kDelta,      // kProse or kJson, as the event's type says
  kArguments,  // arguments of a tool, as JSON: every string in it
  kTool,       // the name of the tool that the arguments beside it are for
  kNumber,     // tells streams of the same field apart
  kEnd,        // anything but null and false ends the texts beside and below it
  kType,       // the event's type
  kSequence,   // counts events from one to the next
};

// The role of the field at `path`: `choices[].delta.content`.
Role RoleOf(Surface surface, std::string_view path);

// What the type of an event says about it.
bool EndsTexts(Surface surface, std::string_view type);
bool IsToolType(std::string_view type);  // its delta is of arguments

// Whether answers of this surface hold text at all.
bool HasText(Surface surface);

}  // namespace hpol::answer
