// Identifiers of Europe whose check is a weighted sum. Doors: checks.h.
#include "runtime/detect/checks.h"

namespace hpol::detect {
namespace {

// Remainder r to (11 - r) mod 11; what would be 10 is never issued, or counts as 0.
constexpr std::string_view kElevenNoTen = "0-987654321";
constexpr std::string_view kElevenTenIsZero = "00987654321";
constexpr std::string_view kRemainderNoTen = "0123456789-";
constexpr std::string_view kRemainderTenIsZero = "01234567890";
constexpr std::string_view kTens = "0987654321";

bool NotAllEqual(std::string_view text) { return !AllEqual(text); }

// The date of birth as DDMMYY, first.
bool BeginsWithDay(std::string_view text) {
  return IsDay(text.substr(4, 2), text.substr(2, 2), text.substr(0, 2));
}
// Central Europe adds a multiple of 20 to the month for the century.
bool IsPeselDate(std::string_view text) {
  const int month = Number(text.substr(2, 2));
  return month / 20 <= 4 && IsDate(2000 + Number(text.substr(0, 2)), month % 20, Number(text.substr(4, 2)));
}
bool IsEgnDate(std::string_view text) {
  const int month = Number(text.substr(2, 2));
  return month <= 52 && IsDate(2000 + Number(text.substr(0, 2)), month % 20, Number(text.substr(4, 2)));
}
bool IsCnpDate(std::string_view text) {
  return text[0] != '0' && IsDay(text.substr(1, 2), text.substr(3, 2), text.substr(5, 2)) &&
         (Number(text.substr(7, 2)) <= 52 || text[7] >= '7');
}
bool IsJmbgDate(std::string_view text) {
  return IsDay(text.substr(5, 2), text.substr(2, 2), text.substr(0, 2)) && (text[4] == '9' || text[4] == '0');
}
// D-numbers and H-numbers add 40 to the day or the month.
bool IsFodselsDate(std::string_view text) {
  const int day = Number(text.substr(0, 2));
  const int month = Number(text.substr(2, 2));
  return IsDate(2000 + Number(text.substr(4, 2)), month > 40 ? month - 40 : month, day > 40 ? day - 40 : day);
}
bool IsRvnrDate(std::string_view text) {
  const int day = Number(text.substr(2, 2));
  const int month = Number(text.substr(4, 2));
  return ((day >= 1 && day <= 31) || (day >= 51 && day <= 81)) && month >= 1 && month <= 12;
}
// Temporary numbers have an impossible month.
bool IsAustrianDate(std::string_view text) {
  const int day = Number(text.substr(4, 2));
  const int month = Number(text.substr(6, 2));
  return text[0] != '0' && day >= 1 && day <= 31 && month >= 1 && month <= 15;
}
// The passport and identity card of Germany avoid vowels and letters that read as digits; a D for the country
// may follow.
bool IsGermanSerial(std::string_view text) {
  if (text.size() == 11) text.remove_suffix(1);
  return text.find_first_not_of("0123456789CFGHJKLMNPRTVWXYZ") == std::string_view::npos &&
         std::string_view("CFGHJKLMNPRTVWXYZ").find(text[0]) != std::string_view::npos;
}
bool IsBelowTen(std::string_view text) { return text[0] != '0' && !AllEqual(text); }

}  // namespace

const Scheme kUkNhs = {.form = "9999999999",
                       .weights = {10, 9, 8, 7, 6, 5, 4, 3, 2},
                       .modulus = 11,
                       .symbols = kElevenNoTen,
                       .also = NotAllEqual};
const Scheme kUkUtr = {.form = "9999999999",
                       .weights = {0, 6, 7, 8, 9, 10, 5, 4, 3, 2},
                       .modulus = 11,
                       .symbols = "21987654321",
                       .check = 0,
                       .in_a_row = Validity::kUnknown};
const Scheme kDeSocialSecurity = {.form = "99999999A999",
                                  .weights = {2, 1, 2, 5, 7, 1, 2, 1, 2, 1, 2, 1},
                                  .modulus = 10,
                                  .symbols = "0123456789",
                                  .cross_sum = true,
                                  .also = IsRvnrDate,
                                  .letters = Letters::kTwoDigits};
const Scheme kDeKvnr = {.form = "A999999999",
                        .weights = {1, 2, 1, 2, 1, 2, 1, 2, 1, 2},
                        .modulus = 10,
                        .symbols = "0123456789",
                        .cross_sum = true,
                        .letters = Letters::kTwoDigits};
const Scheme kDeLanr = {.form = "999999999",
                        .weights = {4, 9, 4, 9, 4, 9},
                        .modulus = 10,
                        .symbols = kTens,
                        .check = 6,
                        .also = NotAllEqual};
// Nine characters, whose check digit stands behind them in the machine-readable zone only; many write the
// serial so that its last character checks the others. The first cards had any eight digits behind a T, those
// before 2010 ten digits.
const Scheme kDeSerial9 = {.form = "A########",
                           .weights = {7, 3, 1, 7, 3, 1, 7, 3},
                           .modulus = 10,
                           .symbols = "0123456789",
                           .also = IsGermanSerial,
                           .wrong = Validity::kUnknown};
const Scheme kDeSerial10 = {.form = "A########9",
                            .weights = {7, 3, 1, 7, 3, 1, 7, 3, 1},
                            .modulus = 10,
                            .symbols = "0123456789",
                            .also = IsGermanSerial};
const Scheme kDeSerial11 = {.form = "A########9D",
                            .weights = {7, 3, 1, 7, 3, 1, 7, 3, 1},
                            .modulus = 10,
                            .symbols = "0123456789",
                            .check = 9,
                            .also = IsGermanSerial};
const Scheme kDeSerialOld = {.form = "9999999999D",
                             .weights = {7, 3, 1, 7, 3, 1, 7, 3, 1},
                             .modulus = 10,
                             .symbols = "0123456789",
                             .check = 9};
const Scheme kFrSiren = {.form = "999999999",
                         .weights = {1, 2, 1, 2, 1, 2, 1, 2},
                         .modulus = 10,
                         .symbols = kTens,
                         .cross_sum = true,
                         .also = NotAllEqual,
                         .in_a_row = Validity::kUnknown,
                         .separated = Validity::kUnknown};
const Scheme kFrSiret = {.form = "99999999999999",
                         .weights = {2, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2},
                         .modulus = 10,
                         .symbols = kTens,
                         .cross_sum = true,
                         .also = NotAllEqual};
const Scheme kItVat = {.form = "99999999999",
                       .weights = {1, 2, 1, 2, 1, 2, 1, 2, 1, 2},
                       .modulus = 10,
                       .symbols = kTens,
                       .cross_sum = true,
                       .also = NotAllEqual};
const Scheme kPtNif = {.form = "999999999",
                       .weights = {9, 8, 7, 6, 5, 4, 3, 2},
                       .modulus = 11,
                       .symbols = kElevenTenIsZero,
                       .also = IsBelowTen,
                       .in_a_row = Validity::kUnknown,
                       .separated = Validity::kUnknown};
const Scheme kNlBsn = {.form = "999999999",
                       .weights = {9, 8, 7, 6, 5, 4, 3, 2, -1},
                       .modulus = 11,
                       .also = NotAllEqual,
                       .in_a_row = Validity::kUnknown};
const Scheme kChAhv = {.form = "7569999999999",
                       .weights = {1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1, 3},
                       .modulus = 10,
                       .symbols = kTens};
const Scheme kChUid = {.form = "CHE999999999",
                       .weights = {0, 0, 0, 5, 4, 3, 2, 7, 6, 5, 4},
                       .modulus = 11,
                       .symbols = kElevenNoTen};
const Scheme kAtSocialSecurity = {.form = "9999999999",
                                  .weights = {3, 7, 9, 0, 5, 8, 4, 2, 1, 6},
                                  .modulus = 11,
                                  .symbols = kRemainderNoTen,
                                  .check = 3,
                                  .also = IsAustrianDate};
const Scheme kPlPesel = {.form = "99999999999",
                         .weights = {1, 3, 7, 9, 1, 3, 7, 9, 1, 3},
                         .modulus = 10,
                         .symbols = kTens,
                         .also = IsPeselDate};
const Scheme kPlNip = {.form = "9999999999",
                       .weights = {6, 5, 7, 2, 3, 4, 5, 6, 7},
                       .modulus = 11,
                       .symbols = kRemainderNoTen,
                       .also = IsBelowTen,
                       .in_a_row = Validity::kUnknown};
const Scheme kPlRegon = {.form = "999999999",
                         .weights = {8, 9, 2, 3, 4, 5, 6, 7},
                         .modulus = 11,
                         .symbols = kRemainderTenIsZero,
                         .also = NotAllEqual,
                         .in_a_row = Validity::kUnknown};
const Scheme kSePersonnummer10 = {.form = "9999999999",
                                  .weights = {2, 1, 2, 1, 2, 1, 2, 1, 2},
                                  .modulus = 10,
                                  .symbols = kTens,
                                  .cross_sum = true,
                                  .also =
                                      [](std::string_view text) {
                                        const int day =
                                            Number(text.substr(4, 2));  // coordination numbers: 60 more
                                        return IsDate(2000 + Number(text.substr(0, 2)),
                                                      Number(text.substr(2, 2)), day > 60 ? day - 60 : day);
                                      },
                                  .in_a_row = Validity::kUnknown};
const Scheme kSePersonnummer12 = {.form = "999999999999",
                                  .weights = {0, 0, 2, 1, 2, 1, 2, 1, 2, 1, 2},
                                  .modulus = 10,
                                  .symbols = kTens,
                                  .cross_sum = true,
                                  .also = [](std::string_view text) {
                                    const int year = Number(text.substr(0, 4));
                                    const int day = Number(text.substr(6, 2));
                                    return year >= 1850 && year <= 2090 &&
                                           IsDate(year, Number(text.substr(4, 2)), day > 60 ? day - 60 : day);
                                  }};
const Scheme kSeOrganisation = {.form = "9999999999",
                                .weights = {2, 1, 2, 1, 2, 1, 2, 1, 2},
                                .modulus = 10,
                                .symbols = kTens,
                                .cross_sum = true,
                                .also = [](std::string_view text) {
                                  return text[0] != '0' && text[0] != '4' && text[2] >= '2' &&
                                         !AllEqual(text);
                                }};
const Scheme kNoFodselsFirst = {.form = "99999999999",
                                .weights = {3, 7, 6, 1, 8, 9, 4, 5, 2},
                                .modulus = 11,
                                .symbols = kElevenNoTen,
                                .check = 9,
                                .also = IsFodselsDate};
const Scheme kNoFodselsSecond = {
    .form = "99999999999", .weights = {5, 4, 3, 2, 7, 6, 5, 4, 3, 2}, .modulus = 11, .symbols = kElevenNoTen};
const Scheme kNoOrganisation = {
    .form = "999999999",
    .weights = {3, 2, 7, 6, 5, 4, 3, 2},
    .modulus = 11,
    .symbols = kElevenNoTen,
    .also = [](std::string_view text) { return text[0] == '8' || text[0] == '9'; },
    .in_a_row = Validity::kUnknown};
// Since 2007 numbers are also given out whose sum does not hold.
const Scheme kDkCpr = {.form = "9999999999",
                       .weights = {4, 3, 2, 7, 6, 5, 4, 3, 2, 1},
                       .modulus = 11,
                       .also = BeginsWithDay,
                       .wrong = Validity::kUnknown};
const Scheme kDkCvr = {.form = "99999999",
                       .weights = {2, 7, 6, 5, 4, 3, 2, 1},
                       .modulus = 11,
                       .also = IsBelowTen,
                       .in_a_row = Validity::kUnknown};
const Scheme kIsKennitala = {
    .form = "9999999999",
    .weights = {3, 2, 7, 6, 5, 4, 3, 2},
    .modulus = 11,
    .symbols = kElevenNoTen,
    .check = 8,
    .also = [](std::string_view text) { return BeginsWithDay(text) && (text[9] >= '8' || text[9] == '0'); }};
const Scheme kBgEgn = {.form = "9999999999",
                       .weights = {2, 4, 8, 5, 10, 9, 7, 3, 6},
                       .modulus = 11,
                       .symbols = kRemainderTenIsZero,
                       .also = IsEgnDate};
const Scheme kRoCnp = {.form = "9999999999999",
                       .weights = {2, 7, 9, 1, 4, 6, 3, 5, 8, 2, 7, 9},
                       .modulus = 11,
                       .symbols = "01234567891",
                       .also = IsCnpDate};
const Scheme kJmbg = {.form = "9999999999999",
                      .weights = {7, 6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2},
                      .modulus = 11,
                      .symbols = kElevenTenIsZero,
                      .also = IsJmbgDate};
const Scheme kSiTax = {.form = "99999999",
                       .weights = {8, 7, 6, 5, 4, 3, 2},
                       .modulus = 11,
                       .symbols = "-0987654321",
                       .also = IsBelowTen,
                       .in_a_row = Validity::kUnknown};
const Scheme kHuTax = {.form = "8999999999",
                       .weights = {1, 2, 3, 4, 5, 6, 7, 8, 9},
                       .modulus = 11,
                       .symbols = kRemainderNoTen,
                       .also = NotAllEqual,
                       .in_a_row = Validity::kUnknown};
const Scheme kHuTaj = {.form = "999999999",
                       .weights = {3, 7, 3, 7, 3, 7, 3, 7},
                       .modulus = 10,
                       .symbols = "0123456789",
                       .also = NotAllEqual,
                       .in_a_row = Validity::kUnknown};
const Scheme kGrAmka = {.form = "99999999999",
                        .weights = {1, 2, 1, 2, 1, 2, 1, 2, 1, 2},
                        .modulus = 10,
                        .symbols = kTens,
                        .cross_sum = true,
                        .also = BeginsWithDay};
// The weights are 256 down to 2, modulo 11.
const Scheme kGrAfm = {.form = "999999999",
                       .weights = {3, 7, 9, 10, 5, 8, 4, 2},
                       .modulus = 11,
                       .symbols = kRemainderTenIsZero,
                       .also = NotAllEqual,
                       .in_a_row = Validity::kUnknown};
const Scheme kTrNationalFirst = {.form = "99999999999",
                                 .weights = {7, -1, 7, -1, 7, -1, 7, -1, 7},
                                 .modulus = 10,
                                 .symbols = "0123456789",
                                 .check = 9,
                                 .also = IsBelowTen};
const Scheme kTrNationalSecond = {
    .form = "99999999999", .weights = {1, 1, 1, 1, 1, 1, 1, 1, 1, 1}, .modulus = 10, .symbols = "0123456789"};
const Scheme kRuInn10 = {.form = "9999999999",
                         .weights = {2, 4, 10, 3, 5, 9, 4, 6, 8},
                         .modulus = 11,
                         .symbols = kRemainderTenIsZero,
                         .also = NotAllEqual,
                         .in_a_row = Validity::kUnknown};
const Scheme kRuInn12First = {.form = "999999999999",
                              .weights = {7, 2, 4, 10, 3, 5, 9, 4, 6, 8},
                              .modulus = 11,
                              .symbols = kRemainderTenIsZero,
                              .check = 10,
                              .also = NotAllEqual};
const Scheme kRuInn12Second = {.form = "999999999999",
                               .weights = {3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8},
                               .modulus = 11,
                               .symbols = kRemainderTenIsZero};
const Scheme kUaRnokpp = {.form = "9999999999",
                          .weights = {-1, 5, 7, 9, 4, 6, 10, 5, 7},
                          .modulus = 11,
                          .symbols = kRemainderTenIsZero,
                          .also = NotAllEqual,
                          .in_a_row = Validity::kUnknown};
const Scheme kLvPersonal = {.form = "99999999999",
                            .weights = {10, 5, 8, 4, 2, 1, 6, 3, 7, 9},
                            .modulus = 11,
                            .symbols = "12345678900",
                            .also = BeginsWithDay};

}  // namespace hpol::detect
