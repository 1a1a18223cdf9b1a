#include "dsl/source/source.h"

#include <gtest/gtest.h>

namespace hpol::dsl {
namespace {

void ExpectAt(const SourceFile& file, uint32_t offset, uint32_t line, uint32_t column) {
  const Position at = file.Locate(offset);
  EXPECT_EQ(at.line, line) << "offset " << offset;
  EXPECT_EQ(at.column, column) << "offset " << offset;
}

TEST(SourceFile, EmptyTextHasOneEmptyLine) {
  const SourceFile file("a.hpol", "");
  EXPECT_EQ(file.line_count(), 1u);
  EXPECT_EQ(file.Line(1), "");
  ExpectAt(file, 0, 1, 1);
  ExpectAt(file, 99, 1, 1);
}

TEST(SourceFile, MissingFinalNewlineStillHasItsLine) {
  const SourceFile file("a.hpol", "one\ntwo");
  EXPECT_EQ(file.line_count(), 2u);
  EXPECT_EQ(file.Line(2), "two");
  ExpectAt(file, 4, 2, 1);
  ExpectAt(file, 7, 2, 4);
  ExpectAt(file, 1000, 2, 4);
}

TEST(SourceFile, FinalNewlineOpensAnEmptyLine) {
  const SourceFile file("a.hpol", "one\n");
  EXPECT_EQ(file.line_count(), 2u);
  EXPECT_EQ(file.Line(1), "one");
  EXPECT_EQ(file.Line(2), "");
  ExpectAt(file, 3, 1, 4);
  ExpectAt(file, 4, 2, 1);
}

TEST(SourceFile, CrLfIsOneLineEnd) {
  const SourceFile file("a.hpol", "one\r\ntwo\r\n");
  EXPECT_EQ(file.Line(1), "one");
  EXPECT_EQ(file.Line(2), "two");
  EXPECT_EQ(file.LineStart(2), 5u);
  ExpectAt(file, 5, 2, 1);
}

TEST(SourceFile, ColumnsCountCodePoints) {
  const SourceFile file("a.hpol", "工号 x\n");  // 3 + 3 + 1 + 1 bytes
  ExpectAt(file, 0, 1, 1);
  ExpectAt(file, 3, 1, 2);
  ExpectAt(file, 6, 1, 3);
  ExpectAt(file, 7, 1, 4);
  // Inside a code point: its own column.
  ExpectAt(file, 1, 1, 1);
  ExpectAt(file, 5, 1, 2);
}

TEST(SourceFile, NoSuchLine) {
  const SourceFile file("a.hpol", "one\n");
  EXPECT_EQ(file.Line(0), "");
  EXPECT_EQ(file.Line(3), "");
  EXPECT_EQ(file.LineStart(0), 0u);
  EXPECT_EQ(file.LineStart(9), 4u);
}

TEST(SourceMap, CutsASpanToWhatExists) {
  SourceMap sources;
  const FileId a = sources.Add("a", "hello");
  const FileId b = sources.Add("b", "world");
  EXPECT_EQ(sources.size(), 2u);
  EXPECT_EQ(sources.Text({a, 1, 3}), "el");
  EXPECT_EQ(sources.Text({b, 3, 99}), "ld");
  EXPECT_EQ(sources.Text({b, 99, 100}), "");
  EXPECT_EQ(sources.Text({b, 4, 2}), "");
  EXPECT_EQ(sources.Text({FileId{7}, 0, 1}), "");
}

}  // namespace
}  // namespace hpol::dsl
