// The one walk of every JSON surface: JsonReader's events against the surface's field registry.
#pragma once

#include <string_view>

#include "runtime/surface/registry.h"
#include "runtime/surface/surface.h"

namespace hpol::surface {

// Fills `content`, which is cleared. May throw only std::bad_alloc.
void WalkJson(const Registry& registry, std::string_view body, Content& content);

}  // namespace hpol::surface
