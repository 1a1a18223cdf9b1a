// What outlives a request of its conversation: the label of what was said, and fingerprints of what the model
// answered (hpol/history.h). Also the scope that tokens of the conversation belong to, which is kept nowhere.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "adapters/gateway/worker.h"
#include "hpol/conversation.h"
#include "hpol/history.h"

namespace hpol::gateway {

// Of one request. Views into the conversation's body, names and attributes, which must outlive it. Not
// thread-safe; the store behind it is. A store that cannot be read is the top label, never an error.
class ConversationMemory {
 public:
  ConversationMemory(const Shared& shared, const Generation& policy, const Conversation& conversation);

  // Of caller and conversation (ScopeOf).
  const std::string& scope() const { return scope_; }
  // Labels outlive requests; else EarlierLabel is the bottom, and Record does nothing.
  bool remembers() const { return history_.has_value(); }

  // What is known of the conversation, and of text in the request that a model once answered with.
  Label EarlierLabel() const;
  // The client got an answer with this text, made of what had this label. What cannot be kept is missing at
  // the next turn, which is then at the top.
  void Record(Label label, std::string_view answer) const;

 private:
  History::Who Who() const;

  const Conversation conversation_;
  const std::string scope_;
  std::optional<History> history_;
};

}  // namespace hpol::gateway
