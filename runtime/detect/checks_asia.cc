// Identifiers of Asia, the Pacific and Africa. Doors: checks.h.
#include "runtime/detect/checks.h"

namespace hpol::detect {
namespace {

bool NotAllEqual(std::string_view text) { return !AllEqual(text); }
bool BeginsWithDate(std::string_view text) {
  return IsDay(text.substr(0, 2), text.substr(2, 2), text.substr(4, 2));
}
// The seventh digit of a Korean number says sex, century and whether its bearer is a foreigner.
bool IsKoreanResident(std::string_view text) {
  return BeginsWithDate(text) && text[6] >= '1' && text[6] <= '4';
}
bool IsKoreanForeigner(std::string_view text) {
  return BeginsWithDate(text) && text[6] >= '5' && text[6] <= '8';
}

// Provinces of Thailand (ISO 3166-2:TH) in the second and third digit.
bool IsThaiPlace(std::string_view text) {
  if (text[0] == '0' || text[1] == '0') return false;
  const int place = Number(text.substr(1, 2));
  for (const int none : {28, 29, 59, 68, 69, 78, 79, 87, 88, 89, 97, 98, 99}) {
    if (place == none) return false;
  }
  return true;
}
bool IsMedicareForm(std::string_view text) { return text[0] >= '2' && text[0] <= '6'; }
bool IsZaForm(std::string_view text) { return BeginsWithDate(text) && text[10] <= '2'; }

Validity Say(bool holds) { return holds ? Validity::kAccept : Validity::kReject; }

constexpr std::string_view kUenTypes =
    "LP LL FC PF RF MQ MM NB CC CS MB FM GS DP CP NR CM CD MD HS VH CH MH CL XL CX HC RP TU TC FB FN PA PB "
    "SS MC SM GA "
    "GB ";
bool IsUenEntity(std::string_view text) {
  for (size_t i = 0; i < kUenTypes.size(); i += 3) {
    if (kUenTypes.substr(i, 2) == text.substr(3, 2))
      return text[0] == 'T' || text[0] == 'S' || text[0] == 'R';
  }
  return false;
}
bool IsUenYear(std::string_view text) {
  const int year = Number(text.substr(0, 4));
  return year >= 1900 && year <= 2090;
}

}  // namespace

// The weights are the powers of 3 modulo 31; the alphabet leaves out I, O, S, V, Z.
const Scheme kCnUscc = {.form = "##999999##########",
                        .weights = {1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28},
                        .modulus = 31,
                        .symbols = "0YXWUTRQPNMLKJHGFEDCBA987654321",
                        .also =
                            [](std::string_view text) {
                              return std::string_view("159ANY").find(text[0]) != std::string_view::npos;
                            },
                        .alphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"};
const Scheme kKrRrn = {.form = "9999999999999",
                       .weights = {2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5},
                       .modulus = 11,
                       .symbols = "10987654321",
                       .also = IsKoreanResident,
                       .wrong = Validity::kUnknown};  // since October 2020 the last digits are random
const Scheme kKrFrn = {.form = "9999999999999",
                       .weights = {2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5},
                       .modulus = 11,
                       .symbols = "32109876543",
                       .also = IsKoreanForeigner,
                       .wrong = Validity::kUnknown};
const Scheme kThNational = {.form = "9999999999999",
                            .weights = {13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2},
                            .modulus = 11,
                            .symbols = "10987654321",
                            .also = IsThaiPlace};
const Scheme kJpMyNumber = {.form = "999999999999",
                            .weights = {6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2},
                            .modulus = 11,
                            .symbols = "00987654321",
                            .also = NotAllEqual,
                            .in_a_row = Validity::kUnknown};
const Scheme kJpCorporate = {.form = "9999999999999",
                             .weights = {0, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1},
                             .modulus = 9,
                             .symbols = "987654321",
                             .check = 0,
                             .also = NotAllEqual};
const Scheme kIlId = {.form = "999999999",
                      .weights = {1, 2, 1, 2, 1, 2, 1, 2},
                      .modulus = 10,
                      .symbols = "0987654321",
                      .cross_sum = true,
                      .also = NotAllEqual,
                      .in_a_row = Validity::kUnknown};
const Scheme kPhTin9 = {.form = "999999999",
                        .weights = {9, 8, 7, 6, 5, 4, 3, 2},
                        .modulus = 11,
                        .symbols = "0123456789-",
                        .in_a_row = Validity::kUnknown,
                        .separated = Validity::kUnknown};
const Scheme kPhTin12 = {.form = "999999999999",
                         .weights = {9, 8, 7, 6, 5, 4, 3, 2},
                         .modulus = 11,
                         .symbols = "0123456789-",
                         .check = 8,
                         .in_a_row = Validity::kUnknown,
                         .separated = Validity::kUnknown};
const Scheme kAuAbn = {.form = "99999999999",
                       .weights = {10, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19},
                       .modulus = 89,
                       .rest = 10,  // one is taken from the first digit
                       .also = [](std::string_view text) { return text[0] != '0'; }};
const Scheme kAuAcn = {.form = "999999999",
                       .weights = {8, 7, 6, 5, 4, 3, 2, 1},
                       .modulus = 10,
                       .symbols = "0987654321",
                       .also = NotAllEqual};
const Scheme kAuTfn9 = {
    .form = "999999999", .weights = {1, 4, 3, 7, 5, 8, 6, 9, 10}, .modulus = 11, .also = NotAllEqual};
const Scheme kAuTfn8 = {
    .form = "99999999", .weights = {10, 7, 8, 4, 6, 3, 5, 1}, .modulus = 11, .also = NotAllEqual};
const Scheme kAuMedicare10 = {.form = "9999999999",
                              .weights = {1, 3, 7, 9, 1, 3, 7, 9},
                              .modulus = 10,
                              .symbols = "0123456789",
                              .check = 8,
                              .also = IsMedicareForm};
const Scheme kAuMedicare11 = {.form = "99999999999",
                              .weights = {1, 3, 7, 9, 1, 3, 7, 9},
                              .modulus = 10,
                              .symbols = "0123456789",
                              .check = 8,
                              .also = IsMedicareForm};
const Scheme kZaId = {.form = "9999999999999",
                      .weights = {1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2},
                      .modulus = 10,
                      .symbols = "0987654321",
                      .cross_sum = true,
                      .also = IsZaForm};
const Scheme kSgUenA = {
    .form = "99999999A", .weights = {10, 4, 9, 3, 8, 2, 7, 1}, .modulus = 11, .symbols = "XMKECAWLJDB"};
const Scheme kSgUenB = {.form = "999999999A",
                        .weights = {10, 8, 6, 4, 9, 7, 5, 3, 1},
                        .modulus = 11,
                        .symbols = "ZKCMDNERGWH",
                        .also = IsUenYear};
// The check character stands five places further on.
const Scheme kSgUenC = {.form = "A99AA9999A",
                        .weights = {4, 3, 5, 3, 10, 2, 2, 5, 7},
                        .modulus = 11,
                        .symbols = "GHJKLABCDEF",
                        .also = IsUenEntity,
                        .alphabet = "ABCDEFGHJKLMNPQRSTUVWX0123456789"};

// National Tax Service: 1 3 7 1 3 7 1 3 5, and the tens of the last product once more.
Validity CheckKrBrn(std::string_view match) {
  static constexpr std::array<int, 9> kWeights = {1, 3, 7, 1, 3, 7, 1, 3, 5};
  const Bare bare = ReadBare(match);
  if (!bare.ok || bare.count != 10 || !AllDigits(bare.text()) || AllEqual(bare.text()))
    return Validity::kReject;
  if (Number(bare.text().substr(0, 3)) < 101) return Validity::kReject;
  int sum = (bare.at[8] - '0') * 5 / 10;
  for (size_t i = 0; i < 9; ++i) sum += (bare.at[i] - '0') * kWeights[i];
  return Say((10 - sum % 10) % 10 == bare.at[9] - '0');
}

// Inland Revenue of New Zealand: where the first weights leave 10, a second row decides.
Validity CheckNzIrd(std::string_view match) {
  const Bare bare = ReadBare(match);
  if (!bare.ok || (bare.count != 8 && bare.count != 9) || !AllDigits(bare.text())) return Validity::kReject;
  const int number = Number(bare.text());
  if (number < 10'000'000 || number > 150'000'000) return Validity::kReject;
  static constexpr std::array<std::array<int, 8>, 2> kWeights = {
      {{3, 2, 7, 6, 5, 4, 3, 2}, {7, 4, 3, 2, 5, 2, 7, 6}}};
  const size_t skip = 9 - bare.count;  // eight digits have a 0 before them
  int control = 10;
  for (size_t row = 0; row < 2 && control == 10; ++row) {
    int sum = 0;
    for (size_t i = skip; i < 8; ++i) sum += (bare.at[i - skip] - '0') * kWeights[row][i];
    control = (11 - sum % 11) % 11;
  }
  if (control != bare.text().back() - '0') return Validity::kReject;
  return match.size() > bare.count ? Validity::kAccept : Validity::kUnknown;  // digits in a row need a word
}

// Korean driver's licence: an office's code, year, serial, two digits whose rule is not public.
Validity CheckKrLicence(std::string_view match) {
  const Bare bare = ReadBare(match);
  if (!bare.ok || bare.count != 12 || !AllDigits(bare.text())) return Validity::kReject;
  const int office = Number(bare.text().substr(0, 2));
  if (office < 11 || office > 28 || office == 27) return Validity::kReject;
  return match.size() > bare.count ? Validity::kAccept : Validity::kUnknown;
}

// UIDAI: twelve digits that begin with 2 to 9, with Verhoeff's digit; no palindromes.
Validity CheckInAadhaar(std::string_view match) {
  const Bare bare = ReadBare(match);
  if (!bare.ok || bare.count != 12 || !AllDigits(bare.text()) || bare.at[0] < '2') return Validity::kReject;
  bool palindrome = true;
  for (size_t i = 0; i < 6; ++i) palindrome = palindrome && bare.at[i] == bare.at[11 - i];
  return Say(!palindrome && VerhoeffHolds(bare.text()));
}

// State, PAN, entity, Z, check character. The state, the PAN and the Z are certain enough by themselves.
Validity CheckInGstin(std::string_view match) {
  const Bare bare = ReadBare(match);
  if (!bare.ok || bare.count != 15 || !AllDigits(bare.text().substr(0, 2))) return Validity::kReject;
  const int state = Number(bare.text().substr(0, 2));
  return Say((state >= 1 && state <= 37) || state == 97 || state == 99);
}

// Income Tax Department: the fourth letter says whose number it is; with another letter only a word makes it
// one.
Validity CheckInPan(std::string_view match) {
  if (match.size() != 10) return Validity::kReject;
  return std::string_view("ABCFGHJLPT").find(match[3]) != std::string_view::npos ? Validity::kAccept
                                                                                 : Validity::kUnknown;
}

// Registration plates of India: the state's two letters.
Validity CheckInPlate(std::string_view match) {
  static constexpr std::string_view kStates =
      "AN AP AR AS BR CG CH CT DD DH DL DN GA GJ HP HR JH JK KA KL LA LD MH ML MN MP MZ NL OD OR PB PY RJ SK "
      "TG TN TR "
      "TS UA UK UL UP UT WB ";
  const Bare bare = ReadBare(match);
  if (!bare.ok || bare.count < 6) return Validity::kReject;
  const std::string_view text = bare.text();
  if (IsDigit(text[0]))
    return Validity::kAccept;  // BH series, armed forces, missions: the pattern's form is enough
  if (text.substr(text.size() - 4) == "0000") return Validity::kReject;
  for (size_t i = 0; i < kStates.size(); i += 3) {
    if (kStates.substr(i, 2) == text.substr(0, 2)) return Validity::kAccept;
  }
  return Validity::kReject;
}

Validity CheckNgNin(std::string_view match) {
  const Bare bare = ReadBare(match);
  return Say(bare.ok && bare.count == 11 && AllDigits(bare.text()) && !AllEqual(bare.text()) &&
             VerhoeffHolds(bare.text()));
}

// Immigration & Checkpoints Authority: letters by the weighted sum, an offset of 4 for T and G, 3 for M. A
// wrong letter leaves a shape.
Validity CheckSgNric(std::string_view match) {
  static constexpr std::array<int, 7> kWeights = {2, 7, 6, 5, 4, 3, 2};
  const Bare bare = ReadBare(match);
  if (!bare.ok || bare.count != 9 || !AllDigits(bare.text().substr(1, 7))) return Validity::kReject;
  int sum = bare.at[0] == 'T' || bare.at[0] == 'G' ? 4 : bare.at[0] == 'M' ? 3 : 0;
  for (size_t i = 0; i < 7; ++i) sum += (bare.at[i + 1] - '0') * kWeights[i];
  const auto rest = static_cast<size_t>(sum % 11);
  const char expected = bare.at[0] == 'S' || bare.at[0] == 'T'   ? "JZIHGFEDCBA"[rest]
                        : bare.at[0] == 'F' || bare.at[0] == 'G' ? "XWUTRQPNMLK"[rest]
                                                                 : "XWUTRQPNJLK"[rest];
  return expected == bare.at[8] ? Validity::kAccept : Validity::kUnknown;
}

// Hong Kong: one or two letters, six digits, the check digit (A for 10) in brackets. One letter has a blank
// before it that counts 36.
Validity CheckHkId(std::string_view match) {
  char text[9];
  size_t count = 0;
  for (const char c : match) {
    if (c == '(' || c == ')' || c == ' ') continue;
    if (count == sizeof text) return Validity::kReject;
    text[count++] = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  }
  if (count != 8 && count != 9) return Validity::kReject;
  int sum = count == 8 ? 36 * 9 : 0;
  for (size_t i = 0; i < count; ++i) {
    const char c = text[i];
    const bool last = i + 1 == count;
    const bool letter = i < count - 7;
    if (letter ? !IsUpper(c) : !IsDigit(c) && !(last && c == 'A')) return Validity::kReject;
    const int value = letter || last ? (IsDigit(c) ? c - '0' : c - 'A' + 10) : c - '0';
    sum += value * static_cast<int>(count - i);
  }
  if (sum % 11 != 0) return Validity::kReject;
  return match.find('(') != std::string_view::npos ? Validity::kAccept : Validity::kUnknown;
}

// Taiwan, Ministry of the Interior: the letter stands for two digits; 1 9 8 7 6 5 4 3 2 1 1. Residents from
// abroad have 8 or 9 in the second place, and before 2021 a second letter.
Validity CheckTwId(std::string_view match) {
  static constexpr std::string_view kLetters = "ABCDEFGHJKLMNPQRSTUVXYWZIO";  // 10 to 35
  const Bare bare = ReadBare(match);
  if (!bare.ok || bare.count != 10 || !AllDigits(bare.text().substr(2))) return Validity::kReject;
  const auto first = static_cast<int>(kLetters.find(bare.at[0])) + 10;
  int second = bare.at[1] - '0';
  if (IsUpper(bare.at[1])) {
    if (bare.at[1] > 'D') return Validity::kReject;
    second = static_cast<int>(kLetters.find(bare.at[1])) % 10;
  } else if (second != 1 && second != 2 && second != 8 && second != 9) {
    return Validity::kReject;
  }
  int sum = first / 10 + first % 10 * 9 + second * 8;
  for (size_t i = 2; i < 9; ++i) sum += (bare.at[i] - '0') * static_cast<int>(9 - i);
  return Say((sum + bare.at[9] - '0') % 10 == 0);
}

// Macau's identity card has no published check digit: 1, 5 or 7 first, the last digit in brackets.
Validity CheckMoId(std::string_view match) {
  const bool bracketed = match.find('(') != std::string_view::npos;
  if (std::string_view("1578").find(match.empty() ? ' ' : match[0]) == std::string_view::npos)
    return Validity::kReject;
  return bracketed ? Validity::kAccept : Validity::kUnknown;
}

// Malaysia: date of birth, place of birth, a serial.
Validity CheckMyKad(std::string_view match) {
  const Bare bare = ReadBare(match);
  if (!bare.ok || bare.count != 12 || !AllDigits(bare.text()) || !BeginsWithDate(bare.text()))
    return Validity::kReject;
  const int place = Number(bare.text().substr(6, 2));
  if (place == 0 || (place >= 17 && place <= 20) || place == 69 || place == 70 || place == 73 ||
      place == 80 || place == 81 || (place >= 94 && place <= 97)) {
    return Validity::kReject;
  }
  return match.size() > bare.count ? Validity::kAccept : Validity::kUnknown;
}

// Indonesia: district, date of birth with 40 added to the day for women, a serial.
Validity CheckIdNik(std::string_view match) {
  const Bare bare = ReadBare(match);
  if (!bare.ok || bare.count != 16 || !AllDigits(bare.text())) return Validity::kReject;
  const int province = Number(bare.text().substr(0, 2));
  const int day = Number(bare.text().substr(6, 2));
  if (province < 11 || province > 96 || bare.text().substr(12) == "0000") return Validity::kReject;
  return IsDate(2000 + Number(bare.text().substr(10, 2)), Number(bare.text().substr(8, 2)),
                day > 40 ? day - 40 : day)
             ? Validity::kUnknown
             : Validity::kReject;
}

// Plates of Turkey: a province from 01 to 81. In lower case, or with what stands between numbers in any text
// (months, units, currencies), only a word makes one of it.
Validity CheckTrPlate(std::string_view match) {
  static constexpr std::string_view kOrdinary =
      "AM PM TO OF IN ON AT BY OR VS KM KG MM CM GB MB KB TB HP PX MS HZ AND THE FOR JAN FEB MAR APR MAY JUN "
      "JUL AUG SEP OCT "
      "NOV DEC PDT PST EDT EST CDT CST MDT MST UTC GMT CET BST JST IST MON TUE WED THU FRI SAT SUN USD EUR "
      "GBP TRY CNY JPY CHF ";
  const Bare bare = ReadBare(match);
  if (!bare.ok || bare.count < 5 || !AllDigits(bare.text().substr(0, 2))) return Validity::kReject;
  const int province = Number(bare.text().substr(0, 2));
  if (province < 1 || province > 81) return Validity::kReject;
  size_t end = 2;
  while (end < bare.count && IsUpper(bare.at[end])) ++end;
  const std::string_view letters = bare.text().substr(2, end - 2);
  for (size_t i = 0; i < kOrdinary.size();) {
    const size_t size = kOrdinary.find(' ', i) - i;
    if (kOrdinary.substr(i, size) == letters) return Validity::kReject;
    i += size + 1;
  }
  for (const char c : match) {
    if (c >= 'a' && c <= 'z') return Validity::kUnknown;
  }
  return Validity::kAccept;
}

}  // namespace hpol::detect
