// The text of one field of an answer, read as it comes in and written over where the policy says so. Door:
// Masker.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "hpol/stream.h"
#include "runtime/answer/judge.h"

namespace hpol::answer {

// Passes text through unread when the judge has no rules.
class Masker {
 public:
  Masker(const std::shared_ptr<const Engine>& engine, Judge& judge);
  ~Masker();
  Masker(const Masker&) = delete;
  Masker& operator=(const Masker&) = delete;

  // Appends to `out` what is settled: nothing that is found later begins before it.
  void Feed(std::string_view text, std::string& out);
  // The text ends here, and is not fed again.
  void Finish(std::string& out);

  size_t held() const { return kept_.size(); }

 private:
  void Take(bool good);
  void Release(uint64_t settled, std::string& out);

  Judge& judge_;
  std::unique_ptr<StreamScanner> scanner_;  // null: nothing is read
  std::vector<Finding> found_;
  struct Range {
    uint64_t begin = 0;
    uint64_t end = 0;
  };
  std::vector<Range> masks_;  // by begin; not yet written whole
  std::string kept_;          // the text from `base_` on
  uint64_t base_ = 0;
  uint64_t masked_to_ = 0;  // a mask was written for the text before it
};

}  // namespace hpol::answer
