#include "runtime/redact/mint.h"

#include <optional>

#include "runtime/redact/ciphers.h"
#include "runtime/redact/forms.h"
#include "runtime/surface/json_scalar.h"
#include "runtime/text/wipe.h"

namespace hpol::redact {
namespace {

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

// The mint with this token, or where to enter one.
uint32_t& SlotOf(std::string_view token, Plan& plan) {
  const size_t mask = plan.mint_slots.size() - 1;
  size_t at = std::hash<std::string_view>{}(token)&mask;
  while (plan.mint_slots[at] != 0 && plan.TokenOf(plan.minted[plan.mint_slots[at] - 1]) != token) {
    at = (at + 1) & mask;
  }
  return plan.mint_slots[at];
}

// Whether the token stands for this value alone; entered when it is new.
bool Enter(std::string_view token, const Span& span, DetectorId detector, const Value& value, Plan& plan) {
  uint32_t& slot = SlotOf(token, plan);
  if (slot != 0) {
    const Mint& mint = plan.minted[slot - 1];
    return mint.detector == detector.value &&
           std::string_view(plan.minted_texts).substr(mint.key_begin, mint.key_size) == value.key;
  }
  Mint mint;
  mint.detector = detector.value;
  mint.action = span.action;
  mint.token_begin = AppendTo(token, plan.minted_texts);
  mint.token_size = static_cast<uint32_t>(token.size());
  mint.key_begin = AppendTo(value.key, plan.minted_texts);
  mint.key_size = static_cast<uint32_t>(value.key.size());
  mint.value_begin = AppendTo(value.written, plan.minted_texts);
  mint.value_size = static_cast<uint32_t>(value.written.size());
  plan.minted.push_back(mint);
  slot = static_cast<uint32_t>(plan.minted.size());
  return true;
}

void Prepare(const Original& original, Plan& plan) {
  if (plan.taken_known) return;
  TagsIn(original.body, plan.taken);
  plan.taken_known = true;
  size_t slots = 16;
  while (slots < 2 * plan.spans.size()) slots *= 2;
  plan.mint_slots.assign(slots, 0);
}

void SetToken(std::string_view name, std::string_view letters, Plan& plan) {
  plan.token.assign(name);
  plan.token.push_back('_');
  plan.token.append(letters);
}

// What an action makes of a value, into Plan::token.
enum class Made : uint8_t { kRefused, kNoForm, kMade };

Made MakePseudonym(std::string_view name, const Span& span, DetectorId detector, const Value& value,
                   const TokenKey& key, Plan& plan) {
  Tag tag{};
  for (uint32_t attempt = 0;; ++attempt) {
    if (!DeriveTag(key, name, value.key, attempt, plan.message, tag)) return Made::kRefused;
    if (IsAmong(tag, plan.taken)) continue;
    SetToken(name, {tag.data(), tag.size()}, plan);
    if (Enter(plan.token, span, detector, value, plan)) return Made::kMade;
  }
}

// The same in every conversation, and never turned back.
Made MakeHash(std::string_view name, const Value& value, const TokenKey& key, Plan& plan) {
  Tag tag{};
  if (!DeriveTag({key.key, "hash"}, name, value.key, 0, plan.message, tag)) return Made::kRefused;
  SetToken(name, {tag.data(), tag.size()}, plan);
  return Made::kMade;
}

// Base 32 of RFC 4648 in small letters, so that a model that changes case breaks nothing.
std::string Base32(std::string_view bytes) {
  static constexpr char kLetters[] = "abcdefghijklmnopqrstuvwxyz234567";
  std::string text;
  uint32_t bits = 0;
  int count = 0;
  for (const char c : bytes) {
    bits = bits << 8 | static_cast<uint8_t>(c);
    for (count += 8; count >= 5; count -= 5) text.push_back(kLetters[bits >> (count - 5) & 31]);
  }
  if (count > 0) text.push_back(kLetters[bits << (5 - count) & 31]);
  return text;
}

Made MakeCiphertext(std::string_view name, const Span& span, DetectorId detector, const Value& value,
                    const TokenKey& key, Plan& plan) {
  std::string first, second, sealed;
  const bool good =
      DeriveKey(key.key, "siv mac", {}, first) && DeriveKey(key.key, "siv encrypt", {}, second) &&
      SivEncrypt(first + second, std::string(key.scope) + '\0' + std::string(name), value.key, sealed);
  text::Wipe(first);
  text::Wipe(second);
  if (!good) return Made::kRefused;
  SetToken(name, Base32(sealed), plan);
  return Enter(plan.token, span, detector, value, plan) ? Made::kMade : Made::kNoForm;
}

Made MakeDigits(std::string_view name, const Span& span, DetectorId detector, const Value& value,
                const TokenKey& key, Plan& plan) {
  std::string derived;
  if (!DeriveKey(key.key, "fpe", key.scope, derived)) return Made::kRefused;
  std::vector<uint32_t> digits = DigitsOf(value.written);
  const bool good = Ff1Encrypt(derived, name, 10, digits);
  text::Wipe(derived);
  if (!good) return Made::kNoForm;
  plan.token = WithDigits(value.written, digits);
  return Enter(plan.token, span, detector, value, plan) ? Made::kMade : Made::kNoForm;
}

// All dates of a conversation move alike, by one to 365 days, so that what lies between them stays.
Made MakeDate(const Span& span, DetectorId detector, const Value& value, const TokenKey& key, Plan& plan) {
  std::string derived;
  if (!DeriveKey(key.key, "shift", key.scope, derived)) return Made::kRefused;
  const unsigned pair =
      static_cast<unsigned>(static_cast<uint8_t>(derived[0])) << 8 | static_cast<uint8_t>(derived[1]);
  const int days = 1 + static_cast<int>(pair % 365);
  const std::optional<std::string> shifted = Shifted(value.written, derived[2] < 0 ? -days : days);
  if (!shifted) return Made::kNoForm;
  plan.token = *shifted;
  return Enter(plan.token, span, detector, value, plan) ? Made::kMade : Made::kNoForm;
}

Made MakeGeneral(const Value& value, Plan& plan) {
  const std::optional<std::string> general = General(value.written);
  if (!general) return Made::kNoForm;
  plan.token = *general;
  return Made::kMade;
}

}  // namespace

bool AppendForm(const ir::Tables& tables, const Original& original, const Span& span, bool own,
                const TokenKey& key, Plan& plan) {
  Prepare(original, plan);
  const DetectorId detector = original.matches.all[span.match].finding.detector;
  const std::string_view name = tables.Text(tables.detectors[detector.value].name);
  const Value value = ValueOf(original, span, own, plan);
  Made made = Made::kNoForm;
  std::string_view open;
  std::string_view close;
  switch (span.action) {
    case RedactionAction::kPseudonym:
      made = MakePseudonym(name, span, detector, value, key, plan);
      open = "<", close = ">";
      break;
    case RedactionAction::kEncrypt:
      made = MakeCiphertext(name, span, detector, value, key, plan);
      open = "<", close = ">";
      break;
    case RedactionAction::kHash:
      made = MakeHash(name, value, key, plan);
      open = "[", close = "]";
      break;
    case RedactionAction::kFpe:
      made = MakeDigits(name, span, detector, value, key, plan);
      break;
    case RedactionAction::kShift:
      made = MakeDate(span, detector, value, key, plan);
      break;
    case RedactionAction::kGeneralize:
      made = MakeGeneral(value, plan);
      break;
    case RedactionAction::kMask:
    case RedactionAction::kRemove:
      break;
  }
  if (made == Made::kRefused) return false;
  if (made == Made::kNoForm) {
    plan.texts.append("[masked]");
    return true;
  }
  plan.texts.append(open);
  original.json ? AppendJsonEscaped(plan.token, plan.texts) : void(plan.texts.append(plan.token));
  plan.texts.append(close);
  return true;
}

}  // namespace hpol::redact
