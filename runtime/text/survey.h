// One fast look at a text: which steps could find anything in it. Most text needs none, and
// then costs this look and nothing else.
#pragma once

#include <string_view>

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

// Never misses; `gaps` and `runs` are exact enough that prose and most code have neither.
Survey Look(std::string_view text);

}  // namespace hpol::text
