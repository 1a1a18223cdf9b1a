// Identifiers of Europe that need more than one weighted sum: letters from a remainder, ISO 7064, dates
// inside. Doors: checks.h.
#include "runtime/detect/checks.h"

namespace hpol::detect {
namespace {

Validity Say(bool holds) { return holds ? Validity::kAccept : Validity::kReject; }

constexpr std::string_view kSpanishLetters = "TRWAGMYFPDXBNJZSQVHLCKE";

}  // namespace

// Real Decreto 1553/2005: eight digits and the letter of their remainder by 23. A tax number of one person.
Validity CheckEsNif(std::string_view match) {
  const Bare bare = ReadBare(match);
  if (!bare.ok || bare.count < 8 || bare.count > 9) return Validity::kReject;
  const std::string_view digits = bare.text().substr(0, bare.count - 1);
  if (!AllDigits(digits)) return Validity::kReject;
  return Say(kSpanishLetters[static_cast<size_t>(Number(digits) % 23)] == bare.text().back());
}

// The same for foreigners: X, Y, Z stand for 0, 1, 2.
Validity CheckEsNie(std::string_view match) {
  const Bare bare = ReadBare(match);
  if (!bare.ok || bare.count != 9 || bare.at[0] < 'X' || bare.at[0] > 'Z') return Validity::kReject;
  const std::string_view digits = bare.text().substr(1, 7);
  if (!AllDigits(digits)) return Validity::kReject;
  const int number = (bare.at[0] - 'X') * 10'000'000 + Number(digits);
  return Say(kSpanishLetters[static_cast<size_t>(number % 23)] == bare.text().back());
}

// Orden EHA/451/2008: a letter for the kind of body, seven digits, a digit or letter of control.
Validity CheckEsCif(std::string_view match) {
  const Bare bare = ReadBare(match);
  if (!bare.ok || bare.count != 9 || !AllDigits(bare.text().substr(1, 7)) ||
      std::string_view("ABCDEFGHJNPQRSUVW").find(bare.at[0]) == std::string_view::npos) {
    return Validity::kReject;
  }
  int sum = 0;
  for (size_t i = 1; i < 8; ++i) {
    const int product = (bare.at[i] - '0') * (i % 2 == 1 ? 2 : 1);
    sum += product / 10 + product % 10;
  }
  const auto control = static_cast<size_t>((10 - sum % 10) % 10);
  return Say(bare.at[8] == "0123456789"[control] || bare.at[8] == "JABCDEFGHI"[control]);
}

// Social security of Spain: province, number, and the number's remainder by 97.
Validity CheckEsNuss(std::string_view match) {
  const Bare bare = ReadBare(match);
  if (!bare.ok || bare.count != 12 || !AllDigits(bare.text())) return Validity::kReject;
  const std::string_view serial = bare.text().substr(2, 8);
  // Serials below ten million are weighed without their leading zero.
  const int direct = Remainder(bare.text().substr(0, 10), 97);
  const int without = (Number(bare.text().substr(0, 2)) * (10'000'000 % 97) + Number(serial) % 97) % 97;
  const int control = Number(bare.text().substr(10));
  return Say(control == direct || (serial[0] == '0' && control == without));
}

// Decreto ministeriale 23 dicembre 1976: odd and even places have tables of their own.
Validity CheckItFiscalCode(std::string_view match) {
  static constexpr std::array<int, 26> kOdd = {1,  0,  5, 7, 9, 13, 15, 17, 19, 21, 2,  4,  18,
                                               20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23};
  const Bare bare = ReadBare(match);
  if (!bare.ok || bare.count != 16) return Validity::kReject;
  int sum = 0;
  for (size_t i = 0; i < 15; ++i) {
    const char c = bare.at[i];
    const auto place = static_cast<size_t>(IsDigit(c) ? c - '0' : c - 'A');
    sum += i % 2 == 0 ? kOdd[place] : static_cast<int>(place);
  }
  // A wrong letter leaves a shape that is little else than a fiscal code.
  return bare.at[15] == 'A' + sum % 26 ? Validity::kAccept : Validity::kUnknown;
}

// INSEE: 13 digits and 97 less their remainder; Corsica's 2A and 2B count as 19 and 18.
Validity CheckFrNir(std::string_view match) {
  Bare bare = ReadBare(match);
  if (!bare.ok || bare.count != 15) return Validity::kReject;
  if (bare.at[5] == '2' && (bare.at[6] == 'A' || bare.at[6] == 'B')) {
    bare.at[5] = '1';
    bare.at[6] = bare.at[6] == 'A' ? '9' : '8';
  }
  if (!AllDigits(bare.text()) || std::string_view("123478").find(bare.at[0]) == std::string_view::npos) {
    return Validity::kReject;
  }
  const int month = Number(bare.text().substr(3, 2));
  if (month == 0 || (month > 12 && month < 20)) return Validity::kReject;
  return Say(97 - Remainder(bare.text().substr(0, 13), 97) == Number(bare.text().substr(13)));
}

// Direction générale des finances publiques: 13 digits, the last three the rest by 511.
Validity CheckFrTax(std::string_view match) {
  const Bare bare = ReadBare(match);
  if (!bare.ok || bare.count != 13 || !AllDigits(bare.text()) || bare.at[0] > '3') return Validity::kReject;
  return Say(Remainder(bare.text().substr(0, 10), 511) == Number(bare.text().substr(10)));
}

// Rijksregister: 97 less the remainder of nine digits, behind a 2 for those born from 2000 on.
Validity CheckBeNational(std::string_view match) {
  const Bare bare = ReadBare(match);
  if (!bare.ok || bare.count != 11 || !AllDigits(bare.text())) return Validity::kReject;
  const int month = Number(bare.text().substr(2, 2)) % 20;  // bis numbers add 20 or 40
  if (month > 12 || Number(bare.text().substr(4, 2)) > 31) return Validity::kReject;
  const int base = Remainder(bare.text().substr(0, 9), 97);
  const int later = (base + 2 * Remainder("1000000000", 97)) % 97;
  const int control = Number(bare.text().substr(9));
  return Say(control == 97 - base || control == 97 - later);
}

// Enterprise number of Belgium: 0 or 1, and 97 less the remainder of the first eight digits.
Validity CheckBeEnterprise(std::string_view match) {
  const Bare bare = ReadBare(match);
  const std::string_view text = bare.text().substr(bare.count == 12 ? 2 : 0);
  if (!bare.ok || text.size() != 10 || !AllDigits(text) || text[0] > '1' || AllEqual(text))
    return Validity::kReject;
  return Say(97 - Remainder(text.substr(0, 8), 97) == Number(text.substr(8)));
}

// Finland: DDMMYY, a sign for the century (2023: twelve more), a serial, the remainder by 31 as a character.
Validity CheckFiHetu(std::string_view match) {
  if (match.size() != 11) return Validity::kReject;
  const std::string_view date = match.substr(0, 6);
  const std::string_view serial = match.substr(7, 3);
  if (!AllDigits(date) || !AllDigits(serial)) return Validity::kReject;
  if (std::string_view("+-ABCDEFUVWXYabcdefuvwxy").find(match[6]) == std::string_view::npos)
    return Validity::kReject;
  const bool day = IsDay(date.substr(4, 2), date.substr(2, 2), date.substr(0, 2));
  if (!day || Number(serial) < 2) return Validity::kReject;
  const char control = "0123456789ABCDEFHJKLMNPRSTUVWXY"[(Number(date) * 1000 + Number(serial)) % 31];
  const char last =
      match[10] >= 'a' && match[10] <= 'z' ? static_cast<char>(match[10] - 'a' + 'A') : match[10];
  return Say(control == last);
}

// Estonia and Lithuania: two rows of weights; the second when the first leaves 10.
Validity CheckBaltic(std::string_view match) {
  const Bare bare = ReadBare(match);
  if (!bare.ok || bare.count != 11 || !AllDigits(bare.text()) || bare.at[0] == '0' || bare.at[0] == '9') {
    return Validity::kReject;
  }
  if (!IsDay(bare.text().substr(1, 2), bare.text().substr(3, 2), bare.text().substr(5, 2)))
    return Validity::kReject;
  int first = 0;
  int second = 0;
  for (int i = 0; i < 10; ++i) {
    const int digit = bare.at[static_cast<size_t>(i)] - '0';
    first += digit * (i % 9 + 1);
    second += digit * ((i + 2) % 9 + 1);
  }
  const int control = first % 11 < 10 ? first % 11 : second % 11 % 10;
  return Say(control == bare.at[10] - '0');
}

// Czechia and Slovakia: YYMMDD with 50 (women), 20 or 70 added to the month; ten digits divide by 11. The
// nine digits of those born before 1954 have no check.
Validity CheckRodneCislo(std::string_view match) {
  const Bare bare = ReadBare(match);
  if (!bare.ok || bare.count < 9 || bare.count > 10 || !AllDigits(bare.text())) return Validity::kReject;
  const int month = Number(bare.text().substr(2, 2)) % 50;
  const int real_month = month > 20 ? month - 20 : month;
  if (!IsDate(2000 + Number(bare.text().substr(0, 2)), real_month, Number(bare.text().substr(4, 2)))) {
    return Validity::kReject;
  }
  if (bare.count == 9) {
    return Number(bare.text().substr(0, 2)) < 54 && bare.text().substr(6) != "000" ? Validity::kUnknown
                                                                                   : Validity::kReject;
  }
  const int nine = Number(bare.text().substr(0, 9));
  const int last = bare.at[9] - '0';
  return Say((nine * 10LL + last) % 11 == 0 || (nine % 11 == 10 && last == 0));
}

// Ireland: seven digits, a letter of their weighted sum by 23; the second letter weighs 9.
Validity CheckIePps(std::string_view match) {
  const Bare bare = ReadBare(match);
  if (!bare.ok || bare.count < 8 || bare.count > 9 || !AllDigits(bare.text().substr(0, 7)) ||
      !IsUpper(bare.at[7])) {
    return Validity::kReject;
  }
  if (bare.count == 9 && (!IsUpper(bare.at[8]) || (bare.at[8] > 'I' && bare.at[8] != 'W' &&
                                                   bare.at[8] != 'T' && bare.at[8] != 'X'))) {
    return Validity::kReject;
  }
  int sum = 0;
  for (int i = 0; i < 7; ++i) sum += (bare.at[static_cast<size_t>(i)] - '0') * (8 - i);
  const bool weighs = bare.count == 9 && bare.at[8] <= 'I';
  if (weighs) sum += 9 * (bare.at[8] - 'A' + 1);
  return Say(bare.at[7] == "WABCDEFGHIJKLMNOPQRSTUV"[sum % 23]);
}

// Bundeszentralamt für Steuern: among the first ten digits one occurs two or three times, the others once at
// most; ISO 7064 mod 11,10.
Validity CheckDeTaxId(std::string_view match) {
  const Bare bare = ReadBare(match);
  if (!bare.ok || bare.count != 11 || !AllDigits(bare.text()) || bare.at[0] == '0') return Validity::kReject;
  std::array<int, 10> times{};
  for (size_t i = 0; i < 10; ++i) ++times[static_cast<size_t>(bare.at[i] - '0')];
  int most = 0;
  for (const int count : times) most = count > most ? count : most;
  return Say(most <= 3 && Mod11_10Holds(bare.text()));
}

// Umsatzsteuer-Identifikationsnummer. The sum is not published; nearly all numbers follow ISO 7064 mod 11,10.
Validity CheckDeVat(std::string_view match) {
  const Bare bare = ReadBare(match);
  if (!bare.ok || bare.count != 11 || bare.text().substr(0, 2) != "DE" || !AllDigits(bare.text().substr(2))) {
    return Validity::kReject;
  }
  if (AllEqual(bare.text().substr(2)) || bare.at[2] == '0') return Validity::kReject;
  return Mod11_10Holds(bare.text().substr(2)) ? Validity::kAccept : Validity::kUnknown;
}

Validity CheckHrOib(std::string_view match) {
  const Bare bare = ReadBare(match);
  return Say(bare.ok && bare.count == 11 && AllDigits(bare.text()) && !AllEqual(bare.text()) &&
             Mod11_10Holds(bare.text()));
}

// Tax number of Russia: ten digits of a body, twelve of a person with two check digits.
Validity CheckRuInn(std::string_view match) {
  const Validity body = RunScheme(kRuInn10, match);
  const Validity person = CheckBoth<kRuInn12First, kRuInn12Second>(match);
  return body > person ? body : person;
}

// Pension fund of Russia: weights 9 to 1, modulo 101, 100 counts as 0.
Validity CheckRuSnils(std::string_view match) {
  const Bare bare = ReadBare(match);
  if (!bare.ok || bare.count != 11 || !AllDigits(bare.text()) || AllEqual(bare.text()))
    return Validity::kReject;
  int sum = 0;
  for (int i = 0; i < 9; ++i) sum += (bare.at[static_cast<size_t>(i)] - '0') * (9 - i);
  return Say(sum % 101 % 100 == Number(bare.text().substr(9)));
}

// HMRC NIM39110: prefixes that are never given out. There is no check digit.
Validity CheckUkNino(std::string_view match) {
  const Bare bare = ReadBare(match);
  if (!bare.ok || bare.count != 9 || !AllDigits(bare.text().substr(2, 6))) return Validity::kReject;
  const std::string_view prefix = bare.text().substr(0, 2);
  if (prefix.find_first_of("DFIQUV") != std::string_view::npos || prefix[1] == 'O') return Validity::kReject;
  for (const std::string_view never : {"BG", "GB", "NK", "KN", "TN", "NT", "ZZ"}) {
    if (prefix == never) return Validity::kReject;
  }
  return Say(bare.at[8] >= 'A' && bare.at[8] <= 'D');
}

// DVLA: five of the surname, padded with 9 behind it only; decade, month (50 more for women), day, year;
// initials.
Validity CheckUkDrivingLicence(std::string_view match) {
  const Bare bare = ReadBare(match);
  if (!bare.ok || bare.count != 16) return Validity::kReject;
  const std::string_view name = bare.text().substr(0, 5);
  const size_t padding = name.find('9');
  if (padding == 0 || name.find_first_of("012345678") != std::string_view::npos) return Validity::kReject;
  if (padding != std::string_view::npos && name.find_first_not_of('9', padding) != std::string_view::npos) {
    return Validity::kReject;
  }
  const std::string_view digits = bare.text().substr(5, 6);
  if (!AllDigits(digits) || !IsDigit(bare.at[13])) return Validity::kReject;
  const int month = Number(digits.substr(1, 2)) % 50;
  const int day = Number(digits.substr(3, 2));
  return Say(month >= 1 && month <= 12 && day >= 1 && day <= 31);
}

// Number plates of Great Britain. The scheme of 2001 has an age identifier (02 to 29, and 50 more); what came
// before it has nothing that could be checked.
Validity CheckUkPlate(std::string_view match) {
  const Bare bare = ReadBare(match);
  if (!bare.ok || bare.count < 5) return Validity::kReject;
  const bool current = bare.count == 7 && IsUpper(bare.at[1]) && IsDigit(bare.at[2]) && IsDigit(bare.at[3]);
  if (!current) return Validity::kUnknown;
  const int age = Number(bare.text().substr(2, 2));
  return Say((age >= 2 && age <= 29) || (age >= 51 && age <= 79));
}

// Tax numbers of Germany have a check digit that differs by state. Thirteen digits behind a state below ten
// are sure enough unless they are an article number (GTIN-13); other forms need a word.
Validity CheckDeTaxNumber(std::string_view match) {
  const Bare bare = ReadBare(match);
  if (!bare.ok || !AllDigits(bare.text()) || bare.count < 9 || AllEqual(bare.text()))
    return Validity::kReject;
  if (match.size() > bare.count) return Validity::kUnknown;
  if (bare.count != 13) return Validity::kReject;
  int sum = 0;
  for (size_t i = 0; i < 13; ++i) sum += (bare.at[i] - '0') * (i % 2 == 0 ? 1 : 3);
  return bare.at[0] == '0' && sum % 10 != 0 ? Validity::kAccept : Validity::kUnknown;
}

// Luxembourg: YYYYMMDD, a serial, Luhn's digit over eleven, Verhoeff's over the same.
Validity CheckLuNational(std::string_view match) {
  const Bare bare = ReadBare(match);
  if (!bare.ok || bare.count != 13 || !AllDigits(bare.text())) return Validity::kReject;
  const int year = Number(bare.text().substr(0, 4));
  if (year < 1850 || year > 2090 ||
      !IsDate(year, Number(bare.text().substr(4, 2)), Number(bare.text().substr(6, 2)))) {
    return Validity::kReject;
  }
  Bare verhoeff = bare;
  verhoeff.at[11] = bare.at[12];
  return Say(LuhnHolds(bare.text().substr(0, 12)) && VerhoeffHolds(verhoeff.text().substr(0, 12)));
}

}  // namespace hpol::detect
