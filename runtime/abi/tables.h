// The decision IR: flat tables, the seam between compiler and runtime. Written by
// compiler/plan, printed, parsed and verified by compiler/ir, read by the runtime.
// Everything that can be decided is here; native code (artifact.h) only makes it fast.
//
// Rows refer to strings, members and nodes by ranges into shared pools, so that
// the whole is plain data. Indices are checked by ir::Verify, not by readers.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/abi/vocabulary.h"

namespace hpol::ir {

using StringId = uint32_t;  // index into Tables::strings

struct Range {
  uint32_t begin = 0;
  uint32_t count = 0;
};

// Where a rule stands in the source, for reasons and explain.
struct Place {
  StringId file = 0;
  uint32_t line = 0;
  uint32_t begin = 0;  // byte span in the file
  uint32_t end = 0;
};

// `near` or `not near`: words that change the tier of a match when one stands wholly within
// `within` characters (code points of the folded text) before or after it.
struct NearClause {
  bool negated = false;  // lowers the match to a shape; else raises a shape to context
  uint32_t within = 0;
  Range words;  // in Tables::lists: as detect::NormalWord makes them, ascending by bytes, each once
  uint64_t first[4] = {};  // bit b: some word begins with byte b
};

struct Detector {
  StringId name = 0;  // as the policy calls it: `us_ssn`
  Tier firing = Tier::kShape;
  uint32_t validator = 0;   // index into runtime/detect's table; 0 = none
  Range exceptions;         // in Tables::lists: exact published values that are no findings
  bool bounded = false;     // every alternative is bounded (see compiler/pattern)
  uint32_t max_length = 0;  // bytes of the longest match
  Range near{};             // in Tables::near
  uint32_t reach = 0;       // characters on either side of a match that its tier may depend on
  // A match that the validator does not vouch for is a finding only with a word of a clause that is not
  // negated in reach.
  bool needs_near = false;
};

struct Attribute {
  StringId name = 0;
  AttributeType type = AttributeType::kString;
  Source source = Source::kNone;
  bool optional = false;
  Range members;  // in Tables::lists: enum members, in order
};

// A fact compares one variable with constants. `kind` says which fields count; the others
// are zero. A fact on an attribute that is missing is unknown (but kPresent, which is false).
// A fact on findings that is not true is unknown when content was not scanned, also one
// with no detectors.
enum class FactKind : uint8_t {
  kTier,      // some finding of `detectors` has tier >= `number`
  kCount,     // findings of `detectors`, each at its detector's firing tier, summed, >= `number` (at least 1)
  kDistinct,  // different (detector, matched text) among them >= `number` (at least 1)
  kMember,    // enum or bool attribute: its index is one of `members`; false is 0, true is 1
  kText,      // string attribute: equals one of `members`
  kAtLeast,   // int attribute >= `number`; any int64, so INT64_MIN is true whenever it is known
  kHas,       // set attribute holds one of `members` (by index for enums, by text for strings)
  kLabelAtLeast,  // label attribute: `word` flows to it
  kLabelAtMost,   // label attribute: it flows to `word`
  kPresent,       // optional attribute is present; never unknown
  kLevel,         // the request's label: `word` flows to it (level or category test); routes only
  // Of one candidate, or of the request as a whole: only guarantees ask, and they are never run.
  kSentLevel,  // the label sent: `word` flows to it
  kTarget,     // the candidate's target is one of `members`
  kRedaction,  // the candidate's redaction is one of `members`
  kDenied,     // the request has no candidate
  kUndecided,  // no route decides the request
};

struct Fact {
  FactKind kind = FactKind::kTier;
  uint32_t attribute = 0;  // index into attributes, where the kind has one
  Range detectors;         // in Tables::indices, where the kind has some
  Range members;  // kMember, kHas on enums, kTarget, kRedaction: indices in Tables::indices, ascending;
                  // kText, kHas on strings: Tables::lists
  int64_t number = 0;
  uint64_t word = 0;  // a label
  Place place;
};

// A condition in negation normal form, postfix: literals push, kAnd and kOr pop
// `count` values and push one. An empty range is true.
enum class NodeKind : uint8_t { kFact, kNotFact, kAnd, kOr, kTrue, kFalse };
struct Node {
  NodeKind kind = NodeKind::kTrue;
  uint32_t value = 0;  // fact index, or operand count
};

// Classify rows join. Floors come first and are rows like the others: the plan
// writes `otherwise` as the negation of the floors before it.
struct ClassifyRow {
  Range condition;  // in Tables::nodes
  uint64_t word = 0;
  Place place;
  bool trusting_caller = false;  // may be chosen by inputs from the caller; for proofs
};

// A distinct (target, redaction) pair.
struct Candidate {
  uint32_t target = 0;
  uint32_t redaction = 0xffffffff;  // kNoRedaction
};

// Hours of the week in local time: days (bit 0 = Monday), from and to in minutes of the day. Where `to` is
// not after `from`, it is of the next day.
struct Window {
  uint32_t days = 0;
  uint32_t from = 0;
  uint32_t to = 0;
};
struct Schedule {
  StringId name = 0;
  TimeZone zone;
  Range windows;  // in Tables::windows
};

inline constexpr uint32_t kNone = 0xffffffff;

// One thing that ends the use of a step.
struct GaugeLimit {
  Gauge gauge = Gauge::kLoad;
  bool or_equal = false;
  int64_t millionths = 0;
};
// The run-time state under which a step is used; a zeroed one never skips.
struct Gate {
  Range until;  // in Tables::gauges: skipped when any is reached
  uint32_t schedule = kNone;
  bool outside = false;  // used outside of its schedule, not within
};

// How much may be used in a period, counted by the value of one attribute. Once it is exhausted, only
// candidates in the zone `only` may be used; with kNone, none.
struct Limit {
  LimitUnit unit = LimitUnit::kTokens;
  StringId currency = 0;  // of money
  int64_t amount = 0;     // money: millionths
  Period period = Period::kMinute;
  uint32_t attribute = 0;
  uint32_t only = kNone;
  Place place;
};

// Route rows are ordered; a row that may match limits all that follow (DESIGN 2.2.4).
struct RouteRow {
  Range condition;  // in Tables::nodes
  bool deny = false;
  StringId reason = 0;  // of a denial
  Range candidates;     // in Tables::indices: candidate indices in order of preference
  Place place;
  bool trusting_caller = false;  // may be chosen by inputs from the caller; for proofs
  Range gates{};                 // in Tables::gates: one a candidate, or none at all
};

// What must surely be true of the inputs of every request, else it is denied before its content is read.
// Checked in order; about inputs only.
struct RequireRow {
  Range condition;  // in Tables::nodes
  StringId title = 0;
  bool trusting_caller = false;
  Place place;
};

// What was to be proved; never run. Its conditions stand in `proof_nodes` over `proof_facts`, so that no
// runtime computes a fact for it.
struct GuaranteeRow {
  StringId title = 0;
  Range when;      // in Tables::proof_nodes
  Range property;  // in Tables::proof_nodes
  bool never = false;
  bool about_candidates = false;  // demanded of every candidate; else once of every request
  Place place;
};

// What becomes of an answer. All rows that may apply do; the facts are those of the answer and of the
// request's inputs, and the level is that of the answer's label. A mask is over each finding of `detectors`
// with which alone the condition may hold.
struct RespondRow {
  Range condition;  // in Tables::nodes
  RespondAction action = RespondAction::kBlock;
  StringId reason = 0;  // of a block or an alert
  Range detectors;      // in Tables::indices: those in the condition
  Place place;
};

struct RedactionLine {
  RedactionAction action = RedactionAction::kRemove;
  Range detectors;      // in Tables::indices
  uint64_t leaves = 0;  // label of what it writes
};
struct Redaction {
  StringId name = 0;
  Range lines;  // in Tables::redaction_lines
};

struct Zone {
  StringId name = 0;
  bool trusted = false;
  bool tls_required = false;
  uint64_t clearance = 0;
  Range hosts;  // in Tables::lists
};
struct Target {
  StringId name = 0;
  uint32_t zone = 0;
  uint64_t clearance = 0;
  Range models;           // in Tables::lists
  StringId region = 0;    // empty string: none
  uint32_t capacity = 0;  // requests in flight; 0: not limited
};
struct Sink {
  StringId name = 0;
  uint64_t clearance = 0;
};

// strings[0] is always the empty string.
struct Tables {
  StringId policy = 0;
  StringId version = 0;
  uint32_t steps_off = 0;  // bit s: texts are read without step s (runtime/text/steps.h)
  std::vector<std::string> strings;
  std::vector<StringId> lists;       // pool of string references
  std::vector<uint32_t> indices;     // pool of indices into other tables
  std::vector<StringId> levels;      // lowest first
  std::vector<StringId> categories;  // [0] is `pseudonymous`
  std::vector<NearClause> near;
  std::vector<Detector> detectors;
  std::vector<Attribute> attributes;
  std::vector<Fact> facts;
  std::vector<Node> nodes;
  std::vector<ClassifyRow> classify;
  std::vector<RouteRow> route;
  std::vector<Window> windows;
  std::vector<Schedule> schedules;
  std::vector<GaugeLimit> gauges;
  std::vector<Gate> gates;
  std::vector<Limit> limits;
  std::vector<RequireRow> require;
  std::vector<RespondRow> respond;
  std::vector<Fact> proof_facts;
  std::vector<Node> proof_nodes;
  std::vector<GuaranteeRow> guarantees;
  std::vector<Candidate> candidates;
  std::vector<RedactionLine> redaction_lines;
  std::vector<Redaction> redactions;
  std::vector<Zone> zones;
  std::vector<Target> targets;
  std::vector<Sink> sinks;

  std::string_view Text(StringId id) const { return strings[id]; }
  // The label above everything this policy knows.
  Label Top() const {
    const uint64_t categories_mask =
        categories.empty() ? 0 : (((uint64_t{1} << categories.size()) - 1) << 16);
    return {Label::Level(static_cast<int>(levels.size()) - 1).word | categories_mask};
  }
};

}  // namespace hpol::ir
