// Declarations. INVARIANT: an entry whose context carries no exception is whole but for
// tokens that recovery put in, so its parts are there.
#include <optional>

#include "dsl/diag/suggest.h"
#include "dsl/parse/build.h"

namespace hpol::dsl::parse {
namespace {

bool Whole(antlr4::ParserRuleContext* context) { return context != nullptr && context->exception == nullptr; }

class Builder {
 public:
  explicit Builder(Leaves& leaves) : leaves_(leaves), clean_(leaves.errors().empty()) {}

  ast::Policy Build(P::FileContext* file) {
    for (P::ItemContext* item : file->item()) Item(item);
    return std::move(policy_);
  }

 private:
  void Item(P::ItemContext* item) {
    if (Whole(item->header())) Header(item->header());
    if (Whole(item->importLine())) {
      P::ImportLineContext* line = item->importLine();
      policy_.imports.push_back(
          {leaves_.Name(line->qname()), leaves_.Names(line->name()), leaves_.SpanOf(item)});
    }
    if (Whole(item->levels())) policy_.levels.push_back(leaves_.Names(item->levels()->name()));
    if (Whole(item->categories())) {
      for (ast::Name& name : leaves_.Names(item->categories()->name()))
        policy_.categories.push_back(std::move(name));
    }
    if (Whole(item->reading())) {
      for (ast::Name& name : leaves_.Names(item->reading()->name()))
        policy_.read_without.push_back(std::move(name));
    }
    if (Whole(item->input())) Input(item->input());
    if (Whole(item->detector())) Detector(item->detector());
    if (Whole(item->classify())) Classify(item->classify());
    if (Whole(item->zone())) Zone(item->zone());
    if (Whole(item->target())) Target(item->target());
    if (Whole(item->sink())) Sink(item->sink());
    if (Whole(item->redaction())) Redaction(item->redaction());
    if (Whole(item->route())) Route(item->route());
    if (Whole(item->respond())) Respond(item->respond());
    if (Whole(item->schedule())) Schedule(item->schedule());
    if (Whole(item->limit())) Limit(item->limit());
    if (Whole(item->requirement())) Requirement(item->requirement());
    if (Whole(item->guarantee())) Guarantee(item->guarantee());
    if (Whole(item->test())) Test(item->test());
  }

  // Fills a field that may be written once; a second time is an error at the second.
  template <typename T>
  void Once(std::optional<T>& field, std::optional<Span>& first, antlr4::ParserRuleContext* context,
            T value) {
    if (Repeated(first, context)) return;
    field = std::move(value);
  }
  bool Repeated(std::optional<Span>& first, antlr4::ParserRuleContext* context) {
    const Span span = leaves_.SpanOf(context->getStart());
    if (!first) {
      first = span;
      return false;
    }
    Diagnostic* error = leaves_.errors().Add(DiagnosticKind::kRepeatedPart, span.begin, span.end,
                                             "`" + std::string(leaves_.TextOf(span)) + "` is written twice");
    if (error != nullptr) error->others.push_back({*first, "first here"});
    return true;
  }

  void Header(P::HeaderContext* context) {
    if (Repeated(header_, context)) return;
    policy_.name = leaves_.Name(context->qname());
    if (context->STRING() != nullptr) policy_.version = leaves_.String(context->STRING());
  }

  void Input(P::InputContext* context) {
    ast::Input input;
    input.span = leaves_.SpanOf(context);
    for (P::InputFieldContext* field : context->inputField()) {
      if (!Whole(field)) continue;
      input.fields.push_back({leaves_.Name(field->name(0)), Type(field->type()), leaves_.Name(field->name(1)),
                              leaves_.SpanOf(field)});
    }
    policy_.inputs.push_back(std::move(input));
  }

