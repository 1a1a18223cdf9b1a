// What a running gateway is made of: the parts that all threads share, and one worker
// per thread with its own io_context, listener, connections and scratch memory.
#pragma once

#include <atomic>
#include <memory>
#include <set>
#include <thread>
#include <vector>

#include "adapters/gateway/metrics.h"
#include "adapters/gateway/receipt.h"
#include "adapters/gateway/settings.h"
#include "adapters/gateway/upstream.h"
#include "adapters/http/asio.h"
#include "hpol/engine.h"

namespace hpol::gateway {

class Client;

// Outlives every worker.
struct Shared {
  Shared(std::shared_ptr<const Engine> an_engine, std::shared_ptr<const Settings> some_settings)
      : engine(std::move(an_engine)),
        settings(std::move(some_settings)),
        metrics(engine->tables()),
        load(settings->targets.size()) {}

  const ir::Tables& tables() const { return engine->tables(); }

  const std::shared_ptr<const Engine> engine;
  const std::shared_ptr<const Settings> settings;
  Metrics metrics;
  std::unique_ptr<ReceiptLog> receipts;
  std::vector<std::unique_ptr<asio::ssl::context>> tls;  // by target; null: plain
  std::vector<std::atomic<uint32_t>> load;               // requests in flight, by target
  std::atomic<bool> stopping = false;
};

// A place among the requests that a target handles at a time; given back on destruction.
class LoadSlot {
 public:
  LoadSlot(std::atomic<uint32_t>& load, uint32_t capacity) : load_(load) {
    taken_ = load_.fetch_add(1) < capacity || capacity == 0;
  }
  ~LoadSlot() { load_.fetch_sub(1); }
  LoadSlot(const LoadSlot&) = delete;
  LoadSlot& operator=(const LoadSlot&) = delete;
  bool taken() const { return taken_; }

 private:
  std::atomic<uint32_t>& load_;
  bool taken_ = false;
};

// Everything that belongs to one thread. Only `Start`, `RequestStop`, `Abort` and `Join`
// may be called from another.
class Worker {
 public:
  explicit Worker(Shared& shared) : shared_(shared), pool_(shared.settings->targets.size()) {}
  ~Worker();
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;

  // Listens on the address; every worker may listen on the same one.
  Result<uint16_t> Listen(const std::string& host, uint16_t port);
  void Start(std::function<void()> on_end);
  // Stops accepting and closes connections that wait between two requests.
  void RequestStop();
  // Ends without waiting for anything.
  void Abort();
  void Join();

  Shared& shared() { return shared_; }
  UpstreamPool& pool() { return pool_; }

  // Scratch memory for one request, reused.
  class ScratchLease {
   public:
    explicit ScratchLease(Worker& worker);
    ~ScratchLease();
    ScratchLease(const ScratchLease&) = delete;
    ScratchLease& operator=(const ScratchLease&) = delete;
    Scratch& operator*() { return *scratch_; }

   private:
    Worker& worker_;
    std::unique_ptr<Scratch> scratch_;
  };

 private:
  awaitable<void> Accept();
  awaitable<void> ServeClient(tcp::socket socket);

  Shared& shared_;
  UpstreamPool pool_;
  std::vector<std::unique_ptr<Scratch>> scratches_;
  std::set<Client*> clients_;
  std::thread thread_;
  // Last, so first to go: what still waits in it refers to all of the above.
  asio::io_context io_{1};
  tcp::acceptor acceptor_{io_};
};

}  // namespace hpol::gateway
