// HIR: the policy with names resolved and every condition typed, as written. Built
// by compiler/check, read by compiler/plan and by the one written meaning
// (compiler/reference/meaning.h). Holds spans, never AST pointers.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dsl/source/source.h"
#include "runtime/abi/vocabulary.h"

namespace hpol::hir {

using dsl::Span;

struct Attribute {
  std::string name;
  AttributeType type = AttributeType::kString;
  Source source = Source::kNone;
  bool optional = false;
  std::vector<std::string> members;  // of enums
  Span span;
};

struct Pattern {
  std::string text;
  Span span;  // of the literal; byte i of `text` stands at span.begin + 1 + i
  bool bounded = false;
  bool ignoring_case = false;
};

// Words of one `words` clause, folded as texts are, each matched as a whole word. Ignoring case means ASCII
// letters: a word with other letters that have case stands here in all its forms, or among the patterns.
struct WordList {
  std::vector<std::string> words;
  bool ignoring_case = false;
  Span span;
};

// `near`, `needs near`, `not near`: words as written, but folded as texts are.
struct Near {
  bool negated = false;
  bool needed = false;
  std::vector<std::string> words;
  uint32_t within = 0;  // characters
  Span span;
};

// How bad a leak of such a value is, in the eyes of the detector's author. For reports; no rule reads it.
enum class Severity : uint8_t { kNone, kLow, kMedium, kHigh, kCritical };
inline constexpr Severity kSeverities[] = {Severity::kLow, Severity::kMedium, Severity::kHigh,
                                           Severity::kCritical};
// As it is written after `severity`; nothing for kNone.
constexpr std::string_view SeverityName(Severity severity) {
  constexpr std::string_view kNames[] = {"", "low", "medium", "high", "critical"};
  return kNames[static_cast<size_t>(severity)];
}

struct Sample {
  std::string text;
  Span span;
};

// Patterns and word lists are alternatives of one detector.
struct Detector {
  std::string name;  // as diagnostics and reports call it
  std::vector<Pattern> patterns;
  std::vector<WordList> words;
  uint32_t validator = 0;  // runtime/detect/validators.h; 0 = none
  std::vector<std::string> exceptions;
  std::vector<Sample> matches;
  std::vector<Sample> rejects;
  std::vector<Near> near;
  // A match that the validator does not vouch for is a finding only with a word of `near` in reach.
  bool needs_near = false;
  // What is written, else kChecksum with a validator, else kContext with `near`, else kShape.
  Tier firing = Tier::kShape;
  Severity severity = Severity::kNone;
  std::string suggests;  // the label that its author recommends, as `confidential + pii`; a pack's need not
                         // exist here
  Span span;             // of the name in its declaration
};

enum class CompareOp : uint8_t { kEqual, kNotEqual, kLess, kLessEqual, kGreater, kGreaterEqual };

// Whose label an atom asks about. Only a guarantee asks about what a candidate would be sent.
enum class LabelOf : uint8_t { kRequest, kSent, kAnswer };

// One typed comparison of one variable with constants.
struct Atom {
  enum class Kind : uint8_t {
    kDetector,  // tier of any of `detectors` >= its firing tier (`at_firing`), or op `tier`
    kCount,     // sum of counts of `detectors`, op number
    kDistinct,  // sum of distinct texts of `detectors`, op number
    kBool,      // bool attribute is true
    kCompare,   // int attribute op number; label attribute op label (kGreaterEqual, kLessEqual, kEqual)
    kIn,        // enum attribute's index in `members`, or string attribute's text in `texts`
    kHas,       // set attribute holds one of `members` / `texts`
    kPresent,   // optional attribute is present
    kLevel,     // the level of `whose` label op label.level()
    kCategory,  // `whose` label has the category in `label`
    // Only in guarantees. What is asked of a candidate is known of each; of a request that has none it is
    // false.
    kLabel,      // `whose` label op `label` (kGreaterEqual, kLessEqual, kEqual)
    kTarget,     // the target is one of `members`
    kZone,       // the target's zone is one of `members`
    kTrusted,    // the target's zone is trusted
    kRegion,     // the target's region is one of `texts`
    kRedaction,  // the redaction is one of `members`
    kDenied,     // the request has no candidate
    kUndecided,  // no route decides the request
  };
  Kind kind = Kind::kDetector;
  CompareOp op = CompareOp::kGreaterEqual;
  AttributeId attribute;
  std::vector<DetectorId> detectors;
  bool at_firing = true;
  Tier tier = Tier::kShape;
  int64_t number = 0;
  Label label;
  LabelOf whose = LabelOf::kRequest;
  std::vector<uint32_t> members;  // indices of enum members, targets, zones, redactions
  std::vector<std::string> texts;
};

// Conditions are a tree over atoms. `x != y` and `not in` are kNot over the atom.
struct Expr {
  enum class Kind : uint8_t { kTrue, kFalse, kAtom, kNot, kAnd, kOr };
  Kind kind = Kind::kTrue;
  Atom atom;
  std::vector<Expr> operands;
  Span span;
};

// Floors are read top down, first match; a null condition is `otherwise`.
struct Floor {
  std::optional<Expr> condition;
  Label label;
  Span span;
};
struct Raise {
  Expr condition;
  Label label;
  Span span;
  bool trusting_caller = false;  // the rule may be chosen by what the caller says
};

struct Zone {
  std::string name;
  bool trusted = false;
  bool tls_required = false;
  Label clearance;
  std::vector<std::string> hosts;
  Span span;
  Span clearance_span;
};
struct Target {
  std::string name;
  ZoneId zone;
  Label clearance;
  std::vector<std::string> models;
  std::string region;
  std::optional<int64_t> price;  // millionths of `currency` for 1M prompt + 1M answer tokens
  std::string currency;
  uint32_t capacity = 0;
  Span span;
  Span clearance_span;
};
struct Sink {
  std::string name;
  Label clearance;
  Span span;
};

struct RedactionLine {
  RedactionAction action = RedactionAction::kRemove;
  std::vector<DetectorId> detectors;
  Label leaves;  // `pseudonymous` already joined for reversible actions
  Span span;
};
struct Redaction {
  std::string name;
  std::vector<RedactionLine> lines;
  Span span;
};

// `until load > 0.9`: ends the use of a step when the gauge is above (load) or below (the others) the share.
struct GaugeLimit {
  Gauge gauge = Gauge::kLoad;
  bool or_equal = false;
  int64_t millionths = 0;
};

// One way to send: `cheapest of` is already put in order of price by check. Run-time state may skip a step,
// never add one (DESIGN 2.2.5).
struct Step {
  TargetId target;
  RedactionId redaction = kNoRedaction;
  Span span;                                        // the narrowest text that names this target
  std::vector<GaugeLimit> until{};                  // skipped when any is reached
  std::optional<uint32_t> schedule = std::nullopt;  // index into Policy::schedules
  bool outside = false;                             // used outside of the schedule, not within
};
struct Route {
  std::optional<Expr> condition;  // none: `otherwise`
  bool deny = false;
  std::string reason;
  std::vector<Step> steps;  // in order of preference
  Span span;
  Span action_span;
  bool trusting_caller = false;  // the rule may be chosen by what the caller says
};

// What becomes of an answer: every rule that may apply does. A mask is over each finding of `detectors` with
// which alone the condition may hold; the others look at all that has been found so far.
struct RespondRule {
  Expr condition;
  RespondAction action = RespondAction::kBlock;
  std::string reason;                 // of a block or an alert
  std::vector<DetectorId> detectors;  // those in the condition
  Span span;
};

// Hours of the week in local time: days (bit 0 = Monday), minutes of the day. Where `to` is not after `from`,
// it is of the next day.
struct Window {
  uint32_t days = 0;
  uint32_t from = 0;
  uint32_t to = 0;
};
struct Schedule {
  std::string name;
  std::string zone_name;
  TimeZone zone;
  std::vector<Window> windows;
  Span span;
};

// How much may be used in a period, counted by the value of one input. Once exhausted, only targets in the
// zone `only` may be used; without it, none.
struct Limit {
  LimitUnit unit = LimitUnit::kTokens;
  std::string currency;  // of money
  int64_t amount = 0;    // money: millionths
  Period period = Period::kMinute;
  AttributeId attribute;
  std::optional<ZoneId> only;
  Span span;
};

// What every request must be: inputs only, and surely true, else the request is denied with `title` before
// its content is read. So whatever is proved may take it for true.
struct Requirement {
  std::string title;
  Expr condition;
  bool trusting_caller = false;
  Span span;  // of the condition
};

// To be proved of every request that is not turned away at the door. Pessimistic (DESIGN 2.2.8): `never P`
// holds where P is surely false; `always P` where P is surely true; with `when C`, only unless C is surely
// false.
struct Guarantee {
  std::string title;
  std::optional<Expr> when;
  bool never = false;
  Expr property;
  // `when` or `property` asks about the target, its zone, the redaction or the label sent: demanded of every
  // candidate of every request. Else demanded once of every request.
  bool about_candidates = false;
  Span span;        // the whole
  Span title_span;  // of the title, quotes included
};

struct GivenAttribute {
  AttributeId attribute;
  std::vector<std::string> values;
};
struct Test {
  enum class Outcome : uint8_t { kNone, kDenied, kUndecided, kUnavailable, kSent };
  std::string title;
  std::string prompt;
  std::vector<GivenAttribute> given;
  std::vector<TargetId> down;
  // The share of a target's gauges, in millionths; what is not said is idle and healthy.
  struct Measured {
    TargetId target;
    Gauge gauge = Gauge::kLoad;
    int64_t millionths = 0;
  };
  std::vector<Measured> measured;
  int64_t left = 1'000'000;     // of every limit, in millionths
  std::optional<int64_t> time;  // seconds since 1970, UTC
  Label label;
  Outcome outcome = Outcome::kNone;
  std::optional<std::string> reason;
  TargetId target;
  RedactionId redaction = kNoRedaction;
  Span span;
  Span label_span;
  Span outcome_span;
};

struct Policy {
  std::string name;
  std::string version;
  std::vector<std::string> levels;      // lowest first
  std::vector<std::string> categories;  // [0] is the built-in `pseudonymous`
  uint32_t steps_off = 0;               // bit s: texts are read without step s (runtime/text/steps.h)
  std::vector<Attribute> attributes;
  std::vector<Detector>
      detectors;  // only those that some rule, redaction or test needs, or that the policy declares itself
  std::vector<Floor> floors;
  std::vector<Raise> raises;
  std::vector<Zone> zones;
  std::vector<Target> targets;
  std::vector<Sink> sinks;
  std::vector<Redaction> redactions;
  std::vector<Route> routes;
  std::vector<RespondRule> responds;
  std::vector<Schedule> schedules;
  std::vector<Limit> limits;
  std::vector<Requirement> requirements;
  std::vector<Guarantee> guarantees;
  std::vector<Test> tests;
};

// Prints a policy in a stable, readable form: `--dump=hir`.
std::string Print(const Policy& policy, const dsl::SourceMap& sources);

// A condition in one line, for reports.
std::string ExprText(const Expr& expr, const Policy& policy);

// The label above everything that the policy knows: what unscanned content has.
Label TopLabel(const Policy& policy);

// What `+ all` stands for, the built-in `pseudonymous` included.
Label AllCategories(size_t category_count);

// `confidential + pii`: how every report writes a label. All categories are written as `+ all`.
std::string LabelText(Label label, const std::vector<std::string>& levels,
                      const std::vector<std::string>& categories);

}  // namespace hpol::hir
