#include "runtime/answer/judge.h"

#include <algorithm>

namespace hpol::answer {

Judge::Judge(const ir::Tables& tables, const decide::Index& index, std::span<const Attribute> attributes,
             Label sent)
    : tables_(tables), sent_(sent), label_(sent) {
  if (!active()) return;
  index.domains.Read(values_, attributes);
  facts_.Begin(tables, index, values_);
  size_t deepest = 1;
  for (const ir::RespondRow& row : tables.respond) deepest = std::max<size_t>(deepest, row.condition.count);
  stack_.resize(deepest);
}

void Judge::Add(const Finding& finding) {
  detect::Match match;
  match.finding = finding;
  matches_.all.push_back(match);
  off_.push_back(0);
  changed_ = true;
}

void Judge::AddUnread() {
  changed_ = changed_ || !unread_;
  unread_ = true;
}

void Judge::Set(bool unread) {
  facts_.SetFindings({matches_, no_views_, off_, unread, /*shape_fires=*/false, /*texts_known=*/false});
}

bool Judge::Masks(const Finding& finding) {
  detect::Matches all;
  std::vector<uint8_t> all_off;
  all.all.swap(matches_.all);
  all_off.swap(off_);
  Add(finding);
  Set(false);
  facts_.SetLabel(label_);
  const bool masks =
      std::any_of(tables_.respond.begin(), tables_.respond.end(), [&](const ir::RespondRow& row) {
        const auto detectors = std::span(tables_.indices).subspan(row.detectors.begin, row.detectors.count);
        return row.action == RespondAction::kMask &&
               std::find(detectors.begin(), detectors.end(), finding.detector.value) != detectors.end() &&
               MayHold(row.condition);
      });
  matches_.all.swap(all.all);
  off_.swap(all_off);
  return masks;
}

bool Judge::Allows() {
  if (!active() || !changed_ || blocked_) return !blocked_;
  changed_ = false;
  Set(unread_);
  label_ = sent_.Join(decide::FindLabel(facts_, memory_));
  if (unread_) label_ = label_.Join(tables_.Top());
  facts_.SetLabel(label_);
  for (uint32_t i = 0; i < tables_.respond.size(); ++i) {
    const ir::RespondRow& row = tables_.respond[i];
    // What cannot be read may hold what is to be masked, and cannot be masked.
    const bool concerns = row.action != RespondAction::kMask || unread_;
    if (!concerns || !MayHold(row.condition)) continue;
    if (row.action == RespondAction::kAlert) {
      const auto at = std::lower_bound(alerts_.begin(), alerts_.end(), i);
      if (at == alerts_.end() || *at != i) alerts_.insert(at, i);
    } else if (!blocked_) {
      blocked_ = true;
      if (row.action == RespondAction::kBlock) blocked_by_ = i;
    }
  }
  return !blocked_;
}

}  // namespace hpol::answer
