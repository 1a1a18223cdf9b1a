// Spans and replacement texts. One redaction, one body; no state between calls.
#include "runtime/redact/redact.h"

#include <algorithm>

#include "runtime/surface/json_scalar.h"
#include "runtime/text/wipe.h"

namespace hpol::redact {
namespace {

bool Lists(const ir::Tables& tables, const ir::RedactionLine& line, DetectorId detector) {
  for (uint32_t i = 0; i < line.detectors.count; ++i) {
    if (tables.indices[line.detectors.begin + i] == detector.value) return true;
  }
  return false;
}

template <typename Use>
void ForEachLine(const ir::Tables& tables, RedactionId redaction, Use use) {
  if (redaction == kNoRedaction) return;
  const ir::Range lines = tables.redactions[redaction.value].lines;
  for (uint32_t i = 0; i < lines.count; ++i) use(tables.redaction_lines[lines.begin + i]);
}

bool IsContinuation(char byte) { return (static_cast<uint8_t>(byte) & 0xc0) == 0x80; }

// A pattern may cut a UTF-8 character; what is written over is whole characters, so that the
// bytes around stay well-formed.
void GrowToCharacters(std::string_view body, Span& span) {
  while (span.begin > 0 && IsContinuation(body[span.begin])) --span.begin;
  while (span.end < body.size() && IsContinuation(body[span.end])) ++span.end;
}

void CollectSpans(const ir::Tables& tables, RedactionId redaction, const Original& original, Plan& plan) {
  for (uint32_t i = 0; i < original.matches.all.size(); ++i) {
    const detect::Match& match = original.matches.all[i];
    const std::optional<RedactionAction> action = CoverOf(tables, redaction, match);
    if (!action) continue;
    for (const text::RawRange& range : original.matches.RangesOf(match)) {
      Span span = {range.begin, range.end, *action, i, 0, 0};
      GrowToCharacters(original.body, span);
      plan.spans.push_back(span);
    }
  }
}

// Of two spans that overlap: which one says what is written. Longer names more of the value; the
// order of the policy decides the rest.
bool Stronger(const Span& a, const Span& b) {
  if (a.action != b.action) return a.action > b.action;
  const uint32_t a_size = a.end - a.begin;
  const uint32_t b_size = b.end - b.begin;
  return a_size != b_size ? a_size > b_size : a.match < b.match;
}

// The value behind one span, for its token.
struct Value {
  std::string_view key;      // each spelling of a value that reads alike
  std::string_view written;  // what to put back: as it was written, but for escapes of JSON
};

// The finding's own text where the span is just that finding, so that each spelling of a value gets one
// token; else the bytes that are written over. What was split or encoded comes back as it was read.
Value ValueOf(const Original& original, const Span& span, bool own, Plan& plan) {
  std::string_view raw = original.body.substr(span.begin, span.end - span.begin);
  if (original.json && raw.find('\\') != std::string_view::npos) {
    surface::Unescape(raw, plan.value);
    raw = plan.value;
  }
  if (!own) return {raw, raw};
  const detect::Match& match = original.matches.all[span.match];
  const std::string_view read = detect::TextOf(match, original.views);
  const bool as_written = match.range_count == 1 && original.views[match.view].level == 0;
  return {read, as_written ? raw : read};
}

uint32_t AppendTo(std::string_view text, std::string& pool) {
  const auto begin = static_cast<uint32_t>(pool.size());
  pool.append(text);
  return begin;
}

// The mint whose token has this tag, or where to enter one.
uint32_t& SlotOf(const Tag& tag, Plan& plan) {
  const std::string_view letters(tag.data(), tag.size());
  const size_t mask = plan.mint_slots.size() - 1;
  size_t at = std::hash<std::string_view>{}(letters)&mask;
  while (plan.mint_slots[at] != 0 && !plan.TokenOf(plan.minted[plan.mint_slots[at] - 1]).ends_with(letters)) {
    at = (at + 1) & mask;
  }
  return plan.mint_slots[at];
}

// The mint of a value, made when there is none. Null when no tag can be derived.
const Mint* MintOf(std::string_view detector, const Span& span, DetectorId id, const Value& value,
                   const TokenKey& key, Plan& plan) {
  Tag tag{};
  for (uint32_t attempt = 0;; ++attempt) {
    if (!DeriveTag(key, detector, value.key, attempt, plan.message, tag)) return nullptr;
    if (IsAmong(tag, plan.taken)) continue;
    uint32_t& slot = SlotOf(tag, plan);
    if (slot == 0) {
      Mint mint;
      mint.detector = id.value;
      mint.action = span.action;
      mint.token_begin = AppendTo(detector, plan.minted_texts);
      plan.minted_texts.push_back('_');
      plan.minted_texts.append(tag.data(), tag.size());
      mint.token_size = static_cast<uint32_t>(plan.minted_texts.size()) - mint.token_begin;
      mint.key_begin = AppendTo(value.key, plan.minted_texts);
      mint.key_size = static_cast<uint32_t>(value.key.size());
      mint.value_begin = AppendTo(value.written, plan.minted_texts);
      mint.value_size = static_cast<uint32_t>(value.written.size());
      plan.minted.push_back(mint);
      slot = static_cast<uint32_t>(plan.minted.size());
      return &plan.minted.back();
    }
    const Mint& mint = plan.minted[slot - 1];
    const auto minted_from = std::string_view(plan.minted_texts).substr(mint.key_begin, mint.key_size);
    if (mint.detector == id.value && minted_from == value.key) return &mint;
  }
}

bool AppendPseudonym(const ir::Tables& tables, const Original& original, const Span& span, bool own,
                     const TokenKey& key, Plan& plan) {
  if (!plan.taken_known) {
    TagsIn(original.body, plan.taken);
    plan.taken_known = true;
    size_t slots = 16;
    while (slots < 2 * plan.spans.size()) slots *= 2;
    plan.mint_slots.assign(slots, 0);
  }
  const DetectorId detector = original.matches.all[span.match].finding.detector;
  const std::string_view name = tables.Text(tables.detectors[detector.value].name);
  const Mint* mint = MintOf(name, span, detector, ValueOf(original, span, own, plan), key, plan);
  if (mint == nullptr) return false;
  plan.texts.push_back('<');
  original.json ? AppendJsonEscaped(plan.TokenOf(*mint), plan.texts)
                : void(plan.texts.append(plan.TokenOf(*mint)));
  plan.texts.push_back('>');
  return true;
}

// Writes the text of one merged span. `own`: its bytes are exactly those of its finding.
bool AppendText(const ir::Tables& tables, const Original& original, bool own, const TokenKey& key, Plan& plan,
                Span& span) {
  span.text_begin = static_cast<uint32_t>(plan.texts.size());
  switch (span.action) {
    case RedactionAction::kRemove:
      plan.texts.append("[removed]");
      break;
    case RedactionAction::kMask:
      plan.texts.append("[masked]");
      break;
    case RedactionAction::kPseudonym:
      if (!AppendPseudonym(tables, original, span, own, key, plan)) return false;
      break;
  }
  span.text_size = static_cast<uint32_t>(plan.texts.size()) - span.text_begin;
  return true;
}

}  // namespace

std::optional<RedactionAction> CoverOf(const ir::Tables& tables, RedactionId redaction,
                                       const detect::Match& match) {
  std::optional<RedactionAction> action;
  if (!match.replaceable) return action;
  ForEachLine(tables, redaction, [&](const ir::RedactionLine& line) {
    if (!Lists(tables, line, match.finding.detector)) return;
    action = action ? std::max(*action, line.action) : line.action;
  });
  return action;
}

Label LeavesOf(const ir::Tables& tables, RedactionId redaction, const detect::Matches& matches) {
  Label leaves;
  ForEachLine(tables, redaction, [&](const ir::RedactionLine& line) {
    const bool covers = std::any_of(matches.all.begin(), matches.all.end(), [&](const detect::Match& match) {
      return match.replaceable && Lists(tables, line, match.finding.detector);
    });
    if (covers) leaves = leaves.Join({line.leaves});
  });
  return leaves;
}

void Plan::Clear() {
  spans.clear();
  texts.clear();
  minted.clear();
  minted_texts.clear();
  taken_known = false;
}

void Plan::Wipe() {
  Clear();
  text::Wipe(texts);
  text::Wipe(minted_texts);
  text::Wipe(message);
  text::Wipe(value);
}

bool PlanSpans(const ir::Tables& tables, RedactionId redaction, const Original& original, const TokenKey& key,
               Plan& plan) {
  plan.Clear();
  CollectSpans(tables, redaction, original, plan);
  std::vector<Span>& spans = plan.spans;
  std::sort(spans.begin(), spans.end(), [](const Span& a, const Span& b) {
    return a.begin != b.begin ? a.begin < b.begin : a.end != b.end ? a.end > b.end : a.match < b.match;
  });
  size_t kept = 0;
  for (size_t i = 0; i < spans.size();) {
    Span whole = spans[i];    // the merged bytes
    Span speaker = spans[i];  // who says what is written there
    for (++i; i < spans.size() && spans[i].begin < whole.end; ++i) {
      whole.end = std::max(whole.end, spans[i].end);
      if (Stronger(spans[i], speaker)) speaker = spans[i];
    }
    const bool own = speaker.begin == whole.begin && speaker.end == whole.end;
    whole.action = speaker.action;
    whole.match = speaker.match;
    if (!AppendText(tables, original, own, key, plan, whole)) return false;
    spans[kept++] = whole;
  }
  spans.resize(kept);
  return true;
}

void AppendJsonEscaped(std::string_view text, std::string& out) {
  static constexpr char kHex[] = "0123456789abcdef";
  for (const char c : text) {
    const auto byte = static_cast<uint8_t>(c);
    if (c == '"' || c == '\\') {
      out.push_back('\\');
      out.push_back(c);
    } else if (byte < 0x20) {
      out.append("\\u00");
      out.push_back(kHex[byte >> 4]);
      out.push_back(kHex[byte & 15]);
    } else {
      out.push_back(c);
    }
  }
}

}  // namespace hpol::redact
