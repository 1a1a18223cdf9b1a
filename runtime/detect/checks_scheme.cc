// The one interpreter of Scheme, and the small parts that checks share. Door: checks_scheme.h.
#include "runtime/detect/checks_scheme.h"

#include "runtime/detect/checks.h"

namespace hpol::detect {
namespace {

char Upper(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; }

bool Fits(std::string_view form, std::string_view text) {
  if (form.size() != text.size()) return false;
  for (size_t i = 0; i < text.size(); ++i) {
    const bool fits = form[i] == '9'   ? IsDigit(text[i])
                      : form[i] == 'A' ? IsUpper(text[i])
                      : form[i] == '#' ? IsDigit(text[i]) || IsUpper(text[i])
                                       : form[i] == text[i];
    if (!fits) return false;
  }
  return true;
}

// Letters as two digits each: C is 03.
Bare WithLettersWrittenOut(std::string_view text) {
  Bare out;
  for (const char c : text) {
    const int ordinal = c - 'A' + 1;
    if (out.count + 2 > Bare::kMax) {
      out.ok = false;
      break;
    }
    if (IsUpper(c)) {
      out.at[out.count++] = static_cast<char>('0' + ordinal / 10);
      out.at[out.count++] = static_cast<char>('0' + ordinal % 10);
    } else {
      out.at[out.count++] = c;
    }
  }
  return out;
}

// Seconds since 1970 of 2017 to 2030, and milliseconds of 2020 to 2030: one of ten has a right check digit by
// chance.
bool MayBeTime(std::string_view digits) {
  if ((digits.size() != 10 && digits.size() != 13) || digits[0] != '1' || !AllDigits(digits)) return false;
  return digits[1] >= (digits.size() == 10 ? '5' : '6') && digits[1] <= '8';
}

// -1 where a character has no value.
int WeighedSum(const Scheme& scheme, std::string_view text) {
  int sum = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    if (i >= scheme.weights.size()) return -1;
    if (scheme.weights[i] == 0) continue;
    const size_t value = scheme.alphabet.find(text[i]);
    if (value == std::string_view::npos) return -1;
    const int product = static_cast<int>(value) * scheme.weights[i];
    sum += scheme.cross_sum ? product / 10 + product % 10 : product;
  }
  return (sum % scheme.modulus + scheme.modulus) % scheme.modulus;
}

}  // namespace

Bare ReadBare(std::string_view match) {
  Bare bare;
  for (const char c : match) {
    if (IsDigit(c) || IsAlpha(c)) {
      if (bare.count == Bare::kMax) {
        bare.ok = false;
        break;
      }
      bare.at[bare.count++] = Upper(c);
    } else if (std::string_view(" -./_").find(c) == std::string_view::npos) {
      bare.ok = false;
      break;
    }
  }
  return bare;
}

Validity RunScheme(const Scheme& scheme, std::string_view match) {
  const Bare bare = ReadBare(match);
  if (!bare.ok || !Fits(scheme.form, bare.text())) return Validity::kReject;
  if (scheme.also != nullptr && !scheme.also(bare.text())) return Validity::kReject;
  const bool written_out = scheme.letters == Letters::kTwoDigits;
  const Bare weighed = written_out ? WithLettersWrittenOut(bare.text()) : bare;
  const int sum = weighed.ok ? WeighedSum(scheme, weighed.text()) : -1;
  if (sum < 0) return Validity::kReject;
  const size_t check = scheme.check < 0 ? weighed.count - 1 : static_cast<size_t>(scheme.check);
  const bool holds = scheme.symbols.empty() ? sum == scheme.rest
                                            : scheme.symbols[static_cast<size_t>(sum)] == weighed.at[check];
  if (!holds) return scheme.wrong;
  if (match.size() != bare.count) return scheme.separated;
  return MayBeTime(match) ? Validity::kUnknown : scheme.in_a_row;
}

int Number(std::string_view digits) {
  int value = 0;
  for (const char c : digits) value = value * 10 + (c - '0');
  return value;
}

bool AllEqual(std::string_view text) { return text.find_first_not_of(text[0]) == std::string_view::npos; }

bool AllDigits(std::string_view text) {
  return text.find_first_not_of("0123456789") == std::string_view::npos;
}

// The leap day is one in some century.
bool IsDay(std::string_view yy, std::string_view mm, std::string_view dd) {
  return IsDate(2000 + Number(yy), Number(mm), Number(dd));
}

bool LuhnHolds(std::string_view digits) {
  int sum = 0;
  for (size_t i = 0; i < digits.size(); ++i) {
    const int digit = digits[digits.size() - 1 - i] - '0';
    const int value = i % 2 == 0 ? digit : digit * 2;
    sum += value > 9 ? value - 9 : value;
  }
  return sum % 10 == 0;
}

// J. Verhoeff, 1969: the dihedral group of ten, with a permutation that depends on the place.
bool VerhoeffHolds(std::string_view digits) {
  static constexpr char kTimes[10][11] = {"0123456789", "1234067895", "2340178956", "3401289567",
                                          "4012395678", "5987604321", "6598710432", "7659821043",
                                          "8765932104", "9876543210"};
  static constexpr char kMoved[8][11] = {"0123456789", "1576283094", "5803796142", "8916043527",
                                         "9453126870", "4286573901", "2793806415", "7046913258"};
  size_t sum = 0;
  for (size_t i = 0; i < digits.size(); ++i) {
    const auto digit = static_cast<size_t>(digits[digits.size() - 1 - i] - '0');
    const auto moved = static_cast<size_t>(kMoved[i % 8][digit] - '0');
    sum = static_cast<size_t>(kTimes[sum][moved] - '0');
  }
  return sum == 0;
}

bool Mod11_10Holds(std::string_view digits) {
  int product = 10;
  for (size_t i = 0; i + 1 < digits.size(); ++i) {
    int sum = (digits[i] - '0' + product) % 10;
    if (sum == 0) sum = 10;
    product = sum * 2 % 11;
  }
  return (product + digits.back() - '0') % 10 == 1;
}

int Remainder(std::string_view text, int modulus) {
  int remainder = 0;
  for (const char c : text) {
    remainder =
        IsDigit(c) ? (remainder * 10 + (c - '0')) % modulus : (remainder * 100 + (c - 'A' + 10)) % modulus;
  }
  return remainder;
}

}  // namespace hpol::detect
