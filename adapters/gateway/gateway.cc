// The serving gateway: workers, listeners, start and stop. The door is hpol/gateway.h.
#include "hpol/gateway.h"

#include <openssl/rand.h>
#include <spdlog/spdlog.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <condition_variable>
#include <functional>
#include <mutex>

#include "adapters/gateway/client.h"
#include "adapters/gateway/label_file.h"
#include "adapters/gateway/session.h"
#include "adapters/gateway/welcome.h"
#include "adapters/gateway/worker.h"

namespace hpol {
namespace gateway {
namespace {

constexpr size_t kMaxFreeScratches = 64;
constexpr int kBacklog = 1024;

}  // namespace

Worker::~Worker() {
  Abort();
  Join();
  // Sockets of kept connections belong to the io_context, which goes before this.
  if (seat_ != nullptr) seat_->pool.Clear();
  if (!local_path_.empty()) ::unlink(local_path_.c_str());
}

Result<uint16_t> Worker::Listen(const std::string& host, uint16_t port, asio::ssl::context* tls) {
  tls_ = tls;
  error_code error;
  const asio::ip::address address = asio::ip::make_address(host, error);
  if (error) return Error{"`" + host + "` is no address"};
  const tcp::endpoint endpoint(address, port);
  const int yes = 1;
  acceptor_.open(endpoint.protocol(), error);
  if (!error) acceptor_.set_option(tcp::acceptor::reuse_address(true), error);
  if (!error && ::setsockopt(acceptor_.native_handle(), SOL_SOCKET, SO_REUSEPORT, &yes, sizeof yes) != 0) {
    error = error_code(errno, boost::system::system_category());
  }
  // An IPv4 peer on an IPv6 socket would appear as a mapped address.
  if (!error && address.is_v6()) acceptor_.set_option(asio::ip::v6_only(true), error);
  if (!error) acceptor_.bind(endpoint, error);
  if (!error) acceptor_.listen(kBacklog, error);
  if (error) return Error{"cannot listen on " + host + ":" + std::to_string(port) + ": " + error.message()};
  return acceptor_.local_endpoint().port();
}

Result<bool> Worker::ListenLocally(const std::string& path) {
  const asio::local::stream_protocol::endpoint endpoint(path);
  struct stat status{};
  // Only a socket is removed; anything else there was not ours.
  if (::lstat(path.c_str(), &status) == 0 && S_ISSOCK(status.st_mode)) ::unlink(path.c_str());
  error_code error;
  local_.open(endpoint.protocol(), error);
  if (!error) local_.bind(endpoint, error);
  if (!error && ::chmod(path.c_str(), S_IRUSR | S_IWUSR | S_IRGRP | S_IWGRP) != 0) {
    error = error_code(errno, boost::system::system_category());
  }
  if (!error) local_.listen(kBacklog, error);
  if (error) return Error{"cannot listen on `" + path + "`: " + error.message()};
  local_path_ = path;
  return true;
}

void Worker::Start(std::function<void()> on_end) {
  asio::co_spawn(io_, Accept(acceptor_), asio::detached);
  if (local_.is_open()) asio::co_spawn(io_, Accept(local_), asio::detached);
  thread_ = std::thread([this, on_end = std::move(on_end)] {
    io_.run();
    on_end();
  });
}

void Worker::RequestStop() {
  asio::post(io_, [this] {
    error_code ignored;
    acceptor_.close(ignored);
    local_.close(ignored);
    for (Client* const client : clients_) {
      if (client->idle()) client->Close();
    }
  });
}

void Worker::EndRevoked() {
  asio::post(io_, [this] {
    // Ending one may start another, or end more: `watches_` changes under way.
    const std::vector<RevocationWatch*> all(watches_.begin(), watches_.end());
    for (RevocationWatch* const watch : all) {
      if (watches_.contains(watch) && watch->generation_.revoked) watch->end_();
    }
    if (seat_ != nullptr && seat_->generation->revoked) seat_.reset();
  });
}

std::shared_ptr<Seat> Worker::Now() {
  std::shared_ptr<Generation> now = shared_.Now();
  if (seat_ == nullptr || seat_->generation != now) seat_ = std::make_shared<Seat>(std::move(now));
  return seat_;
}

void Worker::Abort() { io_.stop(); }

void Worker::Join() {
  if (thread_.joinable()) thread_.join();
}

template <typename Acceptor>
awaitable<void> Worker::Accept(Acceptor& acceptor) {
  asio::steady_timer pause(io_);
  while (acceptor.is_open()) {
    error_code error;
    typename Acceptor::protocol_type::socket socket =
        co_await acceptor.async_accept(asio::redirect_error(asio::use_awaitable, error));
    if (!error) {
      error_code ignored;
      if constexpr (std::is_same_v<Acceptor, tcp::acceptor>) socket.set_option(tcp::no_delay(true), ignored);
      asio::co_spawn(io_, ServeClient(std::move(socket)), asio::detached);
    } else if (acceptor.is_open()) {
      // Out of descriptors, most likely: wait for some connection to end.
      pause.expires_after(std::chrono::milliseconds(50));
      co_await pause.async_wait(asio::redirect_error(asio::use_awaitable, error));
    }
  }
}

awaitable<void> Worker::ServeClient(Socket socket) {
  const std::shared_ptr<const Settings> settings = shared_.Now()->settings;
  const std::unique_ptr<Client> client = co_await Welcome(std::move(socket), *settings, tls_);
  if (client == nullptr) co_return;
  clients_.insert(client.get());
  // Only running out of memory can throw here; it must not take the other clients along.
  try {
    Session session(*this, *client);
    co_await session.Run();
  } catch (const std::exception&) {
    spdlog::error("a connection was dropped for lack of memory");
  }
  clients_.erase(client.get());
}

Worker::ScratchLease::ScratchLease(Worker& worker) : worker_(worker) {
  if (worker.scratches_.empty()) {
    scratch_ = std::make_unique<Scratch>();
  } else {
    scratch_ = std::move(worker.scratches_.back());
    worker.scratches_.pop_back();
  }
}

Worker::ScratchLease::~ScratchLease() {
  if (worker_.scratches_.size() < kMaxFreeScratches) worker_.scratches_.push_back(std::move(scratch_));
}

namespace {

// Two texts of one policy may share its name; what settings index must be the same.
bool BelongTogether(const Settings& settings, const ir::Tables& tables) {
  const auto same = [&](const ir::Target& target, const TargetSettings& given) {
    return tables.Text(target.name) == given.name;
  };
  const auto known = [&](uint32_t attribute) { return attribute < tables.attributes.size(); };
  return settings.policy == tables.Text(tables.policy) && settings.version == tables.Text(tables.version) &&
         std::ranges::equal(tables.targets, settings.targets, same) &&
         std::ranges::all_of(settings.ways, known, &AttributeWay::attribute) &&
         std::ranges::all_of(settings.keys, [&](const KeyRecord& key) {
           return std::ranges::all_of(key.attributes, known, &AttributeValue::attribute);
         });
}

}  // namespace

Result<std::shared_ptr<Generation>> Generation::Make(std::shared_ptr<const Engine> engine,
                                                     std::shared_ptr<const Settings> settings) {
  if (!engine || !settings) return Error{"a gateway needs an engine and a configuration"};
  if (!BelongTogether(*settings, engine->tables()))
    return Error{"the configuration was read for another policy"};
  std::shared_ptr<Generation> made(new Generation(settings->targets.size()));
  for (const TargetSettings& target : settings->targets) {
    made->tls.emplace_back();
    if (!target.tls) continue;
    Result<std::unique_ptr<asio::ssl::context>> context = http::MakeClientTls(target.tls_files);
    if (!context) return Error{"target `" + target.name + "`: " + context.error().message};
    made->tls.back() = *std::move(context);
  }
  made->engine = std::move(engine);
  made->settings = std::move(settings);
  return made;
}

}  // namespace gateway

using gateway::Generation;
using gateway::Settings;
using gateway::Shared;
using gateway::Worker;

struct Gateway::Impl {
  explicit Impl(std::shared_ptr<Generation> first) : shared(std::move(first)) {}

