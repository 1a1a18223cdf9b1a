// How to reach somebody or something: e-mail, telephone, IPv4, UUID. None of these has a
// check digit, so the structure that their standards ask for decides. Doors: checks.h.
#include <algorithm>
#include <array>
#include <cstdint>

#include "runtime/detect/checks.h"

namespace hpol::detect {
namespace {

bool IsEmailLabelByte(char c) {
  return IsAlpha(c) || IsDigit(c) || c == '-' || (static_cast<uint8_t>(c) & 0x80) != 0;
}

// A label of a host name: 1 to 63 bytes, no hyphen at either end (RFC 5321, RFC 5890 for non-ASCII).
bool IsHostLabel(std::string_view label) {
  if (label.empty() || label.size() > 63 || label.front() == '-' || label.back() == '-') return false;
  for (const char c : label) {
    if (!IsEmailLabelByte(c)) return false;
  }
  return true;
}

// Suffixes of files that are named `icon@2x.png` and the like. None is a delegated domain.
bool IsFileSuffix(std::string_view label) {
  static constexpr std::array<std::string_view, 18> kSuffixes = {
      "png",  "jpg", "jpeg", "gif",  "svg", "webp", "css",  "js",   "json",
      "html", "htm", "scss", "yaml", "yml", "xml",  "avif", "heic", "pdf"};
  char lower[5];
  if (label.size() > sizeof lower) return false;
  for (size_t i = 0; i < label.size(); ++i) {
    lower[i] = IsUpper(label[i]) ? static_cast<char>(label[i] - 'A' + 'a') : label[i];
  }
  for (const std::string_view suffix : kSuffixes) {
    if (suffix == std::string_view(lower, label.size())) return true;
  }
  return false;
}

// The last label: two or more letters, or punycode. (The list of delegated names changes weekly; its
// absence errs toward a finding.)
bool IsTopLevel(std::string_view label) {
  if (label.size() < 2 || IsFileSuffix(label)) return false;
  if (label.size() > 4 && (label[0] == 'x' || label[0] == 'X') && label.substr(2, 2) == "--") return true;
  for (const char c : label) {
    if (!IsAlpha(c)) return false;
  }
  return true;
}

bool IsDomain(std::string_view domain) {
  if (domain.size() > 253) return false;
  size_t labels = 0;
  while (true) {
    const size_t dot = domain.find('.');
    const std::string_view label = domain.substr(0, dot);
    if (!IsHostLabel(label)) return false;
    ++labels;
    if (dot == std::string_view::npos) return labels >= 2 && IsTopLevel(label);
    domain.remove_prefix(dot + 1);
  }
}

}  // namespace

// RFC 5321: a dot-atom of at most 64 bytes, `@`, a domain of at least two labels.
Validity CheckEmail(std::string_view match) {
  const size_t at = match.rfind('@');
  if (at == std::string_view::npos || at == 0 || at > 64) return Validity::kReject;
  const std::string_view local = match.substr(0, at);
  if (local.front() == '.' || local.back() == '.' || local.find("..") != std::string_view::npos) {
    return Validity::kReject;
  }
  return IsDomain(match.substr(at + 1)) ? Validity::kAccept : Validity::kReject;
}

namespace {

// ITU-T E.164 country codes as first digits: one-digit zones, then the two-digit codes; every other
// assigned code has three digits. Returns the length of the code, 0 for an unassigned one.
size_t CountryCodeLength(std::string_view digits) {
  static constexpr std::string_view kTwo =
      "20 27 30 31 32 33 34 36 39 40 41 43 44 45 46 47 48 49 51 52 53 54 55 56 57 58 60 61 62 63 64 65 66 "
      "81 82 84 86 90 91 92 93 94 95 98 ";
  static constexpr std::string_view kSpareThree = "210 214 215 217 219 259 ";  // prefixes never assigned
  if (digits.empty() || digits[0] == '0') return 0;
  if (digits[0] == '1' || digits[0] == '7') return 1;
  if (digits.size() < 3) return 0;
  for (size_t i = 0; i < kTwo.size(); i += 3) {
    if (kTwo.substr(i, 2) == digits.substr(0, 2)) return 2;
  }
  for (size_t i = 0; i < kSpareThree.size(); i += 4) {
    if (kSpareThree.substr(i, 3) == digits.substr(0, 3)) return 0;
  }
  switch (digits[0]) {
    case '2':
    case '3':
    case '4':
    case '5':
    case '6':
      return 3;
    case '8':  // 80x, 85x, 87x, 88x
      return digits[1] == '0' || digits[1] == '5' || digits[1] == '7' || digits[1] == '8' ? 3 : 0;
    default:  // 96x, 97x, 99x
      return digits[1] == '6' || digits[1] == '7' || digits[1] == '9' ? 3 : 0;
  }
}

// North American Numbering Plan: NXX-NXX-XXXX, N from 2 to 9, no N11 area.
Validity CheckNanp(std::string_view ten) {
  const bool area = ten[0] >= '2' && !(ten[1] == '1' && ten[2] == '1');
  if (!area) return Validity::kReject;
  return ten[3] >= '2' ? Validity::kAccept : Validity::kUnknown;
}

// Mainland mobile numbers (MIIT numbering plan): 11 digits, prefixes in service.
bool IsCnMobile(std::string_view eleven) {
  if (eleven[0] != '1') return false;
  switch (eleven[1]) {
    case '3':
    case '8':
      return true;
    case '4':
      return eleven[2] >= '5';
    case '5':
      return eleven[2] != '4';
    case '6':
      return eleven[2] == '2' || eleven[2] == '5' || eleven[2] == '6' || eleven[2] == '7';
    case '7':
      return eleven[2] != '9';
    case '9':
      return eleven[2] != '4';
    default:
      return false;
  }
}

// `x459`, `ext. 12` at the end is part of what a person writes, not of the number.
std::string_view WithoutExtension(std::string_view match) {
  const size_t letter = match.find_first_of("xXeE");
  return letter == std::string_view::npos ? match : match.substr(0, letter);
}

// How a number is cut into groups of digits, whatever stands between them.
struct Groups {
  static constexpr size_t kMax = 8;
  std::array<size_t, kMax> sizes{};
  std::array<std::string_view, kMax> texts{};
  size_t count = 0;
};

Groups CutGroups(std::string_view number) {
  Groups groups;
  for (size_t at = 0; at < number.size();) {
    if (!IsDigit(number[at])) {
      ++at;
      continue;
    }
    size_t end = at;
    while (end < number.size() && IsDigit(number[end])) ++end;
    if (groups.count == Groups::kMax) return {};
    groups.texts[groups.count] = number.substr(at, end - at);
    groups.sizes[groups.count++] = end - at;
    at = end;
  }
  return groups;
}

bool IsYear(std::string_view text) {
  return text.size() == 4 && (text.substr(0, 2) == "19" || text.substr(0, 2) == "20");
}

// Dates (2024-05-12, 12-05-2024) and pairs of years, alone or at the begin of something longer.
bool HoldsDate(const Groups& groups) {
  for (size_t i = 0; i + 1 < groups.count; ++i) {
    if (IsYear(groups.texts[i]) && IsYear(groups.texts[i + 1])) return true;
    if (i + 2 >= groups.count || groups.sizes[i + 1] > 2) continue;
    if (IsYear(groups.texts[i]) && groups.sizes[i + 2] <= 2) return true;
    if (groups.sizes[i] <= 2 && IsYear(groups.texts[i + 2])) return true;
  }
  return false;
}

// Three, three, four: the North American way, with the country code or not.
bool IsNanpForm(const Groups& groups) {
  const size_t n = groups.count;
  return n >= 3 && groups.sizes[n - 1] == 4 && groups.sizes[n - 2] == 3 && groups.sizes[n - 3] == 3;
}

// Behind a trunk 0 no group of four stands between shorter ones, twelve digits are an area and a number, and
// hyphens do not join five pairs (those are bytes).
bool IsTrunkForm(std::string_view number, const Groups& groups, size_t digits) {
  if (digits == 12 && groups.count != 2) return false;
  if (groups.count >= 5 && number.find('-') != std::string_view::npos) return false;
  for (size_t i = 2; i + 1 < groups.count; ++i) {
    if (groups.sizes[i] >= 4) return false;
  }
  return true;
}

// Three, two and four digits are a social security number, whatever its first digit.
bool IsSsnForm(std::string_view match) {
  return match.size() == 11 && !IsDigit(match[3]) && !IsDigit(match[6]);
}

}  // namespace

// ITU-T E.164 with `+` or `00`; the North American plan; mainland China mobiles; national numbers
// with a trunk 0 or a bracketed area, where only the count of digits can be judged.
Validity CheckPhone(std::string_view match) {
  const std::string_view number = WithoutExtension(match);
  const bool plus = !number.empty() && number[0] == '+';
  const Digits all = ReadDigits(plus ? number.substr(1) : number, " -./()");
  if (!all.ok || (all.count == 9 && IsSsnForm(number))) return Validity::kReject;
  std::string_view digits = all.text();
  const bool exit_code = !plus && digits.substr(0, 2) == "00";
  if (plus || exit_code) {
    if (exit_code) digits.remove_prefix(2);
    const size_t code = CountryCodeLength(digits);
    if (code == 0 || digits.size() < 8 || digits.size() > 16) return Validity::kReject;
    // National numbers of 10 to 13 digits in all are the rule; time stamps behind a `+` are shorter or
    // longer.
    return digits.size() >= 10 && digits.size() <= 13 ? Validity::kAccept : Validity::kUnknown;
  }
  const Groups groups = CutGroups(number);
  if (groups.count == 0 || HoldsDate(groups)) return Validity::kReject;
  const bool mobile_form = groups.count == 1 || (groups.sizes[0] == 3 && groups.sizes[1] == 4);
  if (digits.size() == 11 && mobile_form && IsCnMobile(digits)) return Validity::kAccept;
  // Ten digits in a row are more often an order number: only the written form makes them a telephone.
  if (IsNanpForm(groups) && digits.size() == 10) return CheckNanp(digits);
  if (IsNanpForm(groups) && digits.size() == 11 && digits[0] == '1') return CheckNanp(digits.substr(1));
  if (groups.count > 1 && digits.size() >= 9 && digits.size() <= 12 && digits[0] == '0' &&
      IsTrunkForm(number, groups, digits.size())) {
    return Validity::kAccept;
  }
  // What no plan vouches for is one only beside a word.
  return digits.size() >= 7 && digits.size() <= 12 ? Validity::kUnknown : Validity::kReject;
}

// RFC 791 in the dotted form of RFC 3986: four parts up to 255, no leading zeros, and the length of a prefix
// (RFC 4632). Versions look the same: a leading 0 is no address that anybody has; four single digits, or a
// first part below ten with nothing above 99, are one only beside a word.
Validity CheckIpv4(std::string_view match) {
  if (const size_t slash = match.find('/'); slash != std::string_view::npos) {
    const Digits prefix = ReadDigits(match.substr(slash + 1), "");
    if (!prefix.ok || prefix.count == 0 || prefix.count > 2 || Number(prefix.text()) > 32)
      return Validity::kReject;
    match = match.substr(0, slash);
  }
  int parts[4] = {};
  size_t count = 0;
  while (true) {
    const size_t dot = match.find('.');
    const Digits digits = ReadDigits(match.substr(0, dot), "");
    if (!digits.ok || digits.count == 0 || digits.count > 3 || count == 4) return Validity::kReject;
    if (digits.count > 1 && digits.at[0] == '0') return Validity::kReject;
    int& part = parts[count++];
    for (const char digit : digits.text()) part = part * 10 + (digit - '0');
    if (part > 255) return Validity::kReject;
    if (dot == std::string_view::npos) break;
    match.remove_prefix(dot + 1);
  }
  const int largest = std::max({parts[0], parts[1], parts[2], parts[3]});
  if (count != 4 || (parts[0] == 0 && largest > 0)) return Validity::kReject;
  return parts[0] < 10 && largest < 100 ? Validity::kUnknown : Validity::kAccept;
}

// RFC 4291: eight groups of hexadecimal digits, one run of them left out as `::`, the last two written as
// IPv4 or not; a prefix behind it. Names of C++ (`a::b`) look the same: without any digit, or with a single
// group, only a word makes an address of it, but for the loopback.
Validity CheckIpv6(std::string_view match) {
  if (const size_t slash = match.find('/'); slash != std::string_view::npos) {
    const Digits prefix = ReadDigits(match.substr(slash + 1), "");
    if (!prefix.ok || prefix.count == 0 || prefix.count > 3 || Number(prefix.text()) > 128)
      return Validity::kReject;
    match = match.substr(0, slash);
  }
  size_t groups = 0;
  bool left_out = false;
  bool digit = false;
  bool quad = false;
  for (size_t at = 0; at < match.size();) {
    if (match[at] == ':') {
      const bool twice = at + 1 < match.size() && match[at + 1] == ':';
      if (twice && left_out) return Validity::kReject;
      if (!twice && (at == 0 || at + 1 == match.size())) return Validity::kReject;
      left_out = left_out || twice;
      at += twice ? 2 : 1;
      if (at < match.size() && match[at] == ':') return Validity::kReject;
      continue;
    }
    const size_t end = std::min(match.find(':', at), match.size());
    const std::string_view group = match.substr(at, end - at);
    if (group.find('.') != std::string_view::npos) {
      if (end != match.size() || CheckIpv4(group) == Validity::kReject) return Validity::kReject;
      quad = true;
      groups += 2;
    } else {
      if (group.size() > 4) return Validity::kReject;
      for (const char c : group) digit = digit || IsDigit(c);
      ++groups;
    }
    at = end;
  }
  if (left_out ? groups > 7 : groups != 8) return Validity::kReject;
  if (!left_out || quad) return Validity::kAccept;
  if (match == "::1") return Validity::kAccept;
  // `::ffff:192` is what is left of a broken quad.
  const bool mapped = groups == 2 && (match.substr(0, 7) == "::ffff:" || match.substr(0, 7) == "::FFFF:");
  return digit && groups >= 2 && !mapped ? Validity::kAccept : Validity::kUnknown;
}

// IEEE 802: 6 or 8 bytes; nobody's card has only zeros or only ones.
Validity CheckMac(std::string_view match) {
  char hex[16];
  size_t count = 0;
  for (const char c : match) {
    if (c == ':' || c == '-' || c == '.') continue;
    if (count == sizeof hex) return Validity::kReject;
    hex[count++] = c;
  }
  const std::string_view text(hex, count);
  if (count != 12 && count != 16) return Validity::kReject;
  return AllEqual(text) && std::string_view("0fF").find(hex[0]) != std::string_view::npos ? Validity::kReject
                                                                                          : Validity::kAccept;
}

// RFC 9562: 8-4-4-4-12 hexadecimal digits; versions 1 to 8 of the variant 10xx are certain. Older variants
// and the nil and max forms stay a shape.
Validity CheckUuid(std::string_view match) {
  if (match.size() != 36) return Validity::kReject;
  for (size_t i = 0; i < match.size(); ++i) {
    const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
    const char c = match[i];
    const bool hex = IsDigit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
    if (dash ? c != '-' : !hex) return Validity::kReject;
  }
  const char version = match[14];
  const bool variant = std::string_view("89abAB").find(match[19]) != std::string_view::npos;
  return version >= '1' && version <= '8' && variant ? Validity::kAccept : Validity::kUnknown;
}

}  // namespace hpol::detect
