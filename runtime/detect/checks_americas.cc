// Identifiers of the Americas. Doors: checks.h.
#include "runtime/detect/checks.h"

namespace hpol::detect {
namespace {

bool IsAbaPrefix(std::string_view text) {
  const int prefix = Number(text.substr(0, 2));
  return !AllEqual(text) &&
         (prefix <= 12 || (prefix >= 21 && prefix <= 32) || (prefix >= 61 && prefix <= 72) || prefix == 80);
}
bool IsNpiForm(std::string_view text) {
  return (text[0] == '1' || text[0] == '2') && !AllEqual(text.substr(0, 9));
}
bool IsDeaForm(std::string_view text) {
  return std::string_view("ABCDEFGHJKLMPRSTUX").find(text[0]) != std::string_view::npos &&
         (IsUpper(text[1]) || text[1] == '9') && AllDigits(text.substr(2)) && !AllEqual(text.substr(2));
}
bool IsSinForm(std::string_view text) { return text[0] != '0' && text[0] != '8' && !AllEqual(text); }
bool NotAllEqual(std::string_view text) { return !AllEqual(text); }
// Versions of packages end in a date and a number (`20200913-1`).
bool IsRutForm(std::string_view text) {
  const bool date = text.size() == 9 && text.substr(0, 2) == "20" &&
                    IsDay(text.substr(2, 2), text.substr(4, 2), text.substr(6, 2));
  return !AllEqual(text) && !date;
}
bool IsCuitKind(std::string_view text) {
  const int kind = Number(text.substr(0, 2));
  return kind == 20 || (kind >= 23 && kind <= 27) || kind == 30 || kind == 33 || kind == 34;
}

}  // namespace

const Scheme kAba = {.form = "999999999",
                     .weights = {3, 7, 1, 3, 7, 1, 3, 7},
                     .modulus = 10,
                     .symbols = "0987654321",
                     .also = IsAbaPrefix};
// Luhn's sum over 80840 and the number: the prefix adds 24.
const Scheme kUsNpi = {.form = "9999999999",
                       .weights = {2, 1, 2, 1, 2, 1, 2, 1, 2},
                       .modulus = 10,
                       .symbols = "6543210987",
                       .cross_sum = true,
                       .also = IsNpiForm};
const Scheme kUsDea = {.form = "A#9999999",
                       .weights = {0, 0, 1, 2, 1, 2, 1, 2},
                       .modulus = 10,
                       .symbols = "0123456789",
                       .also = IsDeaForm};
const Scheme kCaSin = {.form = "999999999",
                       .weights = {1, 2, 1, 2, 1, 2, 1, 2},
                       .modulus = 10,
                       .symbols = "0987654321",
                       .cross_sum = true,
                       .also = IsSinForm,
                       .in_a_row = Validity::kUnknown};
const Scheme kBrCpfFirst = {.form = "99999999999",
                            .weights = {10, 9, 8, 7, 6, 5, 4, 3, 2},
                            .modulus = 11,
                            .symbols = "00987654321",
                            .check = 9,
                            .also = NotAllEqual};
const Scheme kBrCpfSecond = {.form = "99999999999",
                             .weights = {11, 10, 9, 8, 7, 6, 5, 4, 3, 2},
                             .modulus = 11,
                             .symbols = "00987654321"};
const Scheme kBrCnpjFirst = {.form = "99999999999999",
                             .weights = {5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2},
                             .modulus = 11,
                             .symbols = "00987654321",
                             .check = 12,
                             .also = NotAllEqual};
const Scheme kBrCnpjSecond = {.form = "99999999999999",
                              .weights = {6, 5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2},
                              .modulus = 11,
                              .symbols = "00987654321"};
const Scheme kArCuit = {.form = "99999999999",
                        .weights = {5, 4, 3, 2, 7, 6, 5, 4, 3, 2},
                        .modulus = 11,
                        .symbols = "09987654321",
                        .also = IsCuitKind,
                        .in_a_row = Validity::kUnknown};
const Scheme kClRut8 = {.form = "99999999#",
                        .weights = {3, 2, 7, 6, 5, 4, 3, 2},
                        .modulus = 11,
                        .symbols = "0K987654321",
                        .also = IsRutForm};
const Scheme kClRut7 = {.form = "9999999#",
                        .weights = {2, 7, 6, 5, 4, 3, 2},
                        .modulus = 11,
                        .symbols = "0K987654321",
                        .also = NotAllEqual};
const Scheme kPeRuc = {.form = "99999999999",
                       .weights = {5, 4, 3, 2, 7, 6, 5, 4, 3, 2},
                       .modulus = 11,
                       .symbols = "10987654321",
                       .also =
                           [](std::string_view text) {
                             const int kind = Number(text.substr(0, 2));
                             return kind == 10 || kind == 15 || kind == 16 || kind == 17 || kind == 20;
                           },
                       .in_a_row = Validity::kUnknown};
const Scheme kEcCedula = {.form = "9999999999",
                          .weights = {2, 1, 2, 1, 2, 1, 2, 1, 2},
                          .modulus = 10,
                          .symbols = "0987654321",
                          .cross_sum = true,
                          .also =
                              [](std::string_view text) {
                                const int province = Number(text.substr(0, 2));
                                return ((province >= 1 && province <= 24) || province == 30) && text[2] < '6';
                              },
                          .in_a_row = Validity::kUnknown};
const Scheme kCoNit = {.form = "9999999999",
                       .weights = {41, 37, 29, 23, 19, 17, 13, 7, 3},
                       .modulus = 11,
                       .symbols = "01987654321",
                       .also = NotAllEqual,
                       .in_a_row = Validity::kUnknown};
const Scheme kUyCedula = {.form = "99999999",
                          .weights = {2, 9, 8, 7, 6, 3, 4},
                          .modulus = 10,
                          .symbols = "0987654321",
                          .also = NotAllEqual,
                          .in_a_row = Validity::kUnknown};
const Scheme kMxCurp = {.form = "AAAA999999AAAAAA##",
                        .weights = {18, 17, 16, 15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2},
                        .modulus = 10,
                        .symbols = "0987654321",
                        .also =
                            [](std::string_view text) {
                              return IsDay(text.substr(4, 2), text.substr(6, 2), text.substr(8, 2)) &&
                                     std::string_view("HMX").find(text[10]) != std::string_view::npos;
                            },
                        // 36 and 37 stand for letters that ASCII does not have.
                        .alphabet = "0123456789ABCDEFGHIJKLMN\x01OPQRSTUVWXYZ"};

// 26 CFR 301.6109-1(d)(3): 9xx, and the fourth and fifth digits in ranges that the IRS issues.
Validity CheckUsItin(std::string_view match) {
  const Bare bare = ReadBare(match);
  if (!bare.ok || bare.count != 9 || !AllDigits(bare.text()) || bare.at[0] != '9') return Validity::kReject;
  const int group = Number(bare.text().substr(3, 2));
  const bool issued = (group >= 50 && group <= 65) || (group >= 70 && group <= 88) ||
                      (group >= 90 && group <= 92) || group >= 94;
  if (!issued) return Validity::kReject;
  return match.size() == bare.count ? Validity::kUnknown
                                    : Validity::kAccept;  // nine digits in a row may be anything
}

// CMS: the pattern is the standard. Written with its hyphens it is certain; eleven characters in a row may be
// a part's number.
Validity CheckUsMbi(std::string_view match) {
  return match.size() == 13 && match[4] == '-' && match[8] == '-' ? Validity::kAccept : Validity::kUnknown;
}

// ISO 3779 with the check digit that 49 CFR 565 asks for in North America (place 9).
Validity CheckVin(std::string_view match) {
  static constexpr std::string_view kValues = "0123456789.ABCDEFGH..JKLMN.P.R..STUVWXYZ";
  static constexpr std::array<int, 17> kWeights = {8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2};
  const Bare bare = ReadBare(match);
  if (!bare.ok || bare.count != 17 || AllEqual(bare.text()) || !AllDigits(bare.text().substr(13))) {
    return Validity::kReject;
  }
  size_t letters = 0;
  int sum = 0;
  for (size_t i = 0; i < 17; ++i) {
    const char c = bare.at[i];
    const size_t place = kValues.find(c);
    if (place == std::string_view::npos) return Validity::kReject;  // I, O, Q
    letters += IsUpper(c) ? 1 : 0;
    sum += static_cast<int>(place % 10) * kWeights[i];
  }
  if (letters == 0) return Validity::kReject;
  return "0123456789X"[sum % 11] == bare.at[8] ? Validity::kAccept : Validity::kUnknown;
}

}  // namespace hpol::detect
