// A pair that disagrees, made smaller so that a person can read it.
#pragma once

#include <functional>
#include <string>

namespace hpol::patterns {

// Leaves out characters of `text`, many at once and then one by one, as long as `still_fails`.
void Shrink(std::string& text, const std::function<bool(const std::string&)>& still_fails);

}  // namespace hpol::patterns
