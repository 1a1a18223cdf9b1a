// The door for whoever embeds hpol: an Engine decides which target may see a request.
//
//   thread_local hpol::Scratch scratch;
//   const hpol::Decision& decision = engine.Decide(request, scratch);
//   if (decision.verdict() == hpol::Verdict::kSend)
//     for (size_t i = 0; i < decision.candidates().size(); ++i) {
//       if (engine.Now(i, decision, state) != hpol::Availability::kUsable) continue;
//       hpol::Outbound outbound = engine.Render(i, {.model = "qwen2.5-72b"}, scratch);
//       if (outbound.allowed && Forward(decision.candidates()[i].target, outbound.body)) break;
//     }
//
// Zero is safe everywhere: a zeroed verdict denies, a zeroed Outbound is not allowed.
// Nothing here throws. Reasons and errors carry names and offsets, never text.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "hpol/result.h"
#include "runtime/abi/artifact.h"
#include "runtime/abi/filter.h"
#include "runtime/abi/openings.h"
#include "runtime/abi/tables.h"
#include "runtime/abi/vocabulary.h"

namespace hpol {

namespace decide {
struct Index;
struct Values;
}  // namespace decide

// How `Request::body` is to be read. A surface is one kind of request body; a dialect, which a model server
// speaks, has several.
enum class Surface : uint8_t {
  kText = 0,              // the body is one piece of plain UTF-8 text
  kOpenAiChat,            // the JSON body of POST /v1/chat/completions
  kOpenAiResponses,       // POST /v1/responses
  kOpenAiCompletions,     // POST /v1/completions
  kOpenAiEmbeddings,      // POST /v1/embeddings
  kAnthropicMessages,     // POST /v1/messages
  kAnthropicCountTokens,  // POST /v1/messages/count_tokens
  kOllamaChat,            // POST /api/chat
  kOllamaGenerate,        // POST /api/generate
  kOllamaEmbed,           // POST /api/embed
  // Only sent to targets, as translations of the ones above.
  kBedrockConverse,  // POST /model/ID/converse
  kDashScopeChat,    // POST /services/aigc/text-generation/generation
};
inline constexpr size_t kSurfaceCount = 12;

// How command lines, receipts and metrics write them.
constexpr std::string_view SurfaceName(Surface surface) {
  constexpr std::string_view kNames[kSurfaceCount] = {
      "text",
      "openai_chat",
      "openai_responses",
      "openai_completions",
      "openai_embeddings",
      "anthropic_messages",
      "anthropic_count_tokens",
      "ollama_chat",
      "ollama_generate",
      "ollama_embed",
      "bedrock_converse",
      "dashscope_chat",
  };
  const auto index = static_cast<size_t>(surface);
  return index < kSurfaceCount ? kNames[index] : "unknown";
}

// One typed fact about the request. Scalars have one value; sets any number.
// Spelling: bool `true`/`false`, int decimal, enum its member, label `level` or `level+category+…`.
struct Attribute {
  std::string_view name;
  Source source = Source::kNone;  // a value from any other source than declared is missing
  std::span<const std::string_view> values;
};

class AttributeSet;

// All views must stay valid until the decision is no longer used.
struct Request {
  Surface surface = Surface::kText;
  std::string_view body;
  std::span<const Attribute> attributes;
  bool unscanned = false;  // the embedder dropped or could not read some content
  // Instead of `attributes`, when not null: read once, for any number of requests.
  const AttributeSet* interned = nullptr;
  // What this conversation holds beside the body: earlier turns and answers (hpol/conversation.h). Joins the
  // label, and no redaction takes it away (DESIGN 2.2.11).
  Label conversation{};
  // The findings themselves are not wanted. Where none of them could change label, verdict or candidates,
  // the text is not scanned: see Decision::scanned.
  bool lazy = false;
};

struct Finding {
  DetectorId detector;
  Tier tier = Tier::kShape;
  // Bytes of Request::body, from the first to the last byte that the finding touches. A finding
  // found only in a joined view spans more than one piece; its `pieces` in the scratch are exact.
  uint32_t begin = 0;
  uint32_t end = 0;
  friend bool operator==(const Finding&, const Finding&) = default;
};

enum class Verdict : uint8_t { kDeny = 0, kSend = 1 };

enum class DenyCause : uint8_t {
  kInternal = 0,  // a fault inside the engine
  kBody,          // the surface refused the body; see Refusal
  kInput,         // a required attribute is missing or ill-typed
  kRule,          // a `deny` rule
  kUndecided,     // no rule applies
  kUnknownFact,   // rules that may apply leave no common candidate
  kNotCleared,    // candidates remain, none is cleared for what would be sent
  kRequire,       // a `require` is not surely true of the inputs
};

// How every report, receipt and metric writes them.
constexpr std::string_view VerdictName(Verdict verdict) {
  return verdict == Verdict::kSend ? "send" : "deny";
}
constexpr std::string_view CauseName(DenyCause cause) {
  switch (cause) {
    case DenyCause::kInternal:
      return "internal";
    case DenyCause::kBody:
      return "body";
    case DenyCause::kInput:
      return "input";
    case DenyCause::kRule:
      return "rule";
    case DenyCause::kUndecided:
      return "undecided";
    case DenyCause::kUnknownFact:
      return "unknown_fact";
    case DenyCause::kNotCleared:
      return "not_cleared";
    case DenyCause::kRequire:
      return "require";
  }
  return "internal";
}

// Why a body was refused. `field` is a path such as `messages[0].content[1].type`;
// it may hold text of the caller (a JSON key), so it goes to the caller and nowhere else.
enum class RefusalKind : uint8_t {
  kNone = 0,
  kMalformed,     // not one unambiguous JSON document (THREATS rule J)
  kUnregistered,  // a field that the registry does not know (rule F)
  kTool,          // a tool or search that the server would run
  kFetch,         // a URL or file that the server would fetch
  kStorage,       // state kept at the provider
  kPlacement,     // where and how the provider runs it
  kType,          // a registered field with a value of the wrong type
  kMissing,       // a required field is absent
};
struct Refusal {
  RefusalKind kind = RefusalKind::kNone;
  std::string field;
  std::string message;  // for the caller, without request text
};

// One rule that took part. `table` tells rows of which table of Tables; a kRequire row is one that was not
// met.
struct Reason {
  enum class Table : uint8_t { kClassify, kRoute, kRequire } table = Table::kClassify;
  uint32_t row = 0;
  bool unknown = false;  // it may apply: some fact is unknown
  friend bool operator==(const Reason&, const Reason&) = default;
};

// A (target, redaction) pair that the run-time may use, best first.
struct Candidate {
  CandidateId id;
  TargetId target;
  RedactionId redaction = kNoRedaction;
  Label sent_label;  // (a) of DESIGN 2.2.6, ⊔ what the redaction leaves
  friend bool operator==(const Candidate&, const Candidate&) = default;
};

// What is known of the run time when a candidate is chosen. It skips candidates and never adds one
// (DESIGN 2.2.5). Shares are in millionths; what is not known is kUnknownShare.
inline constexpr int64_t kUnknownShare = -1;
struct TargetState {
  bool up = true;
  int64_t load = kUnknownShare;    // requests in flight over capacity
  int64_t health = kUnknownShare;  // recent attempts that were answered
};
struct RunState {
  int64_t now = -1;  // seconds since 1970, UTC; negative: unknown
  std::span<const TargetState>
      targets{};                    // by TargetId; those beyond its end are up, and nothing is known of them
  std::span<const int64_t> left{};  // by Tables::limits: what is left for this request; beyond: unknown
};

// Whether a candidate may be used now. An unknown load or health skips nothing; an unknown time skips what a
// schedule binds; an unknown budget counts as exhausted for untrusted zones.
enum class Availability : uint8_t {
  kNoCandidate = 0,
  kDown,
  kLimit,     // a limit is exhausted
  kSchedule,  // not in its hours
  kGauge,     // its `until` is reached
  kUsable,
};

class Decision {
 public:
  Verdict verdict() const { return verdict_; }
  DenyCause cause() const { return cause_; }
  Label label() const { return label_; }
  const std::vector<Candidate>& candidates() const { return candidates_; }
  const std::vector<Reason>& reasons() const { return reasons_; }
  const std::vector<Finding>& findings() const { return findings_; }
  const Refusal& refusal() const { return refusal_; }
  bool unscanned() const { return unscanned_; }
  // False: the body was not searched for findings, because the request was refused before, or because it is
  // `lazy` and they could not matter. Then no rule that asks for findings is among the reasons.
  bool scanned() const { return scanned_; }
  // Facts (indices into Tables::facts) that were unknown and mattered to a kUnknownFact denial.
  const std::vector<uint32_t>& unknown_facts() const { return unknown_facts_; }
  // The attribute that a kInput denial is about.
  AttributeId bad_input() const { return bad_input_; }