  Result<bool> OpenReceipts(const Settings& settings);
  Result<bool> OpenLabels(const Settings& settings);
  Result<bool> Listen(const Settings& settings, uint16_t wanted);

  Shared shared;
  std::unique_ptr<asio::ssl::context> tls;  // towards clients; null: plain
  std::vector<std::unique_ptr<Worker>> workers;
  uint16_t port = 0;
  bool stopped = false;
  std::mutex mutex;
  std::condition_variable ended;
  size_t running = 0;
};

Result<bool> Gateway::Impl::OpenReceipts(const Settings& settings) {
  auto receipts = gateway::ReceiptLog::Open(settings.receipts_file, [this] {
    shared.metrics.CountReceiptFailure();
    spdlog::error("receipts could not be written");
  });
  if (!receipts) return receipts.error();
  shared.receipts = *std::move(receipts);
  return true;
}

Result<bool> Gateway::Impl::OpenLabels(const Settings& settings) {
  if (!settings.conversations) return true;
  constexpr size_t kSecretBytes = 32;
  shared.label_secret = settings.conversations->secret;
  if (shared.label_secret.empty()) {
    shared.label_secret.resize(kSecretBytes);
    auto* bytes = reinterpret_cast<unsigned char*>(shared.label_secret.data());
    if (RAND_bytes(bytes, kSecretBytes) != 1) return Error{"no randomness for the keys of labels"};
  }
  if (settings.conversations->file.empty()) {
    shared.labels = std::make_shared<MemoryLabelStore>();
    return true;
  }
  Result<std::shared_ptr<LabelStore>> file = gateway::OpenLabelFile(settings.conversations->file);
  if (!file) return file.error();
  shared.labels = *std::move(file);
  return true;
}

Result<bool> Gateway::Impl::Listen(const Settings& settings, uint16_t wanted) {
  if (settings.tls) {
    Result<std::unique_ptr<asio::ssl::context>> made =
        http::MakeServerTls(settings.tls_files, settings.clients_must);
    if (!made) return Error{"listen: " + made.error().message};
    tls = *std::move(made);
  }
  for (uint32_t i = 0; i < settings.threads; ++i) {
    workers.push_back(std::make_unique<Worker>(shared));
    const Result<uint16_t> got = workers.back()->Listen(settings.host, i == 0 ? wanted : port, tls.get());
    if (!got) return got.error();
    port = *got;
  }
  if (!settings.unix_path.empty()) return workers.front()->ListenLocally(settings.unix_path);
  return true;
}

Gateway::Gateway(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

Gateway::~Gateway() { Stop(std::chrono::milliseconds(0)); }

Result<std::unique_ptr<Gateway>> Gateway::Start(std::shared_ptr<const Engine> engine, GatewayConfig config,
                                                std::function<Result<bool>()> reload) {
  const std::shared_ptr<const Settings> settings = config.settings_;
  Result<std::shared_ptr<Generation>> first = Generation::Make(std::move(engine), settings);
  if (!first) return first.error();
  auto impl = std::make_unique<Impl>(*std::move(first));
  Result<bool> ready = impl->OpenReceipts(*settings);
  if (ready) ready = impl->OpenLabels(*settings);
  if (ready) ready = impl->Listen(*settings, config.port_);
  if (!ready) return ready.error();
  impl->shared.metrics.SetPolicy(settings->policy, settings->version);
  impl->shared.reload = std::move(reload);
  impl->running = impl->workers.size();
  for (const std::unique_ptr<Worker>& worker : impl->workers) {
    worker->Start([raw = impl.get()] {
      const std::lock_guard lock(raw->mutex);
      --raw->running;
      raw->ended.notify_all();
    });
  }
  return std::unique_ptr<Gateway>(new Gateway(std::move(impl)));
}

uint16_t Gateway::port() const { return impl_->port; }

Result<bool> Gateway::Replace(std::shared_ptr<const Engine> engine, GatewayConfig config, bool revokes) {
  Shared& shared = impl_->shared;
  Result<std::shared_ptr<Generation>> next = Generation::Make(std::move(engine), config.settings_);
  if (!next) return next.error();
  const std::shared_ptr<const Settings> settings = config.settings_;
  const std::shared_ptr<Generation> old = shared.Replace(*std::move(next));
  // What is not revoked ends under the policy that it began with.
  if (revokes) {
    old->revoked = true;
    for (const std::unique_ptr<Worker>& worker : impl_->workers) worker->EndRevoked();
  }
  shared.metrics.SetPolicy(settings->policy, settings->version);
  shared.metrics.CountReload(true);
  spdlog::info("policy {} version {} is in force", settings->policy, settings->version);
  return true;
}

void Gateway::Refused(const std::string& why) {
  impl_->shared.metrics.CountReload(false);
  spdlog::error("the old policy stays in force: {}", why);
}

void Gateway::Stop(std::chrono::milliseconds grace) {
  if (impl_->stopped) return;
  impl_->stopped = true;
  impl_->shared.stopping = true;
  impl_->shared.reload_thread.stop();
  impl_->shared.reload_thread.join();
  for (const std::unique_ptr<Worker>& worker : impl_->workers) worker->RequestStop();
  {
    std::unique_lock lock(impl_->mutex);
    impl_->ended.wait_for(lock, grace, [this] { return impl_->running == 0; });
  }
  for (const std::unique_ptr<Worker>& worker : impl_->workers) worker->Abort();
  for (const std::unique_ptr<Worker>& worker : impl_->workers) worker->Join();
  impl_->workers.clear();
  impl_->shared.receipts->Flush();
}

bool ForbidMemoryDumps() { return ::prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) == 0; }

}  // namespace hpol
