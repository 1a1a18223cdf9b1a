#include "runtime/detect/walk.h"

#include <algorithm>
#include <bit>

#include "runtime/detect/validators.h"
#include "runtime/detect/words.h"
#include "runtime/text/wipe.h"

namespace hpol::detect {
namespace {

// The starts of so many bytes are followed together, at least; and of so many times the longest match, for a
// pass also reads one match behind them.
constexpr uint32_t kTrackedBytes = 1024;
constexpr uint32_t kTrackedMatches = 4;

// One detector over one view. Starts are tried one by one, by the detector's code. Where that reads far for
// nothing while other starts lie inside what was read, all starts of the next bytes are followed in one pass.
class Walk {
 public:
  // Matches begin at `from` or later.
  Walk(const ir::Tables& tables, uint32_t detector, const hpol_detector_code& code, std::string_view text,
       uint32_t from, Judge* judge, TrackedWalk& tracked, std::vector<uint64_t>& starts,
       std::vector<uint64_t>& sieve)
      : tables_(tables),
        detector_(tables.detectors[detector]),
        check_(Validators()[detector_.validator].check),
        code_(code),
        text_(text),
        detector_index_(detector),
        judge_(judge),
        tracked_(tracked),
        starts_(starts),
        sieve_(sieve),
        next_(from) {}

  // Appends each accepted match that begins in a candidate, in order. `candidates` are of this detector and
  // sorted by `first`. False when the code misbehaves.
  bool Run(std::span<const filter::Candidate> candidates, std::vector<Walked>& found) {
    for (size_t i = 0; i < candidates.size(); ++i) {
      for (uint32_t at = std::max(candidates[i].first, next_); at <= candidates[i].last; at = next_) {
        next_ = at + 1;
        if (!CanBegin(at)) continue;
        uint32_t end = 0;
        Tier tier = Tier::kShape;
        if (!LongestAccepted(candidates.subspan(i), at, end, tier)) return false;
        if (end == 0) continue;
        found.push_back({candidates[i].detector, at, end, tier});
        next_ = end;
      }
    }
    return true;
  }

 private:
  bool CanBegin(uint32_t at) const {
    const auto byte = static_cast<uint8_t>(text_[at]);
    if ((code_.first_bytes[byte >> 6] >> (byte & 63) & 1) == 0) return false;
    if (at < sieved_begin_ || at >= sieved_end_) return true;
    const uint32_t bit = at - sieved_begin_;
    return (sieve_[bit / 64] >> (bit % 64) & 1) != 0;
  }

  // The longest match at `at` that is accepted; `end` stays 0 when there is none. `candidates`: from that of
  // `at` on.
  bool LongestAccepted(std::span<const filter::Candidate> candidates, uint32_t at, uint32_t& end,
                       Tier& tier) {
    if (at < tracked_end_) {
      LongestTracked(at, end, tier);
      return true;
    }
    const auto* bytes = reinterpret_cast<const uint8_t*>(text_.data());
    uint64_t stopped = at;
    int rejected = 0;
    for (uint64_t limit = text_.size(); limit > at;) {
      const hpol_match match = code_.match(code_.context, bytes, text_.size(), at, limit);
      stopped = std::max(stopped, match.stopped);
      const uint64_t longest = std::max<uint64_t>(match.end, WordEnd(at, limit));
      if (longest == 0) break;
      if (longest <= at || longest > limit) return false;
      if (Accept(text_.substr(at, longest - at), tier)) {
        end = static_cast<uint32_t>(longest);
        break;
      }
      if (code_.automaton != nullptr && ++rejected == 2) {
        // All its ends in one go; those are among them again, and are rejected again.
        FollowOne(at);
        LongestTracked(at, end, tier);
        break;
      }
      limit = longest - 1;
    }
    const uint32_t next = end != 0 ? end : at + 1;
    if (stopped <= next + kSieveBytes) return true;
    if (end == 0 && judge_ != nullptr && AnyStart(candidates, next, stopped)) {
      if (!judge_->IsVain(next, stopped - at)) return true;
      // Where nothing can match at all, no other start is tried.
      next_ = judge_->BarredUntil(detector_index_, next);
      if (next_ != next) return true;
    }
    if (end == 0 && code_.coarse != nullptr && sieve_pays_ && at >= sieved_end_) {
      Sieve(candidates, next, stopped);
    } else if (code_.automaton != nullptr && stopped > next + kVainBytes) {
      FollowMany(candidates, next, stopped);
    }
    return true;
  }

