#include <algorithm>
#include <numeric>
#include <optional>
#include <utility>

#include "compiler/prove/prover.h"

namespace hpol::prove {
namespace {

constexpr int kBatchSpreads = 4;  // neighbourhoods of an answer, in which the other claims are looked for

bool IsOpen(const Finding& finding) { return finding.answer == Answer::kUnknown; }

}  // namespace

Questions::Questions(const Aig& aig, int conflict_budget, Deferrals deferrals)
    : aig_(aig),
      conflict_budget_(conflict_budget),
      deferrals_(std::move(deferrals)),
      asker_(aig, &deferrals_),
      lanes_(aig) {}

Finding Questions::Ask(Lit claim) { return std::move(AskAll(std::span(&claim, 1)).front()); }

// SplitMix64: words by the million, for which the library's generators are slow.
uint64_t Questions::Random() {
  uint64_t word = random_ += 0x9e3779b97f4a7c15ull;
  word = (word ^ (word >> 30)) * 0xbf58476d1ce4e5b9ull;
  word = (word ^ (word >> 27)) * 0x94d049bb133111ebull;
  return word ^ (word >> 31);
}

// Requests with many findings and with few: half, a quarter, an eighth of all inputs set.
void Questions::ExtendSamples() {
  samples_.reserve(aig_.size());
  if (samples_.empty()) samples_.push_back({});  // the constant
  for (auto node = static_cast<uint32_t>(samples_.size()); node < aig_.size(); ++node) {
    Words& words = samples_.emplace_back();
    if (aig_.IsInput(node)) {
      for (size_t i = 0; i < kWords; ++i) {
        words[i] = Random();
        for (size_t thin = 0; thin < i % 4; ++thin) words[i] &= Random();
      }
      input_words_.push_back(words);
      continue;
    }
    const Lit left = aig_.left(node);
    const Lit right = aig_.right(node);
    const uint64_t flip_left = IsNegated(left) ? ~uint64_t{0} : 0;
    const uint64_t flip_right = IsNegated(right) ? ~uint64_t{0} : 0;
    const Words& a = samples_[NodeOf(left)];
    const Words& b = samples_[NodeOf(right)];
    for (size_t i = 0; i < kWords; ++i) words[i] = (a[i] ^ flip_left) & (b[i] ^ flip_right);
  }
}

void Questions::FindInSamples(Batch& batch) const {
  for (size_t i = 0; i < batch.claims.size(); ++i) {
    Finding& finding = batch.findings[i];
    const Words& words = samples_[NodeOf(batch.claims[i])];
    const uint64_t flip = IsNegated(batch.claims[i]) ? ~uint64_t{0} : 0;
    for (size_t word = 0; word < kWords && IsOpen(finding); ++word) {
      if ((words[word] ^ flip) == 0) continue;
      const int lane = __builtin_ctzll(words[word] ^ flip);
      finding.answer = Answer::kYes;
      for (const Words& input : input_words_) finding.assignment.push_back(((input[word] >> lane) & 1) != 0);
    }
  }
}

// Notes the first lane in which a claim that is still open holds.
void Questions::Settle(std::span<const uint64_t> words, Batch& batch) const {
  for (size_t i = 0; i < batch.claims.size(); ++i) {
    if (!IsOpen(batch.findings[i])) continue;
    const uint64_t holds = lanes_[batch.claims[i]];
    if (holds == 0) continue;
    const int lane = __builtin_ctzll(holds);
    batch.findings[i].answer = Answer::kYes;
    for (const uint64_t word : words) batch.findings[i].assignment.push_back(((word >> lane) & 1) != 0);
  }
}

// The neighbours of a request: the same but for an input here and there, ever fewer. Lane 0 is the request
// itself, in each round.
void Questions::Spread(const std::vector<bool>& assignment, int rounds, Batch& batch) {
  std::vector<uint64_t> words(aig_.inputs());
  for (int round = 0; round < rounds; ++round) {
    for (size_t i = 0; i < words.size(); ++i) {
      uint64_t flips = Random() & Random() & Random() & ~uint64_t{1};
      for (int thin = 0; thin < round % 4; ++thin) flips &= Random();
      words[i] = (assignment[i] ? ~uint64_t{0} : 0) ^ flips;
    }
    lanes_.Run(words, batch.cone);
    Settle(words, batch);
  }
}

Answer Questions::Solve(Asker& asker, Batch& batch, size_t claim) {
  ++asked_;
  for (;;) {
    const Answer answer = asker.Ask(std::span(&batch.claims[claim], 1), conflict_budget_);
    if (answer != Answer::kYes) return answer;
    if (batch.cone.empty()) {  // of everything that the solver was asked so far
      batch.cone.resize(aig_.size() - 1);
      std::iota(batch.cone.begin(), batch.cone.end(), 1u);
    }
    Spread(asker.Inputs(), batch.claims.size() == 1 ? 1 : kBatchSpreads, batch);
    if (!IsOpen(batch.findings[claim])) return Answer::kYes;
    if (!asker.Refine(lanes_)) return Answer::kUnknown;
  }
}

std::vector<Finding> Questions::AskAll(std::span<const Lit> claims) {
  ExtendSamples();
  Batch batch{claims, std::vector<Finding>(claims.size()), {}};
  for (size_t i = 0; i < claims.size(); ++i)
    if (claims[i] == kFalse) batch.findings[i].answer = Answer::kNo;
  FindInSamples(batch);
  if (std::none_of(batch.findings.begin(), batch.findings.end(), IsOpen)) return std::move(batch.findings);
  // A solver of their own for many: each of its answers gives every variable a value, so few are better.
  std::optional<Asker> own;
  if (claims.size() > 1) {
    own.emplace(aig_, &deferrals_);
    batch.cone = aig_.Cone(claims);
  }
  for (size_t i = 0; i < claims.size(); ++i)
    if (IsOpen(batch.findings[i])) batch.findings[i].answer = Solve(own ? *own : asker_, batch, i);
  return std::move(batch.findings);
}

std::vector<Lit> Questions::Core(std::span<const Lit> lits) {
  Asker asker(aig_);
  ++asked_;
  std::vector<Lit> core;
  if (asker.Ask(lits, conflict_budget_) != Answer::kNo) return core;
  for (const Lit lit : lits)
    if (asker.Needed(lit)) core.push_back(lit);
  return core;
}

}  // namespace hpol::prove
