// `data:` URLs (RFC 2397): whether one holds text that the detectors read where it stands.
#pragma once

#include <string_view>

namespace hpol::surface {

// Schemes ignore case.
bool IsDataUrl(std::string_view url);

// `data:text/plain;base64,…` and the like: its media type is one of text, and all that its base64 stands
// for is text in UTF-8 (percent-encoded text is read as it stands). False: nobody can read it here.
// The views of runtime/text decode the same run, or call it opaque.
bool HoldsText(std::string_view data_url);

}  // namespace hpol::surface
