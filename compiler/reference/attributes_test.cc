// What counts as present: the right source, once, spelled as the type wants.
#include "compiler/reference/attributes.h"

#include <gtest/gtest.h>

#include "compiler/reference/hir_build.h"

namespace hpol::reference {
namespace {

using namespace hir_build;  // NOLINT(google-build-using-namespace): the words of these tests

struct Given {
  AttributeType type;
  std::vector<std::string_view> values;
  bool present;
};

TEST(ReadAttributes, Spelling) {
  const std::vector<Given> cases = {
      {AttributeType::kBool, {"true"}, true},
      {AttributeType::kBool, {"false"}, true},
      {AttributeType::kBool, {"True"}, false},
      {AttributeType::kBool, {}, false},
      {AttributeType::kInt, {"-9223372036854775808"}, true},
      {AttributeType::kInt, {"9223372036854775808"}, false},
      {AttributeType::kInt, {"12 "}, false},
      {AttributeType::kInt, {"+1"}, false},
      {AttributeType::kInt, {""}, false},
      {AttributeType::kInt, {"1", "2"}, false},
      {AttributeType::kString, {""}, true},
      {AttributeType::kString, {"a", "b"}, false},
      {AttributeType::kEnum, {"us"}, true},
      {AttributeType::kEnum, {"US"}, false},
      {AttributeType::kEnumSet, {}, true},
      {AttributeType::kEnumSet, {"us", "eu"}, true},
      {AttributeType::kEnumSet, {"us", "mars"}, false},
      {AttributeType::kStringSet, {"x", "y"}, true},
      {AttributeType::kLabel, {"internal"}, true},
      {AttributeType::kLabel, {"internal+pii+secret"}, true},
      {AttributeType::kLabel, {"pii"}, false},
      {AttributeType::kLabel, {"internal+"}, false},
      {AttributeType::kLabel, {"internal + pii"}, false},
  };
  for (size_t i = 0; i < cases.size(); ++i) {
    hir::Policy policy = Skeleton();
    policy.attributes = {Declare("a", cases[i].type, true, {"us", "eu"})};
    const hpol::Attribute given{"a", Source::kIdentity, cases[i].values};
    EXPECT_EQ(ReadAttributes(policy, {&given, 1})[0].present, cases[i].present) << "case " << i;
  }
}

TEST(ReadAttributes, OnlyTheDeclaredSourceCounts) {
  hir::Policy policy = Skeleton();
  policy.attributes = {Declare("a", AttributeType::kBool, false)};
  const std::string_view yes[] = {"true"};
  const std::vector<hpol::Attribute> given = {{"a", Source::kCaller, yes}, {"a", Source::kNone, yes}};
  EXPECT_FALSE(ReadAttributes(policy, given)[0].present);
  EXPECT_EQ(FirstBadInput(policy, ReadAttributes(policy, given)), AttributeId{0});
  const std::vector<hpol::Attribute> twice = {{"a", Source::kIdentity, yes}, {"a", Source::kIdentity, yes}};
  EXPECT_FALSE(ReadAttributes(policy, twice)[0].present);
}

}  // namespace
}  // namespace hpol::reference
