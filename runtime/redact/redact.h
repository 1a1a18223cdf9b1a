// Findings + a redaction → what to write over the body. Spans of the original bytes only;
// applying them is runtime/decide's render.cc. Doors: CoverOf, LeavesOf, PlanSpans.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/abi/tables.h"
#include "runtime/abi/vocabulary.h"
#include "runtime/detect/scan.h"
#include "runtime/redact/token.h"
#include "runtime/text/views.h"

namespace hpol::redact {

// The action that `redaction` takes on a finding, the strongest if several lines list its
// detector. Nothing when no line does, or when some byte cannot be written over (a key, a number,
// a match at the cap): such a finding is not covered. Tiers do not matter here.
std::optional<RedactionAction> CoverOf(const ir::Tables& tables, RedactionId redaction,
                                       const detect::Match& match);

// The join of what the lines leave that cover at least one finding.
Label LeavesOf(const ir::Tables& tables, RedactionId redaction, const detect::Matches& matches);

// Write Plan::texts[text_begin, +text_size) over body bytes [begin, end).
struct Span {
  uint32_t begin = 0;
  uint32_t end = 0;
  RedactionAction action = RedactionAction::kPseudonym;
  uint32_t match = 0;  // whose detector names a pseudonym
  uint32_t text_begin = 0;
  uint32_t text_size = 0;
};

// A token that stands for a value and may be put back in an answer. Texts are in Plan::minted_texts.
struct Mint {
  uint32_t detector = 0;
  RedactionAction action = RedactionAction::kPseudonym;
  uint32_t token_begin = 0;  // without its brackets: `email_qkzhtwvoapxnbd`
  uint32_t token_size = 0;
  uint32_t key_begin = 0;  // the value as it was read: what the token was made from
  uint32_t key_size = 0;
  uint32_t value_begin = 0;  // the value as it was written, first
  uint32_t value_size = 0;
};

struct Plan {
  std::vector<Span> spans;   // disjoint, in order
  std::string texts;         // replacements, already escaped for where they go
  std::vector<Mint> minted;  // each token once, and no two for one value of a detector
  std::string minted_texts;

  std::string_view TextOf(const Span& span) const {
    return std::string_view(texts).substr(span.text_begin, span.text_size);
  }
  std::string_view TokenOf(const Mint& mint) const {
    return std::string_view(minted_texts).substr(mint.token_begin, mint.token_size);
  }
  std::string_view ValueOf(const Mint& mint) const {
    return std::string_view(minted_texts).substr(mint.value_begin, mint.value_size);
  }
  void Clear();
  void Wipe();

  // Working memory.
  std::string message;          // what a tag is derived from
  std::string value;            // unescaped
  std::string token;            // the last one made
  std::vector<uint64_t> taken;  // tags that the body already says
  bool taken_known = false;
  std::vector<uint32_t> mint_slots;  // hash table of 1 + index into minted; 0: free
};

// What is written over: the findings of `matches`, seen in `views` of `body`.
struct Original {
  std::string_view body;
  const text::Views& views;
  const detect::Matches& matches;
  bool json = false;  // text stands in JSON strings
};

// Covers every finding that CoverOf covers. Overlapping spans become one, with the strongest
// action; a value in several pieces is written over in each. False when a pseudonym cannot be
// derived: then nothing may be sent.
//
// One value of a detector has one token under one key and scope, whatever else the body holds; two values
// never share one. A token that the body already says, because somebody wrote it there, is not used for a
// value: the next one is.
bool PlanSpans(const ir::Tables& tables, RedactionId redaction, const Original& original, const TokenKey& key,
               Plan& plan);

// Appends `text` as it stands inside a JSON string.
void AppendJsonEscaped(std::string_view text, std::string& out);

}  // namespace hpol::redact