 private:
  friend class Engine;
  friend class DecisionBuilder;
  Verdict verdict_ = Verdict::kDeny;
  DenyCause cause_ = DenyCause::kInternal;
  bool unscanned_ = false;
  bool scanned_ = false;
  Label label_;
  AttributeId bad_input_;
  std::vector<Candidate> candidates_;
  std::vector<Reason> reasons_;
  std::vector<Finding> findings_;
  std::vector<uint32_t> unknown_facts_;
  Refusal refusal_;
};

// What a target is called on the wire, and for whom the body is made.
struct Destination {
  std::string_view model;  // replaces the client's model (THREATS rule P)
  // Within which a value has one token: tenant, caller and conversation, as bytes. Bodies of one scope can be
  // linked by their tokens, bodies of two cannot.
  std::string_view scope{};
  // The request in another dialect, made from the original body, and what kind of body that is. When not
  // empty this is what is read, redacted, read again and sent; what it holds beyond the original counts.
  std::string_view translated{};
  Surface translated_surface = Surface::kText;
};

// A token that stands in an outbound body for a value of the original, and may be put back in the answer to
// it.
struct Token {
  std::string_view token;  // without its brackets: `email_qkzhtwvoapxnbd`
  std::string_view value;  // as the caller wrote it, first
  DetectorId detector;
  RedactionAction action = RedactionAction::kPseudonym;
};

// The only body on offer: made from the original for one candidate, scanned again,
// and allowed only when its label flows to the target's clearance.
struct Outbound {
  bool allowed = false;
  std::string_view body;  // empty unless allowed; valid until the next Render or Decide on the scratch
  Label sent_label;       // (a) ⊔ (b)
  // What a redaction wrote that can be undone, each once. Secret; as long valid as the body.
  std::span<const Token> minted;
};

// Working memory of one request at a time; grows to fit and is then reused. Not
// thread-safe. May be used with any engine, one after the other; wiped on destruction.
class Scratch {
 public:
  Scratch();
  ~Scratch();
  Scratch(Scratch&&) noexcept;
  Scratch& operator=(Scratch&&) noexcept;

