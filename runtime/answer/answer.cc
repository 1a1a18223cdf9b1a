// Answer: events in, fields through their restorers, events out. The door is hpol/answer.h.
#include "hpol/answer.h"

#include <algorithm>
#include <charconv>
#include <map>
#include <optional>

#include "runtime/answer/event.h"
#include "runtime/answer/judge.h"
#include "runtime/answer/mask.h"
#include "runtime/answer/restore.h"
#include "runtime/redact/redact.h"
#include "runtime/text/wipe.h"

namespace hpol {

using answer::Change;
using answer::Event;
using answer::Field;
using answer::Restorer;
using answer::Role;
using answer::TextKind;

namespace {

bool IsPart(Role role) { return role == Role::kProse || role == Role::kJson; }
bool IsWhole(Role role) {
  return role == Role::kProseWhole || role == Role::kJsonWhole || role == Role::kArguments;
}
TextKind KindOf(Role role) {
  if (role == Role::kArguments) return TextKind::kToolString;
  return role == Role::kJson || role == Role::kJsonWhole ? TextKind::kJson : TextKind::kProse;
}

// The text of one field that comes in parts. While something is held back, the last event with a part of it
// is kept: should the text end without another part, the rest goes out in a copy of that event.
struct Text {
  Text(const std::shared_ptr<const Engine>& engine, answer::Judge& judge, answer::Tokens& tokens,
       TextKind kind, bool admitted, std::string a_chain)
      : masker(engine, judge), restorer(tokens, kind, admitted), chain(std::move(a_chain)) {}
  ~Text() {
    text::Wipe(carrier.data);
    text::Wipe(passed);
  }
  Text(const Text&) = delete;
  Text& operator=(const Text&) = delete;

  // First what the model wrote is read, then what is left of it gets the caller's values.
  void Feed(std::string_view text, std::string& out) {
    passed.clear();
    masker.Feed(text, passed);
    restorer.Feed(passed, out);
  }
  void Finish(std::string& out) {
    passed.clear();
    masker.Finish(passed);
    restorer.Feed(passed, out);
    restorer.Finish(out);
  }
  bool holds() const { return masker.held() + restorer.held() != 0; }

  answer::Masker masker;
  std::string passed;
  Restorer restorer;
  const std::string chain;
  AnswerEvent carrier;
  std::vector<Change> emptied;  // the carrier without any text
  size_t own = 0;               // which of them is this text
};

}  // namespace

struct Answer::State {
  State(std::shared_ptr<const Engine> an_engine, const AnswerTo& to, std::string_view key,
        const decide::Index& index)
      : engine(std::move(an_engine)),
        surface(to.surface),
        stream(to.stream),
        keep_text(to.keep_text),
        label(to.label),
        judge(engine->tables(), index, to.attributes, to.sent_label),
        tokens(engine->tables(), key, to.scope, to.minted) {}

  bool idle() const { return (tokens.none() && !judge.active() && !keep_text) || !answer::HasText(surface); }
  bool Feed(AnswerEvent&& in, std::vector<AnswerEvent>& out);
  void NoteTools(std::string_view data);
  bool Admits(std::string_view tool) const;
  bool Ended(std::string_view chain) const;
  bool Admitted(const Field& field) const {
    const auto tool = admitted.find(field.chain);
    return tool != admitted.end() && tool->second;
  }
  void TakeWhole(const Field& field);
  void TakePart(const Field& field, const AnswerEvent& in);
  void Replace(const Field& field);
  void Keep(Text& text, const Field& field, const AnswerEvent& in);
  void Flush(std::string_view chain, std::vector<AnswerEvent>& out);
  void Number(std::string_view data);

