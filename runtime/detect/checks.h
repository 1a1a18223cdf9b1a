// The checks behind the table of validators.h, grouped by topic in checks_*.cc.
// Private to runtime/detect. Each reads one match as a detector's pattern cut it.
#pragma once

#include <array>
#include <string_view>

#include "runtime/detect/checks_scheme.h"
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
Validity CheckCnResidentId(std::string_view match);

// checks_americas.cc
extern const Scheme kAba, kArCuit, kBrCnpjFirst, kBrCnpjSecond, kBrCpfFirst, kBrCpfSecond, kCaSin, kClRut7,
    kClRut8;
extern const Scheme kCoNit, kEcCedula, kMxCurp, kPeRuc, kUsDea, kUsNpi, kUyCedula;
Validity CheckUsItin(std::string_view match);
Validity CheckUsMbi(std::string_view match);
Validity CheckVin(std::string_view match);

// checks_europe.cc
extern const Scheme kAtSocialSecurity, kBgEgn, kChAhv, kChUid, kDeKvnr, kDeLanr, kDeSerial10, kDeSerial11,
    kDeSerial9;
extern const Scheme kDeSerialOld, kDeSocialSecurity, kDkCpr, kDkCvr, kFrSiren, kFrSiret, kGrAfm, kGrAmka,
    kHuTaj, kHuTax;
extern const Scheme kIsKennitala, kItVat, kJmbg, kLvPersonal, kNlBsn, kNoFodselsFirst, kNoFodselsSecond,
    kNoOrganisation;
extern const Scheme kPlNip, kPlPesel, kPlRegon, kPtNif, kRoCnp, kRuInn10, kRuInn12First, kRuInn12Second;
extern const Scheme kSeOrganisation, kSePersonnummer10, kSePersonnummer12, kSiTax, kTrNationalFirst,
    kTrNationalSecond;
extern const Scheme kUaRnokpp, kUkNhs, kUkUtr;

// checks_europe_codes.cc
Validity CheckBaltic(std::string_view match);
Validity CheckBeEnterprise(std::string_view match);
Validity CheckBeNational(std::string_view match);
Validity CheckDeTaxId(std::string_view match);
Validity CheckDeTaxNumber(std::string_view match);
Validity CheckDeVat(std::string_view match);
Validity CheckEsCif(std::string_view match);
Validity CheckEsNie(std::string_view match);
Validity CheckEsNif(std::string_view match);
Validity CheckEsNuss(std::string_view match);
Validity CheckFiHetu(std::string_view match);
Validity CheckFrNir(std::string_view match);
Validity CheckFrTax(std::string_view match);
Validity CheckHrOib(std::string_view match);
Validity CheckIePps(std::string_view match);
Validity CheckItFiscalCode(std::string_view match);
Validity CheckLuNational(std::string_view match);
Validity CheckRodneCislo(std::string_view match);
Validity CheckRuInn(std::string_view match);
Validity CheckRuSnils(std::string_view match);
Validity CheckUkDrivingLicence(std::string_view match);
Validity CheckUkNino(std::string_view match);
Validity CheckUkPlate(std::string_view match);

// checks_asia.cc
extern const Scheme kAuAbn, kAuAcn, kAuMedicare10, kAuMedicare11, kAuTfn8, kAuTfn9, kCnUscc, kIlId,
    kJpCorporate;
extern const Scheme kJpMyNumber, kKrFrn, kKrRrn, kPhTin12, kPhTin9, kSgUenA, kSgUenB, kSgUenC;
extern const Scheme kThNational, kZaId;
Validity CheckHkId(std::string_view match);
Validity CheckIdNik(std::string_view match);
Validity CheckInAadhaar(std::string_view match);
Validity CheckInGstin(std::string_view match);
Validity CheckInPan(std::string_view match);
Validity CheckInPlate(std::string_view match);
Validity CheckKrBrn(std::string_view match);
Validity CheckKrLicence(std::string_view match);
Validity CheckMoId(std::string_view match);
Validity CheckMyKad(std::string_view match);
Validity CheckNgNin(std::string_view match);
Validity CheckNzIrd(std::string_view match);
Validity CheckSgNric(std::string_view match);
Validity CheckTrPlate(std::string_view match);
Validity CheckTwId(std::string_view match);

// checks_finance.cc
extern const Scheme kImei, kSedol;
Validity CheckBic(std::string_view match);
Validity CheckCusip(std::string_view match);
Validity CheckIban(std::string_view match);
Validity CheckIsin(std::string_view match);
Validity CheckLei(std::string_view match);

// checks_crypto.cc
Validity CheckBase58(std::string_view match);
Validity CheckBech32(std::string_view match);
Validity CheckEthereum(std::string_view match);

// checks_contact.cc
Validity CheckEmail(std::string_view match);
Validity CheckPhone(std::string_view match);
Validity CheckIpv4(std::string_view match);
Validity CheckIpv6(std::string_view match);
Validity CheckMac(std::string_view match);
Validity CheckUuid(std::string_view match);

// checks_tokens.cc
Validity CheckJwt(std::string_view match);
Validity CheckGithubToken(std::string_view match);

// checks_secrets.cc
Validity CheckRandomToken(std::string_view match);
Validity CheckSecretAssignment(std::string_view match);
Validity CheckPasswordAssignment(std::string_view match);
Validity CheckUserAndPassword(std::string_view match);
Validity CheckBasicAuth(std::string_view match);

}  // namespace hpol::detect
