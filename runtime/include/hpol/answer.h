// The way back: what a model answered, made fit for the caller. Tokens that stand for the caller's own values
// become those values again (DESIGN 2.2.6, THREATS rule R), and the policy's `respond` rules mask, block or
// alert: they read what the model wrote, before anything is put back.
//
//   hpol::Answer answer(engine, {.surface = Surface::kOpenAiChat, .stream = true, .minted = outbound.minted,
//   …}); while (Receive(event)) {
//     if (answer.Feed(event, events) != hpol::Answer::Outcome::kPass) break;  // end with an error
//     Send(events);
//   }
//   answer.Finish(events);
//
// A whole answer is the only event of its stream. However a stream is cut into events, the text of each field
// is the same, byte by byte; bytes outside of what is replaced stay as they came.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "hpol/engine.h"

namespace hpol {

// A server-sent event, a line of NDJSON, or a whole body.
struct AnswerEvent {
  std::string name{};
  std::string data{};
};

// The request that is answered.
struct AnswerTo {
  Surface surface = Surface::kText;  // of the request, so also of what the client reads
  bool stream = false;
  // What the body of this attempt minted; copied. Nothing else is ever put back.
  std::span<const Token> minted{};
  std::string_view scope{};  // as in Destination
  Label label{};             // Decision::label: what a tool must be cleared for to get a value back
  Label sent_label{};        // Outbound::sent_label: the least label of an answer
  std::span<const Attribute> attributes{};  // as in Request; read once
  bool keep_text = false;                   // for text()
};

// What became of tokens. Numbers alone: neither tokens nor values are ever told.
struct TokenCounts {
  uint64_t restored = 0;
  uint64_t withheld = 0;  // in a URL, a link, an attribute, a script, or for a tool that is not cleared
  uint64_t unknown = 0;   // made in this scope, but not for this request
  uint64_t foreign = 0;   // looks like a token, and no key of this scope made it
};

// One answer. Not thread-safe; what it holds back is overwritten on destruction.
class Answer {
 public:
  Answer(std::shared_ptr<const Engine> engine, const AnswerTo& to);
  ~Answer();
  Answer(Answer&&) noexcept;
  Answer& operator=(Answer&&) noexcept;

  // True: there is nothing to look for, and Feed passes everything on as it is.
  bool idle() const noexcept;

  enum class Outcome : uint8_t {
    kGarbage = 0,  // not an answer of this surface, or a fault: nothing more may be passed on
    kBlocked,      // by a rule: see blocked_by; nothing more may be passed on
    kPass,
  };

  // Appends what may be passed on by now. Text that a token may still begin in is held back: never more than
  // the longest token, and never beyond the field's end. With `respond` rules, also text that is not settled
  // (hpol/stream.h); and fields that the registry of answers does not know are left out.
  Outcome Feed(AnswerEvent event, std::vector<AnswerEvent>& out) noexcept;
  // The answer is complete: appends the rest.
  Outcome Finish(std::vector<AnswerEvent>& out) noexcept;

  TokenCounts counts() const noexcept;

  // Of the `respond` rules, as rows of Tables::respond: the one that blocked the answer (nothing also when
  // something that is to be masked may stand in what could not be read), and those that alert.
  std::optional<uint32_t> blocked_by() const noexcept;
  const std::vector<uint32_t>& alerts() const noexcept;
  // sent ⊔ classify(answer): what caching and logging of it must be cleared for. The label of the request
  // where the policy has no `respond` rules, because then answers are not read.
  Label label() const noexcept;
  // With `keep_text`, what of the answer's texts was passed on. Secret; wiped with the answer.
  const std::string& text() const noexcept;

 private:
  struct State;
  template <typename Run>
  Outcome HandOut(std::vector<AnswerEvent>& out, Run run) noexcept;
  std::unique_ptr<State> state_;
};

}  // namespace hpol
