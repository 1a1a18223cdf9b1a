// A concrete request that people can read, from an assignment: made small, written out with the detectors'
// own samples, scanned again, and tried on the compiled code. Private to compiler/prove.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "compiler/prove/formula.h"
#include "compiler/prove/prove.h"
#include "hpol/engine.h"

namespace hpol::prove {

// The assignment with every value of an input, the plainest first; missing last.
std::vector<std::vector<bool>> ValuesOf(const std::vector<bool>& from, const InputVariable& input);

// "region eu": one input and its value.
std::string InputText(const hir::Policy& policy, size_t input, const reference::Value& value);

class Examples {
 public:
  // All must outlive this; `runner` may be empty. Without `texts` nothing is written out. With `beside`, the
  // claim is about two policies of one world, and a text is scanned by both.
  Examples(Formula& formula, const Runner& runner, bool texts = true, Formula* beside = nullptr)
      : formula_(formula), runner_(runner), texts_(texts), beside_(beside) {}

  // A small request of which `claim` holds; `assignment` is one.
  Example Make(std::vector<bool> assignment, Lit claim);

  // The compiled code or the meaning contradicted the proof: a fault of hpol.
  const std::string& fault() const { return fault_; }

 private:
  std::vector<bool> Smallest(std::vector<bool> assignment, Lit claim);
  void FindWhatMatters(Example& example, Lit claim);
  // Which of the variants the claim holds of.
  std::vector<bool> Holds(const std::vector<std::vector<bool>>& variants, Lit claim);
  bool Write(Example& example, Lit claim);
  // The assignment of a text with the inputs of `wanted`, where it can be read; `facts` become what is found.
  std::optional<std::vector<bool>> Scan(const std::string& prompt, const std::vector<bool>& wanted,
                                        reference::Facts& facts);

  Formula& formula_;
  const Runner& runner_;
  bool texts_;
  Formula* beside_;
  std::string fault_;
  std::vector<uint32_t> cone_;
};

// Asks the compiled code about an example of which a text was written, and notes that in it. False: the code
// decides it differently from the meaning, which is a fault of hpol.
bool Replay(const hir::Policy& policy, const Runner& runner, Example& example);

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
