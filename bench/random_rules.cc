#include "bench/random_rules.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <random>

namespace hpol::bench {
namespace {

constexpr uint32_t kCards[RandomRule::kEnums] = {64, 32, 64, 8, 4, 256, 16, 4};
constexpr uint32_t kRoleCount = 32;
constexpr uint32_t kRolesAttribute = 8, kNameAttribute = 12;

class RuleMaker {
 public:
  RuleMaker(Family family, uint32_t seed) : family_(family), random_(seed) {}

  RandomRule Make(uint32_t number) {
    RandomRule rule;
    rule.name = number;
    rule.negated = family_ == Family::kNegations;
    for (const uint32_t attribute : Attributes()) Ask(rule, attribute);
    return rule;
  }

 private:
  uint32_t Below(uint32_t n) { return static_cast<uint32_t>(random_() % n); }
  template <size_t N>
  uint32_t Pick(const uint32_t (&from)[N]) {
    return from[Below(N)];
  }

  std::vector<uint32_t> Attributes() {
    static constexpr uint32_t kSizes[] = {2, 2, 3, 3, 3, 4, 4, 5};
    switch (family_) {
      case Family::kOneAttribute:
        return {5, kRolesAttribute};
      case Family::kRanges:
        return {9, 10, 11};
      case Family::kStrings:
        return {kNameAttribute, kRolesAttribute};
      case Family::kSelective:
        return Sample(5, {5, 0});
      case Family::kScattered:
      case Family::kNegations:
        return Sample(5, {});
      case Family::kLoose:
        break;
    }
    return Sample(Pick(kSizes), {});
  }

  std::vector<uint32_t> Sample(uint32_t count, std::vector<uint32_t> chosen) {
    while (chosen.size() < count) {
      const uint32_t attribute = Below(12);
      if (std::find(chosen.begin(), chosen.end(), attribute) == chosen.end()) chosen.push_back(attribute);
    }
    return chosen;
  }

  void Ask(RandomRule& rule, uint32_t attribute) {
    static constexpr uint32_t kMembers[] = {1, 1, 1, 2, 3, 5};
    static constexpr uint32_t kRolesOf[] = {1, 1, 2, 3};
    rule.asks |= 1u << attribute;
    if (attribute < RandomRule::kEnums) {
      const uint32_t card = kCards[attribute];
      const uint32_t wanted = family_ == Family::kOneAttribute ? 1 : std::min(Pick(kMembers), card - 1);
      for (uint32_t have = 0; have < wanted;) {
        const uint32_t member = Below(card);
        uint64_t& word = rule.members[attribute][member / 64];
        have += (word >> (member % 64) & 1) == 0 ? 1 : 0;
        word |= uint64_t{1} << (member % 64);
      }
    } else if (attribute == kRolesAttribute) {
      for (uint32_t i = Pick(kRolesOf); i > 0; --i) rule.roles |= 1u << Below(kRoleCount);
    } else if (attribute < kNameAttribute) {
      AskRange(rule, attribute - 9);
    }
  }

  void AskRange(RandomRule& rule, uint32_t which) {
    static constexpr uint32_t kTokens[] = {0, 512, 1024, 2048, 4096, 8192, 16384, 32768, 131072};
    auto& [from, to] = rule.range[which];
    if (which == 0) {
      const uint32_t at = Below(7);
      from = kTokens[at];
      to = kTokens[at + 1 + Below(8 - at)];
    } else if (which == 1) {
      from = Below(20);
      to = from + 1 + Below(static_cast<uint32_t>(23 - from));
    } else {
      from = 50 * Below(18);
      to = from + 50 * (1 + Below(static_cast<uint32_t>((1000 - from) / 50)));
    }
  }

  Family family_;
  std::mt19937 random_;
};

// Rules → rows; facts that are alike are one fact.
class TablesMaker {
 public:
  std::shared_ptr<const ir::Tables> Run(const std::vector<RandomRule>& rules) {
    Head();
    for (const RandomRule& rule : rules) AddRule(rule);
    return std::make_shared<const ir::Tables>(std::move(t_));
  }

 private:
  ir::StringId Text(const std::string& text) {
    t_.strings.push_back(text);
    return static_cast<ir::StringId>(t_.strings.size() - 1);
  }

