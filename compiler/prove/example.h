// A concrete request that people can read, from an assignment: made small, written out with the detectors' own
// samples, scanned again, and tried on the compiled code. Private to compiler/prove but for `Example`.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "compiler/prove/formula.h"
#include "compiler/prove/solver.h"
#include "compiler/reference/reference.h"
#include "hpol/engine.h"

namespace hpol::prove {

// The compiled code's answer to a request; null where nothing is compiled yet.
using Runner = std::function<reference::Outcome(const hpol::Request&)>;

struct Example {
  reference::Facts facts;
  std::string prompt;                // text with these findings; meaningless unless `written`
  bool written = false;              // scanning `prompt` again shows what is claimed
  bool replayed = false;             // and the compiled code decides it as the meaning does
  std::vector<bool> matters;         // by input: another value would change what is claimed
  reference::Outcome outcome;        // the decision, by the meaning
};

class Examples {
 public:
  // `formula` and `runner` must outlive this; `runner` may be empty.
  Examples(Formula& formula, const Runner& runner) : formula_(formula), runner_(runner) {}

  // A small request of which `claim` holds; `assignment` is one.
  Example Make(std::vector<bool> assignment, Lit claim);

  // The compiled code or the meaning contradicted the proof: a fault of hpol.
  const std::string& fault() const { return fault_; }

 private:
  std::vector<bool> Smallest(std::vector<bool> assignment, Lit claim);
  std::vector<bool> Matters(const std::vector<bool>& assignment, Lit claim);
  // Which of the variants the claim holds of.
  std::vector<bool> Holds(const std::vector<std::vector<bool>>& variants, Lit claim);
  bool Write(Example& example, const std::vector<bool>& assignment, Lit claim);
  void Replay(Example& example);

  Formula& formula_;
  const Runner& runner_;
  std::string fault_;
  std::vector<uint32_t> cone_;
};

// "prompt "staff no E-482913", region eu": the request in one line.
std::string RequestText(const hir::Policy& policy, const Example& example);

// The same as a block that `hpol test` runs and that says what is decided today; nothing where a test block
// cannot say it (content that cannot be scanned, text that no sample makes).
std::optional<std::string> TestBlock(const hir::Policy& policy, const Example& example, const std::string& title);

// A request that an engine can be asked, from inputs and a text. Not movable: views point inside.
class WrittenRequest {
 public:
  WrittenRequest(const hir::Policy& policy, const reference::Facts& facts, const std::string& prompt);
  WrittenRequest(const WrittenRequest&) = delete;
  WrittenRequest& operator=(const WrittenRequest&) = delete;
  hpol::Request view() const { return {Surface::kText, prompt_, attributes_, unscanned_}; }

 private:
  std::string prompt_;
  bool unscanned_;
  std::vector<std::vector<std::string>> values_;
  std::vector<std::vector<std::string_view>> views_;
  std::vector<hpol::Attribute> attributes_;
};

}  // namespace hpol::prove
