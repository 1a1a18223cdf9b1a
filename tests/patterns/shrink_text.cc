#include "tests/patterns/shrink_text.h"

#include <algorithm>

namespace hpol::patterns {
namespace {

bool BeginsCharacter(const std::string& text, size_t at) {
  return at >= text.size() || (static_cast<unsigned char>(text[at]) & 0xC0) != 0x80;
}

// Tries to leave out `length` bytes everywhere; true when that worked somewhere.
bool LeaveOut(std::string& text, size_t length, const std::function<bool(const std::string&)>& still_fails) {
  bool any = false;
  for (size_t at = 0; at + length <= text.size();) {
    std::string shorter = text;
    shorter.erase(at, length);
    if (BeginsCharacter(text, at) && BeginsCharacter(text, at + length) && still_fails(shorter)) {
      text = std::move(shorter);
      any = true;
    } else {
      ++at;
    }
  }
  return any;
}

}  // namespace

void Shrink(std::string& text, const std::function<bool(const std::string&)>& still_fails) {
  for (bool any = true; any;) {
    any = false;
    for (size_t length = std::max<size_t>(1, text.size() / 2); length > 0; --length)
      any = LeaveOut(text, length, still_fails) || any;
  }
}

}  // namespace hpol::patterns
