// One fast look at a text: which steps could find anything in it. Most text needs none, and
// then costs this look and nothing else.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace hpol::text {

struct Survey {
  bool high = false;  // a byte that is no ASCII
  bool backslash = false;
  bool escapes = false;  // `%` or `&`
  bool equals = false;   // `=`
  bool gaps = false;     // digits with more between them than one dash or space
  bool runs = false;     // something that may be base64, base32, hexadecimal or a list of codes

  bool Quiet() const { return !(high || backslash || escapes || equals || gaps || runs); }
};

// Never misses; `gaps` and `runs` are exact enough that prose has neither. `starts`, cleared first, receives
// where the runs begin, ascending, as RunDecoder wants them.
Survey Look(std::string_view text, std::vector<uint32_t>& starts);

}  // namespace hpol::text
