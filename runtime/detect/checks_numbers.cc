// Numbers with a check digit or an allocation rule: cards, social security,
// resident identity. Doors: the Check* functions of checks.h.
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

// ISO/IEC 7812-1 annex B: from the right, every second digit doubled, digit sum divisible by ten.
Validity CheckLuhn(std::string_view match) {
  const Digits digits = ReadDigits(match, " -");
  if (!digits.ok || digits.count < 12 || digits.count > 19) return Validity::kReject;
  if (AllEqual(digits.text())) return Validity::kReject;  // 0000…: the sum holds, no issuer does
  return LuhnHolds(digits.text()) ? Validity::kAccept : Validity::kReject;
}

// There is no check digit; the rules say which areas, groups and serials are never issued.
Validity CheckUsSsn(std::string_view match) {
  const Digits digits = ReadDigits(match, " -.");
  if (!digits.ok || digits.count != 9) return Validity::kReject;
  const std::string_view text = digits.text();
  const std::string_view area = text.substr(0, 3);
  if (area == "000" || area == "666" || area[0] == '9') return Validity::kReject;
  if (text.substr(3, 2) == "00" || text.substr(5) == "0000") return Validity::kReject;
  // Nine digits in a row, or cut elsewhere, may be any number: nine of ten pass the rules above.
  return match.size() == 11 && !IsDigit(match[3]) && !IsDigit(match[6]) ? Validity::kAccept
                                                                        : Validity::kUnknown;
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