  ast::Type Type(P::TypeContext* context) {
    ast::Type type;
    type.span = leaves_.SpanOf(context);
    type.optional = context->OPTIONAL() != nullptr;
    type.set = context->SET() != nullptr;
    type.base = leaves_.Name(context->baseType()->getStart());
    type.members = leaves_.Names(context->baseType()->name());
    return type;
  }

  void Detector(P::DetectorContext* context) {
    ast::Detector detector;
    detector.name = leaves_.Name(context->name());
    if (context->EXTENDS() != nullptr) detector.base = leaves_.Name(context->qname());
    detector.span = leaves_.SpanOf(context);
    std::optional<Span> validate, fires, severity, suggests;
    for (P::DetectorFieldContext* field : context->detectorField()) {
      if (!Whole(field)) continue;
      for (P::PatternContext* pattern : field->pattern()) detector.patterns.push_back(Pattern(pattern));
      if (field->WORDS() != nullptr) detector.words.push_back(Words(field));
      if (field->VALIDATE() != nullptr)
        Once(detector.validator, validate, field, leaves_.Name(field->name()));
      if (field->NEAR() != nullptr) detector.near.push_back(Near(field));
      if (field->FIRES() != nullptr) Once(detector.fires_at, fires, field, leaves_.Name(field->name()));
      if (field->SEVERITY() != nullptr) Once(detector.severity, severity, field, leaves_.Name(field->name()));
      if (field->SUGGESTS() != nullptr)
        Once(detector.suggests, suggests, field, leaves_.Label(field->label()));
      if (field->EXCEPT() != nullptr) Append(detector.exceptions, field->strings());
      if (field->MATCHES() != nullptr) Append(detector.matches, field->strings());
      if (field->REJECTS() != nullptr) Append(detector.rejects, field->strings());
    }
    policy_.detectors.push_back(std::move(detector));
  }

  void Append(std::vector<ast::String>& to, P::StringsContext* from) {
    for (ast::String& string : leaves_.Strings(from)) to.push_back(std::move(string));
  }

  ast::Pattern Pattern(P::PatternContext* context) {
    ast::Pattern pattern;
    pattern.span = leaves_.SpanOf(context->getStart());
    std::string_view text = leaves_.TextOf(pattern.span);
    if (!text.empty()) text.remove_prefix(1);
    if (text.ends_with('`')) text.remove_suffix(1);
    pattern.text = std::string(text);
    pattern.bounded = !context->BOUNDED().empty();
    pattern.ignoring_case = !context->IGNORING().empty();
    return pattern;
  }

  ast::Words Words(P::DetectorFieldContext* field) {
    ast::Words words;
    words.list = leaves_.Strings(field->strings());
    if (field->STRING() != nullptr) words.file = leaves_.String(field->STRING());
    words.ignoring_case = field->IGNORING() != nullptr;
    words.span = leaves_.SpanOf(field);
    return words;
  }

  ast::Near Near(P::DetectorFieldContext* field) {
    ast::Near near;
    near.negated = field->NOT() != nullptr;
    near.needed = field->NEEDS() != nullptr;
    near.words = leaves_.Strings(field->strings());
    if (field->INTEGER() != nullptr) near.within = leaves_.Integer(field->INTEGER());
    near.span = leaves_.SpanOf(field);
    return near;
  }

