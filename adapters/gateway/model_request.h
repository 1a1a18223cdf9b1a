// The flow of one request for a model, of whatever surface: attributes, decision, candidates in order,
// answer, receipt. What is tried at one target is in attempts.h, how an answer reaches the client in relay.h.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "adapters/gateway/client.h"
#include "adapters/gateway/settings.h"
#include "adapters/gateway/worker.h"
#include "adapters/http/head.h"

namespace hpol::gateway {

struct ModelRequest {
  const std::shared_ptr<Seat>& seat;  // the policy that decides
  std::string_view request_id;
  const http::RequestHead& head;
  Surface surface = Surface::kOpenAiChat;  // of the body
  const KeyRecord* key = nullptr;          // null: anonymous
  bool trusted_peer = false;
  std::string& body;  // wiped at the end
};

// Answers the client, whatever happens, and writes one receipt. True when its connection may carry another
// request. Runs on the worker's thread; everything given must live until it returns.
awaitable<bool> HandleModelRequest(Worker& worker, Client& client, const ModelRequest& request);

}  // namespace hpol::gateway
