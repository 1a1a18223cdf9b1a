// What the governor says of one text: which detectors may have matches that begin in a block where candidates
// are dense, or where attempts read far for nothing. A block is looked at alone, and only a little behind its
// end. Where blocks are asked about again and again, or attempts are in vain, a whole page is looked at once,
// and every match that begins in it followed to its end.
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "runtime/abi/artifact.h"
#include "runtime/detect/governor.h"
#include "runtime/kernels/filter.h"

namespace hpol::detect {

// Not thread-safe. Reused, so that it stops allocating once warm.
class Judge final : public filter::DenseJudge {
 public:
  // What is asked from now on is about this text. Both must outlive the questions.
  void Begin(const hpol_artifact& artifact, std::string_view text);

  const uint64_t* MayBegin(uint32_t first, uint32_t last) override;

  // Whether attempts near `at` have read so much for nothing, `read` bytes of it now, that it is worth asking
  // where they are barred.
  bool IsVain(uint32_t at, uint64_t read);
  // Up to where from `at` on the detector has no match that begins there; `at` when nothing is known.
  uint32_t BarredUntil(uint32_t detector, uint32_t at);

 private:
  static constexpr uint32_t kPageBytes = 1u << 16;
  // The share of a page that is asked about in blocks before all of it is looked at.
  static constexpr uint32_t kAsked = 16;
  // Bytes that attempts read in vain before it is.
  static constexpr uint32_t kVain = 1024;

  struct Page {
    uint32_t asked = 0;
    uint32_t vain = 0;
    bool known = false;
  };

  void Prepare();
  uint32_t EndOf(uint32_t page) const;
  void Look(uint32_t page);
  uint64_t* BitsOf(uint32_t page) { return bits_.data() + page * words_; }

  const hpol_artifact* artifact_ = nullptr;
  std::string_view text_;
  bool ready_ = false;  // pages are this text's
  uint64_t serial_ = 0;
  std::unique_ptr<Governor> governor_;  // made when it is asked for the first time
  uint32_t longest_ = 0;                // match of any detector, in bytes
  size_t words_ = 0;                    // of bits for all detectors
  std::vector<Page> pages_;
  std::vector<uint64_t> bits_;  // by page
  std::vector<uint64_t> may_;   // of a block
};

}  // namespace hpol::detect
