// The policy, its two floors, and requests.
#include "bench/authorize.h"

#include <random>

namespace hpol::bench {

const std::array<std::string_view, 8> kDepartments = {"legal",    "finance",   "hr",    "engineering",
                                                      "research", "marketing", "sales", "support"};
const std::array<std::string_view, 6> kRegions = {"us", "eu", "uk", "cn", "ap", "br"};
const std::array<std::string_view, 12> kRoles = {"admin",    "auditor",    "developer", "analyst",
                                                 "manager",  "contractor", "intern",    "operator",
                                                 "reviewer", "security",   "executive", "guest"};
const std::array<std::string_view, 4> kClearances = {"open", "internal", "confidential", "sealed"};

namespace {

enum Department : uint8_t { kLegal, kFinance, kHr, kEngineering, kResearch, kMarketing, kSales, kSupport };
enum Region : uint8_t { kUs, kEu, kUk, kCn, kAp, kBr };
enum Role : uint8_t {
  kAdmin,
  kAuditor,
  kDeveloper,
  kAnalyst,
  kManager,
  kContractor,
  kIntern,
  kOperator,
  kReviewer,
  kSecurity,
  kExecutive,
  kGuest
};

bool Has(const SpelledCaller& q, std::string_view role) {
  for (size_t i = 0; i < q.role_count; ++i)
    if (q.roles[i] == role) return true;
  return false;
}

int LevelOf(std::string_view clearance) {
  return clearance == "open" ? 0 : clearance == "internal" ? 1 : clearance == "confidential" ? 2 : 3;
}

constexpr char kPolicy[] = R"(policy bench.authorize version "1"
levels open < internal < confidential < sealed
input {
  department : enum { legal, finance, hr, engineering, research, marketing, sales, support } from identity
  region     : enum { us, eu, uk, cn, ap, br } from identity
  clearance  : label from identity
  roles      : set of enum { admin, auditor, developer, analyst, manager, contractor, intern, operator, reviewer, security, executive, guest } from identity
  tokens     : int from gateway
  cost       : int from gateway
  flagged    : bool from gateway
}
classify { start at open otherwise }
zone home  { trusted clears sealed + all hosts "10.0.0.0/8" }
target private  in home { clears sealed + all }
target regional in home { clears sealed + all }
target cloud    in home { clears sealed + all }
route {
  when flagged and not (roles has security) deny "rule 0"
  when roles has guest and tokens >= 2000 deny "rule 1"
  when region in { cn } and clearance >= confidential deny "rule 2"
  when (roles has contractor or roles has intern) and clearance >= confidential deny "rule 3"
  when not (roles has admin) and not (roles has operator) and tokens >= 60000 deny "rule 4"
  when department in { marketing, sales, support } and cost >= 5000 deny "rule 5"
  when department in { legal } and region in { br, ap } and not (roles has executive) deny "rule 6"
  when department in { hr } and not (roles has manager) and not (roles has executive) and clearance >= sealed deny "rule 7"
  when department in { engineering, research } and roles has admin send to cloud
  when roles has executive and cost < 20000 send to private
  when department in { legal, finance } and clearance >= confidential and tokens < 16000 send to regional
  when department in { research } and tokens >= 8000 and cost < 4000 send to cloud
  when region in { us, eu } and roles has developer and tokens < 32000 send to private
  when (roles has analyst or roles has reviewer) and not (clearance >= confidential) send to regional
  when department in { support } and tokens < 4000 and cost < 500 send to cloud
  when department in { marketing, sales } and region in { us, uk } and not (clearance >= confidential) send to private
  when roles has manager and tokens < 8000 and cost < 2500 send to regional
  when (roles has auditor or roles has security) send to cloud
  when region in { us, eu, uk } and not (clearance >= internal) and tokens < 1000 send to private
  when tokens < 2000 and cost < 100 send to regional
}
)";

}  // namespace

std::string AuthorizePolicy() { return kPolicy; }

