// What `hpol diff` says of two policies: every kind of change, proved, and shown by a request that the
// compiled code of both was asked about.
#include "compiler/prove/diff.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "compiler/driver/driver.h"

namespace hpol::driver {
namespace {

// `detector` and `route` in a policy that is otherwise the same.
Build Compiled(const std::string& detector, const std::string& route) {
  Options options;
  options.optimize = jit::Optimize::kNone;
  options.filter = false;
  options.prove = false;
  Build build = Run({"test.hpol", R"(policy p
levels public < internal < confidential
zone home  { trusted   clears confidential + all }
zone cloud { untrusted clears public }
target local in home  { clears confidential + all }
target big   in cloud { clears public }
input { region : enum { us, eu } from identity }
)" + detector + R"(
classify { start at public  when codename raise to internal }
route {
)" + route + "}\n",
                     ""},
                    options);
  EXPECT_TRUE(build.ok()) << build.fault;
  return build;
}

prove::Difference Compared(const Build& before, const Build& after) {
  return prove::Compare({before.policy, RunnerOf(before)}, {after.policy, RunnerOf(after)});
}

const prove::Change* Find(const prove::Difference& difference, const std::string& what) {
  for (const prove::Change& change : difference.changes)
    if (change.what == what) return &change;
  return nullptr;
}

constexpr char kBird[] = R"(detector codename { words "nightjar" matches "the nightjar budget" })";
constexpr char kTwoBirds[] =
    R"(detector codename { words "nightjar", "bluefin" matches "the nightjar budget" })";
constexpr char kByLevel[] = "when level >= internal send to local\n otherwise send to big then to local\n";
constexpr char kByRegion[] =
    "when level >= internal or region == eu send to local\n otherwise send to big then to local\n";

TEST(Diff, NothingChangesWhereNothingDoes) {
  const prove::Difference difference = Compared(
      Compiled(kBird, kByLevel),
      Compiled(kBird, "when not (level == public) send to local\n otherwise send to big then to local\n"));
  EXPECT_TRUE(difference.changes.empty());
  EXPECT_FALSE(difference.loosens());
  EXPECT_EQ(difference.fault, "");
}

TEST(Diff, ATighterRuleIsTriedOnBothCompiledPolicies) {
  const prove::Difference difference = Compared(Compiled(kBird, kByLevel), Compiled(kBird, kByRegion));
  EXPECT_EQ(difference.fault, "");
  EXPECT_FALSE(difference.loosens());
  const prove::Change* change = Find(difference, "may no longer go to `big`");
  ASSERT_NE(change, nullptr);
  EXPECT_TRUE(change->example.written);
  EXPECT_TRUE(change->example.replayed);
  EXPECT_EQ(change->before.candidates.size(), 2u);
  EXPECT_EQ(change->after.candidates.size(), 1u);
}

TEST(Diff, ALooserRuleIsCalledSo) {
  const prove::Difference difference = Compared(Compiled(kBird, kByRegion), Compiled(kBird, kByLevel));
  EXPECT_TRUE(difference.loosens());
  ASSERT_NE(Find(difference, "may go to `big`"), nullptr);
}

// The old detector's sample is found by the new one too: no text shows that something is found no longer, and
// the example says that none was made.
TEST(Diff, TextsAreScannedByBothPolicies) {
  const Build before = Compiled(kBird, kByLevel);
  const Build after = Compiled(kTwoBirds, kByLevel);
  const prove::Difference difference = Compared(before, after);
  EXPECT_EQ(difference.fault, "");
  EXPECT_TRUE(difference.loosens()) << "an edited detector may find less";
  const prove::Change* lost = Find(difference, "is no longer labelled at least `internal`");
  ASSERT_NE(lost, nullptr);
  EXPECT_FALSE(lost->example.written);
  EXPECT_FALSE(lost->example.replayed);
}

}  // namespace
}  // namespace hpol::driver
