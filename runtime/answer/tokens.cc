#include "runtime/answer/tokens.h"

#include <algorithm>

#include "runtime/redact/redact.h"
#include "runtime/redact/token.h"
#include "runtime/text/wipe.h"

namespace hpol::answer {
namespace {

std::string Lower(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
  }
  return lower;
}

}  // namespace

Tokens::Tokens(const ir::Tables& tables, std::string_view key, std::string_view scope,
               std::span<const Token> minted)
    : key_(key), scope_(scope) {
  std::vector<uint32_t> detectors;
  for (const ir::RedactionLine& line : tables.redaction_lines) {
    if (line.action != RedactionAction::kPseudonym) continue;
    for (uint32_t i = 0; i < line.detectors.count; ++i)
      detectors.push_back(tables.indices[line.detectors.begin + i]);
  }
  std::sort(detectors.begin(), detectors.end());
  detectors.erase(std::unique(detectors.begin(), detectors.end()), detectors.end());
  for (const uint32_t detector : detectors) {
    detectors_.emplace_back(tables.Text(tables.detectors[detector].name));
    names_.push_back(Lower(detectors_.back()) + "_");
  }
  for (const Token& token : minted) values_.emplace(Lower(token.token), token.value);
}

Tokens::~Tokens() {
  text::Wipe(key_);
  for (auto& [token, value] : values_) text::Wipe(value);
}

Tokens::Fit Tokens::FitOf(std::string_view text) const {
  Fit best = Fit::kNo;
  for (const std::string& name : names_) {
    const size_t common = std::min(name.size(), text.size());
    if (text.substr(0, common) != std::string_view(name).substr(0, common)) continue;
    const std::string_view letters = text.substr(common);
    if (letters.size() > redact::kTagLetters) continue;
    if (!std::all_of(letters.begin(), letters.end(), [](char c) { return c >= 'a' && c <= 'z'; })) continue;
    best = std::max(best, letters.size() == redact::kTagLetters ? Fit::kWhole : Fit::kBegins);
  }
  // Those without a name, and ciphertexts, are told by what was minted alone.
  const auto minted = values_.lower_bound(text);
  if (minted != values_.end() && minted->first.starts_with(text))
    best = std::max(best, minted->first.size() == text.size() ? Fit::kWhole : Fit::kBegins);
  return best;
}

const std::string* Tokens::Find(std::string_view token) {
  if (const auto found = values_.find(token); found != values_.end()) return &found->second;
  bool ours = false;
  const size_t name_size = token.size() - redact::kTagLetters;
  for (size_t i = 0; i < names_.size() && !ours; ++i) {
    ours = names_[i] == token.substr(0, name_size) &&
           redact::CheckTag({key_, scope_}, detectors_[i], token.substr(name_size));
  }
  ++(ours ? counts.unknown : counts.foreign);
  return nullptr;
}

}  // namespace hpol::answer
