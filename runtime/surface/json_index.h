// The structural index of a body: one pass that checks UTF-8, control bytes and quotes over
// the whole document and tells where every token begins (json_stage.h).
// Door: Build. It does not check the grammar; JsonReader does.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

namespace hpol::surface {

// Bodies above this are refused: offsets are 32 bits, and the index needs four bytes a byte.
inline constexpr size_t kMaxBodyBytes = size_t{256} << 20;

class JsonIndex {
 public:
  JsonIndex() = default;
  JsonIndex(const JsonIndex&) = delete;
  JsonIndex& operator=(const JsonIndex&) = delete;

  // Indexes `body`. Null on success, else why the body is refused. Reads not one byte past the
  // end of `body`. Reuses memory; gives it back after an unusually large body.
  const char* Build(std::string_view body);

  // Where tokens begin, in order: brackets, colons, commas, opening quotes, first bytes of
  // other scalars. Valid until the next Build.
  std::span<const uint32_t> tokens() const { return tokens_; }

 private:
  std::unique_ptr<uint32_t[]> offsets_;
  size_t room_ = 0;
  std::span<const uint32_t> tokens_;
};

}  // namespace hpol::surface
