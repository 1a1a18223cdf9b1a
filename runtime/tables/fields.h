// Every field of every row of the tables, by name, once: printer, parser and the test of
// their round trip all walk this list. A field that is missing here is lost in the text form.
#pragma once

#include <array>
#include <string_view>

#include "runtime/abi/tables.h"

namespace hpol::ir {

// How enumerators are spelled, in the order of their values.
template <typename E>
struct EnumNames;
template <>
struct EnumNames<Tier> {
  static constexpr std::array<std::string_view, 3> kNames = {"shape", "context", "checksum"};
};
template <>
struct EnumNames<Source> {
  static constexpr std::array<std::string_view, 4> kNames = {"none", "identity", "gateway", "caller"};
};
template <>
struct EnumNames<AttributeType> {
  static constexpr std::array<std::string_view, 7> kNames = {"bool",       "int",      "string", "enum",
                                                             "string_set", "enum_set", "label"};
};
template <>
struct EnumNames<RedactionAction> {
  static constexpr std::array<std::string_view, 8> kNames = {"shift",      "fpe",  "encrypt", "pseudonym",
                                                             "generalize", "hash", "mask",    "remove"};
};
template <>
struct EnumNames<RespondAction> {
  static constexpr std::array<std::string_view, 3> kNames = {"alert", "mask", "block"};
};
template <>
struct EnumNames<FactKind> {
  static constexpr std::array<std::string_view, 16> kNames = {
      "tier",          "count",   "distinct", "member",     "text",   "at_least",  "has",    "label_at_least",
      "label_at_most", "present", "level",    "sent_level", "target", "redaction", "denied", "undecided"};
};
template <>
struct EnumNames<Gauge> {
  static constexpr std::array<std::string_view, 3> kNames = {"load", "health", "budget"};
};
template <>
struct EnumNames<LimitUnit> {
  static constexpr std::array<std::string_view, 3> kNames = {"tokens", "requests", "money"};
};
template <>
struct EnumNames<Period> {
  static constexpr std::array<std::string_view, 4> kNames = {"minute", "hour", "day", "month"};
};
template <>
struct EnumNames<NodeKind> {
  static constexpr std::array<std::string_view, 6> kNames = {"fact", "not_fact", "and",
                                                             "or",   "true",     "false"};
};

// A 64-bit word that is a label: printed in base 16.
template <typename W>
struct Word {
  W& value;
};
template <typename W>
Word(W&) -> Word<W>;

// `row` is const for printing. `visit(name, field)` is called in the order of the text form.
template <typename V, typename R>
void DetectorFields(V& visit, R& row) {
  visit("name", row.name);
  visit("firing", row.firing);
  visit("validator", row.validator);
  visit("exceptions", row.exceptions);
  visit("bounded", row.bounded);
  visit("max_length", row.max_length);
  visit("near", row.near);
  visit("reach", row.reach);
  visit("needs_near", row.needs_near);
}
template <typename V, typename R>
void NearFields(V& visit, R& row) {
  visit("negated", row.negated);
  visit("within", row.within);
  visit("words", row.words);
  visit("first0", Word{row.first[0]});
  visit("first1", Word{row.first[1]});
  visit("first2", Word{row.first[2]});
  visit("first3", Word{row.first[3]});
}
template <typename V, typename R>
void AttributeFields(V& visit, R& row) {
  visit("name", row.name);
  visit("type", row.type);
  visit("source", row.source);
  visit("optional", row.optional);
  visit("members", row.members);
}
template <typename V, typename R>
void FactFields(V& visit, R& row) {
  visit("kind", row.kind);
  visit("attribute", row.attribute);
  visit("detectors", row.detectors);
  visit("members", row.members);
  visit("number", row.number);
  visit("word", Word{row.word});
  visit("place", row.place);
}
template <typename V, typename R>
void NodeFields(V& visit, R& row) {
  visit("kind", row.kind);
  visit("value", row.value);
}
template <typename V, typename R>
void ClassifyFields(V& visit, R& row) {
  visit("condition", row.condition);
  visit("word", Word{row.word});
  visit("place", row.place);
  visit("trusting_caller", row.trusting_caller);
}
template <typename V, typename R>
void RouteFields(V& visit, R& row) {
  visit("condition", row.condition);
  visit("deny", row.deny);
  visit("reason", row.reason);
  visit("candidates", row.candidates);
  visit("place", row.place);
  visit("trusting_caller", row.trusting_caller);
  visit("gates", row.gates);
}
template <typename V, typename R>
void WindowFields(V& visit, R& row) {
  visit("days", row.days);
  visit("from", row.from);
  visit("to", row.to);
}
template <typename V, typename R>
void ScheduleFields(V& visit, R& row) {
  visit("name", row.name);
  visit("windows", row.windows);
  visit("offset", row.zone.offset);
  visit("summer_offset", row.zone.summer_offset);
  visit("summer_month", row.zone.to_summer.month);
  visit("summer_week", row.zone.to_summer.week);
  visit("summer_weekday", row.zone.to_summer.weekday);
  visit("summer_second", row.zone.to_summer.second);
  visit("standard_month", row.zone.to_standard.month);
  visit("standard_week", row.zone.to_standard.week);
  visit("standard_weekday", row.zone.to_standard.weekday);
  visit("standard_second", row.zone.to_standard.second);
}
template <typename V, typename R>
void GaugeFields(V& visit, R& row) {
  visit("gauge", row.gauge);
  visit("or_equal", row.or_equal);
  visit("millionths", row.millionths);
}
template <typename V, typename R>
void GateFields(V& visit, R& row) {
  visit("until", row.until);
  visit("schedule", row.schedule);
  visit("outside", row.outside);
}
template <typename V, typename R>
void LimitFields(V& visit, R& row) {
  visit("unit", row.unit);
  visit("currency", row.currency);
  visit("amount", row.amount);
  visit("period", row.period);
  visit("attribute", row.attribute);
  visit("only", row.only);
  visit("place", row.place);
}
template <typename V, typename R>
void RequireFields(V& visit, R& row) {
  visit("condition", row.condition);
  visit("title", row.title);
  visit("trusting_caller", row.trusting_caller);
  visit("place", row.place);
}
template <typename V, typename R>
void RespondFields(V& visit, R& row) {
  visit("condition", row.condition);
  visit("action", row.action);
  visit("reason", row.reason);
  visit("detectors", row.detectors);
  visit("place", row.place);
}
template <typename V, typename R>
void GuaranteeFields(V& visit, R& row) {
  visit("title", row.title);
  visit("when", row.when);
  visit("property", row.property);
  visit("never", row.never);
  visit("about_candidates", row.about_candidates);
  visit("place", row.place);
}
template <typename V, typename R>
void CandidateFields(V& visit, R& row) {
  visit("target", row.target);
  visit("redaction", row.redaction);
}
template <typename V, typename R>
void RedactionLineFields(V& visit, R& row) {
  visit("action", row.action);
  visit("detectors", row.detectors);
  visit("leaves", Word{row.leaves});
}
template <typename V, typename R>
void RedactionFields(V& visit, R& row) {
  visit("name", row.name);
  visit("lines", row.lines);
}
template <typename V, typename R>
void ZoneFields(V& visit, R& row) {
  visit("name", row.name);
  visit("trusted", row.trusted);
  visit("tls_required", row.tls_required);
  visit("clearance", Word{row.clearance});
  visit("hosts", row.hosts);
}
template <typename V, typename R>
void TargetFields(V& visit, R& row) {
  visit("name", row.name);
  visit("zone", row.zone);
  visit("clearance", Word{row.clearance});
  visit("models", row.models);
  visit("region", row.region);
  visit("capacity", row.capacity);
}
template <typename V, typename R>
void SinkFields(V& visit, R& row) {
  visit("name", row.name);
  visit("clearance", Word{row.clearance});
}

// Calls `table(name, rows, fields)` for every table, pools first. The pools of plain numbers
// have one field, `value`.
template <typename T, typename F>
void EveryTable(T& tables, F&& table) {
  const auto value = [](auto& visit, auto& row) { visit("value", row); };
  table("list", tables.lists, value);
  table("index", tables.indices, value);
  table("level", tables.levels, value);
  table("category", tables.categories, value);
  table("near", tables.near, [](auto& visit, auto& row) { NearFields(visit, row); });
  table("detector", tables.detectors, [](auto& visit, auto& row) { DetectorFields(visit, row); });
  table("attribute", tables.attributes, [](auto& visit, auto& row) { AttributeFields(visit, row); });
  table("fact", tables.facts, [](auto& visit, auto& row) { FactFields(visit, row); });
  table("node", tables.nodes, [](auto& visit, auto& row) { NodeFields(visit, row); });
  table("classify", tables.classify, [](auto& visit, auto& row) { ClassifyFields(visit, row); });
  table("route", tables.route, [](auto& visit, auto& row) { RouteFields(visit, row); });
  table("window", tables.windows, [](auto& visit, auto& row) { WindowFields(visit, row); });
  table("schedule", tables.schedules, [](auto& visit, auto& row) { ScheduleFields(visit, row); });
  table("gauge", tables.gauges, [](auto& visit, auto& row) { GaugeFields(visit, row); });
  table("gate", tables.gates, [](auto& visit, auto& row) { GateFields(visit, row); });
  table("limit", tables.limits, [](auto& visit, auto& row) { LimitFields(visit, row); });
  table("require", tables.require, [](auto& visit, auto& row) { RequireFields(visit, row); });
  table("respond", tables.respond, [](auto& visit, auto& row) { RespondFields(visit, row); });
  table("proof_fact", tables.proof_facts, [](auto& visit, auto& row) { FactFields(visit, row); });
  table("proof_node", tables.proof_nodes, [](auto& visit, auto& row) { NodeFields(visit, row); });
  table("guarantee", tables.guarantees, [](auto& visit, auto& row) { GuaranteeFields(visit, row); });
  table("candidate", tables.candidates, [](auto& visit, auto& row) { CandidateFields(visit, row); });
  table("line", tables.redaction_lines, [](auto& visit, auto& row) { RedactionLineFields(visit, row); });
  table("redaction", tables.redactions, [](auto& visit, auto& row) { RedactionFields(visit, row); });
  table("zone", tables.zones, [](auto& visit, auto& row) { ZoneFields(visit, row); });
  table("target", tables.targets, [](auto& visit, auto& row) { TargetFields(visit, row); });
  table("sink", tables.sinks, [](auto& visit, auto& row) { SinkFields(visit, row); });
}

}  // namespace hpol::ir
