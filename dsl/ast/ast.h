// The AST: what was written, with spans; no types, no meaning. Built by
// dsl/parse, read by compiler/check. Values own their parts; a Policy is movable.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "dsl/source/source.h"

namespace hpol::dsl::ast {

// A name, dotted or not: `us_ssn`, `secrets.any`.
struct Name {
  std::string text;
  Span span;
};

// A string literal, its escapes resolved; the span includes the quotes.
struct String {
  std::string value;
  Span span;
};

struct Integer {
  int64_t value = 0;
  Span span;
};

// `confidential + pii`, `confidential + all`.
struct Label {
  Name level;
  std::vector<Name> categories;
  std::optional<Span> all;  // where `+ all` stands
  Span span;
};

// ---- conditions ----

struct Expr;
using ExprPtr = std::unique_ptr<Expr>;

struct NameExpr {
  Name name;
};
struct StringExpr {
  String string;
};
struct IntegerExpr {
  Integer integer;
};
// `count(email)`, `tier(us_ssn)`, `distinct(email)`.
struct CallExpr {
  Name function;
  std::vector<ExprPtr> arguments;
};
// `count(email) + count(phone)`; at least two terms.
struct SumExpr {
  std::vector<ExprPtr> terms;
};
// `exceeds` compares the label of an answer with an input of type label.
enum class CompareOp : uint8_t { kEqual, kNotEqual, kLess, kLessEqual, kGreater, kGreaterEqual, kExceeds };
struct CompareExpr {
  CompareOp op;
  Span op_span;
  ExprPtr left;
  ExprPtr right;
};
// `x in { a, b }`, `x not in { a, b }`; `roles has admin` for sets, `label has pii`.
struct InExpr {
  ExprPtr subject;
  bool negated = false;
  std::vector<ExprPtr> members;
};
struct HasExpr {
  ExprPtr subject;
  ExprPtr member;
};
// `x is present`, `x is missing`.
struct PresentExpr {
  ExprPtr subject;
  bool negated = false;
};
// `zone is trusted`, `zone is untrusted`.
struct TrustedExpr {
  ExprPtr subject;
  bool negated = false;
};
// `redacted by scrub`.
struct RedactedExpr {
  Name redaction;
};
struct NotExpr {
  ExprPtr operand;
};
struct AndExpr {
  std::vector<ExprPtr> operands;  // at least two
};
struct OrExpr {
  std::vector<ExprPtr> operands;  // at least two
};

struct Expr {
  Span span;
  std::variant<NameExpr, StringExpr, IntegerExpr, CallExpr, SumExpr, CompareExpr, InExpr, HasExpr,
               PresentExpr, TrustedExpr, RedactedExpr, NotExpr, AndExpr, OrExpr>
      node;
};

// ---- declarations ----

// `import std.pii`, `import std.pii { us_ssn, email }`.
struct Import {
  Name path;                // `std.pii`
  std::vector<Name> names;  // empty: all of it
  Span span;
};

// `enum { a, b }`, `set of string`, `set of enum { a, b }`, `bool`, `int`, `string`, `label`.
struct Type {
  Name base;  // "enum", "bool", …; for a set: the element's base
  bool set = false;
  bool optional = false;
  std::vector<Name> members;  // of an enum
  Span span;
};

struct InputField {
  Name name;
  Type type;
  Name source;  // identity | gateway | caller
  Span span;
};
struct Input {
  std::vector<InputField> fields;
  Span span;
};

// One pattern in backticks; `span` covers the backticks, byte i of `text` stands at span.begin + 1 + i.
struct Pattern {
  std::string text;
  Span span;
  bool bounded = false;
  bool ignoring_case = false;
};

// `words "a", "b"` or `words from "file"`.
struct Words {
  std::vector<String> list;
  std::optional<String> file;
  bool ignoring_case = false;
  Span span;
};

// `near "a", "b" within 40 characters`, `needs near …`, `not near …`.
struct Near {
  bool negated = false;
  bool needed = false;
  std::vector<String> words;
  std::optional<Integer> within;  // characters
  Span span;
};

// `detector name { … }`, `detector name extends pii.us_ssn { … }`.
struct Detector {
  Name name;
  std::optional<Name> base;  // of `extends`
  std::vector<Pattern> patterns;
  std::vector<Words> words;
  std::optional<Name> validator;  // `validate luhn`
  std::vector<Near> near;
  std::optional<Name> fires_at;    // a tier
  std::optional<Name> severity;    // low | medium | high | critical
  std::optional<Label> suggests;   // the label that its author recommends
  std::vector<String> exceptions;  // `except`
  std::vector<String> matches;
  std::vector<String> rejects;
  Span span;
};

// `start at public when …` / `start at internal otherwise`; no condition = otherwise or alone.
struct Floor {
  Label label;
  ExprPtr condition;  // null: always, or `otherwise`
  Span span;
};
struct Raise {
  ExprPtr condition;
  Label label;
  std::optional<Span> trusting;  // `trusting caller`
  Span span;
};
struct Classify {
  std::vector<Floor> floors;
  std::vector<Raise> raises;
  Span span;
};

struct Zone {
  Name name;
  std::optional<bool> trusted;  // nothing written: an error in check
  std::optional<Label> clearance;
  std::vector<String> hosts;
  bool tls_required = false;
  Span span;
};

// `price 2.40 CNY prompt, 9.60 CNY answer per 1M tokens`.
struct Price {
  struct Amount {
    int64_t millionths = 0;  // fixed-point: 2.40 is 2,400,000
    Name currency;
  };
  Amount prompt;
  Amount answer;
  Span span;
};

struct Target {
  Name name;
  Name zone;
  std::optional<Label> clearance;
  std::vector<String> models;
  std::optional<Name> region;
  std::optional<Price> price;       // per 1M tokens
  std::optional<Integer> capacity;  // requests in flight
  Span span;
};

struct Sink {
  Name name;
  std::optional<Label> clearance;
  Span span;
};

enum class RedactionAction : uint8_t {
  kMask,
  kRemove,
  kPseudonym,
  kHash,
  kEncrypt,
  kFpe,
  kShift,
  kGeneralize
};
struct RedactionLine {
  RedactionAction action;
  std::vector<Name> detectors;
  std::optional<Label> leaves;
  Span span;
};
struct Redaction {
  Name name;
  std::vector<RedactionLine> lines;
  Span span;
};

// A number with up to six decimals, and the word behind it, if any: `200000 tokens`, `0.9`.
struct Quantity {
  int64_t millionths = 0;
  std::optional<Name> unit;
  Span span;  // of the number
};

// `until load > 0.9`: one thing that ends the use of a step.
struct Gauge {
  Name name;
  CompareOp op = CompareOp::kGreater;
  Span op_span;
  Quantity value;
  Span span;
};

// `redacted by scrub to gpt4o`, `to cheapest of a, b within office until load > 0.9`.
struct Step {
  std::optional<Name> redaction;
  bool cheapest = false;
  std::vector<Name> targets;  // more than one only with `cheapest of`
  std::optional<Name> schedule;
  bool outside = false;  // `outside` stands before the schedule, not `within`
  std::vector<Gauge> until;
  Span span;
};
struct Deny {
  String reason;
};
struct Send {
  std::vector<Step> steps;
};
struct RouteRule {
  ExprPtr condition;  // null: `otherwise`
  std::variant<Deny, Send> action;
  std::optional<Span> trusting;  // `trusting caller`
  Span span;
  Span action_span;
};
struct Route {
  std::vector<RouteRule> rules;
  Span span;
};

// `when us_ssn mask`, `when answer.label exceeds clearance block "reason"`.
struct RespondRule {
  enum class Action : uint8_t { kMask, kBlock, kAlert };
  ExprPtr condition;
  Action action = Action::kBlock;
  std::optional<String> reason;  // of `block` and `alert`
  Span span;
  Span action_span;
};
struct Respond {
  std::vector<RespondRule> rules;
  Span span;
};

// `on mon to fri from 08:00 to 18:00`.
struct Clock {
  Integer hour;
  Integer minute;
  Span span;
};
struct Window {
  Name first_day;
  std::optional<Name> last_day;
  Clock from;
  Clock to;
  Span span;
};
struct Schedule {
  Name name;
  std::optional<String> zone;
  std::vector<Window> windows;
  Span span;
};

// `limit 500 USD per month by department beyond that only private`.
struct Limit {
  Quantity amount;
  Name period;
  Name attribute;
  std::optional<Name> only;  // none: denied beyond
  Span span;
};

// `require "why" CONDITION`: what every request must be.
struct Requirement {
  String title;
  ExprPtr condition;
  std::optional<Span> trusting;  // `trusting caller`
  Span span;
};

// `guarantee "name" never P`, `… always P`, `… when C always P`: to be proved of every request.
struct Guarantee {
  String title;
  ExprPtr when;  // null: of every request
  bool never = false;
  ExprPtr property;
  Span span;
};

struct Given {
  Name name;                                                // `prompt` or an input
  std::vector<std::variant<Name, String, Integer>> values;  // several for sets, and for labels (`a + b`)
  Span span;
};
// `denied`, `denied "reason"`, `undecided`, `unavailable`, `sent to t`, `sent to t redacted by r`.
struct Outcome {
  enum class Kind : uint8_t { kDenied, kUndecided, kUnavailable, kSent } kind = Kind::kDenied;
  std::optional<String> reason;
  std::optional<Name> target;
  std::optional<Name> redaction;
  Span span;
};
// The state of a test: `a down`, `load of a 0.95`, `budget 0.1`, `time "2026-03-02T10:00Z"`.
struct State {
  Name name;
  bool down = false;
  std::optional<Name> of;
  std::optional<Quantity> value;
  std::optional<String> text;
  Span span;
};
struct Test {
  String title;
  std::vector<Given> given;
  std::vector<State> states;
  Label expected_label;
  std::optional<Outcome> expected_outcome;
  Span span;
};

struct Policy {
  std::optional<Name> name;
  std::optional<String> version;
  std::vector<Import> imports;
  std::vector<std::vector<Name>> levels;  // one entry a `levels` line, lowest first
  std::vector<Name> categories;
  std::vector<Name> read_without;  // steps of reading a text
  std::vector<Input> inputs;
  std::vector<Detector> detectors;
  std::vector<Classify> classifies;
  std::vector<Zone> zones;
  std::vector<Target> targets;
  std::vector<Sink> sinks;
  std::vector<Redaction> redactions;
  std::vector<Route> routes;
  std::vector<Respond> responds;
  std::vector<Schedule> schedules;
  std::vector<Limit> limits;
  std::vector<Requirement> requirements;
  std::vector<Guarantee> guarantees;
  std::vector<Test> tests;
  Span span;  // the whole file
};

}  // namespace hpol::dsl::ast
