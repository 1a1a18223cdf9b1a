// hpol/hpol.h over the C++ doors. No exception leaves a function, and every doubt is a denial.
#include <algorithm>
#include <cstring>
#include <memory>
#include <new>
#include <string>
#include <vector>

#include "hpol/bundle.h"
#include "hpol/engine.h"
#include "hpol/hpol.h"

struct hpol_engine {
  std::shared_ptr<const hpol::Engine> engine;
};

struct hpol_scratch {
  hpol::Scratch scratch;
  std::shared_ptr<const hpol::Engine> engine;  // that made the last decision
  const hpol::Decision* decision = nullptr;
  // Kept between requests, so that a warm scratch does not allocate.
  std::vector<hpol::Attribute> attributes;
  std::vector<std::vector<std::string_view>> values;
};

namespace {

using hpol::ir::Tables;

// What the caller knows of T, in a T of ours; the rest is zero.
template <typename T>
T Copied(const T* given) {
  T value{};
  if (given != nullptr) std::memcpy(&value, given, std::min(given->struct_size, sizeof value));
  return value;
}

// As much of `value` as the caller's struct has room for. Its size stays the caller's.
template <typename T>
void Give(T value, T* into) {
  if (into == nullptr) return;
  value.struct_size = into->struct_size;
  std::memcpy(into, &value, std::min(into->struct_size, sizeof value));
}

hpol_text Text(std::string_view text) { return {text.data(), text.size()}; }
std::string_view View(hpol_text text) {
  return text.data == nullptr ? std::string_view() : std::string_view(text.data, text.size);
}
std::string String(const char* text) { return text == nullptr ? "" : text; }

int Fail(int status, std::string_view why, char* error, size_t error_size) {
  if (error != nullptr && error_size > 0) {
    const size_t size = std::min(why.size(), error_size - 1);
    std::memcpy(error, why.data(), size);
    error[size] = '\0';
  }
  return status;
}

// `read` makes the bundle from options and reason.
template <typename Read>
int Load(const hpol_load_options* given, hpol_engine** engine, char* error, size_t error_size, Read read) {
  if (engine == nullptr) return Fail(HPOL_INVALID, "no place for the engine", error, error_size);
  *engine = nullptr;
  try {
    const hpol_load_options options = Copied(given);
    hpol::TrustStore trust;
    if (options.trust_file != nullptr) {
      hpol::Result<hpol::TrustStore> store = hpol::TrustStore::Load(options.trust_file);
      if (!store) return Fail(HPOL_FAILED, store.error().message, error, error_size);
      trust = *std::move(store);
    }
    hpol::BundleOptions wanted;
    wanted.trust = &trust;
    wanted.allow_unsigned = options.allow_unsigned == 1;
    wanted.policy = String(options.policy);
    wanted.minimum_version = String(options.minimum_version);
    wanted.pin_file = String(options.pin_file);
    const hpol::Result<hpol::Bundle> bundle = read(wanted);
    if (!bundle) return Fail(HPOL_REFUSED, bundle.error().message, error, error_size);
    auto made = hpol::Engine::Make(bundle->program(), std::string(View(options.pseudonym_key)));
    if (!made) return Fail(HPOL_FAILED, made.error().message, error, error_size);
    *engine = new hpol_engine{*std::move(made)};
    return HPOL_OK;
  } catch (...) {
    return Fail(HPOL_FAILED, "out of memory", error, error_size);
  }
}

hpol::Request Translate(const hpol_request& request, hpol_scratch& scratch) {
  const size_t count = request.attributes == nullptr ? 0 : request.attribute_count;
  scratch.attributes.resize(count);
  if (scratch.values.size() < count) scratch.values.resize(count);
  for (size_t i = 0; i < count; ++i) {
    const hpol_attribute& given = request.attributes[i];
    std::vector<std::string_view>& values = scratch.values[i];
    values.clear();
    for (size_t k = 0; given.values != nullptr && k < given.value_count; ++k)
      values.push_back(View(given.values[k]));
    const bool known = given.source > HPOL_FROM_NONE && given.source <= HPOL_FROM_CALLER;
    scratch.attributes[i] = {View(given.name),
                             known ? static_cast<hpol::Source>(given.source) : hpol::Source::kNone, values};
  }
  static_assert(HPOL_OLLAMA_EMBED == static_cast<int>(hpol::Surface::kOllamaEmbed));
  hpol::Request translated;
  translated.surface = static_cast<hpol::Surface>(request.surface);  // hpol_decide has held it to the range
  translated.body = View(request.body);
  translated.attributes = scratch.attributes;
  translated.unscanned = request.unscanned != 0;
  return translated;
}

// What the rule that denied says.
std::string_view DenyText(const hpol::Decision& decision, const Tables& tables) {
  if (decision.verdict() == hpol::Verdict::kSend || decision.cause() != hpol::DenyCause::kRule) return {};
  for (const hpol::Reason& reason : decision.reasons()) {
    if (reason.table != hpol::Reason::Table::kRoute || reason.unknown) continue;
    const hpol::ir::RouteRow& row = tables.route[reason.row];
    if (row.deny) return tables.Text(row.reason);
  }
  return {};
}

hpol_decision Denied() {
  hpol_decision decision{};
  decision.cause = Text(hpol::CauseName(hpol::DenyCause::kInternal));
  return decision;
}

hpol_decision Describe(const hpol::Decision& decision, const Tables& tables) {
  hpol_decision described{};
  const bool send = decision.verdict() == hpol::Verdict::kSend;
  described.verdict = send ? HPOL_SEND : HPOL_DENY;
  if (!send) described.cause = Text(hpol::CauseName(decision.cause()));
  described.reason = Text(DenyText(decision, tables));
  described.level = Text(tables.Text(tables.levels[static_cast<size_t>(decision.label().level())]));
  described.candidate_count = send ? decision.candidates().size() : 0;
  described.finding_count = decision.findings().size();
  return described;
}

}  // namespace

