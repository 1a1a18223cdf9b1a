#include "tests/differential/shrink.h"

namespace hpol::differential {
namespace {

using StillFails = std::function<bool(const PolicySource&, const RequestSource&)>;

void DropLines(PolicySource& policy, const RequestSource& request, const StillFails& still_fails) {
  for (size_t i = policy.lines.size(); i-- > 0;) {
    PolicySource smaller = policy;
    smaller.lines.erase(smaller.lines.begin() + static_cast<std::ptrdiff_t>(i));
    if (still_fails(smaller, request)) policy = smaller;
  }
}

void DropAttributes(const PolicySource& policy, RequestSource& request, const StillFails& still_fails) {
  for (size_t i = request.attributes.size(); i-- > 0;) {
    RequestSource smaller = request;
    smaller.attributes.erase(smaller.attributes.begin() + static_cast<std::ptrdiff_t>(i));
    if (still_fails(policy, smaller)) request = smaller;
  }
}

// Runs of halving length; what makes the body unreadable no longer fails and stays.
void CutBody(const PolicySource& policy, RequestSource& request, const StillFails& still_fails) {
  for (size_t run = request.body.size() / 2; run > 0; run /= 2)
    for (size_t at = 0; at + run <= request.body.size();) {
      RequestSource smaller = request;
      smaller.body.erase(at, run);
      if (still_fails(policy, smaller)) {
        request = smaller;
      } else {
        at += run;
      }
    }
}

}  // namespace

void Shrink(PolicySource& policy, RequestSource& request, const StillFails& still_fails) {
  if (request.unscanned) {
    RequestSource smaller = request;
    smaller.unscanned = false;
    if (still_fails(policy, smaller)) request = smaller;
  }
  for (int round = 0; round < 2; ++round) DropLines(policy, request, still_fails);
  DropAttributes(policy, request, still_fails);
  CutBody(policy, request, still_fails);
}

}  // namespace hpol::differential
