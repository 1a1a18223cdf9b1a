// StreamScanner: the stream of runtime/detect over an engine's program, and no exception passes.
#include "hpol/stream.h"

#include "runtime/detect/stream.h"

namespace hpol {

struct StreamScanner::State {
  std::shared_ptr<const Engine> engine;
  detect::Stream stream;
  bool broken = false;
};

StreamScanner::StreamScanner(std::shared_ptr<const Engine> engine) {
  const Program& program = engine->program_;
  state_.reset(
      new State{engine, {*program.tables, *program.artifact, program.filter.get(), program.openings.get()}});
}
StreamScanner::~StreamScanner() = default;
StreamScanner::StreamScanner(StreamScanner&&) noexcept = default;
StreamScanner& StreamScanner::operator=(StreamScanner&&) noexcept = default;

bool StreamScanner::Feed(std::string_view chunk, std::vector<Finding>& findings) noexcept {
  try {
    state_->broken = state_->broken || !state_->stream.Feed(chunk, findings);
  } catch (...) {
    state_->broken = true;
  }
  return !state_->broken;
}

bool StreamScanner::Finish(std::vector<Finding>& findings) noexcept {
  try {
    state_->broken = state_->broken || !state_->stream.Finish(findings);
  } catch (...) {
    state_->broken = true;
  }
  return !state_->broken;
}

uint64_t StreamScanner::settled() const noexcept { return state_->stream.settled(); }
bool StreamScanner::unscanned() const noexcept { return state_->broken || state_->stream.unscanned(); }

void StreamScanner::Reset() noexcept {
  state_->stream.Reset();
  state_->broken = false;
}

}  // namespace hpol
