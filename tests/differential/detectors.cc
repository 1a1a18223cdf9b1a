#include "tests/differential/detectors.h"

namespace hpol::differential {
namespace {

const std::vector<DetectorSource>& Known() {
  static const std::vector<DetectorSource> all = {
      {"pattern `E-[0-9]{6}` bounded except \"E-000000\"",
       {"E-482913", "(E-111111)", "工E-999999号"},
       {"E-48291", "E-4829131", "xE-482913", "E-000000"}},
      {"words \"Nightjar\", \"夜鹰计划\", \"X-1\" ignoring case",
       {"nightjar", "NIGHTJAR", "关于夜鹰计划的", "x-1"},
       {"nightjars", "夜鹰", "aX-1", "X-12"}},
      {"words \"Ｎightjar\", \"Éclair\", \"ﬁnch\", \"заказ\", \"task\" ignoring case except \"ＮIGHTJAR\"",
       {"NightJar", "éclair", "FINCH", "ﬁnch", "Заказ", "TAſK", "task"},
       {"NIGHTJAR", "eclair", "éclairs", "xзаказ"}},
      {"pattern `(?i)größe|straße[0-9]`, `σ\\b` ignoring case", {"GRÖẞE", "Straße1", "ς", "Σ"}, {"GROSSE"}},
      {"pattern `(?m)^id: \\w+$`", {"\nid: a1\n", "id: b"}, {"xid: a", "id: b c"}},
      {"words \"Halcyon\"", {"Halcyon", "_Halcyon_"}, {"halcyon", "Halcyon2"}},
      {"pattern `[0-9]{13,16}` bounded validate luhn",
       {"4111111111111111", "5555555555554444"},
       {"4111111111111112", "41111111111111111", "411111111111"}},
      {"pattern `[0-9]{3}-[0-9]{2}-[0-9]{4}` bounded validate us_ssn",
       {"536-22-8145", "219-09-9999"},
       {"000-22-8145", "536-22-81455", "536-00-8145"}},
      {"pattern `[0-9]{1,3}(\\.[0-9]{1,3}){3}` bounded validate ipv4",
       {"10.0.0.1", "8.8.8.8"},
       {"256.1.1.1", "1.2.3", "1.2.3.4.5"}},
      {"pattern `[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(\\.[A-Za-z0-9-]+)+` bounded validate email",
       {"jane.roe@example.net", "a@b.org"},
       {"jane@", "@example.net", "a@b"}},
      {"pattern `[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}` bounded validate iban",
       {"DE89370400440532013000", "GB29NWBK60161331926819"},
       {"DE89370400440532013001", "DE8937040044"}},
      {"pattern `(foo|foobar)(baz)?`", {"foo", "foobarbaz", "foobaz"}, {"fo", "barbaz"}},
      {"pattern `\\bcat\\b`, `^start`, `end$`", {"cat", "start", "end"}, {"concat", "restart", "ending"}},
      {"pattern `[0-9]{4,}`", {"2024", "12345678"}, {"123", "12 34"}},
      {"pattern `k=[a-z]*;` ignoring case", {"k=abc;", "K=;"}, {"k=1;", "k=abc"}},
      {"pattern `\\p{Han}{2,3}`", {"计划", "工号吗"}, {"工", "a工b"}},
      {"pattern `(?i)secret-[a-z]+`, `tok_[a-z0-9]{8}` bounded except \"secret-santa\"",
       {"Secret-plan", "tok_ab12cd34"},
       {"secret-", "tok_ab12cd345", "secret-santa"}},
      {"pattern `a{2,4}b?` except \"aa\", \"aaab\"", {"aaaa", "aab"}, {"aa", "ab"}},
  };
  return all;
}

// A pattern over few letters, so that random text often matches.
std::string RandomPattern(Random& random, int depth) {
  static const std::vector<std::string> kAtoms = {"a",    "b",   "[ab]", "[0-9]", "0", "-",
                                                  "[^a]", "\\w", "\\d",  "(?i)A", ".", "ab"};
  static const std::vector<std::string> kRepeats = {"?", "*", "+", "{2}", "{1,3}", "{2,}", "{0,2}"};
  static const std::vector<std::string> kEdges = {"\\b", "\\B", "^", "$"};
  if (depth == 0 || random.Chance(25)) {
    if (random.Chance(6)) return random.Pick(kEdges);
    std::string atom = random.Pick(kAtoms);
    return atom.size() > 1 && atom[0] == '(' ? "(?i:A)" : atom;
  }
  switch (random.Below(3)) {
    case 0:
      return RandomPattern(random, depth - 1) + RandomPattern(random, depth - 1);
    case 1:
      return "(" + RandomPattern(random, depth - 1) + "|" + RandomPattern(random, depth - 1) + ")";
    default:
      return "(" + RandomPattern(random, depth - 1) + ")" + random.Pick(kRepeats);
  }
}

DetectorSource DetectorWithoutContext(Random& random) {
  if (!random.Chance(30)) return random.Pick(Known());
  static const std::vector<std::string> kAnchors = {"a", "b", "0", "[01]", "-"};
  DetectorSource detector;
  const uint32_t patterns = random.Between(1, 2);
  for (uint32_t i = 0; i < patterns; ++i) {
    detector.fields += i == 0 ? "pattern `" : ", `";
    // One byte that must be there: a pattern that matches the empty text is refused.
    detector.fields += RandomPattern(random, 2) + random.Pick(kAnchors) + RandomPattern(random, 2) + "`";
    if (random.Chance(40)) detector.fields += " bounded";
    if (random.Chance(20)) detector.fields += " ignoring case";
  }
  if (random.Chance(30)) detector.fields += " except \"ab\", \"a0\"";
  for (int i = 0; i < 3; ++i) detector.hits.push_back(random.Text(kNoiseAlphabet, 12));
  detector.misses.push_back(random.Text(kNoiseAlphabet, 12));
  return detector;
}

// `near`, `not near` and `fires at`, as far as the detector can have them.
void AddContext(Random& random, DetectorSource& detector) {
  static const std::vector<std::string> kWords = {"employee", "staff no", "工号", "id",    "a",
                                                  "ssn",      "b 1",      "x-y",  "cat_1", "foo"};
  const bool validated = detector.fields.find(" validate ") != std::string::npos;
  bool raises = false;
  for (uint32_t clauses = random.Between(1, 3); clauses > 0; --clauses) {
    const bool negated = (raises || validated) && random.Chance(40);
    raises = raises || !negated;
    detector.fields += negated ? " not near " : random.Chance(25) ? " needs near " : " near ";
    for (uint32_t words = random.Between(1, 3), i = 0; i < words; ++i) {
      detector.context.push_back(random.Pick(kWords));
      detector.fields += (i > 0 ? ", \"" : "\"") + detector.context.back() + "\"";
    }
    // No shorter than the longest word: that is an error.
    if (random.Chance(80)) {
      const uint32_t within = random.Chance(70) ? random.Between(8, 14) : random.Between(15, 200);
      detector.fields += " within " + std::to_string(within) + " characters";
    }
  }
  std::vector<std::string> tiers = {"shape"};
  if (raises || validated) tiers.push_back("context");
  if (validated) tiers.push_back("checksum");
  if (random.Chance(40)) detector.fields += " fires at " + random.Pick(tiers);
}

}  // namespace

DetectorSource RandomDetector(Random& random) {
  DetectorSource detector = DetectorWithoutContext(random);
  if (random.Chance(50)) AddContext(random, detector);
  return detector;
}

}  // namespace hpol::differential
