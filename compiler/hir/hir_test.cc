#include "compiler/hir/hir.h"

#include <gtest/gtest.h>

namespace hpol::hir {
namespace {

const std::vector<std::string> kLevels = {"public", "internal", "confidential"};
const std::vector<std::string> kCategories = {"pseudonymous", "pii", "pci"};

TEST(LabelText, WritesLevelThenCategoriesInTheirOrder) {
  const Label pii = Label::Category(1);
  const Label pci = Label::Category(2);
  EXPECT_EQ(LabelText(Label::Level(0), kLevels, kCategories), "public");
  EXPECT_EQ(LabelText(Label::Level(2).Join(pci).Join(pii), kLevels, kCategories), "confidential + pii + pci");
  EXPECT_EQ(LabelText(Label::Level(2).Join(AllCategories(3)), kLevels, kCategories), "confidential + all");
}

TEST(LabelText, SaysAllOnlyWhereThereIsMoreThanTheBuiltIn) {
  EXPECT_EQ(LabelText(Label::Level(0).Join(AllCategories(1)), kLevels, {"pseudonymous"}),
            "public + pseudonymous");
}

TEST(TopLabel, IsAboveEverything) {
  Policy policy;
  policy.levels = kLevels;
  policy.categories = kCategories;
  EXPECT_EQ(TopLabel(policy), Label::Level(2).Join(AllCategories(3)));
}

TEST(Print, IsReadableAndNamesPlaces) {
  dsl::SourceMap sources;
  const dsl::FileId file = sources.Add("p.hpol", "line one\nline two\n");
  Policy policy;
  policy.name = "p";
  policy.levels = kLevels;
  policy.categories = kCategories;
  policy.detectors.push_back({.name = "email",
                              .patterns = {},
                              .words = {},
                              .exceptions = {},
                              .matches = {},
                              .rejects = {},
                              .near = {},
                              .suggests = {},
                              .span = {}});
  Expr found;
  found.kind = Expr::Kind::kAtom;
  found.atom.detectors = {DetectorId{0}};
  policy.raises.push_back({found, Label::Level(1).Join(Label::Category(1)), {file, 9, 13}});
  const std::string text = Print(policy, sources);
  EXPECT_NE(text.find("levels public < internal < confidential\n"), std::string::npos) << text;
  EXPECT_NE(text.find("  when found(email) raise to internal + pii  // p.hpol:2:1\n"), std::string::npos)
      << text;
}

}  // namespace
}  // namespace hpol::hir
