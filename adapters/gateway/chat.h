// The flow of one chat request: attributes, decision, candidates in order, answer,
// receipt. Nothing reaches a target but what Engine::Render made for it in this attempt.
#pragma once

#include <string>
#include <string_view>

#include "adapters/gateway/client.h"
#include "adapters/gateway/settings.h"
#include "adapters/gateway/worker.h"
#include "adapters/http/head.h"

namespace hpol::gateway {

struct ChatRequest {
  const std::shared_ptr<Seat>& seat;  // the policy that decides
  std::string_view request_id;
  const http::RequestHead& head;
  Surface surface = Surface::kOpenAiChat;  // of the body
  const KeyRecord* key = nullptr;          // null: anonymous
  bool trusted_peer = false;
  std::string& body;  // wiped at the end
};

// Answers the client. True when its connection may carry another request.
awaitable<bool> HandleChat(Worker& worker, Client& client, const ChatRequest& request);

}  // namespace hpol::gateway