uint32_t DecideByHand(const Caller& q) {
  if (q.flagged && (q.roles & (1u << kSecurity)) == 0) return 0;
  if ((q.roles & (1u << kGuest)) != 0 && q.tokens >= 2000) return 1;
  if (q.region == kCn && q.clearance >= 2) return 2;
  if ((q.roles & (1u << kContractor | 1u << kIntern)) != 0 && q.clearance >= 2) return 3;
  if ((q.roles & (1u << kAdmin | 1u << kOperator)) == 0 && q.tokens >= 60000) return 4;
  if (((1u << kMarketing | 1u << kSales | 1u << kSupport) >> q.department & 1) != 0 && q.cost >= 5000)
    return 5;
  if (q.department == kLegal && ((1u << kBr | 1u << kAp) >> q.region & 1) != 0 &&
      (q.roles & (1u << kExecutive)) == 0)
    return 6;
  if (q.department == kHr && (q.roles & (1u << kManager | 1u << kExecutive)) == 0 && q.clearance >= 3)
    return 7;
  if (((1u << kEngineering | 1u << kResearch) >> q.department & 1) != 0 && (q.roles & (1u << kAdmin)) != 0)
    return 8;
  if ((q.roles & (1u << kExecutive)) != 0 && q.cost < 20000) return 9;
  if (((1u << kLegal | 1u << kFinance) >> q.department & 1) != 0 && q.clearance >= 2 && q.tokens < 16000)
    return 10;
  if (q.department == kResearch && q.tokens >= 8000 && q.cost < 4000) return 11;
  if (((1u << kUs | 1u << kEu) >> q.region & 1) != 0 && (q.roles & (1u << kDeveloper)) != 0 &&
      q.tokens < 32000)
    return 12;
  if ((q.roles & (1u << kAnalyst | 1u << kReviewer)) != 0 && q.clearance < 2) return 13;
  if (q.department == kSupport && q.tokens < 4000 && q.cost < 500) return 14;
  if (((1u << kMarketing | 1u << kSales) >> q.department & 1) != 0 &&
      ((1u << kUs | 1u << kUk) >> q.region & 1) != 0 && q.clearance < 2)
    return 15;
  if ((q.roles & (1u << kManager)) != 0 && q.tokens < 8000 && q.cost < 2500) return 16;
  if ((q.roles & (1u << kAuditor | 1u << kSecurity)) != 0) return 17;
  if (((1u << kUs | 1u << kEu | 1u << kUk) >> q.region & 1) != 0 && q.clearance < 1 && q.tokens < 1000)
    return 18;
  if (q.tokens < 2000 && q.cost < 100) return 19;
  return kNoRule;
}

uint32_t DecideByHand(const SpelledCaller& q) {
  if (q.flagged && !Has(q, "security")) return 0;
  if (q.tokens >= 2000 && Has(q, "guest")) return 1;
  if (q.region == "cn" && LevelOf(q.clearance) >= 2) return 2;
  if (LevelOf(q.clearance) >= 2 && (Has(q, "contractor") || Has(q, "intern"))) return 3;
  if (q.tokens >= 60000 && !Has(q, "admin") && !Has(q, "operator")) return 4;
  if (q.cost >= 5000 && (q.department == "marketing" || q.department == "sales" || q.department == "support"))
    return 5;
  if (q.department == "legal" && (q.region == "br" || q.region == "ap") && !Has(q, "executive")) return 6;
  if (q.department == "hr" && LevelOf(q.clearance) >= 3 && !Has(q, "manager") && !Has(q, "executive"))
    return 7;
  if ((q.department == "engineering" || q.department == "research") && Has(q, "admin")) return 8;
  if (q.cost < 20000 && Has(q, "executive")) return 9;
  if (q.tokens < 16000 && (q.department == "legal" || q.department == "finance") && LevelOf(q.clearance) >= 2)
    return 10;
  if (q.tokens >= 8000 && q.cost < 4000 && q.department == "research") return 11;
  if (q.tokens < 32000 && (q.region == "us" || q.region == "eu") && Has(q, "developer")) return 12;
  if (LevelOf(q.clearance) < 2 && (Has(q, "analyst") || Has(q, "reviewer"))) return 13;
  if (q.tokens < 4000 && q.cost < 500 && q.department == "support") return 14;
  if ((q.department == "marketing" || q.department == "sales") && (q.region == "us" || q.region == "uk") &&
      LevelOf(q.clearance) < 2)
    return 15;
  if (q.tokens < 8000 && q.cost < 2500 && Has(q, "manager")) return 16;
  if ((Has(q, "auditor") || Has(q, "security"))) return 17;
  if (q.tokens < 1000 && (q.region == "us" || q.region == "eu" || q.region == "uk") &&
      LevelOf(q.clearance) < 1)
    return 18;
  if (q.tokens < 2000 && q.cost < 100) return 19;
  return kNoRule;
}

std::vector<Caller> RandomCallers(size_t count, uint32_t seed) {
  std::mt19937 random(seed);
  const auto below = [&](uint32_t n) { return static_cast<uint32_t>(random() % n); };
  std::vector<Caller> callers(count);
  for (Caller& caller : callers) {
    caller.department = static_cast<uint8_t>(below(8));
    caller.region = static_cast<uint8_t>(below(6));
    caller.clearance = static_cast<uint8_t>(below(4));
    for (uint32_t i = below(4); i > 0; --i) caller.roles |= 1u << below(12);
    caller.tokens = below(3) == 0 ? below(100000) : below(4096);
    caller.cost = below(4) == 0 ? below(30000) : below(1000);
    caller.flagged = below(10) == 0;
  }
  return callers;
}

SpelledCaller Spell(const Caller& caller) {
  SpelledCaller spelled{kDepartments[caller.department],
                        kRegions[caller.region],
                        kClearances[caller.clearance],
                        {},
                        0,
                        caller.tokens,
                        caller.cost,
                        caller.flagged};
  for (uint32_t role = 0; role < kRoles.size(); ++role)
    if ((caller.roles >> role & 1) != 0) spelled.roles[spelled.role_count++] = kRoles[role];
  return spelled;
}

}  // namespace hpol::bench