  struct State;  // private to runtime/decide
  State& state() { return *state_; }

 private:
  std::unique_ptr<State> state_;
};

// A compiled policy: tables, native code, and whatever keeps that code alive.
struct Program {
  std::shared_ptr<const ir::Tables> tables;
  const hpol_artifact* artifact = nullptr;
  std::shared_ptr<const void> owner;
  // Where matches can begin (runtime/abi/filter.h). Null: every byte is looked at. Speed alone depends on it.
  std::shared_ptr<const filter::Program> filter = nullptr;
  // How matches begin (runtime/abi/openings.h). Null: findings in streams become final later.
  std::shared_ptr<const Openings> openings = nullptr;
};

class Engine;

// Attributes of one caller in the engine's own numbers: made once, used for any number of decisions. All are
// missing at first. Every Set returns whether the attribute now has a value: it has none when the value is
// not spelled as declared, and keeps what it had when the source is not the declared one. Not thread-safe
// while it is changed. An engine takes another engine's set for one in which everything is missing.
class AttributeSet {
 public:
  explicit AttributeSet(const Engine& engine);
  ~AttributeSet();
  AttributeSet(AttributeSet&&) noexcept;
  AttributeSet& operator=(AttributeSet&&) noexcept;

  // Nothing allocates once the set has held as much before.
  void Clear() noexcept;
  // As in hpol::Attribute; sets take any number of values.
  bool Set(AttributeId attribute, Source source, std::string_view value) noexcept;
  bool Set(AttributeId attribute, Source source, std::span<const std::string_view> values) noexcept;
  bool SetInt(AttributeId attribute, Source source, int64_t value) noexcept;
  bool SetBool(AttributeId attribute, Source source, bool value) noexcept;
  // An enum's member by its place in the declaration.
  bool SetMember(AttributeId attribute, Source source, uint32_t member) noexcept;