  void LongestTracked(uint32_t at, uint32_t& end, Tier& tier) {
    tracked_.Choose(at);
    uint32_t other = tracked_.NextEnd();
    uint32_t word = WordEnd(at, text_.size());
    while (const uint32_t each = std::max(other, word)) {
      if (Accept(text_.substr(at, each - at), tier)) {
        end = each;
        return;
      }
      if (other == each) other = tracked_.NextEnd();
      if (word == each) word = each - 1 > at ? WordEnd(at, each - 1) : 0;
    }
  }

  // Where the longest word of the detector's lists ends that begins at `at`; 0: none.
  uint32_t WordEnd(uint32_t at, uint64_t limit) const {
    uint64_t longest = 0;
    for (uint64_t i = 0; i < code_.word_lists; ++i) {
      const auto* bytes = reinterpret_cast<const uint8_t*>(text_.data());
      longest = std::max(longest, MatchWords(code_.words[i], bytes, text_.size(), at, limit).end);
    }
    return static_cast<uint32_t>(longest);
  }

  void FollowOne(uint32_t at) {
    starts_.assign(1, 1);
    tracked_.Follow(*code_.automaton, text_, at, starts_);
  }

  // Leaves out the starts from `begin` on that cannot match.
  void Sieve(std::span<const filter::Candidate> candidates, uint32_t begin, uint64_t stopped) {
    const uint32_t end = Follow(*code_.coarse, candidates, begin, stopped);
    if (end == 0) return;
    size_t left = 0;
    size_t all = 0;
    sieve_.assign(starts_.size(), 0);
    for (size_t word = 0; word < starts_.size(); ++word) {
      for (uint64_t bits = starts_[word]; bits != 0; bits &= bits - 1, ++all) {
        const uint32_t at =
            begin + static_cast<uint32_t>(64 * word) + static_cast<uint32_t>(std::countr_zero(bits));
        tracked_.Choose(at);
        if (tracked_.NextEnd() == 0 && WordEnd(at, text_.size()) == 0) continue;
        sieve_[word] |= bits & (~bits + 1);
        ++left;
      }
    }
    sieve_pays_ = left * 2 < all;
    sieved_begin_ = begin;
    sieved_end_ = end;
  }

  void FollowMany(std::span<const filter::Candidate> candidates, uint32_t begin, uint64_t stopped) {
    const uint32_t end = Follow(*code_.automaton, candidates, begin, stopped);
    if (end != 0) tracked_end_ = end;
  }

  // Follows the candidates from `begin` on, if the next one lies before `stopped`. Returns up to where; 0:
  // not.
  uint32_t Follow(const hpol_automaton& automaton, std::span<const filter::Candidate> candidates,
                  uint32_t begin, uint64_t stopped) {
    if (!AnyStart(candidates, begin, stopped)) return 0;
    const uint64_t most = uint64_t{begin} + std::max(kTrackedBytes, kTrackedMatches * automaton.max_length);
    const auto end = static_cast<uint32_t>(std::min<uint64_t>(text_.size(), most));
    starts_.assign((end - begin + 63) / 64, 0);
    EachStart(candidates, begin, end, [&](uint32_t at) {
      starts_[(at - begin) / 64] |= uint64_t{1} << ((at - begin) % 64);
      return true;
    });
    tracked_.Follow(automaton, text_, begin, starts_);
    return end;
  }

