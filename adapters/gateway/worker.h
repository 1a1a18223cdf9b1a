// What a running gateway is made of: the parts that all threads share, one generation for
// each policy that came into force, and one worker per thread with its own io_context, listener,
// connections and scratch memory.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <set>
#include <thread>
#include <vector>

#include "adapters/gateway/metrics.h"
#include "adapters/gateway/receipt.h"
#include "adapters/gateway/settings.h"
#include "adapters/gateway/upstream_pool.h"
#include "adapters/http/asio.h"
#include "hpol/engine.h"
#include "hpol/history.h"

namespace hpol::gateway {

class Client;

// A policy in force, and what belongs to it. A request holds the one it began with to its end.
struct Generation {
  // Sets up TLS towards every target.
  static Result<std::shared_ptr<Generation>> Make(std::shared_ptr<const Engine> engine,
                                                  std::shared_ptr<const Settings> settings);

  const ir::Tables& tables() const { return engine->tables(); }

  std::shared_ptr<const Engine> engine;
  std::shared_ptr<const Settings> settings;
  std::vector<std::unique_ptr<asio::ssl::context>> tls;  // by target; null: plain
  std::vector<std::atomic<uint32_t>> load;               // requests in flight, by target
  std::atomic<bool> revoked = false;  // by a later one: nothing more is sent or answered under it

 private:
  explicit Generation(size_t targets) : load(targets) {}
};

// Outlives every worker.
class Shared {
 public:
  explicit Shared(std::shared_ptr<Generation> first) : generation_(std::move(first)) {}

  std::shared_ptr<Generation> Now() const {
    const std::lock_guard lock(mutex_);
    return generation_;
  }
  // Returns the one before.
  std::shared_ptr<Generation> Replace(std::shared_ptr<Generation> next) {
    const std::lock_guard lock(mutex_);
    generation_.swap(next);
    return next;
  }

  Metrics metrics;
  std::unique_ptr<ReceiptLog> receipts;
  // Of the settings that the gateway began with; null: nothing outlives a request.
  std::shared_ptr<LabelStore> labels;
  std::string label_secret;
  std::atomic<bool> stopping = false;
  // What POST /admin/reload does, one at a time, on a thread of its own; null: nothing.
  std::function<Result<bool>()> reload;
  asio::thread_pool reload_thread{1};

 private:
  mutable std::mutex mutex_;
  std::shared_ptr<Generation> generation_;
};

// One worker's use of a generation: with its own connections to the targets.
struct Seat {
  explicit Seat(std::shared_ptr<Generation> a_generation)
      : generation(std::move(a_generation)), pool(generation->settings->targets) {}
  const std::shared_ptr<Generation> generation;
  UpstreamPool pool;
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
  explicit Worker(Shared& shared) : shared_(shared) {}
  ~Worker();
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;

  // Listens on the address; every worker may listen on the same one. `tls` is null for plain connections;
  // it is shared by all workers and outlives them.
  Result<uint16_t> Listen(const std::string& host, uint16_t port, asio::ssl::context* tls);
  // And on a Unix socket, which only one of them may. One that is left over from before is replaced.
  Result<bool> ListenLocally(const std::string& path);
  void Start(std::function<void()> on_end);
  // Stops accepting and closes connections that wait between two requests.
  void RequestStop();
  // Ends what runs under revoked policies.
  void EndRevoked();
  // Ends without waiting for anything.
  void Abort();
  void Join();

  Shared& shared() { return shared_; }
  // The policy in force. Connections kept for an older one go with its last request.
  std::shared_ptr<Seat> Now();

  // Calls `end` on this thread when the generation is revoked, until it is destroyed.
  class RevocationWatch {
   public:
    RevocationWatch(Worker& worker, const Generation& generation, std::function<void()> end)
        : worker_(worker), generation_(generation), end_(std::move(end)) {
      worker_.watches_.insert(this);
    }
    ~RevocationWatch() { worker_.watches_.erase(this); }
    RevocationWatch(const RevocationWatch&) = delete;
    RevocationWatch& operator=(const RevocationWatch&) = delete;

   private:
    friend class Worker;
    Worker& worker_;
    const Generation& generation_;
    const std::function<void()> end_;
  };

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
  template <typename Acceptor>
  awaitable<void> Accept(Acceptor& acceptor);
  awaitable<void> ServeClient(Socket socket);

  Shared& shared_;
  std::shared_ptr<Seat> seat_;
  std::set<RevocationWatch*> watches_;
  std::vector<std::unique_ptr<Scratch>> scratches_;
  std::set<Client*> clients_;
  std::thread thread_;
  // Last, so first to go: what still waits in it refers to all of the above.
  asio::io_context io_{1};
  tcp::acceptor acceptor_{io_};
  asio::local::stream_protocol::acceptor local_{io_};
  std::string local_path_;
  asio::ssl::context* tls_ = nullptr;
};

}  // namespace hpol::gateway
