#include "runtime/detect/judge.h"

#include <algorithm>
#include <span>

namespace hpol::detect {

void Judge::Begin(const hpol_artifact& artifact, std::string_view text) {
  artifact_ = &artifact;
  text_ = text;
  ready_ = false;
}

void Judge::Prepare() {
  if (ready_) return;
  ready_ = true;
  if (governor_ == nullptr || serial_ != artifact_->serial) {
    const std::span detectors(artifact_->detectors, artifact_->detector_count);
    governor_ = std::make_unique<Governor>(detectors);
    serial_ = artifact_->serial;
    words_ = detectors.size() / 64 + 1;
    may_.resize(words_);
    longest_ = 0;
    for (const hpol_detector_code& code : detectors) {
      if (code.automaton != nullptr) longest_ = std::max(longest_, code.automaton->max_length);
    }
  }
  const size_t pages = text_.size() / kPageBytes + 1;
  pages_.assign(pages, {});
  bits_.assign(pages * words_, 0);
}

uint32_t Judge::EndOf(uint32_t page) const {
  return static_cast<uint32_t>(std::min<uint64_t>(text_.size(), uint64_t{page + 1} * kPageBytes));
}

void Judge::Look(uint32_t page) {
  governor_->Flag(text_, page * kPageBytes, EndOf(page), std::span(BitsOf(page), words_), longest_ + 1);
  pages_[page].known = true;
}

const uint64_t* Judge::MayBegin(uint32_t first, uint32_t last) {
  Prepare();
  const uint32_t page = first / kPageBytes;
  if (page == last / kPageBytes) {
    Page& asked = pages_[page];
    asked.asked += last - first + 1;
    if (!asked.known && asked.asked > (EndOf(page) - page * kPageBytes) / kAsked) Look(page);
    if (asked.known) return BitsOf(page);
  }
  std::fill(may_.begin(), may_.end(), 0);
  governor_->Flag(text_, first, last + 1, may_, Governor::kDrainBytes);
  return may_.data();
}

bool Judge::IsVain(uint32_t at, uint64_t read) {
  Prepare();
  Page& page = pages_[at / kPageBytes];
  page.vain = static_cast<uint32_t>(std::min<uint64_t>(page.vain + read, kVain + 1));
  return page.known || page.vain > kVain;
}

uint32_t Judge::BarredUntil(uint32_t detector, uint32_t at) {
  Prepare();
  const uint32_t page = at / kPageBytes;
  if (!pages_[page].known) Look(page);
  if ((BitsOf(page)[detector / 64] >> (detector % 64) & 1) != 0) return at;
  return EndOf(page);
}

}  // namespace hpol::detect