 private:
  friend class Engine;
  bool Declared(AttributeId attribute, Source source) const noexcept;
  std::shared_ptr<const decide::Index> index_;
  std::unique_ptr<decide::Values> values_;
};

// What Decide would say of a request without content, and the rule that says it. No reasons: for those,
// decide. Zero denies.
struct Choice {
  static constexpr uint32_t kNoRow = 0xffffffff;
  Verdict verdict = Verdict::kDeny;
  DenyCause cause = DenyCause::kInternal;
  Label label;
  uint32_t row = kNoRow;  // of Tables::route; none when no rule surely applies
  AttributeId bad_input;  // of a kInput denial
  // Indices into Tables::candidates, best first; all cleared for `label`. Valid until the scratch is next
  // used.
  std::span<const uint32_t> candidates;
};

// Immutable and shared by all threads. Replace it by swapping a shared_ptr<const Engine>.
class Engine {
 public:
  // Refuses an artifact of another ABI or with another number of detectors.
  // `pseudonym_key`: secret from which tokens are derived; empty makes a random one.
  static Result<std::shared_ptr<const Engine>> Make(Program program, std::string pseudonym_key = {});

  // Total: any fault inside is a denial. The decision lives in the scratch until its next use.
  const Decision& Decide(const Request& request, Scratch& scratch) const noexcept;

  // Whether candidate `index` of a decision that this engine made may be used now. Ask before every attempt.
  Availability Now(size_t index, const Decision& decision, const RunState& state) const noexcept;

  // The same from attributes alone, in nanoseconds. Leaves no decision in the scratch to render.
  Choice Choose(const AttributeSet& attributes, Scratch& scratch) const noexcept;

  // For AttributeSet. Nothing when the policy declares no such attribute.
  std::optional<AttributeId> FindAttribute(std::string_view name) const noexcept;

  // The body for candidate `index` of the decision that Decide left in `scratch` (same engine).
  // Checks clearance again; call it for every attempt.
  Outbound Render(size_t index, const Destination& destination, Scratch& scratch) const noexcept;

  // Findings of all detectors in plain text, sorted by (begin, end, detector): for `hpol scan`.
  // False, with no findings, when the text could not be scanned: that is not "nothing found".
  bool Scan(std::string_view text, Scratch& scratch, std::vector<Finding>& findings) const noexcept;

  const ir::Tables& tables() const { return *program_.tables; }

 private:
  friend class Answer;
  friend class AttributeSet;
  friend class StreamScanner;
  Engine(Program program, std::string pseudonym_key, std::shared_ptr<const decide::Index> index);
  Program program_;
  std::string pseudonym_key_;
  std::shared_ptr<const decide::Index> index_;
};

}  // namespace hpol
