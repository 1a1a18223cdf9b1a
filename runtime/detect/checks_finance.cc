// Accounts and securities: IBAN, BIC, ISIN, CUSIP, SEDOL, LEI. Doors: checks.h.
#include "runtime/detect/checks.h"

namespace hpol::detect {
namespace {

struct IbanCountry {
  std::string_view code;
  std::string_view form;  // behind the check digits: so many n digits, a letters, c of either
};

// SWIFT IBAN registry, release 99, and the experimental codes in wide use. Sorted by code.
constexpr IbanCountry kIbanCountries[] = {
    {"AD", "8n12c"},    {"AE", "19n"},      {"AL", "8n16c"}, {"AO", "21n"},      {"AT", "16n"},
    {"AZ", "4a20c"},    {"BA", "16n"},      {"BE", "12n"},   {"BF", "2c22n"},    {"BG", "4a6n8c"},
    {"BH", "4a14c"},    {"BI", "23n"},      {"BJ", "2c22n"}, {"BR", "23n1a1c"},  {"BY", "4c4n16c"},
    {"CF", "23n"},      {"CG", "23n"},      {"CH", "5n12c"}, {"CI", "2a22n"},    {"CM", "23n"},
    {"CR", "18n"},      {"CV", "21n"},      {"CY", "8n16c"}, {"CZ", "20n"},      {"DE", "18n"},
    {"DJ", "23n"},      {"DK", "14n"},      {"DO", "4c20n"}, {"DZ", "22n"},      {"EE", "16n"},
    {"EG", "25n"},      {"ES", "20n"},      {"FI", "14n"},   {"FK", "2a12n"},    {"FO", "14n"},
    {"FR", "10n11c2n"}, {"GA", "23n"},      {"GB", "4a14n"}, {"GE", "2a16n"},    {"GI", "4a15c"},
    {"GL", "14n"},      {"GQ", "23n"},      {"GR", "7n16c"}, {"GT", "24c"},      {"GW", "2c19n"},
    {"HN", "4a20n"},    {"HR", "17n"},      {"HU", "24n"},   {"IE", "4a14n"},    {"IL", "19n"},
    {"IQ", "4a15n"},    {"IR", "22n"},      {"IS", "22n"},   {"IT", "1a10n12c"}, {"JO", "4a4n18c"},
    {"KM", "23n"},      {"KW", "4a22c"},    {"KZ", "3n13c"}, {"LB", "4n20c"},    {"LC", "4a24c"},
    {"LI", "5n12c"},    {"LT", "16n"},      {"LU", "3n13c"}, {"LV", "4a13c"},    {"LY", "21n"},
    {"MA", "24n"},      {"MC", "10n11c2n"}, {"MD", "20c"},   {"ME", "18n"},      {"MG", "23n"},
    {"MK", "3n10c2n"},  {"ML", "2c22n"},    {"MN", "16n"},   {"MR", "23n"},      {"MT", "4a5n18c"},
    {"MU", "4a19n3a"},  {"MZ", "21n"},      {"NE", "2a22n"}, {"NI", "4a20n"},    {"NL", "4a10n"},
    {"NO", "11n"},      {"OM", "3n16c"},    {"PK", "4a16c"}, {"PL", "24n"},      {"PS", "4a21c"},
    {"PT", "21n"},      {"QA", "4a21c"},    {"RO", "4a16c"}, {"RS", "18n"},      {"RU", "14n15c"},
    {"SA", "2n18c"},    {"SC", "4a20n3a"},  {"SD", "14n"},   {"SE", "20n"},      {"SI", "15n"},
    {"SK", "20n"},      {"SM", "1a10n12c"}, {"SN", "2a22n"}, {"SO", "19n"},      {"ST", "21n"},
    {"SV", "4a20n"},    {"TD", "23n"},      {"TG", "2a22n"}, {"TL", "19n"},      {"TN", "20n"},
    {"TR", "6n16c"},    {"UA", "6n19c"},    {"VA", "18n"},   {"VG", "4a16n"},    {"XK", "16n"},
    {"YE", "4a4n18c"},
};

bool HasForm(std::string_view form, std::string_view text) {
  size_t at = 0;
  while (!form.empty()) {
    size_t count = 0;
    while (IsDigit(form[0])) {
      count = count * 10 + static_cast<size_t>(form[0] - '0');
      form.remove_prefix(1);
    }
    const char kind = form[0];
    form.remove_prefix(1);
    if (at + count > text.size()) return false;
    for (const char c : text.substr(at, count)) {
      const bool fits = kind == 'n' ? IsDigit(c) : kind == 'a' ? IsUpper(c) : IsDigit(c) || IsUpper(c);
      if (!fits) return false;
    }
    at += count;
  }
  return at == text.size();
}

bool IsIbanForm(std::string_view text) {
  for (const IbanCountry& country : kIbanCountries) {
    if (country.code == text.substr(0, 2)) return HasForm(country.form, text.substr(4));
  }
  return false;
}

// ISO 7064 mod 97-10 over the text with its first four characters behind the rest.
bool IbanSumHolds(std::string_view text) {
  const int tail = Remainder(text.substr(4), 97);
  int remainder = tail;
  for (const char c : text.substr(0, 4)) {
    remainder = IsDigit(c) ? (remainder * 10 + (c - '0')) % 97 : (remainder * 100 + (c - 'A' + 10)) % 97;
  }
  return remainder == 1;
}

// ISO 3166-1 alpha-2, and XK, EU.
bool IsCountry(std::string_view code) {
  static constexpr std::string_view kCodes =
      "AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV "
      "BW BY BZ CA "
      "CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET EU FI FJ "
      "FK FM FO FR "
      "GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS "
      "IT JE JM JO "
      "JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN "
      "MO MP MQ MR "
      "MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW "
      "PY QA RE RO "
      "RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN "
      "TO TR TT TV "
      "TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS XK YE YT ZA ZM ZW ";
  for (size_t i = 0; i < kCodes.size(); i += 3) {
    if (kCodes.substr(i, 2) == code) return true;
  }
  return false;
}

Validity Say(bool holds) { return holds ? Validity::kAccept : Validity::kReject; }

}  // namespace

const Scheme kSedol = {.form = "######9",
                       .weights = {1, 3, 1, 7, 3, 9},
                       .modulus = 10,
                       .symbols = "0987654321",
                       .also =
                           [](std::string_view text) {
                             return text.find_first_of("AEIOU") == std::string_view::npos && !AllEqual(text);
                           },
                       .in_a_row = Validity::kUnknown};

const Scheme kImei = {.form = "999999999999999",
                      .weights = {1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2},
                      .modulus = 10,
                      .symbols = "0987654321",
                      .cross_sum = true,
                      .also = [](std::string_view text) { return !AllEqual(text); },
                      .in_a_row = Validity::kUnknown};

// ISO 13616-1: the country's form and length; ISO 7064 mod 97-10, letters as 10…35.
Validity CheckIban(std::string_view match) {
  if (match.find_first_of(" -") < 4) return Validity::kReject;  // groups begin after country and check
  char text[40];
  size_t count = 0;
  for (const char c : match) {
    if (c == ' ' || c == '-') continue;
    if ((!IsDigit(c) && !IsUpper(c)) || count == sizeof text) return Validity::kReject;
    text[count++] = c;
  }
  const std::string_view iban(text, count);
  if (count < 15 || !IsDigit(text[2]) || !IsDigit(text[3]) || !IsIbanForm(iban)) return Validity::kReject;
  return Say(IbanSumHolds(iban));
}

// ISO 9362: institution, country, place, branch. No check digit, so the country decides whether it may be
// one.
Validity CheckBic(std::string_view match) {
  if (match.size() != 8 && match.size() != 11) return Validity::kReject;
  for (const char c : match) {
    if (!IsUpper(c) && !IsDigit(c)) return Validity::kReject;
  }
  return IsCountry(match.substr(4, 2)) ? Validity::kUnknown : Validity::kReject;
}

// CUSIP Global Services: every second value doubled, sums of digits, modulo 10. Issuers' letters are rare:
// without any letter it is nine digits.
Validity CheckCusip(std::string_view match) {
  static constexpr std::string_view kValues = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ*@#";
  if (match.size() != 9 || !IsDigit(match[8])) return Validity::kReject;
  int sum = 0;
  for (size_t i = 0; i < 8; ++i) {
    const size_t value = kValues.find(match[i]);
    if (value == std::string_view::npos) return Validity::kReject;
    const int product = static_cast<int>(value) * (i % 2 == 1 ? 2 : 1);
    sum += product / 10 + product % 10;
  }
  if (match[8] - '0' != (10 - sum % 10) % 10) return Validity::kReject;
  return AllDigits(match) ? Validity::kUnknown : Validity::kAccept;
}

// ISO 6166: letters as 10…35, Luhn's sum over all the digits.
Validity CheckIsin(std::string_view match) {
  if (match.size() != 12 || !IsDigit(match[11])) return Validity::kReject;
  if (!IsCountry(match.substr(0, 2)) && match.substr(0, 2) != "XS") return Validity::kReject;
  char digits[24];
  size_t count = 0;
  for (const char c : match) {
    if (!IsDigit(c) && !IsUpper(c)) return Validity::kReject;
    const int value = IsDigit(c) ? c - '0' : c - 'A' + 10;
    if (value > 9) digits[count++] = static_cast<char>('0' + value / 10);
    digits[count++] = static_cast<char>('0' + value % 10);
  }
  return Say(LuhnHolds({digits, count}));
}

// ISO 17442: 18 characters and ISO 7064 mod 97-10.
Validity CheckLei(std::string_view match) {
  const Bare bare = ReadBare(match);
  return Say(bare.ok && bare.count == 20 && AllDigits(bare.text().substr(18)) &&
             Remainder(bare.text(), 97) == 1);
}

}  // namespace hpol::detect
