// Which conversation a request belongs to, as bytes to derive from: all its turns begin with the same
// messages. Doors: Beginning, ScopeOf.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "hpol/engine.h"

namespace hpol {

// What every later turn of the same conversation sends again: the messages up to the first of the user, or
// the whole body where there are no messages.
std::string_view Beginning(Surface surface, std::string_view body) noexcept;

// Whether the request has earlier turns: something of a model, or of a tool, stands in it.
bool GoesOn(Surface surface, std::string_view body) noexcept;

// Every string of a JSON body, as it reads, one a line; the body itself of a text. What cannot be read is
// left out.
std::string TextOf(Surface surface, std::string_view body);

// Who converses. Two callers, and two values of an attribute from identity (a tenant), are never one.
struct Conversation {
  Surface surface = Surface::kText;
  std::string_view body;
  std::string_view caller;  // the name of its key; empty: anonymous
  std::span<const Attribute> attributes;
  std::string_view id;  // as the caller names it; empty: by its beginning
};

// For Destination::scope and AnswerTo::scope. No text of the request can be read from it, and it is meant for
// derivations with a key: by itself it could be tried against guesses.
std::string ScopeOf(const Conversation& conversation);

}  // namespace hpol
