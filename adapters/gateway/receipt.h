// The receipt log: one JSON line per decision, of content-free facts (DESIGN 9). Names
// of rules, detectors, targets and keys; counts; labels; never a byte of a request.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "adapters/dialect/translate.h"
#include "hpol/answer.h"
#include "hpol/engine.h"
#include "hpol/result.h"

namespace hpol::gateway {

// One try to reach a target.
struct AttemptFact {
  uint32_t target = 0;
  int status = 0;           // of the target's answer; 0: none came
  const char* reason = "";  // why it failed; `ok` when it did not
  int64_t milliseconds = 0;
};

// Everything that one receipt says. Filled while the request is served.
struct ReceiptFacts {
  // One try that ended now.
  void AddAttempt(uint32_t target, int attempt_status, const char* reason,
                  std::chrono::steady_clock::time_point attempt_began);

  std::string request_id;
  std::string_view key_name;  // empty: anonymous
  const Decision* decision = nullptr;
  std::span<const Attribute> attributes;
  std::vector<AttemptFact> attempts;
  int chosen = -1;           // index of the candidate that answered
  Label sent_label;          // of the body that went to it
  int status = 0;            // that the client got; 0: it was gone
  const char* outcome = "";  // answered, blocked, denied, unavailable, refused, broken, aborted
  bool stream = false;
  uint64_t bytes_in = 0;                 // of the request body
  uint64_t bytes_out = 0;                // of the answer's body
  Label answer_label{};                  // of the answer, where one came
  std::optional<uint32_t> blocked_by{};  // row of Tables::respond
  std::vector<uint32_t> alerts{};        // the same
  TokenCounts tokens{};                  // of the answer
  dialect::Usage usage{};                // tokens as the target counted them; negative: it did not say
  uint64_t events = 0;                   // of its stream, also of one that broke off
  int64_t decide_microseconds = 0;
  int64_t milliseconds = 0;
};

// The line, with its line end.
std::string FormatReceipt(const ReceiptFacts& facts, const ir::Tables& tables);

// Appends lines to a file from a thread of its own. Write may be called from any thread.
class ReceiptLog {
 public:
  // Opens for appending, readable by the owner only. An empty path makes a log that
  // keeps nothing. `on_failure` is called, on the log's thread, for each failed write.
  static Result<std::unique_ptr<ReceiptLog>> Open(const std::string& path, std::function<void()> on_failure);

  // Writes what is left.
  ~ReceiptLog();

  void Write(std::string line);
  // Returns when all lines of earlier Writes are with the operating system.
  void Flush();

 private:
  ReceiptLog(int file, std::function<void()> on_failure);
  void Run();
  void WriteAll(std::string_view lines);

  const int file_;
  const std::function<void()> on_failure_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::string pending_;
  bool writing_ = false;
  bool ended_ = false;
  std::thread thread_;
};

}  // namespace hpol::gateway
