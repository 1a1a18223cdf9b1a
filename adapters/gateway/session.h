// One client connection: HTTP in (THREATS rule H), one request after the other. Requests
// for models go on to model_request.h.
#pragma once

#include <string>

#include "adapters/gateway/client.h"
#include "adapters/gateway/paths.h"
#include "adapters/gateway/worker.h"
#include "adapters/http/head.h"

namespace hpol::gateway {

class Session {
 public:
  Session(Worker& worker, Client& client) : worker_(worker), shared_(worker.shared()), client_(client) {}

  // Serves until the connection should end, and closes it.
  awaitable<void> Run();

 private:
  awaitable<bool> ServeNext();
  awaitable<bool> Dispatch();
  awaitable<bool> ServeSurface();
  awaitable<bool> ServeShow();
  // The body, whole and decoded; a refusal in `refusal` else. kClosed: nobody is there any more.
  awaitable<ReadOutcome> TakeBody(uint64_t limit, std::string& body, Reply& refusal);
  awaitable<bool> Answer(const Reply& reply, bool keep_alive);
  awaitable<bool> Reload();
  Reply Get() const;

  Worker& worker_;
  Shared& shared_;
  Client& client_;
  std::shared_ptr<Seat> seat_;  // the policy in force when the request came
  std::string request_id_;
  std::string block_;  // the head that head_ looks into
  http::RequestHead head_;
  Path path_;
};

}  // namespace hpol::gateway