extern "C" {

int hpol_engine_load(const char* path, const hpol_load_options* options, hpol_engine** engine, char* error,
                     size_t error_size) {
  if (path == nullptr) return Fail(HPOL_INVALID, "no path", error, error_size);
  return Load(options, engine, error, error_size,
              [&](const hpol::BundleOptions& wanted) { return hpol::Bundle::Load(path, wanted); });
}

int hpol_engine_read(const void* bundle, size_t size, const hpol_load_options* options, hpol_engine** engine,
                     char* error, size_t error_size) {
  if (bundle == nullptr) return Fail(HPOL_INVALID, "no bundle", error, error_size);
  return Load(options, engine, error, error_size, [&](const hpol::BundleOptions& wanted) {
    return hpol::Bundle::Read({static_cast<const char*>(bundle), size}, wanted);
  });
}

hpol_engine* hpol_engine_share(const hpol_engine* engine) {
  return engine == nullptr ? nullptr : new (std::nothrow) hpol_engine{engine->engine};
}

void hpol_engine_free(hpol_engine* engine) { delete engine; }

hpol_text hpol_engine_policy(const hpol_engine* engine) {
  if (engine == nullptr) return {};
  const Tables& tables = engine->engine->tables();
  return Text(tables.Text(tables.policy));
}

hpol_text hpol_engine_version(const hpol_engine* engine) {
  if (engine == nullptr) return {};
  const Tables& tables = engine->engine->tables();
  return Text(tables.Text(tables.version));
}

hpol_scratch* hpol_scratch_new(void) {
  try {
    return new hpol_scratch();
  } catch (...) {
    return nullptr;
  }
}

void hpol_scratch_free(hpol_scratch* scratch) { delete scratch; }

void hpol_decide(const hpol_engine* engine, const hpol_request* request, hpol_scratch* scratch,
                 hpol_decision* decision) {
  Give(Denied(), decision);
  if (scratch == nullptr) return;
  scratch->decision = nullptr;
  if (engine == nullptr || request == nullptr) return;
  const hpol_request given = Copied(request);
  if (given.surface < HPOL_TEXT || given.surface > HPOL_OLLAMA_EMBED) return;
  try {
    scratch->engine = engine->engine;
    scratch->decision = &engine->engine->Decide(Translate(given, *scratch), scratch->scratch);
    Give(Describe(*scratch->decision, engine->engine->tables()), decision);
  } catch (...) {
    scratch->decision = nullptr;
    Give(Denied(), decision);
  }
}

int hpol_finding_at(const hpol_scratch* scratch, size_t index, hpol_finding* finding) {
  if (scratch == nullptr || scratch->decision == nullptr || index >= scratch->decision->findings().size())
    return HPOL_INVALID;
  const Tables& tables = scratch->engine->tables();
  const hpol::Finding& found = scratch->decision->findings()[index];
  hpol_finding described{};
  described.detector = Text(tables.Text(tables.detectors[found.detector.value].name));
  described.begin = found.begin;
  described.end = found.end;
  Give(described, finding);
  return HPOL_OK;
}

int hpol_render(const hpol_engine* engine, hpol_scratch* scratch, size_t index, const char* model,
                hpol_outbound* outbound) {
  Give(hpol_outbound{}, outbound);
  // A decision of another engine is not to be rendered by this one.
  if (engine == nullptr || scratch == nullptr || scratch->decision == nullptr ||
      scratch->engine != engine->engine || index >= scratch->decision->candidates().size()) {
    return HPOL_INVALID;
  }
  const Tables& tables = engine->engine->tables();
  const hpol::Candidate candidate = scratch->decision->candidates()[index];
  hpol_outbound described{};
  described.target = Text(tables.Text(tables.targets[candidate.target.value].name));
  if (candidate.redaction != hpol::kNoRedaction)
    described.redaction = Text(tables.Text(tables.redactions[candidate.redaction.value].name));
  const hpol::Outbound out = engine->engine->Render(
      index, {model == nullptr ? std::string_view() : std::string_view(model)}, scratch->scratch);
  described.allowed = out.allowed ? 1 : 0;
  if (out.allowed) described.body = Text(out.body);
  Give(described, outbound);
  return HPOL_OK;
}

}  // extern "C"
