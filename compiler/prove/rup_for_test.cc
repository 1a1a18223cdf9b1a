#include "compiler/prove/rup_for_test.h"

#include <algorithm>
#include <map>
#include <sstream>
#include <vector>

namespace hpol::prove {
namespace {

using Clause = std::vector<int>;

class Checker {
 public:
  explicit Checker(const Cnf& cnf) {
    Clause clause;
    for (const int literal : cnf.literals) {
      if (literal != 0) {
        clause.push_back(literal);
        continue;
      }
      Add(clause);
      clause.clear();
    }
  }

  void Add(Clause clause) {
    std::sort(clause.begin(), clause.end());
    clause.erase(std::unique(clause.begin(), clause.end()), clause.end());
    const size_t index = clauses_.size();
    for (const int literal : clause) occurs_[literal].push_back(index);
    if (clause.size() == 1) units_.push_back(index);
    if (clause.empty()) has_empty_ = true;
    clauses_.push_back(std::move(clause));
    live_.push_back(true);
  }

  void Delete(Clause clause) {
    std::sort(clause.begin(), clause.end());
    if (clause.size() <= 1) return;  // as checkers do: units stay
    for (const size_t index : occurs_[clause.front()]) {
      if (!live_[index] || clauses_[index] != clause) continue;
      live_[index] = false;
      return;
    }
  }

  // Does assuming that every literal of `clause` is false lead to a conflict?
  bool Follows(const Clause& clause) {
    if (has_empty_) return true;
    std::map<int, bool> value;  // literal → true
    std::vector<int> trail;
    const auto assign = [&](int literal) {
      if (value.contains(-literal)) return false;
      if (value.emplace(literal, true).second) trail.push_back(literal);
      return true;
    };
    for (const int literal : clause)
      if (!assign(-literal)) return true;
    for (const size_t unit : units_)
      if (live_[unit] && !assign(clauses_[unit].front())) return true;
    for (size_t next = 0; next < trail.size(); ++next) {
      const auto occurs = occurs_.find(-trail[next]);
      if (occurs == occurs_.end()) continue;
      for (const size_t index : occurs->second) {
        if (!live_[index]) continue;
        int open = 0;
        size_t count = 0;
        bool satisfied = false;
        for (const int literal : clauses_[index]) {
          if (value.contains(literal)) satisfied = true;
          if (value.contains(literal) || value.contains(-literal)) continue;
          open = literal;
          ++count;
        }
        if (satisfied || count > 1) continue;
        if (count == 0 || !assign(open)) return true;
      }
    }
    return false;
  }

 private:
  std::vector<Clause> clauses_;
  std::vector<bool> live_;
  std::vector<size_t> units_;
  std::map<int, std::vector<size_t>> occurs_;
  bool has_empty_ = false;
};

}  // namespace

std::string CheckDrat(const Cnf& cnf, const std::string& drat) {
  Checker checker(cnf);
  std::istringstream lines(drat);
  std::string line;
  for (size_t number = 1; std::getline(lines, line); ++number) {
    std::istringstream words(line);
    const bool deletes = line.starts_with("d");
    if (deletes) words.ignore(1);
    Clause clause;
    int literal = 0;
    bool ended = false;
    while (words >> literal) {
      ended = literal == 0;
      if (!ended) clause.push_back(literal);
    }
    if (!ended) return "line " + std::to_string(number) + " does not end in 0";
    if (deletes) {
      checker.Delete(std::move(clause));
      continue;
    }
    if (!checker.Follows(clause)) return "line " + std::to_string(number) + " does not follow";
    if (clause.empty()) return {};
    checker.Add(std::move(clause));
  }
  return checker.Follows({}) ? std::string() : "the proof does not end in the empty clause";
}

}  // namespace hpol::prove
