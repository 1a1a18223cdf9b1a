// The walk of a chat completions body: JsonReader's events against the field registry.
#pragma once

#include <string_view>

#include "runtime/surface/surface.h"

namespace hpol::surface {

// Fills `content`, which is cleared. May throw only std::bad_alloc.
void WalkOpenAiChat(std::string_view body, Content& content);

}  // namespace hpol::surface
