// Counters for Prometheus. Label values come from the policy and from fixed lists, never
// from clients, so their number is bounded and they hold nobody's text.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "hpol/answer.h"
#include "hpol/engine.h"

namespace hpol::gateway {

// All methods may be called from any thread.
class Metrics {
 public:
  Metrics();
  ~Metrics();

  // One reply sent, of any kind.
  void CountReply(int status);
  // One decision with what became of it; `target` is the name of the one that answered, or `none`.
  void CountDecision(const Decision& decision, std::string_view target, const char* outcome);
  void CountUpstreamFailure(std::string_view target, const char* reason);
  // What became of the tokens in one answer.
  void CountTokens(const TokenCounts& counts);
  // The policy that came into force, or one that was refused: then the old one stays, and it is said until
  // another one comes.
  void SetPolicy(std::string_view policy, std::string_view version);
  void CountReload(bool good);
  void CountReceiptFailure();
  void ObserveDecide(double seconds);
  void ObserveRequest(double seconds);
  void AddInFlight(int change);

  // The text exposition format.
  std::string Text() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace hpol::gateway
