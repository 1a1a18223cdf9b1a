// What is remembered of a conversation; the door is conversation_memory.h.
#include "adapters/gateway/conversation_memory.h"

#include <openssl/crypto.h>

#include <chrono>

namespace hpol::gateway {

ConversationMemory::ConversationMemory(const Shared& shared, const Generation& policy,
                                       const Conversation& conversation)
    : conversation_(conversation), scope_(ScopeOf(conversation)) {
  const std::optional<ConversationSettings>& settings = policy.settings->conversations;
  if (shared.labels == nullptr || !settings) return;
  history_.emplace(shared.labels, policy.tables(), shared.label_secret,
                   HistoryOptions{.ttl_seconds = settings->ttl_seconds});
}

// Fingerprints are looked for within the tenant, where the policy has one from identity; else everywhere.
History::Who ConversationMemory::Who() const {
  std::string_view tenant;
  for (const Attribute& attribute : conversation_.attributes) {
    if (attribute.name == "tenant" && attribute.source == Source::kIdentity && !attribute.values.empty())
      tenant = attribute.values.front();
  }
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return {scope_, tenant, std::chrono::duration_cast<std::chrono::seconds>(now).count()};
}

Label ConversationMemory::EarlierLabel() const {
  if (!history_) return {};
  std::string text = TextOf(conversation_.surface, conversation_.body);
  const Label label = history_->LabelOf(Who(), text, GoesOn(conversation_.surface, conversation_.body));
  OPENSSL_cleanse(text.data(), text.size());
  return label;
}

void ConversationMemory::Record(Label label, std::string_view answer) const {
  if (history_) history_->Record(Who(), label, answer);
}

}  // namespace hpol::gateway