  ir::Range Names(const char* prefix, uint32_t count) {
    const ir::Range range{static_cast<uint32_t>(t_.lists.size()), count};
    for (uint32_t i = 0; i < count; ++i) t_.lists.push_back(Text(prefix + std::to_string(i)));
    return range;
  }

  void Head() {
    t_.strings = {""};
    t_.policy = Text("bench.random");
    t_.version = Text("1");
    t_.levels = {Text("open"), Text("closed")};
    t_.categories = {Text("pseudonymous")};
    const auto add = [&](const std::string& name, AttributeType type, uint32_t members) {
      t_.attributes.push_back({Text(name), type, Source::kGateway, false, Names("m", members)});
    };
    for (uint32_t a = 0; a < RandomRule::kEnums; ++a)
      add("e" + std::to_string(a), AttributeType::kEnum, kCards[a]);
    add("roles", AttributeType::kEnumSet, kRoleCount);
    for (const char* name : {"tokens", "hour", "risk"}) add(name, AttributeType::kInt, 0);
    add("name", AttributeType::kString, 0);
    t_.classify.push_back({{0, 0}, 0, {}});
    t_.zones.push_back({Text("home"), true, false, t_.Top().word, {}});
    t_.targets.push_back({Text("target"), 0, t_.Top().word, {}, 0, 0});
    t_.candidates.push_back({});
    t_.indices.push_back(0);
  }

  uint32_t Fact(ir::FactKind kind, uint32_t attribute, const std::vector<uint32_t>& members, int64_t number) {
    ir::Fact fact;
    fact.kind = kind;
    fact.attribute = attribute;
    fact.number = number;
    fact.members = {static_cast<uint32_t>(t_.indices.size()), static_cast<uint32_t>(members.size())};
    t_.indices.insert(t_.indices.end(), members.begin(), members.end());
    t_.facts.push_back(fact);
    return static_cast<uint32_t>(t_.facts.size() - 1);
  }

  void Push(uint32_t fact, bool negated) {
    t_.nodes.push_back({negated ? ir::NodeKind::kNotFact : ir::NodeKind::kFact, fact});
    ++operands_;
  }

  uint32_t Bound(uint32_t attribute, int64_t number) {
    for (const auto& [key, fact] : bounds_[attribute])
      if (key == number) return fact;
    const uint32_t fact = Fact(ir::FactKind::kAtLeast, attribute, {}, number);
    bounds_[attribute].push_back({number, fact});
    return fact;
  }

  void AddRule(const RandomRule& rule) {
    const auto begin = static_cast<uint32_t>(t_.nodes.size());
    operands_ = 0;
    for (uint32_t a = 0; a < RandomRule::kEnums; ++a)
      if ((rule.asks >> a & 1) != 0)
        Push(Fact(ir::FactKind::kMember, a, Bits(rule.members[a]), 0), rule.negated);
    if ((rule.asks >> kRolesAttribute & 1) != 0)
      Push(Fact(ir::FactKind::kHas, kRolesAttribute, Bits({rule.roles, 0, 0, 0}), 0), rule.negated);
    for (uint32_t r = 0; r < 3; ++r)
      if ((rule.asks >> (9 + r) & 1) != 0) PushRange(9 + r, rule.range[r], rule.negated);
    if ((rule.asks >> kNameAttribute & 1) != 0) {
      const uint32_t fact = Fact(ir::FactKind::kText, kNameAttribute, {}, 0);
      t_.facts[fact].members = {static_cast<uint32_t>(t_.lists.size()), 1};
      t_.lists.push_back(Text("name-" + std::to_string(rule.name)));
      Push(fact, false);
    }
    t_.nodes.push_back({ir::NodeKind::kAnd, operands_});
    ir::RouteRow row;
    row.condition = {begin, static_cast<uint32_t>(t_.nodes.size()) - begin};
    row.candidates = {0, 1};
    t_.route.push_back(row);
  }

  void PushRange(uint32_t attribute, const std::array<int64_t, 2>& range, bool negated) {
    Push(Bound(attribute, range[0]), negated);
    Push(Bound(attribute, range[1]), !negated);
    if (!negated) return;
    t_.nodes.push_back({ir::NodeKind::kOr, 2});
    --operands_;
  }

  static std::vector<uint32_t> Bits(const std::array<uint64_t, 4>& words) {
    std::vector<uint32_t> bits;
    for (uint32_t bit = 0; bit < 256; ++bit)
      if ((words[bit / 64] >> (bit % 64) & 1) != 0) bits.push_back(bit);
    return bits;
  }