  // A `when` with no `raise to` is the condition of the `start at` just before it.
  void Classify(P::ClassifyContext* context) {
    ast::Classify classify;
    classify.span = leaves_.SpanOf(context);
    bool open = false;  // the last entry is a floor that may still get its condition
    for (P::ClassifyEntryContext* entry : context->classifyEntry()) {
      if (!Whole(entry)) continue;
      const Span span = leaves_.SpanOf(entry);
      if (entry->START() != nullptr) {
        classify.floors.push_back({leaves_.Label(entry->label()), nullptr, span});
        open = entry->OTHERWISE() == nullptr;
      } else if (entry->RAISE() != nullptr) {
        classify.raises.push_back({BuildCondition(entry->condition(), leaves_), leaves_.Label(entry->label()),
                                   Trusting(entry->TRUSTING(), entry->CALLER()), span});
        open = false;
      } else if (open) {
        if (entry->TRUSTING() != nullptr) {
          const Span trusting = *Trusting(entry->TRUSTING(), entry->CALLER());
          leaves_.errors().Add(trusting.begin, trusting.end, "a floor never trusts the caller",
                               "it cannot read what the caller says");
        }
        ast::Floor& floor = classify.floors.back();
        floor.condition = BuildCondition(entry->condition(), leaves_);
        floor.span.end = span.end;
        open = false;
      } else if (clean_) {
        const Span end = leaves_.SpanOf(entry->getStop());
        Diagnostic* error = leaves_.errors().Add(span.begin, end.end, "this rule has no `raise to`");
        if (error != nullptr) error->help = Help{"say what it raises to: `raise to LABEL`", {}};
      }
    }
    policy_.classifies.push_back(std::move(classify));
  }

  void Zone(P::ZoneContext* context) {
    ast::Zone zone;
    zone.name = leaves_.Name(context->name());
    zone.span = leaves_.SpanOf(context);
    std::optional<Span> trust, clears, tls;
    for (P::ZoneFieldContext* field : context->zoneField()) {
      if (!Whole(field)) continue;
      if (field->TRUSTED() != nullptr) Once(zone.trusted, trust, field, true);
      if (field->UNTRUSTED() != nullptr) Once(zone.trusted, trust, field, false);
      if (field->CLEARS() != nullptr) Once(zone.clearance, clears, field, leaves_.Label(field->label()));
      if (field->HOSTS() != nullptr) Append(zone.hosts, field->strings());
      if (field->TLS() != nullptr && !Repeated(tls, field)) zone.tls_required = true;
    }
    policy_.zones.push_back(std::move(zone));
  }

  void Target(P::TargetContext* context) {
    ast::Target target;
    target.name = leaves_.Name(context->name(0));
    target.zone = leaves_.Name(context->name(1));
    target.span = leaves_.SpanOf(context);
    std::optional<Span> clears, region, price, capacity;
    for (P::TargetFieldContext* field : context->targetField()) {
      if (!Whole(field)) continue;
      if (field->CLEARS() != nullptr) Once(target.clearance, clears, field, leaves_.Label(field->label()));
      if (field->MODELS() != nullptr) Append(target.models, field->strings());
      if (field->REGION() != nullptr) Once(target.region, region, field, leaves_.Name(field->name()));
      if (field->CAPACITY() != nullptr)
        Once(target.capacity, capacity, field, leaves_.Integer(field->INTEGER()));
      if (field->PRICE() != nullptr) {
        Once(target.price, price, field,
             ast::Price{leaves_.Amount(field->amount(0)), leaves_.Amount(field->amount(1)),
                        leaves_.SpanOf(field)});
      }
    }
    policy_.targets.push_back(std::move(target));
  }

  void Sink(P::SinkContext* context) {
    ast::Sink sink;
    sink.name = leaves_.Name(context->name());
    sink.span = leaves_.SpanOf(context);
    std::optional<Span> clears;
    for (P::SinkFieldContext* field : context->sinkField()) {
      if (Whole(field)) Once(sink.clearance, clears, field, leaves_.Label(field->label()));
    }
    policy_.sinks.push_back(std::move(sink));
  }

  void Redaction(P::RedactionContext* context) {
    ast::Redaction redaction;
    redaction.name = leaves_.Name(context->name());
    redaction.span = leaves_.SpanOf(context);
    for (P::RedactionLineContext* from : context->redactionLine()) {
      if (!Whole(from)) continue;
      ast::RedactionLine line;
      line.action = ActionOf(from);
      for (P::QnameContext* name : from->qname()) line.detectors.push_back(leaves_.Name(name));
      if (from->label() != nullptr) line.leaves = leaves_.Label(from->label());
      line.span = leaves_.SpanOf(from);
      redaction.lines.push_back(std::move(line));
    }
    policy_.redactions.push_back(std::move(redaction));
  }

