// Counters for Prometheus. Label values come from the policy and from fixed lists, never
// from clients, so their number is bounded and they hold nobody's text.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "hpol/engine.h"

namespace hpol::gateway {

// All methods may be called from any thread.
class Metrics {
 public:
  explicit Metrics(const ir::Tables& tables);
  ~Metrics();

  // One reply sent, of any kind.
  void CountReply(int status);
  // One decision with what became of it; `target` is the one that answered, or -1.
  void CountDecision(const Decision& decision, int target, const char* outcome);
  void CountUpstreamFailure(uint32_t target, const char* reason);
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
