// Validators against the collected development cases, where those are at hand. They are
// not part of the project, so without them the test says so and skips.
#include <gtest/gtest.h>
#include <simdjson.h>

#include <fstream>
#include <functional>
#include <map>
#include <string>

#include "runtime/detect/validators.h"

namespace hpol::detect {
namespace {

constexpr char kFolder[] = "../shared/cases/";

// Calls `use` with each line of a case file; false when the file is not there.
bool ForEachCase(const std::string& file, const std::function<void(simdjson::dom::element)>& use) {
  std::ifstream in(kFolder + file);
  if (!in) return false;
  simdjson::dom::parser parser;
  for (std::string line; std::getline(in, line);) {
    simdjson::dom::element row;
    if (parser.parse(line).get(row) == simdjson::SUCCESS) use(row);
  }
  return true;
}

std::string Text(simdjson::dom::element row, const char* key) {
  std::string_view text;
  return row[key].get(text) == simdjson::SUCCESS ? std::string(text) : std::string();
}

void Check(const char* validator, const std::string& value, bool valid) {
  const Validity validity = Validators()[FindValidator(validator)].check(value);
  if (valid) {
    EXPECT_NE(validity, Validity::kReject) << validator << " " << value;
  } else {
    EXPECT_NE(validity, Validity::kAccept) << validator << " " << value;
  }
}

// The peer's validators that ask for the same as ours; others count other characters, or read dates in
// another order.
const std::map<std::string, const char*> kSame = {
    {"australian_tfn_checksum", "au_tfn"},
    {"austrian_ssn_checksum", "at_social_security"},
    {"belgium_national_register_checksum", "be_national"},
    {"brazilian_cnpj_checksum", "br_cnpj"},
    {"brazilian_cpf_checksum", "br_cpf"},
    {"bulgarian_egn_checksum", "bg_egn"},
    {"chinese_id_checksum", "cn_resident_id"},
    {"dutch_bsn_checksum", "nl_bsn"},
    {"estonia_personal_code_checksum", "baltic_personal"},
    {"finnish_hetu_checksum", "fi_hetu"},
    {"france_ssn_checksum", "fr_nir"},
    {"german_ids_checksum", "de_serial"},
    {"german_svnr_checksum", "de_social_security"},
    {"lithuanian_personal_identification_number_checksum", "baltic_personal"},
    {"luxembourg_individual_nin_checksum", "lu_national"},
    {"nhs_check_digit", "uk_nhs"},
    {"nir_checksum", "fr_nir"},
    {"portuguese_tax_id_checksum", "pt_nif"},
    {"rodne_cislo_checksum", "rodne_cislo"},
    {"romanian_personal_numeric_code", "ro_cnp"},
    {"slovenia_tin_checksum", "si_tax"},
    {"spanish_nuss_checksum", "es_nuss"},
    {"swedish_pin_checksum", "se_personnummer"},
    {"uk_nino_format_check", "uk_nino"},
};

TEST(ValidatorCases, NationalChecksums) {
  size_t used = 0;
  const bool there = ForEachCase("ddsds_checksums.jsonl", [&](simdjson::dom::element row) {
    const auto same = kSame.find(Text(row, "validator"));
    bool valid = false;
    if (same == kSame.end() || row["valid"].get(valid) != simdjson::SUCCESS) return;
    const Validity validity = Validators()[FindValidator(same->second)].check(Text(row, "value"));
    EXPECT_EQ(validity != Validity::kReject, valid) << same->second << " " << Text(row, "value");
    ++used;
  });
  if (!there) GTEST_SKIP() << "no ../shared/cases: the development cases are not at hand";
  EXPECT_GT(used, 80u);
}

TEST(ValidatorCases, Checksums) {
  size_t used = 0;
  const bool there = ForEachCase("ddsds_checksums.jsonl", [&](simdjson::dom::element row) {
    const std::string name = Text(row, "validator");
    const std::string value = Text(row, "value");
    bool valid = false;
    if (row["valid"].get(valid) != simdjson::SUCCESS) return;
    // The peer ignores any other character inside a number; our patterns never cut such text.
    if (name == "luhn_checksum" && value.find("ABC") == std::string::npos)
      Check("luhn", value, valid), ++used;
    if (name == "chinese_id_checksum") Check("cn_resident_id", value, valid), ++used;
    if (name == "iban_checker") Check("iban", value, valid), ++used;
  });
  if (!there) GTEST_SKIP() << "no ../shared/cases: the development cases are not at hand";
  EXPECT_GT(used, 15u);
}

TEST(ValidatorCases, ValidatorJs) {
  size_t used = 0;
  const bool there = ForEachCase("validatorjs.jsonl", [&](simdjson::dom::element row) {
    const std::string name = Text(row, "validator");
    const std::string value = Text(row, "value");
    bool valid = false;
    simdjson::dom::array args;
    if (row["valid"].get(valid) != simdjson::SUCCESS) return;
    const bool plain = row["args"].get(args) == simdjson::SUCCESS && args.size() == 0;
    if (!plain) return;
    if (name == "isIBAN") Check("iban", value, valid), ++used;
    if (name == "isCreditCard" && valid) Check("luhn", value, valid), ++used;  // invalid ones: by issuer
    if (name == "isUUID" && valid) Check("uuid", value, valid), ++used;
    // Quoted local parts and names of display are not shapes that the pattern cuts.
    if (name == "isEmail" && value.find('"') == std::string::npos && valid)
      Check("email", value, valid), ++used;
  });
  if (!there) GTEST_SKIP() << "no ../shared/cases: the development cases are not at hand";
  EXPECT_GT(used, 30u);
}

TEST(ValidatorCases, PresidioIban) {
  size_t used = 0;
  const bool there = ForEachCase("presidio_recognizers.jsonl", [&](simdjson::dom::element row) {
    if (Text(row, "entity") != "IBAN_CODE") return;
    const std::string text = Text(row, "text");
    simdjson::dom::array spans;
    if (row["expected_bytes"].get(spans) != simdjson::SUCCESS) return;
    for (simdjson::dom::element span : spans) {
      const auto begin = static_cast<size_t>(static_cast<int64_t>(span.at(0)));
      const auto end = static_cast<size_t>(static_cast<int64_t>(span.at(1)));
      Check("iban", text.substr(begin, end - begin), true);
      ++used;
    }
    if (spans.size() == 0 && text.size() < 40) Check("iban", text, false), ++used;
  });
  if (!there) GTEST_SKIP() << "no ../shared/cases: the development cases are not at hand";
  EXPECT_GT(used, 100u);
}

}  // namespace
}  // namespace hpol::detect