  bool AnyStart(std::span<const filter::Candidate> candidates, uint32_t begin, uint64_t end) const {
    bool any = false;
    EachStart(candidates, begin, end, [&](uint32_t) {
      any = true;
      return false;
    });
    return any;
  }

  // Calls visit(at) for each start in [begin, end), in order, until it returns false.
  template <typename Visit>
  void EachStart(std::span<const filter::Candidate> candidates, uint32_t begin, uint64_t end,
                 const Visit& visit) const {
    for (const filter::Candidate& candidate : candidates) {
      if (candidate.first >= end) return;
      for (begin = std::max(candidate.first, begin); begin < end && begin <= candidate.last; ++begin) {
        if (CanBegin(begin) && !visit(begin)) return;
      }
    }
  }

  bool Accept(std::string_view match, Tier& tier) const {
    for (uint32_t i = 0; i < detector_.exceptions.count; ++i) {
      if (tables_.Text(tables_.lists[detector_.exceptions.begin + i]) == match) return false;
    }
    const Validity validity = check_(match);
    tier = validity == Validity::kAccept ? Tier::kChecksum : Tier::kShape;
    return validity != Validity::kReject;
  }

  const ir::Tables& tables_;
  const ir::Detector& detector_;
  Validity (*check_)(std::string_view match);
  const hpol_detector_code& code_;
  std::string_view text_;
  uint32_t detector_index_;
  Judge* judge_;  // may be null
  TrackedWalk& tracked_;
  std::vector<uint64_t>& starts_;
  std::vector<uint64_t>& sieve_;
  uint32_t next_;             // where the next match may begin
  uint32_t tracked_end_ = 0;  // candidates before it are followed in `tracked_`
  // Starts in [sieved_begin_, sieved_end_) can match only where `sieve_` has a bit.
  uint32_t sieved_begin_ = 0;
  uint32_t sieved_end_ = 0;
  bool sieve_pays_ = true;
};

}  // namespace

Walking::Walking() = default;

// The filter keeps a copy of a text's last bytes.
Walking::~Walking() { text::Wipe(candidates_.last_lanes); }

Walking::Walking(Walking&&) noexcept = default;
Walking& Walking::operator=(Walking&&) noexcept = default;

// Where matches can begin: all bytes of the text where there is no filter.
void Walking::FindCandidates(const hpol_artifact& artifact, const filter::Program* filter,
                             std::string_view text, filter::Variant variant) {
  if (filter != nullptr) {
    filter::FindCandidates(*filter, variant, filter::StepsFor(artifact, variant), text, JudgeOf(artifact),
                           candidates_);
    return;
  }
  candidates_.all.clear();
  const auto last = static_cast<uint32_t>(text.size() - 1);
  for (uint32_t i = 0; i < artifact.detector_count; ++i) candidates_.all.push_back({i, 0, last});
}

bool Walking::Run(const ir::Tables& tables, const hpol_artifact& artifact, const filter::Program* filter,
                  std::string_view text, uint32_t from, filter::Variant variant) {
  found.clear();
  judge_.Begin(artifact, text);
  FindCandidates(artifact, filter, text, variant);
  const std::vector<filter::Candidate>& all = candidates_.all;
  for (size_t i = 0; i < all.size();) {
    const uint32_t detector = all[i].detector;
    if (detector >= artifact.detector_count) return false;
    size_t end = i;
    while (end < all.size() && all[end].detector == detector) ++end;
    // What several conditions look for has candidates of each, each in order.
    const auto group = std::span(candidates_.all).subspan(i, end - i);
    if (!std::ranges::is_sorted(group, {}, &filter::Candidate::first))
      std::ranges::sort(group, {}, &filter::Candidate::first);
    Walk walk(tables, detector, artifact.detectors[detector], text, from, JudgeOf(artifact), tracked_,
              starts_, sieve_);
    if (!walk.Run(group, found)) return false;
    i = end;
  }
  return true;
}

}  // namespace hpol::detect
