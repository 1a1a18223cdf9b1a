#include <algorithm>

#include "compiler/prove/prover.h"

namespace hpol::prove {
namespace {

constexpr int kRandomWords = 24;  // of 64 requests each

}  // namespace

Questions::Questions(const Aig& aig, int conflict_budget)
    : aig_(aig), conflict_budget_(conflict_budget), asker_(aig), lanes_(aig) {}

Finding Questions::Ask(Lit claim) { return std::move(AskAll(std::span(&claim, 1)).front()); }

// Notes the first lane in which a claim that is still open holds.
void Questions::Settle(std::span<const uint64_t> words, std::span<const Lit> claims,
                       std::span<const uint32_t> cone, std::vector<Finding>& findings) {
  lanes_.Run(words, cone);
  for (size_t i = 0; i < claims.size(); ++i) {
    if (findings[i].answer != Answer::kUnknown) continue;
    const uint64_t holds = lanes_[claims[i]];
    if (holds == 0) continue;
    const int lane = __builtin_ctzll(holds);
    findings[i].answer = Answer::kYes;
    for (const uint64_t word : words) findings[i].assignment.push_back(((word >> lane) & 1) != 0);
  }
}

// Requests with many findings and with few: half, a quarter, an eighth of all inputs set.
void Questions::Simulate(std::span<const Lit> claims, std::vector<Finding>& findings) {
  const std::vector<uint32_t> cone = aig_.Cone(claims);
  std::vector<uint64_t> words(aig_.inputs());
  for (int round = 0; round < kRandomWords; ++round) {
    for (uint64_t& word : words) {
      word = random_();
      for (int thin = 0; thin < round % 4; ++thin) word &= random_();
    }
    Settle(words, claims, cone, findings);
  }
}

// The neighbours of a request: the same but for an input here and there.
void Questions::Spread(const std::vector<bool>& assignment, std::span<const Lit> claims,
                       std::span<const uint32_t> cone, std::vector<Finding>& findings) {
  std::vector<uint64_t> words(aig_.inputs());
  for (size_t i = 0; i < words.size(); ++i) {
    const uint64_t flips = random_() & random_() & random_() & ~uint64_t{1};  // lane 0 stays as it is
    words[i] = (assignment[i] ? ~uint64_t{0} : 0) ^ flips;
  }
  Settle(words, claims, cone, findings);
}

std::vector<Finding> Questions::AskAll(std::span<const Lit> claims) {
  std::vector<Finding> findings(claims.size());
  for (size_t i = 0; i < claims.size(); ++i)
    if (claims[i] == kFalse) findings[i].answer = Answer::kNo;
  const auto open = [&] {
    return std::any_of(findings.begin(), findings.end(),
                       [](const Finding& finding) { return finding.answer == Answer::kUnknown; });
  };
  if (!open()) return findings;
  Simulate(claims, findings);
  if (!open()) return findings;
  const std::vector<uint32_t> cone = aig_.Cone(claims);
  for (size_t i = 0; i < claims.size(); ++i) {
    if (findings[i].answer != Answer::kUnknown) continue;
    const Answer answer = asker_.Ask(std::span(&claims[i], 1), conflict_budget_);
    if (answer == Answer::kYes) Spread(asker_.Inputs(), claims, cone, findings);
    findings[i].answer = answer;
  }
  return findings;
}

std::vector<Lit> Questions::Core(std::span<const Lit> lits) {
  std::vector<Lit> core;
  if (asker_.Ask(lits, conflict_budget_) != Answer::kNo) return core;
  for (const Lit lit : lits)
    if (asker_.Needed(lit)) core.push_back(lit);
  return core;
}

}  // namespace hpol::prove
