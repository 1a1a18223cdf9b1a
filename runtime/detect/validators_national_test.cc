// Validators of identifiers against published examples of each standard: accepted as they are, and not when
// one character is another.
#include <gtest/gtest.h>

#include <set>
#include <string>

#include "runtime/detect/validators.h"

namespace hpol::detect {
namespace {

struct Example {
  const char* validator;
  const char* value;
};

// From the standards, their authorities' leaflets and the encyclopaedic articles on them.
const Example kChecked[] = {
    {"aba", "021000021"},
    {"aba", "122105155"},
    {"us_npi", "1234567893"},
    {"us_npi", "1245319599"},
    {"us_dea", "AB1234563"},
    {"us_dea", "F91234563"},
    {"vin", "1M8GDM9AXKP042788"},
    {"vin", "1HGCM82633A004352"},
    {"ca_sin", "130-692-544"},
    {"mx_curp", "HEGG560427MVZRRL04"},
    {"mx_curp", "BOXW310820HNERXN09"},
    {"br_cpf", "529.982.247-25"},
    {"br_cnpj", "11.222.333/0001-81"},
    {"ar_cuit", "20-27163363-8"},
    {"cl_rut", "12.345.678-5"},
    {"pe_ruc", "20100070970"},
    {"ec_cedula", "1710034065"},
    {"co_nit", "213.123.432-1"},
    {"uy_cedula", "1.234.567-2"},
    {"uk_nhs", "943 476 5919"},
    {"uk_utr", "1955839661"},
    {"ie_pps", "1234567T"},
    {"ie_pps", "6433435F"},
    {"ie_pps", "1234567FA"},
    {"de_tax_id", "86095742719"},
    {"de_tax_id", "12345678903"},
    {"de_vat", "DE 136 695 976"},
    {"de_social_security", "15070649C103"},
    {"de_kvnr", "A123456780"},
    {"de_serial", "L01X00T471"},
    {"de_serial", "C01X00T478"},
    {"at_social_security", "1237 010180"},
    {"ch_ahv", "756.9217.0769.85"},
    {"ch_uid", "CHE-116.281.710"},
    {"fr_nir", "2 55 08 14 168 025 38"},
    {"fr_nir", "1 51 02 46 102 043 25"},
    {"fr_tax", "30 23 217 600 053"},
    {"fr_siren", "732 829 320"},
    {"fr_siret", "732 829 320 00074"},
    {"it_fiscal_code", "RSSMRA85T10A562S"},
    {"it_vat", "00743110157"},
    {"es_nif", "12345678Z"},
    {"es_nie", "X1234567L"},
    {"es_cif", "A58818501"},
    {"es_nuss", "28 12345678 40"},
    {"pt_nif", "123456789"},
    {"nl_bsn", "111222333"},
    {"be_national", "85.07.30-033.28"},
    {"be_national", "15.01.01-005.25"},
    {"be_enterprise", "BE 0428.759.497"},
    {"lu_national", "1893120105732"},
    {"pl_pesel", "44051401359"},
    {"pl_nip", "392-86-21-931"},
    {"pl_regon", "732065814"},
    {"rodne_cislo", "710319/2745"},
    {"se_personnummer", "811218-9876"},
    {"se_personnummer", "19811218-9876"},
    {"se_organisationsnummer", "556703-7485"},
    {"no_fodselsnummer", "150765 00565"},
    {"no_organisation", "974 760 673"},
    {"dk_cpr", "211062-5629"},
    {"dk_cvr", "13585628"},
    {"fi_hetu", "131052-308T"},
    {"is_kennitala", "120174-3399"},
    {"baltic_personal", "37605030299"},
    {"baltic_personal", "33309240064"},
    {"lv_personal", "161175-19997"},
    {"bg_egn", "7523169263"},
    {"ro_cnp", "1630615123457"},
    {"jmbg", "0101006500006"},
    {"si_tax", "15012557"},
    {"hr_oib", "33392005961"},
    {"hu_tax", "8071592153"},
    {"hu_taj", "111 111 110"},
    {"gr_amka", "01013099997"},
    {"gr_afm", "094259216"},
    {"tr_national", "10000000146"},
    {"ru_inn", "7707083893"},
    {"ru_inn", "500100732259"},
    {"ru_snils", "112-233-445 95"},
    {"ua_rnokpp", "1759013776"},
    {"cn_uscc", "91350100M000100Y43"},
    {"hk_id", "A123456(3)"},
    {"hk_id", "AB987654(3)"},
    {"tw_id", "A123456789"},
    {"jp_my_number", "1234 5678 9018"},
    {"jp_corporate", "5-8356-7825-6246"},
    {"kr_brn", "116-82-00276"},
    {"in_aadhaar", "2341 2341 2346"},
    {"th_national", "1-2345-67890-12-1"},
    {"sg_nric", "S1234567D"},
    {"sg_nric", "M9612050P"},
    {"sg_uen", "00192200M"},
    {"sg_uen", "197401143C"},
    {"sg_uen", "T16RF0037C"},
    {"il_id", "039337423"},
    {"au_abn", "51 824 753 556"},
    {"au_acn", "004 085 616"},
    {"au_tfn", "123 456 782"},
    {"au_medicare", "2123 45670 1"},
    {"nz_ird", "49-091-850"},
    {"nz_ird", "136410132"},
    {"za_id", "7503305044089"},
    {"ng_nin", "98765432102"},
    {"cusip", "17275R102"},
    {"isin", "US0378331005"},
    {"sedol", "B15KXQ8"},
    {"lei", "213800KUD8LAJWSQ9D15"},
    {"iban", "JO94CBJO0010000000000131000302"},
    {"base58check", "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa"},
    {"base58check", "3J98t1WpEZ73CNmQviecrnyiWrnqRhWNLy"},
    {"bech32", "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4"},
    {"bech32", "BC1QW508D6QEJXTDG4Y5R3ZARVARY0C5XW7KV8F3T4"},
    {"bech32", "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0"},
    {"ethereum", "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed"},
};

Validity Ask(const std::string& validator, const std::string& value) {
  const uint32_t index = FindValidator(validator);
  EXPECT_NE(index, 0u) << validator;
  return Validators()[index].check(value);
}

// Digits in a row that only a word tells from others are not vouched for.
TEST(NationalValidators, DoNotRejectPublishedExamples) {
  for (const Example& example : kChecked) {
    EXPECT_NE(Ask(example.validator, example.value), Validity::kReject)
        << example.validator << " " << example.value;
  }
}

// Sums modulo ten or more catch nine of ten wrong digits; the bound leaves room for characters outside the
// sum.
TEST(NationalValidators, DoNotAcceptMostWithAnotherCharacter) {
  for (const Example& example : kChecked) {
    size_t tried = 0;
    size_t accepted = 0;
    const std::string value = example.value;
    const Validity right = Ask(example.validator, value);
    for (size_t i = 0; i < value.size(); ++i) {
      if (value[i] < '0' || value[i] > '9') continue;
      for (char digit = '0'; digit <= '9'; ++digit) {
        if (digit == value[i]) continue;
        std::string other = value;
        other[i] = digit;
        ++tried;
        accepted += Ask(example.validator, other) >= right ? 1 : 0;
      }
    }
    EXPECT_LE(accepted * 4, tried) << example.validator << " " << value << ": " << accepted << " of "
                                   << tried;
  }
}

struct Case {
  const char* validator;
  const char* value;
  Validity expected;
};
constexpr Validity kNo = Validity::kReject;
constexpr Validity kMaybe = Validity::kUnknown;
constexpr Validity kYes = Validity::kAccept;

// What their standards say beside the check character.
const Case kStructure[] = {
    {"aba", "421042111", kNo},  // no Federal Reserve district
    {"aba", "000000000", kNo},
    {"us_npi", "1111111112", kNo},
    {"us_npi", "9234567893", kNo},
    {"ca_sin", "130-692-544", kYes},
    {"ca_sin", "130692544", kMaybe},
    {"nl_bsn", "1112.22.333", kYes},
    {"nl_bsn", "111222333", kMaybe},
    {"us_itin", "911-70-1234", kYes},
    {"us_itin", "911701234", kMaybe},
    {"us_itin", "911-89-1234", kNo},
    {"us_itin", "811-70-1234", kNo},
    {"vin", "WVWZZZ1JZXW000001", kMaybe},  // Europe has no check digit
    {"vin", "1M8GDM9AXKPO42788", kNo},     // O
    {"vin", "12345678901234567", kNo},
    {"ca_sin", "812 345 678", kNo},
    {"uk_nino", "AB123456C", kYes},
    {"uk_nino", "ab 12 34 56 c", kYes},
    {"uk_nino", "NT998877A", kNo},
    {"uk_nino", "AO123456C", kNo},
    {"uk_nino", "AB123456E", kNo},
    {"uk_driving_licence", "MORGA657054SM9IJ", kYes},
    {"uk_driving_licence", "MORGA601324SM9IJ", kNo},
    {"uk_driving_licence", "99999657054SM9IJ", kNo},
    {"uk_driving_licence", "MO9G9657054SM9IJ", kNo},
    {"uk_driving_licence", "FO999657054SM9IJ", kYes},
    {"de_tax_id", "11111111111", kNo},
    {"de_vat", "DE123456789", kMaybe},
    {"de_social_security", "15070049C103", kNo},
    {"de_lanr", "987654401", kYes},
    {"de_lanr", "123456901", kNo},
    {"de_serial", "T22000129", kMaybe},
    {"de_serial", "C01X00T47", kMaybe},
    {"de_serial", "C01X00T478D", kYes},
    {"de_serial", "2406055684D", kYes},
    {"de_serial", "C01X00T479", kNo},
    {"de_serial", "T2200012", kNo},
    {"it_fiscal_code", "AAAAAA00B11C333Y", kYes},
    {"it_fiscal_code", "AAAAAA00B11C333N", kMaybe},
    {"fr_nir", "1 51 13 46 102 043 25", kNo},  // month 13
    {"rodne_cislo", "481231/123", kMaybe},
    {"rodne_cislo", "711319/2745", kNo},
    {"se_personnummer", "200504422381", kNo},
    {"dk_cpr", "310199-1234", kMaybe},
    {"dk_cpr", "320199-1234", kNo},
    {"fi_hetu", "111111-111A", kNo},
    {"fi_hetu", "131052/308T", kNo},
    {"tr_national", "02531814694", kNo},
    {"tr_plate", "34 ABC 1234", kYes},
    {"tr_plate", "82 ABC 123", kNo},
    {"cn_uscc", "91350100M000100Y44", kNo},
    {"cn_uscc", "91350100I000100Y43", kNo},  // no I
    {"hk_id", "A1234563", kMaybe},
    {"hk_id", "A123456(4)", kNo},
    {"mo_id", "1234567(8)", kYes},
    {"mo_id", "12345678", kMaybe},
    {"mo_id", "22345678", kNo},
    {"kr_rrn", "960121-1234567", kMaybe},
    {"kr_rrn", "000402-6214431", kNo},
    {"kr_rrn", "001332-1234567", kNo},
    {"kr_frn", "000505-6637891", kYes},
    {"kr_licence", "28 22 123456 12", kYes},
    {"kr_licence", "99-22-123456-12", kNo},
    {"in_aadhaar", "123456789012", kNo},
    {"in_gstin", "27AAPFU0939F1ZV", kYes},
    {"in_gstin", "38ABCDE1234F1Z5", kNo},
    {"in_plate", "DL01CA1234", kYes},
    {"in_plate", "XX01CA1234", kNo},
    {"in_plate", "DL01CA0000", kNo},
    {"th_national", "1684567890124", kNo},
    {"sg_nric", "S1234567A", kMaybe},
    {"my_kad", "770305-02-1234", kYes},
    {"my_kad", "770305021234", kMaybe},
    {"my_kad", "771305-02-1234", kNo},
    {"id_nik", "3171011708450001", kMaybe},
    {"id_nik", "3171011713450001", kNo},
    {"ph_tin", "000-123-457-000", kNo},
    {"in_pan", "ABCPD1234Z", kYes},
    {"in_pan", "AAASA1111R", kMaybe},
    {"uk_plate", "AB51 ABC", kYes},
    {"uk_plate", "AB35 ABC", kNo},
    {"uk_plate", "ABC 1D", kMaybe},
    {"de_tax_number", "0181508150001", kYes},
    {"de_tax_number", "0012345678905", kMaybe},  // an article number
    {"de_tax_number", "12/345/67890", kMaybe},
    {"au_abn", "00000000560", kNo},
    {"za_id", "7513305044089", kNo},
    {"iban", "JO94CBJO0010000000000131000301", kNo},
    {"iban", "AL47212A10090000000235698741", kNo},  // a letter where the country has digits
    {"bic", "DEUTDEFF", kMaybe},
    {"bic", "DEUTDEFF500", kMaybe},
    {"bic", "COMPUTER", kNo},  // no country UT
    {"cusip", "037833100", kMaybe},
    {"cusip", "037833101", kNo},
    {"isin", "QQ0378331005", kNo},
    {"base58check", "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNb", kNo},
    {"bech32", "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t5", kNo},
    {"bech32", "BC1QW508D6QEJXTDG4Y5R3ZARVARY0C5XW7Kv8f3t4", kNo},
    {"ethereum", "0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed", kMaybe},
    {"ethereum", "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAeD", kMaybe},
    {"ethereum", "0x0000000000000000000000000000000000000000", kNo},
    {"ethereum", "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAe", kNo},
};

TEST(NationalValidators, KnowWhatTheirStandardsSay) {
  for (const Case& one : kStructure) {
    EXPECT_EQ(static_cast<int>(Ask(one.validator, one.value)), static_cast<int>(one.expected))
        << one.validator << " " << one.value;
  }
}

TEST(NationalValidators, SurviveAnyText) {
  const std::string odd[] = {"",     " ", "-", std::string(100, '1'), std::string(41, 'A'), "\xc3\xa9",
                             "((((", "1", "A"};
  for (const Validator& validator : Validators()) {
    for (const std::string& text : odd)
      EXPECT_NE(static_cast<int>(validator.check(text)), 7) << validator.name;
  }
}

}  // namespace
}  // namespace hpol::detect
