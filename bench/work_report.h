// What work_bench found out, as tables to read and as JSON.
#pragma once

#include <string>
#include <vector>

#include "bench/work_time.h"

namespace hpol::bench {

struct Linearity {
  std::string family;
  double short_seconds = 0;
  double long_seconds = 0;
};

struct Report {
  std::vector<std::string> engines;
  struct Row {
    std::string corpus;
    size_t prompts = 0;
    size_t bytes = 0;
    size_t spans = 0;
    bool hostile = false;
    std::vector<HotTime> hot;  // by engine
    std::vector<double> cold;  // seconds a prompt by engine; empty: not measured
  };
  std::vector<Row> rows;
  size_t short_bytes = 0;
  size_t long_bytes = 0;
  std::vector<Linearity> linear;
  std::vector<std::string> left_out;
};

std::string ReportText(const Report& report);
std::string ReportJson(const Report& report);

}  // namespace hpol::bench
