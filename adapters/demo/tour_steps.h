// What the tour plays: a list, so that adding a request to the demo is adding an entry. Private to
// this folder.
#pragma once

#include <string>
#include <vector>

namespace hpol::demo {

struct TourStep {
  std::string title;
  std::string prompt;  // as the table shows it
  std::string person;
  std::string body;               // of the request
  std::vector<std::string> down;  // servers that are killed during this step
  // What must become of it.
  unsigned status = 200;
  std::string label{};
  std::string target{};
  std::string redaction{};
  // A piece of the prompt that must never reach the cloud, even when the request does. Empty: none.
  std::string keep{};
};

// What cannot be read may be anything: the policy's highest level with every category.
inline constexpr char kTopLabel[] = "confidential + pseudonymous + pii + pci + secret + legal";

std::vector<TourStep> TourSteps();

}  // namespace hpol::demo
