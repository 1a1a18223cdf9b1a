#include "runtime/answer/mask.h"

#include <algorithm>

#include "runtime/text/wipe.h"

namespace hpol::answer {

Masker::Masker(const std::shared_ptr<const Engine>& engine, Judge& judge) : judge_(judge) {
  if (judge.active()) scanner_ = std::make_unique<StreamScanner>(engine);
}

Masker::~Masker() { text::Wipe(kept_); }

void Masker::Feed(std::string_view text, std::string& out) {
  if (scanner_ == nullptr) {
    out.append(text);
    return;
  }
  kept_.append(text);
  Take(scanner_->Feed(text, found_));
  Release(scanner_->settled(), out);
}

void Masker::Finish(std::string& out) {
  if (scanner_ == nullptr) return;
  Take(scanner_->Finish(found_));
  Release(base_ + kept_.size(), out);
}

void Masker::Take(bool good) {
  if (!good || scanner_->unscanned()) judge_.AddUnread();
  for (const Finding& finding : found_) {
    judge_.Add(finding);
    if (judge_.Masks(finding)) masks_.push_back({finding.begin, finding.end});
  }
  found_.clear();
  std::sort(masks_.begin(), masks_.end(), [](const Range& a, const Range& b) { return a.begin < b.begin; });
}

void Masker::Release(uint64_t settled, std::string& out) {
  const uint64_t end = std::min(settled, base_ + kept_.size());
  const auto inside = [this](uint64_t at) {  // of a character
    return at > base_ && at - base_ < kept_.size() &&
           (static_cast<uint8_t>(kept_[at - base_]) & 0xc0) == 0x80;
  };
  uint64_t at = base_;
  const auto copy_to = [&](uint64_t to) {
    const uint64_t from = std::max(at, masked_to_);
    if (from < to) out.append(kept_, from - base_, to - from);
    at = std::max(at, to);
  };
  size_t written = 0;
  for (const Range& mask : masks_) {
    if (mask.begin >= end) break;
    ++written;
    uint64_t begin = mask.begin;
    uint64_t stop = mask.end;
    while (inside(begin)) --begin;
    while (inside(stop)) ++stop;
    if (begin >= masked_to_ || masked_to_ == 0) {
      copy_to(begin);
      out.append("[masked]");
    }
    masked_to_ = std::max(masked_to_, stop);
  }
  masks_.erase(masks_.begin(), masks_.begin() + static_cast<std::ptrdiff_t>(written));
  copy_to(end);
  kept_.erase(0, end - base_);
  base_ = end;
}

}  // namespace hpol::answer
