// What the `respond` rules of a policy say of one answer, as it is read: its label, what is masked, whether
// it is blocked. Every rule that may apply does. Door: Judge.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "hpol/engine.h"
#include "runtime/decide/facts.h"
#include "runtime/decide/search.h"

namespace hpol::answer {

class Judge {
 public:
  // `sent`: the label of what the model answered from. Both tables and index must live as long.
  Judge(const ir::Tables& tables, const decide::Index& index, std::span<const Attribute> attributes,
        Label sent);
  Judge(const Judge&) = delete;
  Judge& operator=(const Judge&) = delete;

  // The policy has rules about answers.
  bool active() const { return !tables_.respond.empty(); }

  // What was found, or could not be read, in any field of the answer.
  void Add(const Finding& finding);
  void AddUnread();
  // Whether this finding is to be written over; looked at by itself.
  bool Masks(const Finding& finding);

  // Looks at all that was added. True unless a rule blocks the answer, from then on.
  bool Allows();
  // The row of Tables::respond that blocked it; nothing when it was that masked findings may hide in what
  // could not be read.
  std::optional<uint32_t> blocked_by() const { return blocked_by_; }
  const std::vector<uint32_t>& alerts() const { return alerts_; }  // rows, each once, ascending
  // sent ⊔ classify(answer), as far as it was looked at.
  Label label() const { return label_; }

 private:
  void Set(bool unread);
  bool MayHold(ir::Range condition) { return facts_.Of(condition, stack_) != Truth::kFalse; }

  const ir::Tables& tables_;
  decide::Values values_;
  decide::Facts facts_;
  decide::SearchMemory memory_;
  std::vector<Truth> stack_;
  const Label sent_;
  Label label_;
  detect::Matches matches_;  // without their texts
  std::vector<uint8_t> off_;
  text::Views no_views_;
  bool unread_ = false;
  bool changed_ = true;
  bool blocked_ = false;
  std::optional<uint32_t> blocked_by_;
  std::vector<uint32_t> alerts_;
};

}  // namespace hpol::answer
