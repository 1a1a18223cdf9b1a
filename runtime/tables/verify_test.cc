// One broken table for each thing that Verify must see.
#include "runtime/tables/verify.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>

#include "runtime/tables/pack.h"

namespace hpol::ir {
namespace {

using ::testing::HasSubstr;

// Every kind of row once, and right.
Tables Sound() {
  Tables t;
  t.strings = {"",      "policy", "1",    "low",    "high",   "pseudonymous", "pii",
               "mail",  "role",   "boss", "clerk",  "age",    "zone",         "model",
               "scrub", "log",    "no",   "p.hpol", "e mail", "Mail",         ""};
  t.policy = 1;
  t.version = 2;
  t.levels = {3, 4};
  t.categories = {5, 6};
  t.lists = {9, 10, 18, 7};
  t.indices = {0, 0, 0, 1, 0};
  const Place place{17, 3, 10, 20};
  t.near = {{false, 40, {2, 2}}, {true, 20, {3, 1}}};
  t.near[0].first[1] = uint64_t{1} << ('e' & 63) | uint64_t{1} << ('m' & 63);
  t.near[1].first[1] = uint64_t{1} << ('m' & 63);
  t.detectors = {{7, Tier::kContext, 0, {}, true, 64, {0, 2}, 40}};
  t.attributes = {{8, AttributeType::kEnum, Source::kIdentity, false, {0, 2}},
                  {11, AttributeType::kInt, Source::kCaller, true, {}}};
  t.facts = {{FactKind::kTier, 0, {0, 1}, {}, 0, 0, place},
             {FactKind::kMember, 0, {}, {3, 1}, 0, 0, place},
             {FactKind::kLevel, 0, {}, {}, 0, Label::Level(1).word, place},
             {FactKind::kCount, 0, {0, 1}, {}, 1, 0, place},
             {FactKind::kAtLeast, 1, {}, {}, 7, 0, place}};
  t.nodes = {{NodeKind::kFact, 0}, {NodeKind::kNotFact, 1}, {NodeKind::kAnd, 2}, {NodeKind::kFact, 2}};
  t.redaction_lines = {{RedactionAction::kPseudonym, {1, 1}, Label::Category(0).word}};
  t.redactions = {{14, {0, 1}}};
  t.zones = {{12, true, false, t.Top().word, {}}};
  t.targets = {{13, 0, t.Top().word, {}, 0, 0}};
  t.sinks = {{15, 0}};
  t.candidates = {{0, kNoRedaction.value}, {0, 0}};
  t.classify = {{{0, 3}, Label::Level(1).word, place}};
  t.route = {{{3, 1}, true, 16, {}, place}, {{0, 0}, false, 0, {3, 2}, place}};
  return t;
}

TEST(Verify, AcceptsSoundTables) {
  const Result<bool> verified = Verify(Sound());
  EXPECT_TRUE(verified.ok()) << verified.error().message;
}

struct Breakage {
  const char* name;
  std::function<void(Tables&)> apply;
  const char* error;
};

const std::vector<Breakage>& Breakages() {
  static const std::vector<Breakage> all = {
      {"no strings", [](Tables& t) { t.strings[0] = "x"; }, "string 0 is not the empty string"},
      {"distance", [](Tables& t) { t.near[0].within = 513; }, "near 0: distance"},
      {"no distance", [](Tables& t) { t.near[1].within = 0; }, "near 1: distance"},
      {"no words", [](Tables& t) { t.near[1].words.count = 0; }, "no words"},
      {"words out of range", [](Tables& t) { t.near[1].words.begin = 9; }, "list out of range"},
      {"words out of order", [](Tables& t) { std::swap(t.lists[2], t.lists[3]); }, "not normal"},
      {"a word twice", [](Tables& t) { t.lists[3] = 18; }, "not normal"},
      {"a word with a capital", [](Tables& t) { t.lists[3] = 19; }, "not normal"},
      {"an empty word", [](Tables& t) { t.lists[3] = 20; }, "not normal"},
      {"first bytes", [](Tables& t) { t.near[1].first[0] = 1; }, "first bytes"},
      {"near out of range", [](Tables& t) { t.detectors[0].near.count = 3; }, "near out of range"},
      {"reach", [](Tables& t) { t.detectors[0].reach = 20; }, "reach"},
      {"no words to fire on", [](Tables& t) { t.near[0].negated = true; }, "fires on context"},
      {"policy name", [](Tables& t) { t.policy = 99; }, "no such string"},
      {"no levels", [](Tables& t) { t.levels.clear(); }, "number of levels"},
      {"too many levels", [](Tables& t) { t.levels.assign(18, 3); }, "number of levels"},
      {"no categories", [](Tables& t) { t.categories.clear(); }, "number of categories"},
      {"too many categories", [](Tables& t) { t.categories.resize(49, 6); }, "number of categories"},
      {"first category", [](Tables& t) { t.categories[0] = 6; }, "category 0 is not `pseudonymous`"},
      {"list string", [](Tables& t) { t.lists[0] = 99; }, "no such string"},
      {"validator", [](Tables& t) { t.detectors[0].validator = 1000; }, "detector 0: no such validator"},
      {"checksum of nothing", [](Tables& t) { t.detectors[0].firing = Tier::kChecksum; },
       "detector 0: fires on a checksum without a validator"},
      {"exceptions", [](Tables& t) { t.detectors[0].exceptions = {3, 2}; }, "detector 0: list out of range"},
      {"empty detector", [](Tables& t) { t.detectors[0].max_length = 0; }, "detector 0: matches nothing"},
      {"attribute source", [](Tables& t) { t.attributes[0].source = Source::kNone; },
       "attribute 0: no source"},
      {"range overflow", [](Tables& t) { t.attributes[0].members = {0xffffffff, 2}; },
       "attribute 0: list out of range"},
      {"fact detector", [](Tables& t) { t.indices[0] = 1; }, "fact 0: no such detector"},
      {"fact detectors", [](Tables& t) { t.facts[0].detectors = {0, 9}; }, "fact 0: detector out of range"},
      {"fact tier", [](Tables& t) { t.facts[0].number = 3; }, "fact 0: no such tier"},
      {"fact count", [](Tables& t) { t.facts[3].number = 0; }, "fact 3: is always true"},
      {"fact attribute", [](Tables& t) { t.facts[1].attribute = 2; }, "fact 1: no such attribute"},
      {"fact type", [](Tables& t) { t.facts[4].attribute = 0; }, "fact 4: attribute of the wrong type"},
      {"fact member", [](Tables& t) { t.attributes[0].members.count = 0; }, "fact 1: no such member"},
      {"fact label", [](Tables& t) { t.facts[2].word = Label::Level(2).word; }, "fact 2: label outside"},
      {"fact place", [](Tables& t) { t.facts[2].place.begin = 21; }, "fact 2: place ends before it begins"},
      {"pseudonym leaves", [](Tables& t) { t.redaction_lines[0].leaves = 0; },
       "redaction line 0: what can be turned back"},
      {"redaction lines", [](Tables& t) { t.redactions[0].lines = {1, 1}; },
       "redaction 0: lines out of range"},
      {"zone label", [](Tables& t) { t.zones[0].clearance = Label::Category(5).word; },
       "zone 0: label outside"},
      {"target zone", [](Tables& t) { t.targets[0].zone = 1; }, "target 0: no such zone"},
      {"target above zone", [](Tables& t) { t.zones[0].clearance = 1; },
       "target 0: clears more than its zone"},
      {"sink label", [](Tables& t) { t.sinks[0].clearance = ~uint64_t{0}; }, "sink 0: label outside"},
      {"candidate target", [](Tables& t) { t.candidates[0].target = 1; }, "candidate 0: no such target"},
      {"candidate redaction", [](Tables& t) { t.candidates[1].redaction = 1; },
       "candidate 1: no such redaction"},
      {"candidate twice", [](Tables& t) { t.candidates[1].redaction = kNoRedaction.value; },
       "candidate 1: the same pair twice"},
      {"level in classify", [](Tables& t) { t.nodes[1].value = 2; }, "classify row 0: asks for the label"},
      {"negated evidence", [](Tables& t) { t.nodes[0].kind = NodeKind::kNotFact; },
       "classify row 0: evidence is negated"},
      {"evidence offers", [](Tables& t) { t.route[1].condition = {0, 1}; }, "route row 1: evidence offers"},
      {"node fact", [](Tables& t) { t.nodes[3].value = 9; }, "route row 0: no such fact"},
      {"operands", [](Tables& t) { t.nodes[2].value = 3; }, "classify row 0: operator without its operands"},
      {"no operands", [](Tables& t) { t.nodes[2].value = 0; },
       "classify row 0: operator without its operands"},
      {"two values", [](Tables& t) { t.nodes[2].value = 1; },
       "classify row 0: condition leaves more than one"},
      {"condition range", [](Tables& t) { t.classify[0].condition.count = 9; },
       "classify row 0: condition out of range"},
      {"row label with a gap",
       [](Tables& t) {
         t.levels.push_back(1);
         t.classify[0].word = 2;
       },
       "classify row 0: label with a gap"},
      {"two of a name", [](Tables& t) { t.attributes.push_back(t.attributes[0]); },
       "the same attribute twice"},
      {"two levels of a name", [](Tables& t) { t.levels.push_back(t.levels[0]); }, "the same level twice"},
      {"route reason", [](Tables& t) { t.route[0].reason = 99; }, "route row 0: no such string"},
      {"route candidate", [](Tables& t) { t.indices[4] = 2; }, "route row 1: no such candidate"},
      {"denial that offers", [](Tables& t) { t.route[0].candidates = {4, 1}; },
       "route row 0: a denial offers"},
      {"send to nobody", [](Tables& t) { t.route[1].candidates.count = 0; }, "route row 1: a denial offers"},
  };
  return all;
}

TEST(Verify, RefusesEveryBreakage) {
  for (const Breakage& breakage : Breakages()) {
    Tables tables = Sound();
    breakage.apply(tables);
    const Result<bool> verified = Verify(tables);
    ASSERT_FALSE(verified.ok()) << breakage.name;
    EXPECT_THAT(verified.error().message, HasSubstr(breakage.error)) << breakage.name;
  }
}

TEST(Pack, ReadsBackTheTablesAndNothingShorterOrLonger) {
  const auto pack = [](const Tables& tables) {
    pack::Packer packer;
    packer(tables);
    return packer.Take();
  };
  const std::string bytes = pack(Sound());
  const auto read = [](std::string_view from, Tables& tables) {
    pack::Unpacker unpacker(from);
    unpacker(tables);
    return unpacker.Done();
  };
  Tables back;
  ASSERT_TRUE(read(bytes, back));
  EXPECT_TRUE(Verify(back).ok());
  EXPECT_EQ(pack(back), bytes);
  for (size_t size = 0; size < bytes.size(); ++size) {
    Tables cut;
    EXPECT_FALSE(read(std::string_view(bytes).substr(0, size), cut)) << size;
  }
  EXPECT_FALSE(read(bytes + "x", back));
}

}  // namespace
}  // namespace hpol::ir