  void Route(P::RouteContext* context) {
    ast::Route route;
    route.span = leaves_.SpanOf(context);
    for (P::RouteRuleContext* from : context->routeRule()) {
      if (!Whole(from)) continue;
      ast::RouteRule rule;
      if (from->condition() != nullptr) rule.condition = BuildCondition(from->condition(), leaves_);
      rule.trusting = Trusting(from->TRUSTING(), from->CALLER());
      rule.span = leaves_.SpanOf(from);
      rule.action_span = leaves_.SpanOf(from->action());
      if (from->action()->DENY() != nullptr) {
        rule.action = ast::Deny{leaves_.String(from->action()->STRING())};
      } else {
        ast::Send send;
        for (P::StepContext* step : from->action()->step()) send.steps.push_back(Step(step));
        rule.action = std::move(send);
      }
      route.rules.push_back(std::move(rule));
    }
    policy_.routes.push_back(std::move(route));
  }

  static ast::RedactionAction ActionOf(P::RedactionLineContext* line) {
    using Action = ast::RedactionAction;
    if (line->MASK() != nullptr) return Action::kMask;
    if (line->PSEUDONYM() != nullptr) return Action::kPseudonym;
    if (line->HASH() != nullptr) return Action::kHash;
    if (line->ENCRYPT() != nullptr) return Action::kEncrypt;
    if (line->FPE() != nullptr) return Action::kFpe;
    if (line->SHIFT() != nullptr) return Action::kShift;
    if (line->GENERALIZE() != nullptr) return Action::kGeneralize;
    return Action::kRemove;
  }

  void Respond(P::RespondContext* context) {
    ast::Respond respond;
    respond.span = leaves_.SpanOf(context);
    for (P::RespondRuleContext* from : context->respondRule()) {
      if (!Whole(from) || from->condition() == nullptr) continue;
      ast::RespondRule rule;
      rule.condition = BuildCondition(from->condition(), leaves_);
      rule.span = leaves_.SpanOf(from);
      antlr4::tree::TerminalNode* word = from->BLOCK() != nullptr   ? from->BLOCK()
                                         : from->ALERT() != nullptr ? from->ALERT()
                                                                    : from->MASK();
      if (word == nullptr) continue;
      rule.action_span = leaves_.SpanOf(word);
      rule.action = from->BLOCK() != nullptr   ? ast::RespondRule::Action::kBlock
                    : from->ALERT() != nullptr ? ast::RespondRule::Action::kAlert
                                               : ast::RespondRule::Action::kMask;
      if (from->STRING() != nullptr) rule.reason = leaves_.String(from->STRING());
      respond.rules.push_back(std::move(rule));
    }
    policy_.responds.push_back(std::move(respond));
  }

  ast::Step Step(P::StepContext* context) {
    ast::Step step;
    step.span = leaves_.SpanOf(context);
    std::vector<ast::Name> names = leaves_.Names(context->name());
    if (context->REDACTED() != nullptr && !names.empty()) {
      step.redaction = std::move(names.front());
      names.erase(names.begin());
    }
    if ((context->WITHIN() != nullptr || context->OUTSIDE() != nullptr) && !names.empty()) {
      step.schedule = std::move(names.back());
      step.outside = context->OUTSIDE() != nullptr;
      names.pop_back();
    }
    for (P::GaugeContext* gauge : context->gauge()) step.until.push_back(Gauge(gauge));
    if (context->OF() != nullptr && !names.empty()) {
      const ast::Name& selector = names.front();
      if (selector.text != "cheapest") {
        const std::vector<std::string> known = {"cheapest"};
        leaves_.errors().Add(selector.span.begin, selector.span.end,
                             "expected `cheapest` before `of`, found `" + selector.text + "`",
                             DidYouMean(selector.text, known));
      }
      step.cheapest = true;
      names.erase(names.begin());
    }
    step.targets = std::move(names);
    return step;
  }

