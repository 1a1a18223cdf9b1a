// The door of this folder for whoever sends requests: which body a target is asked with, and the way of
// its answer back into the client's dialect. Where both speak the same dialect nothing here touches a byte.
//
//   surface = SurfaceFor(place, client)            what the target is asked
//   if (surface != client) translated = TranslateRequest(client, original, surface, model)
//   … Engine::Render on that body …
//   Translation answer(surface, client, …)        one for each attempt
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/dialect/dialect.h"
#include "adapters/http/sse.h"
#include "hpol/engine.h"
#include "hpol/result.h"

namespace hpol::dialect {

// Tokens as the target counted them; negative: it did not say.
struct Usage {
  int64_t input = -1;
  int64_t output = -1;
};

// What a client asked for that matters to its answer.
struct Asked {
  bool stream = false;
  bool usage_wanted = false;
};

struct TranslatedRequest {
  std::string body;
  Asked asked;
};
// A body for `to` that says what `body` says, with `model`. The error is for the client: it names the field
// that cannot be carried, and holds nothing else of the request.
Result<TranslatedRequest> TranslateRequest(Surface from, std::string_view body, Surface to,
                                           std::string_view model);

// Whether the gateway has a way from a client of `from` to a target that is asked with `to`.
bool CanTranslate(Surface from, Surface to);

// The answer of one attempt. Not thread-safe; holds text of the answer, and wipes nothing: its owner's
// memory is short-lived.
class Translation {
 public:
  // `target` is what was asked; `id` names the answer towards the client (letters and digits), `model` the
  // one that was asked, for dialects that do not say who answered; `now` is in seconds since 1970.
  Translation(Surface target, Surface client, const Asked& asked, std::string_view id, std::string_view model,
              int64_t now);
  ~Translation();

  // The body of an answer that is no stream. False: it is no answer.
  bool Whole(std::string_view body, std::string& out);
  // One event of the target's stream: appends what it means to the client. False: it is no part of an
  // answer, or a report of failure.
  bool Event(const http::Event& event, std::vector<http::Event>& out);
  // The target's stream ended in order: appends the end of the client's.
  void End(std::vector<http::Event>& out);

  // The target's stream said that it is over, though bytes may follow.
  bool ended() const;
  const Usage& usage() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace hpol::dialect
