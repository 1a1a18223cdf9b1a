// Zones, targets and sinks: where data may go, and how far each is cleared (DESIGN 2.2.7, 2.2.10).
#include <limits>
#include <string>
#include <utility>

#include "compiler/check/context.h"

namespace hpol::check {
namespace {

// Reports a block without `clears`. No default: what is not said is not cleared.
void ReportNoClearance(Context& context, Span block, const ast::Name& name, std::string_view what,
                       std::string_view suggestion) {
  Diagnostic& error = context.diagnostics.Error(
      DiagnosticKind::kMissingPart, name.span,
      "the " + std::string(what) + " " + Tick(name.text) + " has no clearance", "needs `clears` and a label");
  if (!suggestion.empty()) {
    error.help = {"say the highest label it may receive",
                  {{AfterBrace(block, context.sources), " clears " + std::string(suggestion)}}};
  }
}

std::string Lowest(const Context& context) {
  return context.hir.levels.empty() ? std::string() : context.hir.levels.front();
}

// `all` in an untrusted zone would clear categories that nobody has thought of yet.
void RefuseAll(Context& context, const ast::Label& clearance, const ast::Name& zone_name, Span zone_span) {
  if (!clearance.all) return;
  Diagnostic& error = context.diagnostics.Error(DiagnosticKind::kClearanceTooHigh, *clearance.all,
                                                "`all` in the untrusted zone " + Tick(zone_name.text),
                                                "would clear every category, also later ones");
  if (!(zone_span == Span{})) error.others.push_back({zone_span, "untrusted"});
  error.help = dsl::Help{"list the categories that this place may receive", {}};
}

void CollectZone(Context& context, const ast::Zone& declaration) {
  const auto index = static_cast<uint32_t>(context.hir.zones.size());
  if (!context.zones.Declare(declaration.name, index, "zone", context.diagnostics)) return;
  hir::Zone zone;
  zone.name = declaration.name.text;
  zone.span = declaration.name.span;
  zone.clearance_span = declaration.name.span;
  zone.tls_required = declaration.tls_required;
  for (const ast::String& host : declaration.hosts) zone.hosts.push_back(host.value);
  if (declaration.trusted) {
    zone.trusted = *declaration.trusted;
  } else {
    Diagnostic& error =
        context.diagnostics.Error(DiagnosticKind::kMissingPart, declaration.name.span,
                                  "the zone " + Tick(zone.name) + " does not say whether it is trusted",
                                  "needs `trusted` or `untrusted`");
    error.help = {"a zone outside your own premises is untrusted",
                  {{AfterBrace(declaration.span, context.sources), " untrusted"}}};
  }
  if (declaration.clearance) {
    zone.clearance = ResolveLabel(context, *declaration.clearance);
    zone.clearance_span = declaration.clearance->span;
    if (!zone.trusted) RefuseAll(context, *declaration.clearance, declaration.name, {});
  } else {
    ReportNoClearance(context, declaration.span, declaration.name, "zone", Lowest(context));
  }
  context.hir.zones.push_back(std::move(zone));
}

// A price orders `cheapest of`: a million tokens in, a million out.
void ResolvePrice(Context& context, const ast::Price& price, hir::Target& target) {
  const ast::Price::Amount& prompt = price.prompt;
  const ast::Price::Amount& answer = price.answer;
  if (prompt.currency.text != answer.currency.text) {
    Diagnostic& error = context.diagnostics.Error(DiagnosticKind::kPriceMismatch, answer.currency.span,
                                                  "one price in two currencies",
                                                  "the answer costs " + Tick(answer.currency.text));
    error.others.push_back({prompt.currency.span, "the prompt costs " + Tick(prompt.currency.text)});
    return;
  }
  if (prompt.millionths > std::numeric_limits<int64_t>::max() - answer.millionths) {
    context.diagnostics.Error(DiagnosticKind::kTooMany, price.span, "the price is too high to be added up",
                              "this sum");
    return;
  }
  target.price = prompt.millionths + answer.millionths;
  target.currency = prompt.currency.text;
}

void CheckTargetClearance(Context& context, const ast::Target& declaration, const hir::Zone* zone,
                          hir::Target& target) {
  if (!declaration.clearance) {
    const std::string suggestion =
        zone == nullptr ? Lowest(context)
                        : hir::LabelText(zone->clearance, context.hir.levels, context.hir.categories);
    ReportNoClearance(context, declaration.span, declaration.name, "target", suggestion);
    return;
  }
  target.clearance = ResolveLabel(context, *declaration.clearance);
  target.clearance_span = declaration.clearance->span;
  if (zone == nullptr) return;
  if (!zone->trusted && declaration.clearance->all) {
    RefuseAll(context, *declaration.clearance, declaration.zone, zone->span);
    return;
  }
  if (target.clearance.FlowsTo(zone->clearance)) return;
  const std::string zone_label = TextOf(context, zone->clearance);
  Diagnostic& error =
      context.diagnostics.Error(DiagnosticKind::kClearanceTooHigh, target.clearance_span,
                                Tick(target.name) + " clears more than its zone " + Tick(zone->name),
                                TextOf(context, target.clearance) + " does not flow to " + zone_label);
  error.others.push_back({zone->clearance_span, Tick(zone->name) + " clears " + zone_label});
  error.help = {
      "clear the target for no more than its zone",
      {{target.clearance_span, hir::LabelText(zone->clearance, context.hir.levels, context.hir.categories)}}};
}

void CollectTarget(Context& context, const ast::Target& declaration) {
  const auto index = static_cast<uint32_t>(context.hir.targets.size());
  if (!context.targets.Declare(declaration.name, index, "target", context.diagnostics)) return;
  hir::Target target;
  target.name = declaration.name.text;
  target.span = declaration.name.span;
  target.clearance_span = declaration.name.span;
  const hir::Zone* zone = nullptr;
  if (const Names::Entry* entry = context.zones.Find(declaration.zone.text)) {
    target.zone.value = entry->index;
    zone = &context.hir.zones[entry->index];
  } else {
    ReportUnknown(declaration.zone, "zone", context.zones.All(), context.diagnostics);
  }
  CheckTargetClearance(context, declaration, zone, target);
  for (const ast::String& model : declaration.models) target.models.push_back(model.value);
  if (declaration.region) target.region = declaration.region->text;
  if (declaration.price) ResolvePrice(context, *declaration.price, target);
  if (declaration.capacity) {
    const ast::Integer& capacity = *declaration.capacity;
    if (capacity.value < 1 || capacity.value > 1'000'000) {
      context.diagnostics.Error(DiagnosticKind::kTypeMismatch, capacity.span, "no target has this capacity",
                                "requests in flight, 1 to 1000000");
    } else {
      target.capacity = static_cast<uint32_t>(capacity.value);
    }
  }
  context.hir.targets.push_back(std::move(target));
}

template <typename Declarations>
void LimitCount(Context& context, const Declarations& declarations, std::string_view what) {
  if (declarations.size() <= kMaxDeclarations) return;
  ReportTooMany(declarations[kMaxDeclarations].name.span, what, kMaxDeclarations, context.diagnostics);
}

}  // namespace

void CollectZones(Context& context) {
  LimitCount(context, context.ast.zones, "zones");
  for (const ast::Zone& zone : context.ast.zones) CollectZone(context, zone);
}

void CollectTargets(Context& context) {
  LimitCount(context, context.ast.targets, "targets");
  for (const ast::Target& target : context.ast.targets) CollectTarget(context, target);
  context.target_used.assign(context.hir.targets.size(), false);
}

void CollectSinks(Context& context) {
  LimitCount(context, context.ast.sinks, "sinks");
  for (const ast::Sink& declaration : context.ast.sinks) {
    const auto index = static_cast<uint32_t>(context.hir.sinks.size());
    if (!context.sinks.Declare(declaration.name, index, "sink", context.diagnostics)) continue;
    hir::Sink sink;
    sink.name = declaration.name.text;
    sink.span = declaration.name.span;
    if (declaration.clearance) {
      sink.clearance = ResolveLabel(context, *declaration.clearance);
    } else {
      ReportNoClearance(context, declaration.span, declaration.name, "sink", Lowest(context));
    }
    context.hir.sinks.push_back(std::move(sink));
  }
}

}  // namespace hpol::check
