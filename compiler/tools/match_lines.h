// One pattern and one text a line, spans out: the answers of `hpol match --jsonl`.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>

#include "compiler/pattern/pattern.h"

namespace hpol::tools {

class LineMatcher {
 public:
  // The answer to one line, without a line end. Never fails: what cannot be answered is an error object.
  std::string Answer(std::string_view line);

 private:
  // A pattern that was compiled once: its matcher, or the error object that it earned.
  struct Compiled {
    pattern::Matcher matcher;
    std::string error;
  };

  const Compiled& Compile(const std::string& text, bool bounded, bool ignoring_case);

  std::unordered_map<std::string, Compiled> compiled_;  // by flags and text
  uint64_t states_ = 0;                                 // of all matchers that are kept
};

}  // namespace hpol::tools
