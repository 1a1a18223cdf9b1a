// The example policy and one caller, for tests that ask what a body leads to.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "hpol/engine.h"

namespace hpol::surface_tests {

// The example policy, compiled once for the whole program, which ends when it cannot be.
std::shared_ptr<const Engine> ExampleEngine();

// Decides for a caller of the copywriting application in the United States, whose floor is public.
class Desk {
 public:
  Desk();
  const Decision& Decide(Surface surface, std::string_view body);

  // Of the last decision: the bodies that may leave, by candidate; empty ones are not allowed.
  struct Sent {
    std::string body;
    bool untrusted = false;  // the target's zone
  };
  std::vector<Sent> Render();

 private:
  std::shared_ptr<const Engine> engine_;
  Scratch scratch_;
  const Decision* decision_ = nullptr;
};

}  // namespace hpol::surface_tests