  const std::shared_ptr<const Engine> engine;
  const Surface surface;
  const bool stream;
  const bool keep_text;
  const Label label;
  answer::Judge judge;
  answer::Tokens tokens;
  Event event;
  std::map<std::string, Text, std::less<>> texts;     // by field and chain
  std::map<std::string, bool, std::less<>> admitted;  // tools, by chain
  std::vector<Change> changes;
  std::string read;
  std::string written;
  std::string kept;
  uint64_t inserted = 0;         // events that were not the model's
  std::optional<uint64_t> next;  // the number of the next event, where they are counted
};

bool Answer::State::Admits(std::string_view tool) const {
  const ir::Tables& tables = engine->tables();
  return std::any_of(tables.sinks.begin(), tables.sinks.end(), [&](const ir::Sink& sink) {
    return tables.Text(sink.name) == tool && label.FlowsTo({sink.clearance});
  });
}

// Names come before arguments, or beside them in the same event.
void Answer::State::NoteTools(std::string_view data) {
  for (const Field& field : event.fields()) {
    if (field.role != Role::kTool) continue;
    Event::Unescape(data, field, read);
    if (!read.empty()) admitted.insert_or_assign(field.chain, Admits(read));
  }
}

bool Answer::State::Ended(std::string_view chain) const {
  return std::any_of(event.ends().begin(), event.ends().end(),
                     [chain](const std::string& end) { return chain.starts_with(end); });
}

// `written` instead of `read`.
void Answer::State::Replace(const Field& field) {
  if (keep_text) kept.append(written);
  if (written == read) return;
  Change change{field.begin, field.end, {}};
  redact::AppendJsonEscaped(written, change.text);
  changes.push_back(std::move(change));
}

void Answer::State::TakeWhole(const Field& field) {
  Text text(engine, judge, tokens, KindOf(field.role), Admitted(field), {});
  text.Feed(read, written);
  text.Finish(written);
  Replace(field);
}

void Answer::State::TakePart(const Field& field, const AnswerEvent& in) {
  const std::string key = field.name + '|' + field.chain;
  const auto found =
      texts.try_emplace(key, engine, judge, tokens, KindOf(field.role), Admitted(field), field.chain).first;
  Text& text = found->second;
  text.Feed(read, written);
  const bool ended = Ended(field.chain);
  if (ended) text.Finish(written);
  Replace(field);
  if (ended) {
    texts.erase(found);
  } else if (text.holds()) {
    Keep(text, field, in);
  }
}

void Answer::State::Keep(Text& text, const Field& field, const AnswerEvent& in) {
  text.carrier = in;
  text.emptied.clear();
  for (const Field& other : event.fields()) {
    if (!IsPart(other.role)) continue;
    if (&other == &field) text.own = text.emptied.size();
    text.emptied.push_back({other.begin, other.end, {}});
  }
  if (event.sequence_end() != event.sequence_begin()) {
    text.emptied.push_back({event.sequence_begin(), event.sequence_end(), "#"});
    std::sort(text.emptied.begin(), text.emptied.end(),
              [](const Change& a, const Change& b) { return a.begin < b.begin; });
    for (size_t i = 0; i < text.emptied.size(); ++i) {
      if (text.emptied[i].begin == field.begin) text.own = i;
    }
  }
}

// What is held back of the texts of a chain goes out; they are over.
void Answer::State::Flush(std::string_view chain, std::vector<AnswerEvent>& out) {
  for (auto at = texts.begin(); at != texts.end();) {
    Text& text = at->second;
    if (!text.chain.starts_with(chain)) {
      ++at;
      continue;
    }
    written.clear();
    text.Finish(written);
    if (keep_text) kept.append(written);
    if (!written.empty()) {
      for (Change& change : text.emptied) {
        if (change.text == "#") change.text = std::to_string(next.value_or(0) + inserted);
      }
      redact::AppendJsonEscaped(written, text.emptied[text.own].text);
      out.push_back({text.carrier.name, Event::Write(text.carrier.data, text.emptied)});
      ++inserted;
    }
    at = texts.erase(at);
  }
}

// Events that are counted go on being counted without a gap.
void Answer::State::Number(std::string_view data) {
  const uint32_t begin = event.sequence_begin();
  const uint32_t end = event.sequence_end();
  if (begin == end) return;
  uint64_t number = 0;
  std::from_chars(data.data() + begin, data.data() + end, number);
  next = number;
}

bool Answer::State::Feed(AnswerEvent&& in, std::vector<AnswerEvent>& out) {
  const bool done = in.data == "[DONE]";
  if (done) Flush("", out);
  if (done || in.data.empty()) {
    out.push_back(std::move(in));
    return true;
  }
  if (!event.Read(surface, in.data)) return false;
  if (judge.active() && !event.unknown().empty()) {
    std::string known = Event::Write(in.data, event.unknown());
    text::Wipe(in.data);
    in.data = std::move(known);
    if (!event.Read(surface, in.data)) return false;
  }
  NoteTools(in.data);
  Number(in.data);
  changes.clear();
  for (const Field& field : event.fields()) {
    if (!IsPart(field.role) && !IsWhole(field.role)) continue;
    Event::Unescape(in.data, field, read);
    written.clear();
    stream&& IsPart(field.role) ? TakePart(field, in) : TakeWhole(field);
  }
  for (const std::string& chain : event.ends()) Flush(chain, out);
  const bool numbered = event.sequence_begin() != event.sequence_end();
  if (numbered && inserted != 0) {
    changes.push_back({event.sequence_begin(), event.sequence_end(), std::to_string(*next + inserted)});
    std::sort(changes.begin(), changes.end(),
              [](const Change& a, const Change& b) { return a.begin < b.begin; });
  }
  if (!changes.empty()) {
    std::string data = Event::Write(in.data, changes);
    text::Wipe(in.data);
    in.data = std::move(data);
  }
  if (numbered) ++*next;
  out.push_back(std::move(in));
  return true;
}

Answer::Answer(std::shared_ptr<const Engine> engine, const AnswerTo& to) {
  const std::string& key = engine->pseudonym_key_;
  const decide::Index& index = *engine->index_;
  state_ = std::make_unique<State>(std::move(engine), to, key, index);
}
Answer::~Answer() {
  if (state_ == nullptr) return;
  text::Wipe(state_->read);
  text::Wipe(state_->written);
  text::Wipe(state_->kept);
}
Answer::Answer(Answer&&) noexcept = default;
Answer& Answer::operator=(Answer&&) noexcept = default;

bool Answer::idle() const noexcept { return state_->idle(); }
TokenCounts Answer::counts() const noexcept { return state_->tokens.counts; }

std::optional<uint32_t> Answer::blocked_by() const noexcept { return state_->judge.blocked_by(); }
const std::vector<uint32_t>& Answer::alerts() const noexcept { return state_->judge.alerts(); }
const std::string& Answer::text() const noexcept { return state_->kept; }
Label Answer::label() const noexcept { return state_->judge.label(); }

namespace {

void Drop(std::vector<AnswerEvent>& events) {
  for (AnswerEvent& event : events) text::Wipe(event.data);
  events.clear();
}

}  // namespace

// What a rule blocks is found before anything of it has left: events are handed out when all of them were
// read.
template <typename Run>
Answer::Outcome Answer::HandOut(std::vector<AnswerEvent>& out, Run run) noexcept {
  std::vector<AnswerEvent> ready;
  try {
    Outcome outcome = run(ready) ? Outcome::kPass : Outcome::kGarbage;
    if (outcome == Outcome::kPass && !state_->judge.Allows()) outcome = Outcome::kBlocked;
    if (outcome == Outcome::kPass) {
      for (AnswerEvent& event : ready) out.push_back(std::move(event));
      return outcome;
    }
    Drop(ready);
    return outcome;
  } catch (...) {
    Drop(ready);
    return Outcome::kGarbage;
  }
}

Answer::Outcome Answer::Feed(AnswerEvent event, std::vector<AnswerEvent>& out) noexcept {
  return HandOut(out, [&](std::vector<AnswerEvent>& ready) {
    if (!state_->idle()) return state_->Feed(std::move(event), ready);
    ready.push_back(std::move(event));
    return true;
  });
}

Answer::Outcome Answer::Finish(std::vector<AnswerEvent>& out) noexcept {
  return HandOut(out, [&](std::vector<AnswerEvent>& ready) {
    state_->Flush("", ready);
    return true;
  });
}

}  // namespace hpol
