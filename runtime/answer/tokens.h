// The tokens that may be put back in one answer, and what looks like one. Door: Tokens.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "hpol/answer.h"
#include "runtime/abi/tables.h"

namespace hpol::answer {

// Not copyable: wiped on destruction.
class Tokens {
 public:
  // `key` is the engine's, and `tables` must live as long.
  Tokens(const ir::Tables& tables, std::string_view key, std::string_view scope,
         std::span<const Token> minted);
  ~Tokens();
  Tokens(const Tokens&) = delete;
  Tokens& operator=(const Tokens&) = delete;

  // The policy makes no pseudonyms, and nothing else was minted: no token can come back.
  bool none() const { return names_.empty() && values_.empty(); }

  // Whether `text`, in lower case, is `name_` and letters of some detector that pseudonyms are made for, or
  // what another action minted for this request.
  enum class Fit : uint8_t { kNo, kBegins, kWhole };
  Fit FitOf(std::string_view text) const;

  // The value of a whole one that was minted for this request; null for any other, which is counted.
  const std::string* Find(std::string_view token);

  TokenCounts counts;

 private:
  std::string key_;
  std::string scope_;
  std::vector<std::string> names_;                          // in lower case, with the `_` behind
  std::vector<std::string> detectors_;                      // as the policy writes them
  std::map<std::string, std::string, std::less<>> values_;  // by token in lower case
};

}  // namespace hpol::answer
