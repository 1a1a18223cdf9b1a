// Numbers with a check digit or an allocation rule: cards, social security, bank
// accounts, resident identity. Doors: the Check* functions of checks.h.
#include <array>
#include <cstdint>

#include "runtime/detect/checks.h"

namespace hpol::detect {

Digits ReadDigits(std::string_view match, std::string_view separators) {
  Digits digits;
  for (const char c : match) {
    if (IsDigit(c)) {
      if (digits.count == Digits::kMax) {
        digits.ok = false;
        break;
      }
      digits.at[digits.count++] = c;
    } else if (separators.find(c) == std::string_view::npos) {
      digits.ok = false;
      break;
    }
  }
  return digits;
}

bool IsDate(int year, int month, int day) {
  static constexpr std::array<int, 12> kDays = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  if (month < 1 || month > 12 || day < 1) return false;
  const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  const int last = kDays[static_cast<size_t>(month - 1)] + (leap && month == 2 ? 1 : 0);
  return day <= last;
}

namespace {

int Number(std::string_view digits) {
  int value = 0;
  for (const char c : digits) value = value * 10 + (c - '0');
  return value;
}

bool AllEqual(std::string_view digits) {
  return digits.find_first_not_of(digits[0]) == std::string_view::npos;
}

}  // namespace

// ISO/IEC 7812-1 annex B: from the right, every second digit doubled, digit sum divisible by ten.
Validity CheckLuhn(std::string_view match) {
  const Digits digits = ReadDigits(match, " -");
  if (!digits.ok || digits.count < 12 || digits.count > 19) return Validity::kReject;
  if (AllEqual(digits.text())) return Validity::kReject;  // 0000…: the sum holds, no issuer does
  int sum = 0;
  for (size_t i = 0; i < digits.count; ++i) {
    const int digit = digits.at[digits.count - 1 - i] - '0';
    const int value = i % 2 == 0 ? digit : digit * 2;
    sum += value > 9 ? value - 9 : value;
  }
  return sum % 10 == 0 ? Validity::kAccept : Validity::kReject;
}

// There is no check digit; the rules say which areas, groups and serials are never issued.
Validity CheckUsSsn(std::string_view match) {
  const Digits digits = ReadDigits(match, " -.");
  if (!digits.ok || digits.count != 9) return Validity::kReject;
  const std::string_view text = digits.text();
  const std::string_view area = text.substr(0, 3);
  if (area == "000" || area == "666" || area[0] == '9') return Validity::kReject;
  if (text.substr(3, 2) == "00" || text.substr(5) == "0000") return Validity::kReject;
  // Nine digits in a row may be any number: nine of ten pass the rules above.
  return match.size() == digits.count ? Validity::kUnknown : Validity::kAccept;
}

namespace {

struct IbanCountry {
  char code[3];
  uint8_t length;
};

// SWIFT IBAN registry, release 99, and the experimental codes in wide use. Sorted by code.
constexpr IbanCountry kIbanCountries[] = {
    {"AD", 24}, {"AE", 23}, {"AL", 28}, {"AO", 25}, {"AT", 20}, {"AZ", 28}, {"BA", 20}, {"BE", 16},
    {"BF", 28}, {"BG", 22}, {"BH", 22}, {"BI", 27}, {"BJ", 28}, {"BR", 29}, {"BY", 28}, {"CF", 27},
    {"CG", 27}, {"CH", 21}, {"CI", 28}, {"CM", 27}, {"CR", 22}, {"CV", 25}, {"CY", 28}, {"CZ", 24},
    {"DE", 22}, {"DJ", 27}, {"DK", 18}, {"DO", 28}, {"DZ", 26}, {"EE", 20}, {"EG", 29}, {"ES", 24},
    {"FI", 18}, {"FK", 18}, {"FO", 18}, {"FR", 27}, {"GA", 27}, {"GB", 22}, {"GE", 22}, {"GI", 23},
    {"GL", 18}, {"GQ", 27}, {"GR", 27}, {"GT", 28}, {"GW", 25}, {"HN", 28}, {"HR", 21}, {"HU", 28},
    {"IE", 22}, {"IL", 23}, {"IQ", 23}, {"IR", 26}, {"IS", 26}, {"IT", 27}, {"JO", 30}, {"KM", 27},
    {"KW", 30}, {"KZ", 20}, {"LB", 28}, {"LC", 32}, {"LI", 21}, {"LT", 20}, {"LU", 20}, {"LV", 21},
    {"LY", 25}, {"MA", 28}, {"MC", 27}, {"MD", 24}, {"ME", 22}, {"MG", 27}, {"MK", 19}, {"ML", 28},
    {"MN", 20}, {"MR", 27}, {"MT", 31}, {"MU", 30}, {"MZ", 25}, {"NE", 28}, {"NI", 28}, {"NL", 18},
    {"NO", 15}, {"OM", 23}, {"PK", 24}, {"PL", 28}, {"PS", 29}, {"PT", 25}, {"QA", 29}, {"RO", 24},
    {"RS", 22}, {"RU", 33}, {"SA", 24}, {"SC", 31}, {"SD", 18}, {"SE", 24}, {"SI", 19}, {"SK", 24},
    {"SM", 27}, {"SN", 28}, {"SO", 23}, {"ST", 25}, {"SV", 28}, {"TD", 27}, {"TG", 28}, {"TL", 23},
    {"TN", 24}, {"TR", 26}, {"UA", 29}, {"VA", 22}, {"VG", 24}, {"XK", 20}, {"YE", 30}};

size_t IbanLength(char first, char second) {
  for (const IbanCountry& country : kIbanCountries) {
    if (country.code[0] == first && country.code[1] == second) return country.length;
  }
  return 0;
}

}  // namespace

// ISO 13616-1 form and country length; ISO 7064 mod 97-10 over the rotated text, letters as 10…35.
Validity CheckIban(std::string_view match) {
  if (match.find_first_of(" -") < 4) return Validity::kReject;  // groups begin after country and check
  char text[40];
  size_t count = 0;
  for (const char c : match) {
    if (c == ' ' || c == '-') continue;
    if ((!IsDigit(c) && !IsUpper(c)) || count == sizeof text) return Validity::kReject;
    text[count++] = c;
  }
  if (count < 15 || !IsUpper(text[0]) || !IsUpper(text[1]) || !IsDigit(text[2]) || !IsDigit(text[3])) {
    return Validity::kReject;
  }
  if (IbanLength(text[0], text[1]) != count) return Validity::kReject;
  int remainder = 0;
  for (size_t i = 0; i < count; ++i) {
    const char c = text[(i + 4) % count];
    remainder = IsDigit(c) ? (remainder * 10 + (c - '0')) % 97 : (remainder * 100 + (c - 'A' + 10)) % 97;
  }
  return remainder == 1 ? Validity::kAccept : Validity::kReject;
}

namespace {

// GB/T 2260: the first two digits are a province, region, municipality or a special region.
bool IsCnProvince(int code) {
  static constexpr std::array<uint8_t, 35> kCodes = {11, 12, 13, 14, 15, 21, 22, 23, 31, 32, 33, 34,
                                                     35, 36, 37, 41, 42, 43, 44, 45, 46, 50, 51, 52,
                                                     53, 54, 61, 62, 63, 64, 65, 71, 81, 82, 83};
  for (const uint8_t known : kCodes) {
    if (known == code) return true;
  }
  return false;
}

// Before 1999 there were 15 digits: two for the year, and no check character.
Validity CheckCnLegacyId(std::string_view text) {
  const bool date =
      IsDate(1900 + Number(text.substr(6, 2)), Number(text.substr(8, 2)), Number(text.substr(10, 2)));
  return date ? Validity::kUnknown : Validity::kReject;
}

Validity CheckCnModernId(std::string_view text) {
  const int year = Number(text.substr(6, 4));
  if (year < 1850 || year > 2090)
    return Validity::kReject;  // there is no clock here; nobody is this old or young
  if (!IsDate(year, Number(text.substr(10, 2)), Number(text.substr(12, 2)))) return Validity::kReject;
  static constexpr std::array<int, 17> kWeights = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
  int sum = 0;
  for (size_t i = 0; i < kWeights.size(); ++i) sum += (text[i] - '0') * kWeights[i];
  const char actual = text[17] == 'x' ? 'X' : text[17];
  return "10X98765432"[sum % 11] == actual ? Validity::kAccept : Validity::kReject;
}

}  // namespace

// GB 11643: region, date of birth, sequence, and an ISO 7064 mod 11-2 check character. Groups may be set
// apart.
Validity CheckCnResidentId(std::string_view match) {
  char text[18];
  size_t count = 0;
  for (const char c : match) {
    if (c == ' ' || c == '-') continue;
    if (count == sizeof text) return Validity::kReject;
    const bool check_x = count == 17 && (c == 'X' || c == 'x');
    if (!IsDigit(c) && !check_x) return Validity::kReject;
    text[count++] = c;
  }
  const std::string_view id(text, count);
  if ((count != 15 && count != 18) || !IsCnProvince(Number(id.substr(0, 2)))) return Validity::kReject;
  return count == 15 ? CheckCnLegacyId(id) : CheckCnModernId(id);
}

}  // namespace hpol::detect
