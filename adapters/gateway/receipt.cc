// Receipts; the door is receipt.h.
#include "adapters/gateway/receipt.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstring>
#include <ctime>
#include <nlohmann/json.hpp>

#include "adapters/gateway/config_sections.h"
#include "adapters/gateway/reply.h"

namespace hpol::gateway {
namespace {

using nlohmann::ordered_json;

std::string Now() {
  const auto now = std::chrono::system_clock::now();
  const std::time_t seconds = std::chrono::system_clock::to_time_t(now);
  const auto since = std::chrono::duration_cast<std::chrono::milliseconds>(now.time_since_epoch()).count();
  std::tm utc{};
  gmtime_r(&seconds, &utc);
  char text[40];
  const size_t size = std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S", &utc);
  std::snprintf(text + size, sizeof text - size, ".%03dZ", static_cast<int>(since % 1000));
  return text;
}

// Counts by detector and tier.
ordered_json Findings(const Decision& decision, const ir::Tables& tables) {
  ordered_json counts = ordered_json::object();
  for (const Finding& finding : decision.findings()) {
    if (finding.detector.value >= tables.detectors.size()) continue;
    const std::string name(tables.Text(tables.detectors[finding.detector.value].name));
    ordered_json& count = counts[name][std::string(TierName(finding.tier))];
    count = count.is_null() ? 1 : count.get<int>() + 1;
  }
  return counts;
}

// Only values that the policy's author listed, and numbers: a string may hold anything.
bool IsContentFree(const ir::Attribute& attribute) {
  return attribute.type == AttributeType::kEnum || attribute.type == AttributeType::kEnumSet ||
         attribute.type == AttributeType::kBool || attribute.type == AttributeType::kInt ||
         attribute.type == AttributeType::kLabel;
}

ordered_json AttributeValues(const ReceiptFacts& facts, const ir::Tables& tables) {
  ordered_json values = ordered_json::object();
  for (const Attribute& given : facts.attributes) {
    for (const ir::Attribute& declared : tables.attributes) {
      if (tables.Text(declared.name) != given.name || !IsContentFree(declared)) continue;
      ordered_json list = ordered_json::array();
      for (const std::string_view value : given.values) {
        list.push_back(IsValueOf(tables, declared, value) ? ordered_json(value) : ordered_json(nullptr));
      }
      const bool set = declared.type == AttributeType::kEnumSet;
      values[std::string(given.name)] = set || list.size() != 1 ? list : list[0];
    }
  }
  return values;
}

std::string TargetName(uint32_t target, const ir::Tables& tables) {
  return std::string(target < tables.targets.size() ? tables.Text(tables.targets[target].name) : "?");
}

void AddDecision(const Decision& decision, const ir::Tables& tables, ordered_json& line) {
  const bool sends = decision.verdict() == Verdict::kSend;
  line["label"] = LabelName(decision.label(), tables);
  line["verdict"] = sends ? "send" : "deny";
  if (!sends) line["cause"] = CauseName(decision.cause());
  if (decision.unscanned()) line["unscanned"] = true;
  ordered_json rules = ordered_json::array();
  for (const Reason& reason : decision.reasons()) rules.push_back(RulePlace(reason, tables));
  line["rules"] = std::move(rules);
  line["findings"] = Findings(decision, tables);
  ordered_json candidates = ordered_json::array();
  for (const Candidate& candidate : decision.candidates()) {
    ordered_json entry;
    entry["target"] = TargetName(candidate.target.value, tables);
    if (candidate.redaction != kNoRedaction && candidate.redaction.value < tables.redactions.size()) {
      entry["redaction"] = tables.Text(tables.redactions[candidate.redaction.value].name);
    }
    candidates.push_back(std::move(entry));
  }
  line["candidates"] = std::move(candidates);
}

void AddAttempts(const ReceiptFacts& facts, const ir::Tables& tables, ordered_json& line) {
  ordered_json attempts = ordered_json::array();
  for (const AttemptFact& attempt : facts.attempts) {
    ordered_json entry;
    entry["target"] = TargetName(attempt.target, tables);
    if (attempt.status != 0) entry["status"] = attempt.status;
    entry["result"] = attempt.reason;
    entry["ms"] = attempt.milliseconds;
    attempts.push_back(std::move(entry));
  }
  line["attempts"] = std::move(attempts);
  if (facts.chosen < 0) return;
  const Candidate& chosen = facts.decision->candidates()[static_cast<size_t>(facts.chosen)];
  line["sent_to"] = TargetName(chosen.target.value, tables);
  line["sent_label"] = LabelName(facts.sent_label, tables);
  if (tables.respond.empty()) return;
  const auto place = [&](uint32_t row) {
    const ir::Place& at = tables.respond[row].place;
    return std::string(tables.Text(at.file)) + ":" + std::to_string(at.line);
  };
  line["answer_label"] = LabelName(facts.answer_label, tables);
  if (facts.blocked_by) line["blocked_by"] = place(*facts.blocked_by);
  for (const uint32_t row : facts.alerts) line["alerts"].push_back(place(row));
}

}  // namespace

void ReceiptFacts::AddAttempt(uint32_t target, int attempt_status, const char* reason,
                              std::chrono::steady_clock::time_point attempt_began) {
  const auto taken = std::chrono::steady_clock::now() - attempt_began;
  attempts.push_back(
      {target, attempt_status, reason, std::chrono::duration_cast<std::chrono::milliseconds>(taken).count()});
}

std::string FormatReceipt(const ReceiptFacts& facts, const ir::Tables& tables) {
  ordered_json line;
  line["time"] = Now();
  line["request_id"] = facts.request_id;
  line["policy"] = tables.Text(tables.policy);
  line["version"] = tables.Text(tables.version);
  line["key"] = facts.key_name.empty() ? ordered_json(nullptr) : ordered_json(facts.key_name);
  line["attributes"] = AttributeValues(facts, tables);
  AddDecision(*facts.decision, tables, line);
  AddAttempts(facts, tables, line);
  line["outcome"] = facts.outcome;
  line["status"] = facts.status;
  line["stream"] = facts.stream;
  line["bytes_in"] = facts.bytes_in;
  line["bytes_out"] = facts.bytes_out;
  const TokenCounts& tokens = facts.tokens;
  if (tokens.restored + tokens.withheld + tokens.unknown + tokens.foreign != 0) {
    line["tokens"] = {{"restored", tokens.restored},
                      {"withheld", tokens.withheld},
                      {"unknown", tokens.unknown},
                      {"foreign", tokens.foreign}};
  }
  if (facts.usage.input >= 0) line["tokens_in"] = facts.usage.input;
  if (facts.usage.output >= 0) line["tokens_out"] = facts.usage.output;
  if (facts.stream) line["events"] = facts.events;
  line["decide_us"] = facts.decide_microseconds;
  line["ms"] = facts.milliseconds;
  return line.dump(-1, ' ', false, ordered_json::error_handler_t::replace) + "\n";
}

Result<std::unique_ptr<ReceiptLog>> ReceiptLog::Open(const std::string& path,
                                                     std::function<void()> on_failure) {
  int file = -1;
  if (!path.empty()) {
    file = ::open(path.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, S_IRUSR | S_IWUSR);
    if (file < 0) return Error{"cannot open the receipt file `" + path + "`: " + std::strerror(errno)};
  }
  return std::unique_ptr<ReceiptLog>(new ReceiptLog(file, std::move(on_failure)));
}

ReceiptLog::ReceiptLog(int file, std::function<void()> on_failure)
    : file_(file), on_failure_(std::move(on_failure)), thread_([this] { Run(); }) {}

ReceiptLog::~ReceiptLog() {
  {
    const std::lock_guard lock(mutex_);
    ended_ = true;
  }
  changed_.notify_all();
  thread_.join();
  if (file_ >= 0) ::close(file_);
}

void ReceiptLog::Write(std::string line) {
  if (file_ < 0) return;
  {
    const std::lock_guard lock(mutex_);
    pending_ += line;
  }
  changed_.notify_all();
}

void ReceiptLog::Flush() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return pending_.empty() && !writing_; });
}

void ReceiptLog::Run() {
  std::unique_lock lock(mutex_);
  for (;;) {
    changed_.wait(lock, [this] { return !pending_.empty() || ended_; });
    if (pending_.empty()) return;
    std::string lines;
    lines.swap(pending_);
    writing_ = true;
    lock.unlock();
    WriteAll(lines);
    lock.lock();
    writing_ = false;
    changed_.notify_all();
  }
}

void ReceiptLog::WriteAll(std::string_view lines) {
  while (!lines.empty()) {
    const ssize_t size = ::write(file_, lines.data(), lines.size());
    if (size > 0) {
      lines.remove_prefix(static_cast<size_t>(size));
    } else if (errno != EINTR) {
      // The lines are lost, and the operator hears of it; requests already served cannot
      // be taken back.
      on_failure_();
      return;
    }
  }
}

}  // namespace hpol::gateway
