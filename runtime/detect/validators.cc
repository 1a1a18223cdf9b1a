// The table of validators. Door: Validators(). The checks themselves stand in checks_*.cc.
#include "runtime/detect/validators.h"

#include "runtime/detect/checks.h"

namespace hpol::detect {
namespace {

Validity None(std::string_view) { return Validity::kUnknown; }

}  // namespace

const std::vector<Validator>& Validators() {
  // INVARIANT: append only. Compiled policies refer to rows by their index.
  static const std::vector<Validator> kTable = {
      {"none", "", None},
      {"luhn", "ISO/IEC 7812-1 annex B, 12 to 19 digits", CheckLuhn},
      {"us_ssn", "SSA issuance rules (20 CFR 422.103, randomisation of 2011)", CheckUsSsn},
      {"iban", "ISO 13616-1, ISO 7064 mod 97-10, lengths of the SWIFT registry", CheckIban},
      {"cn_resident_id", "GB 11643-1999, ISO 7064 mod 11-2, regions of GB/T 2260", CheckCnResidentId},
      {"ipv4", "RFC 791, dotted form of RFC 3986 section 3.2.2", CheckIpv4},
      {"uuid", "RFC 9562", CheckUuid},
      {"jwt", "RFC 7519, compact form of RFC 7515", CheckJwt},
      {"phone", "ITU-T E.164, North American Numbering Plan, MIIT mobile prefixes", CheckPhone},
      {"email", "RFC 5321 section 4.1.2, RFC 5890", CheckEmail},
      {"github_token", "GitHub token format of 2021, CRC-32 in base 62", CheckGithubToken},
  };
  return kTable;
}

uint32_t FindValidator(std::string_view name) {
  const std::vector<Validator>& table = Validators();
  for (uint32_t i = 1; i < table.size(); ++i) {
    if (table[i].name == name) return i;
  }
  return 0;
}

}  // namespace hpol::detect
