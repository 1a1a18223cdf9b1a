#include "hpol/serving.h"

#include <poll.h>
#include <sys/inotify.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <iostream>
#include <map>
#include <mutex>
#include <set>

#include "adapters/gateway/config_sections.h"

namespace hpol::gateway {
namespace {

class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int number() const { return number_; }

 private:
  int number_;
};

// Blocks the signals before any thread starts, so that only the descriptor sees them.
int OpenSignals() {
  sigset_t signals;
  sigemptyset(&signals);
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) sigaddset(&signals, signal);
  if (::pthread_sigmask(SIG_BLOCK, &signals, nullptr) != 0) return -1;
  return ::signalfd(-1, &signals, SFD_CLOEXEC);
}

// Folders are watched, not files: a file that is renamed into place is another file.
class FileWatch {
 public:
  explicit FileWatch(const std::vector<std::string>& files) : notify_(::inotify_init1(IN_CLOEXEC)) {
    for (const std::string& file : files) {
      const size_t slash = file.rfind('/');
      const std::string folder = slash == std::string::npos ? "." : file.substr(0, slash + 1);
      const int number =
          ::inotify_add_watch(notify_.number(), folder.c_str(), IN_CLOSE_WRITE | IN_MOVED_TO | IN_CREATE);
      if (number >= 0) names_[number].insert(slash == std::string::npos ? file : file.substr(slash + 1));
    }
  }
  int number() const { return notify_.number(); }

  // Takes what came, and says whether one of the files is among it.
  bool Changed() {
    alignas(inotify_event) std::array<char, 4096> buffer;
    const ssize_t size = ::read(notify_.number(), buffer.data(), buffer.size());
    bool changed = false;
    for (ssize_t at = 0; at < size;) {
      const auto* event = reinterpret_cast<const inotify_event*>(buffer.data() + at);
      // Where the system lost events, anything may have happened. A folder that is linked anew (as secrets
      // and settings are in Kubernetes) changes all files in it.
      const bool ours = (event->mask & IN_Q_OVERFLOW) != 0 ||
                        (event->len > 0 && (names_[event->wd].contains(event->name) ||
                                            std::string_view(event->name).starts_with("..data")));
      const bool created_only =
          (event->mask & IN_CREATE) != 0 && !std::string_view(event->name).starts_with("..");
      changed = changed || (ours && !created_only);
      at += static_cast<ssize_t>(sizeof(inotify_event) + event->len);
    }
    return changed;
  }

 private:
  Descriptor notify_;
  std::map<int, std::set<std::string>> names_;
};

class Server {
 public:
  explicit Server(const Serving& serving) : serving_(serving) {}

  Result<bool> Run() {
    const Descriptor signals(OpenSignals());
    if (signals.number() < 0) return Error{"the system gives no signals to wait for"};
    // Watched from before the first reading: what changes in between is read again.
    FileWatch files(serving_.watched);
    Result<ServedPolicy> first = serving_.load();
    if (!first) return first.error();
    if (serving_.check_only) {
      std::cout << "policy and configuration agree: " << first->name << "\n";
      return true;
    }
    if (!ForbidMemoryDumps()) return Error{"the system does not let this process forbid memory dumps"};
    if (serving_.port) first->config.set_port(*serving_.port);
    const std::string host = first->config.host();
    auto gateway =
        Gateway::Start(std::move(first->engine), std::move(first->config), [this] { return Reload(); });
    if (!gateway) return gateway.error();
    {
      const std::lock_guard lock(mutex_);
      gateway_ = gateway->get();
    }
    std::cout << "serving " << first->name << " on http://" << host << ":" << gateway_->port()
              << "/v1 (end with Ctrl-C)" << std::endl;
    Wait(signals, files);
    std::cout << "ending: no new requests, up to " << serving_.grace_seconds << " s for those in flight"
              << std::endl;
    (*gateway)->Stop(std::chrono::seconds(serving_.grace_seconds));
    return true;
  }

 private:
  // The old policy stays when there is anything wrong with the new one.
  Result<bool> Reload() {
    const std::lock_guard lock(mutex_);
    if (gateway_ == nullptr) return Error{"the gateway is only starting"};
    Result<ServedPolicy> next = serving_.load();
    Result<bool> done =
        next ? gateway_->Replace(std::move(next->engine), std::move(next->config), next->revokes)
             : Result<bool>(next.error());
    if (!done) gateway_->Refused(done.error().message);
    return done;
  }

  void Wait(const Descriptor& signals, FileWatch& files) {
    while (true) {
      std::array<pollfd, 2> ready = {{{signals.number(), POLLIN, 0}, {files.number(), POLLIN, 0}}};
      if (::poll(ready.data(), ready.size(), -1) < 0) continue;
      bool reload = (ready[1].revents & POLLIN) != 0 && files.Changed();
      if ((ready[0].revents & POLLIN) != 0) {
        signalfd_siginfo info{};
        if (::read(signals.number(), &info, sizeof info) != sizeof info) continue;
        if (info.ssi_signo != SIGHUP) return;
        reload = true;
      }
      if (reload) (void)Reload();
    }
  }

  const Serving& serving_;
  std::mutex mutex_;
  Gateway* gateway_ = nullptr;
};

}  // namespace

Result<bool> Serve(const Serving& serving) { return Server(serving).Run(); }

Result<GatewayConfig> ReadGatewayConfig(const std::string& path, const ir::Tables& tables) {
  Result<std::string> text = ReadWholeFile(path);
  if (!text) return text.error();
  Result<GatewayConfig> config = ParseGatewayConfig(*text, path, tables);
  if (config) {
    for (const std::string& warning : config->warnings()) std::cerr << "hpol: warning: " << warning << "\n";
  }
  return config;
}

}  // namespace hpol::gateway