  // The span of `trusting caller`, where it stands.
  std::optional<Span> Trusting(antlr4::tree::TerminalNode* trusting, antlr4::tree::TerminalNode* caller) {
    if (trusting == nullptr) return std::nullopt;
    Span span = leaves_.SpanOf(trusting);
    if (caller != nullptr) span.end = std::max(span.end, leaves_.SpanOf(caller).end);
    return span;
  }

  void Requirement(P::RequirementContext* context) {
    if (context->STRING() == nullptr || context->condition() == nullptr) return;
    policy_.requirements.push_back(
        {leaves_.String(context->STRING()), BuildCondition(context->condition(), leaves_),
         Trusting(context->TRUSTING(), context->CALLER()), leaves_.SpanOf(context)});
  }

  void Guarantee(P::GuaranteeContext* context) {
    if (context->STRING() == nullptr || context->condition().empty()) return;
    ast::Guarantee guarantee;
    guarantee.title = leaves_.String(context->STRING());
    if (context->WHEN() != nullptr && context->condition().size() > 1)
      guarantee.when = BuildCondition(context->condition().front(), leaves_);
    guarantee.never = context->NEVER() != nullptr;
    guarantee.property = BuildCondition(context->condition().back(), leaves_);
    guarantee.span = leaves_.SpanOf(context);
    policy_.guarantees.push_back(std::move(guarantee));
  }

  antlr4::Token* Number(antlr4::tree::TerminalNode* integer, antlr4::tree::TerminalNode* decimal) {
    antlr4::tree::TerminalNode* node = integer != nullptr ? integer : decimal;
    return node == nullptr ? nullptr : node->getSymbol();
  }

  ast::Gauge Gauge(P::GaugeContext* context) {
    ast::Gauge gauge;
    gauge.name = leaves_.Name(context->name(0));
    gauge.op = CompareOperator(context->op);
    gauge.op_span = leaves_.SpanOf(context->op);
    gauge.value = leaves_.Quantity(Number(context->INTEGER(), context->DECIMAL()),
                                   context->name().size() > 1 ? context->name(1) : nullptr);
    gauge.span = leaves_.SpanOf(context);
    return gauge;
  }

  ast::Clock Clock(P::ClockContext* context) {
    if (context == nullptr) return {};
    return {leaves_.Integer(context->INTEGER(0)), leaves_.Integer(context->INTEGER(1)),
            leaves_.SpanOf(context)};
  }

  void Schedule(P::ScheduleContext* context) {
    ast::Schedule schedule;
    schedule.name = leaves_.Name(context->name());
    schedule.span = leaves_.SpanOf(context);
    std::optional<Span> zone;
    for (P::ScheduleFieldContext* field : context->scheduleField()) {
      if (!Whole(field)) continue;
      if (field->TIME() != nullptr) {
        Once(schedule.zone, zone, field, leaves_.String(field->STRING()));
        continue;
      }
      ast::Window window{leaves_.Name(field->name(0)), std::nullopt, Clock(field->clock(0)),
                         Clock(field->clock(1)), leaves_.SpanOf(field)};
      if (field->name().size() > 1) window.last_day = leaves_.Name(field->name(1));
      schedule.windows.push_back(std::move(window));
    }
    policy_.schedules.push_back(std::move(schedule));
  }

  void Limit(P::LimitContext* context) {
    if (context->amount() == nullptr) return;
    ast::Limit limit;
    limit.amount = leaves_.Quantity(context->amount()->getStart(), context->amount()->name());
    limit.period = leaves_.Name(context->name(0));
    limit.attribute = leaves_.Name(context->name(1));
    if (context->ONLY() != nullptr) limit.only = leaves_.Name(context->name(2));
    limit.span = leaves_.SpanOf(context);
    policy_.limits.push_back(std::move(limit));
  }

