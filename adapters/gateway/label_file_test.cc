#include "adapters/gateway/label_file.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace hpol::gateway {
namespace {

using Found = LabelStore::Found;

class LabelFileTest : public testing::Test {
 protected:
  LabelFileTest() {
    std::string name = (std::filesystem::temp_directory_path() / "hpol-labels-XXXXXX").string();
    folder = ::mkdtemp(name.data());
    path = folder + "/labels.db";
  }
  ~LabelFileTest() override { std::filesystem::remove_all(folder); }

  std::string folder, path;
};

TEST_F(LabelFileTest, JoinsAndKeepsOverARestart) {
  Label label;
  {
    const auto labels = OpenLabelFile(path);
    ASSERT_TRUE(labels);
    EXPECT_EQ((*labels)->Get("key", 5, label), Found::kNothing);
    EXPECT_TRUE((*labels)->Join("key", Label::Level(2), 10));
    EXPECT_TRUE((*labels)->Join("key", Label::Category(47), 20));
    EXPECT_TRUE((*labels)->Join(std::string("\0k", 2), Label::Level(1), 5));
  }
  const auto labels = OpenLabelFile(path);
  ASSERT_TRUE(labels);
  ASSERT_EQ((*labels)->Get("key", 20, label), Found::kLabel);
  EXPECT_EQ(label, Label::Level(2).Join(Label::Category(47)));
  EXPECT_EQ((*labels)->Get("key", 21, label), Found::kNothing);
  EXPECT_EQ((*labels)->Get(std::string("\0k", 2), 5, label), Found::kLabel);
  struct stat status{};
  ASSERT_EQ(::stat(path.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600u);
}

TEST_F(LabelFileTest, TwoGatewaysShareOne) {
  const auto a = OpenLabelFile(path);
  const auto b = OpenLabelFile(path);
  ASSERT_TRUE(a);
  ASSERT_TRUE(b);
  Label label;
  EXPECT_TRUE((*a)->Join("key", Label::Level(1), 10));
  EXPECT_EQ((*b)->Get("key", 0, label), Found::kLabel);
}

TEST_F(LabelFileTest, WhatIsNoStoreIsRefused) {
  std::ofstream(path) << std::string(4096, 'x');
  EXPECT_FALSE(OpenLabelFile(path));
  EXPECT_FALSE(OpenLabelFile(folder + "/none/labels.db"));
}

TEST_F(LabelFileTest, AStoreThatBreaksIsUnreachableAndNotEmpty) {
  const auto labels = OpenLabelFile(path);
  ASSERT_TRUE(labels);
  EXPECT_TRUE((*labels)->Join("key", Label::Level(1), 10));
  for (const char* suffix : {"", "-wal", "-shm"}) {
    if (std::filesystem::exists(path + suffix)) std::ofstream(path + suffix, std::ios::trunc) << "gone";
  }
  Label label;
  EXPECT_NE((*labels)->Get("key", 0, label), Found::kNothing);
}

}  // namespace
}  // namespace hpol::gateway
