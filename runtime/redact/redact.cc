// Spans and replacement texts. One redaction, one body; no state between calls.
#include "runtime/redact/redact.h"

#include <algorithm>

#include "runtime/redact/mint.h"
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
    default:
      if (!AppendForm(tables, original, span, own, key, plan)) return false;
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
  text::Wipe(token);
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
