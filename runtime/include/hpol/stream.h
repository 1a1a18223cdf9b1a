// Findings in text that comes in chunks: an answer as a model writes it, a body as it arrives.
//
//   hpol::StreamScanner scanner(engine);
//   while (Receive(chunk)) {
//     scanner.Feed(chunk, findings);             // appends what became final
//     Release(text, scanner.settled());          // nothing before this place can change any more
//   }
//   scanner.Finish(findings);
//   if (scanner.unscanned()) …                   // some of it could not be read: as if it held anything
//
// All findings together are what Engine::Scan finds in the whole text, and `unscanned` is what a decision
// says of it, wherever the chunks were cut, with one exception: text that has no place to cut it within 272
// KiB (numbers, digests or escapes without a word between them, a match or its context that long) is given up
// on and counts as unscanned, also where the whole text could have been read. (README.md of runtime/detect
// has the rules.)
//
// Bounds: the text kept is below 1 MiB whatever comes, on prose a few hundred bytes plus four times the
// longest reach of a `near`. `settled` is behind by at most 272 KiB, on prose by a word or two and an eighth
// of what is kept. Time is linear in the text.
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "hpol/engine.h"

namespace hpol {

// One text after another. Not thread-safe; movable. Text that is kept is overwritten on destruction.
class StreamScanner {
 public:
  // Holds the engine, so that a text is read by one policy to its end.
  explicit StreamScanner(std::shared_ptr<const Engine> engine);
  ~StreamScanner();
  StreamScanner(StreamScanner&&) noexcept;
  StreamScanner& operator=(StreamScanner&&) noexcept;

  // Append findings, sorted by (begin, end, detector) over all calls, with offsets in the whole text, which
  // is at most 1 GiB long. False: a fault; nothing is known of what is not settled, and `unscanned` is true.
  bool Feed(std::string_view chunk, std::vector<Finding>& findings) noexcept;
  bool Finish(std::vector<Finding>& findings) noexcept;

  // Findings yet to come begin at this offset or later.
  uint64_t settled() const noexcept;

  // Something could not be read: encoded, and not to be decoded, or given up on. May become true late; then
  // it speaks of what was settled before too, so who must withhold such text withholds it to the end.
  bool unscanned() const noexcept;

  // The next Feed begins another text. Keeps memory.
  void Reset() noexcept;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace hpol
