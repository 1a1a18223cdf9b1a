#include "runtime/surface/json_index.h"

#include "runtime/surface/json_stage.h"

namespace hpol::surface {
namespace {

// Memory of a thread that once saw a larger body is given back at the next smaller one.
constexpr size_t kKeepBytes = size_t{8} << 20;

}  // namespace

const char* JsonIndex::Build(std::string_view body) {
  tokens_ = {};
  if (body.empty()) return "the body is empty";
  if (body.size() > kMaxBodyBytes) return "the body is too large";
  const size_t needed = body.size() + kStageRoom;
  if (needed > room_ || (room_ > kKeepBytes && body.size() <= kKeepBytes)) {
    offsets_.reset();
    room_ = 0;
    // Not zeroed: a page that no token needs is never touched.
    offsets_.reset(new uint32_t[needed + body.size() / 2]);
    room_ = needed + body.size() / 2;
  }
  const Staged staged = Stage(body, offsets_.get());
  switch (staged.error) {
    case StageError::kNone:
      if (staged.count == 0) return "the body is empty";
      tokens_ = {offsets_.get(), staged.count};
      return nullptr;
    case StageError::kUtf8:
      return "not valid UTF-8";
    case StageError::kControl:
      return "a control character stands unescaped in a string";
    case StageError::kUnclosed:
      return "a string is not closed";
  }
  return "the body cannot be indexed";
}

}  // namespace hpol::surface
