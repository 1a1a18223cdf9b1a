// The tour: about a dozen requests over real HTTP, each with what must become of it. The door is
// RunTour; what it found can be printed for people (PrintTour) or machines (TourJson).
#pragma once

#include <ostream>
#include <string>
#include <vector>

#include "adapters/demo/stage.h"

namespace hpol::demo {

// One row of the table.
struct TourRow {
  std::string title{};   // what the row shows
  std::string prompt{};  // shortened
  std::string person{};
  unsigned status = 0;
  std::string label{};                // from the receipt; empty when the body was refused before
  std::vector<std::string> why{};     // detectors that fired, targets that failed, the refusal
  std::vector<std::string> places{};  // rules that took part, `acme.hpol:40`
  std::string went_to{};              // target, with the redaction; empty when nowhere
  std::string sent{};                 // a redacted row: the text as the target received it
  double added_us = 0;                // the gateway's time beyond the model server's own, median
  std::string surprise{};             // empty when everything was as expected
};

struct TourResult {
  std::vector<TourRow> rows;
  // What must hold over the whole tour: no text that had to stay reached the cloud.
  size_t cloud_bytes = 0;
  size_t kept_texts = 0;
  std::vector<std::string> leaked;

  bool as_expected() const;
};

// Plays the tour. `repeat`: how often each request is sent again to measure its added time.
TourResult RunTour(Stage& stage, int repeat);

// `policy` is read to show the rules that the rows name.
void PrintTour(const TourResult& result, const std::string& policy, size_t width, bool color,
               std::ostream& out);

std::string TourJson(const TourResult& result, const std::string& base_url);

}  // namespace hpol::demo