  ir::Tables t_;
  uint32_t operands_ = 0;
  std::array<std::vector<std::pair<int64_t, uint32_t>>, 13> bounds_;
};

}  // namespace

const char* FamilyName(Family family) {
  static constexpr const char* kNames[] = {"loose",      "selective",     "scattered",      "one attribute",
                                           "all ranges", "all negations", "a string a rule"};
  return kNames[static_cast<size_t>(family)];
}

std::vector<RandomRule> MakeRules(Family family, uint32_t count) {
  RuleMaker maker(family, count);
  std::vector<RandomRule> rules;
  for (uint32_t i = 0; i < count; ++i) rules.push_back(maker.Make(i));
  return rules;
}

std::vector<RandomQuery> MakeQueries(uint32_t count, uint32_t names) {
  std::mt19937 random(1);
  std::vector<RandomQuery> queries(count);
  for (RandomQuery& query : queries) {
    for (uint32_t a = 0; a < RandomRule::kEnums; ++a)
      query.members[a] = static_cast<uint8_t>(random() % kCards[a]);
    for (int i = 0; i < 3; ++i) query.roles |= 1u << random() % kRoleCount;
    query.numbers = {static_cast<int64_t>(random() % 3 != 0 ? random() % 4096 : random() % 100000),
                     static_cast<int64_t>(random() % 24), static_cast<int64_t>(random() % 1000)};
    query.name = static_cast<uint32_t>(random() % (2 * names));  // half of them are nobody's
  }
  return queries;
}

std::shared_ptr<const ir::Tables> ToTables(const std::vector<RandomRule>& rules) {
  return TablesMaker().Run(rules);
}

uint32_t DecideByScan(const std::vector<RandomRule>& rules, const RandomQuery& query) {
  for (uint32_t i = 0; i < rules.size(); ++i) {
    const RandomRule& rule = rules[i];
    bool holds = true;
    for (uint32_t a = 0; a < RandomRule::kEnums; ++a)
      if ((rule.asks >> a & 1) != 0)
        holds &= (rule.members[a][query.members[a] / 64] >> (query.members[a] % 64) & 1) != rule.negated;
    if ((rule.asks >> kRolesAttribute & 1) != 0) holds &= ((rule.roles & query.roles) != 0) != rule.negated;
    for (uint32_t r = 0; r < 3; ++r)
      if ((rule.asks >> (9 + r) & 1) != 0)
        holds &=
            (query.numbers[r] >= rule.range[r][0] && query.numbers[r] < rule.range[r][1]) != rule.negated;
    if ((rule.asks >> kNameAttribute & 1) != 0) holds &= query.name == rule.name;
    if (holds) return i;
  }
  return Choice::kNoRow;
}

void Fill(AttributeSet& set, const RandomQuery& query) {
  set.Clear();
  for (uint32_t a = 0; a < RandomRule::kEnums; ++a)
    set.SetMember(AttributeId{a}, Source::kGateway, query.members[a]);
  std::vector<std::string> names;
  std::vector<std::string_view> roles;
  for (uint32_t role = 0; role < kRoleCount; ++role)
    if ((query.roles >> role & 1) != 0) names.push_back("m" + std::to_string(role));
  for (const std::string& name : names) roles.push_back(name);
  set.Set(AttributeId{kRolesAttribute}, Source::kGateway, roles);
  for (uint32_t r = 0; r < 3; ++r) set.SetInt(AttributeId{9 + r}, Source::kGateway, query.numbers[r]);
  set.Set(AttributeId{kNameAttribute}, Source::kGateway, "name-" + std::to_string(query.name));
}

std::shared_ptr<const Engine> MakeEngineOf(std::shared_ptr<const ir::Tables> tables) {
  static const hpol_artifact artifact = [] {
    hpol_artifact none{};
    none.struct_size = sizeof none;
    none.abi_version = HPOL_ABI_VERSION;
    return none;
  }();
  Result<std::shared_ptr<const Engine>> engine =
      Engine::Make({std::move(tables), &artifact, nullptr}, "a key for benchmarks");
  if (!engine) {
    std::fprintf(stderr, "%s\n", engine.error().message.c_str());
    std::exit(1);
  }
  return *engine;
}

}  // namespace hpol::bench