  void Test(P::TestContext* context) {
    ast::Test test;
    if (context->STRING() != nullptr) test.title = leaves_.String(context->STRING());
    test.span = leaves_.SpanOf(context);
    std::optional<Span> expect;
    for (P::TestClauseContext* clause : context->testClause()) {
      if (!Whole(clause)) continue;
      for (P::GivenContext* given : clause->given()) test.given.push_back(Given(given));
      for (P::StateContext* state : clause->state()) test.states.push_back(State(state));
      if (clause->EXPECT() == nullptr || Repeated(expect, clause)) continue;
      test.expected_label = leaves_.Label(clause->label());
      if (clause->outcome() != nullptr) test.expected_outcome = Outcome(clause->outcome());
    }
    if (!expect && clean_) {
      const Span at = leaves_.SpanOf(context->getStart());
      Diagnostic* error = leaves_.errors().Add(at.begin, at.end, "this test expects nothing");
      if (error != nullptr) error->help = Help{"add `expect LABEL` or `expect LABEL, OUTCOME`", {}};
    }
    policy_.tests.push_back(std::move(test));
  }

  ast::State State(P::StateContext* context) {
    ast::State state;
    state.name = leaves_.Name(context->name(0));
    state.down = context->DOWN() != nullptr;
    state.span = leaves_.SpanOf(context);
    if (context->OF() != nullptr) state.of = leaves_.Name(context->name(1));
    if (antlr4::Token* number = Number(context->INTEGER(), context->DECIMAL()))
      state.value = leaves_.Quantity(number, nullptr);
    if (context->STRING() != nullptr) state.text = leaves_.String(context->STRING());
    return state;
  }

  ast::Given Given(P::GivenContext* context) {
    ast::Given given;
    given.name = leaves_.Name(context->name());
    given.span = leaves_.SpanOf(context);
    P::ValueContext* value = context->value();
    for (P::NameContext* name : value->name()) given.values.emplace_back(leaves_.Name(name));
    if (value->STRING() != nullptr) given.values.emplace_back(leaves_.String(value->STRING()));
    if (value->INTEGER() != nullptr) given.values.emplace_back(leaves_.Integer(value->INTEGER()));
    for (P::MemberContext* member : value->member()) {
      if (member->STRING() != nullptr) {
        given.values.emplace_back(leaves_.String(member->STRING()));
      } else if (member->INTEGER() != nullptr) {
        given.values.emplace_back(leaves_.Integer(member->INTEGER()));
      } else {
        given.values.emplace_back(leaves_.Name(member->qname()));
      }
    }
    return given;
  }

  ast::Outcome Outcome(P::OutcomeContext* context) {
    ast::Outcome outcome;
    outcome.span = leaves_.SpanOf(context);
    if (context->DENIED() != nullptr) {
      outcome.kind = ast::Outcome::Kind::kDenied;
      if (context->STRING() != nullptr) outcome.reason = leaves_.String(context->STRING());
    } else if (context->UNDECIDED() != nullptr) {
      outcome.kind = ast::Outcome::Kind::kUndecided;
    } else if (context->UNAVAILABLE() != nullptr) {
      outcome.kind = ast::Outcome::Kind::kUnavailable;
    } else {
      outcome.kind = ast::Outcome::Kind::kSent;
      outcome.target = leaves_.Name(context->name(0));
      if (context->REDACTED() != nullptr) outcome.redaction = leaves_.Name(context->name(1));
    }
    return outcome;
  }

  Leaves& leaves_;
  const bool clean_;  // no error yet: what is missing is missing, not merely unread
  std::optional<Span> header_;
  ast::Policy policy_;
};

}  // namespace

ast::Policy BuildPolicy(P::FileContext* file, Leaves& leaves) { return Builder(leaves).Build(file); }

}  // namespace hpol::dsl::parse
