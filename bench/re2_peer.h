// RE2 finding the same things: the packs' own patterns, leftmost, then longest that bounds,
// validator and exceptions accept. Its spans must be ours before any time is compared.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace hpol::bench {

struct Span {
  size_t begin = 0;
  size_t end = 0;
  std::string_view detector;  // valid as long as the peer
  friend auto operator<=>(const Span&, const Span&) = default;
};

class Re2Peer {
 public:
  // Reads every pack of `folder`. `error` says why nothing is returned.
  static std::unique_ptr<Re2Peer> Make(const std::string& folder, std::string& error);
  virtual ~Re2Peer() = default;
  // Sorted by begin, end, detector.
  virtual void Scan(std::string_view text, std::vector<Span>& spans) const = 0;
};

}  // namespace hpol::bench
