// Connections that are kept; the door is upstream_pool.h.
#include "adapters/gateway/upstream_pool.h"

namespace hpol::gateway {
namespace {

using Clock = std::chrono::steady_clock;

constexpr size_t kMaxIdlePerTarget = 32;
// Shorter than servers usually keep a connection, so that few are found dead.
constexpr std::chrono::seconds kMaxIdleTime{4};

}  // namespace

UpstreamPool::UpstreamPool(const std::vector<TargetSettings>& targets) : idle_(targets.size()) {
  for (const TargetSettings& target : targets) keys_.emplace_back(target.credentials.size());
}

std::unique_ptr<http::Wire> UpstreamPool::Take(uint32_t target, size_t key) {
  std::vector<Idle>& idle = idle_[target];
  for (size_t i = idle.size(); i-- > 0;) {
    if (idle[i].key != key) continue;
    Idle last = std::move(idle[i]);
    idle.erase(idle.begin() + static_cast<std::ptrdiff_t>(i));
    if (Clock::now() - last.since < kMaxIdleTime && last.wire->IsQuiet()) return std::move(last.wire);
  }
  return nullptr;
}

void UpstreamPool::Put(uint32_t target, size_t key, std::unique_ptr<http::Wire> wire) {
  std::vector<Idle>& idle = idle_[target];
  const Clock::time_point now = Clock::now();
  std::erase_if(idle, [&](const Idle& old) { return now - old.since >= kMaxIdleTime; });
  if (idle.size() < kMaxIdlePerTarget) idle.push_back({std::move(wire), key, now});
}

void UpstreamPool::Clear() {
  for (std::vector<Idle>& idle : idle_) idle.clear();
}

}  // namespace hpol::gateway
