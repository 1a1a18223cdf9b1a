// The checks behind the table of validators.h, grouped by topic in checks_*.cc.
// Private to runtime/detect. Each reads one match as a detector's pattern cut it.
#pragma once

#include <string_view>

#include "runtime/detect/validators.h"

namespace hpol::detect {

inline bool IsDigit(char c) { return c >= '0' && c <= '9'; }
inline bool IsUpper(char c) { return c >= 'A' && c <= 'Z'; }
inline bool IsAlpha(char c) { return IsUpper(c) || (c >= 'a' && c <= 'z'); }

// The digits of one match, without its separators. Fixed size: checks never allocate.
struct Digits {
  static constexpr size_t kMax = 40;
  char at[kMax] = {};
  size_t count = 0;
  bool ok = true;  // nothing but digits and allowed separators, and not too many
  std::string_view text() const { return {at, count}; }
};
Digits ReadDigits(std::string_view match, std::string_view separators);

// The calendar that dates inside identifiers use (proleptic Gregorian).
bool IsDate(int year, int month, int day);

// checks_numbers.cc
Validity CheckLuhn(std::string_view match);
Validity CheckUsSsn(std::string_view match);
Validity CheckIban(std::string_view match);
Validity CheckCnResidentId(std::string_view match);

// checks_contact.cc
Validity CheckEmail(std::string_view match);
Validity CheckPhone(std::string_view match);
Validity CheckIpv4(std::string_view match);
Validity CheckUuid(std::string_view match);

// checks_tokens.cc
Validity CheckJwt(std::string_view match);
Validity CheckGithubToken(std::string_view match);

}  // namespace hpol::detect
