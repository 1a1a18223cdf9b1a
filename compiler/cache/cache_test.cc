// The store by itself: what is found again, and that nothing odd ever is.
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <thread>
#include <vector>

#include "compiler/cache/store.h"

namespace hpol::cache {
namespace {

namespace fs = std::filesystem;

Digest KeyOf(std::string_view text) { return KeyBuilder("test").Add(text).Finish(); }

class CacheTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = testing::TempDir() + "/hpol_cache_XXXXXX";
    ASSERT_NE(mkdtemp(name.data()), nullptr);
    parent_ = name;
  }
  void TearDown() override { fs::remove_all(parent_); }

  std::string folder() const { return parent_ + "/hpol"; }
  fs::path FileOf(const Digest& key) const { return folder() + "/" + Hex(key); }
  std::string Bytes(const Digest& key) const {
    std::ifstream in(FileOf(key), std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }
  void Overwrite(const Digest& key, const std::string& bytes) const {
    std::ofstream(FileOf(key), std::ios::binary | std::ios::trunc) << bytes;
  }

  std::string parent_;
};

TEST(Sha256, IsThatOfTheStandard) {
  Sha256 digest;
  digest.Add("a");
  digest.Add("bc");
  EXPECT_EQ(Hex(digest.Finish()), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST(Key, DependsOnEveryPartAndOnWherePartsEnd) {
  const auto key = [](std::string_view kind, std::string_view a, std::string_view b) {
    return KeyBuilder(kind).Add(a).Add(b).Finish();
  };
  EXPECT_EQ(key("k", "ab", "c"), key("k", "ab", "c"));
  EXPECT_NE(key("k", "ab", "c"), key("k", "a", "bc"));
  EXPECT_NE(key("k", "ab", "c"), key("j", "ab", "c"));
  EXPECT_NE(key("k", "ab", ""), key("k", "", "ab"));
}

TEST_F(CacheTest, FindsWhatWasPutAlsoInAnotherStore) {
  Store store(folder());
  ASSERT_TRUE(store.on_disk());
  EXPECT_EQ(store.Find(KeyOf("a")), nullptr);
  store.Put(KeyOf("a"), "what was made");
  store.Put(KeyOf("b"), "");
  EXPECT_EQ(*store.Find(KeyOf("a")), "what was made");
  Store later(folder());
  ASSERT_NE(later.Find(KeyOf("a")), nullptr);
  EXPECT_EQ(*later.Find(KeyOf("a")), "what was made");
  ASSERT_NE(later.Find(KeyOf("b")), nullptr);
  EXPECT_EQ(later.Find(KeyOf("c")), nullptr);
}

TEST_F(CacheTest, MemoryAloneForgets) {
  Store store;
  store.Put(KeyOf("a"), "kept");
  EXPECT_EQ(*store.Find(KeyOf("a")), "kept");
  EXPECT_FALSE(store.on_disk());
  EXPECT_EQ(Store().Find(KeyOf("a")), nullptr);
}

TEST_F(CacheTest, FilesAreTheirOwnersAlone) {
  Store(folder()).Put(KeyOf("a"), "secret words");
  EXPECT_EQ(fs::status(folder()).permissions(), fs::perms::owner_all);
  EXPECT_EQ(fs::status(FileOf(KeyOf("a"))).permissions(), fs::perms::owner_read | fs::perms::owner_write);
  EXPECT_EQ(std::distance(fs::directory_iterator(folder()), {}), 1) << "a draft was left behind";
}

TEST_F(CacheTest, EveryFlippedBitAndEveryTruncationIsNotFound) {
  const Digest key = KeyOf("a");
  Store(folder()).Put(key, "0123456789");
  const std::string good = Bytes(key);
  for (size_t i = 0; i < good.size(); ++i) {
    std::string bad = good;
    bad[i] = static_cast<char>(bad[i] ^ (1 << (i % 8)));
    Overwrite(key, bad);
    EXPECT_EQ(Store(folder()).Find(key), nullptr) << "flipped at " << i;
    Overwrite(key, good.substr(0, i));
    EXPECT_EQ(Store(folder()).Find(key), nullptr) << "cut at " << i;
  }
  Overwrite(key, good + "x");
  EXPECT_EQ(Store(folder()).Find(key), nullptr);
  Overwrite(key, good);
  EXPECT_NE(Store(folder()).Find(key), nullptr);
}

TEST_F(CacheTest, AFileUnderAnotherNameIsNotFound) {
  Store(folder()).Put(KeyOf("a"), "for a");
  fs::copy_file(FileOf(KeyOf("a")), FileOf(KeyOf("b")));
  fs::permissions(FileOf(KeyOf("b")), fs::perms::owner_read | fs::perms::owner_write);
  EXPECT_EQ(Store(folder()).Find(KeyOf("b")), nullptr);
}

TEST_F(CacheTest, WhatOthersCouldWriteIsNotFound) {
  const Digest key = KeyOf("a");
  Store(folder()).Put(key, "bytes");
  fs::permissions(FileOf(key), fs::perms::others_write, fs::perm_options::add);
  EXPECT_EQ(Store(folder()).Find(key), nullptr);
  fs::permissions(FileOf(key), fs::perms::owner_read | fs::perms::owner_write);
  EXPECT_NE(Store(folder()).Find(key), nullptr);

  fs::rename(FileOf(key), parent_ + "/elsewhere");
  fs::create_symlink(parent_ + "/elsewhere", FileOf(key));
  EXPECT_EQ(Store(folder()).Find(key), nullptr) << "a link";

  fs::permissions(folder(), fs::perms::group_write, fs::perm_options::add);
  EXPECT_FALSE(Store(folder()).on_disk());
  fs::permissions(folder(), fs::perms::owner_all);
  fs::rename(folder(), parent_ + "/moved");
  fs::create_directory_symlink(parent_ + "/moved", folder());
  EXPECT_FALSE(Store(folder()).on_disk()) << "a link to a folder";
  EXPECT_FALSE(Store(parent_ + "/none/such/folder").on_disk());
  EXPECT_FALSE(Store(std::string()).on_disk());
}

// The other owner's files can only be made by root.
TEST_F(CacheTest, AnotherOwnersFileIsNotFound) {
  const Digest key = KeyOf("a");
  Store(folder()).Put(key, "bytes");
  if (chown(FileOf(key).c_str(), geteuid() + 1, static_cast<gid_t>(-1)) != 0) {
    GTEST_SKIP() << "only root can give a file away";
  }
  EXPECT_EQ(Store(folder()).Find(key), nullptr);
  ASSERT_EQ(chown(folder().c_str(), geteuid() + 1, static_cast<gid_t>(-1)), 0);
  EXPECT_FALSE(Store(folder()).on_disk());
}

TEST_F(CacheTest, ProcessesAtOnceSeeWholeBlobsOrNone) {
  const Digest key = KeyOf("shared");
  const auto text = [](int i) { return std::string(100000, static_cast<char>('a' + i)); };
  std::vector<pid_t> children;
  for (int child = 0; child < 4; ++child) {
    const pid_t pid = fork();
    if (pid == 0) {
      bool whole = true;
      for (int round = 0; round < 50 && whole; ++round) {
        Store(folder()).Put(key, text(child));
        const Blob blob = Store(folder()).Find(key);
        whole = blob != nullptr && blob->size() == 100000 && *blob == text(blob->front() - 'a');
      }
      _exit(whole ? 0 : 1);
    }
    children.push_back(pid);
  }
  for (const pid_t pid : children) {
    int status = 0;
    ASSERT_EQ(waitpid(pid, &status, 0), pid);
    EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0);
  }
  EXPECT_EQ(std::distance(fs::directory_iterator(folder()), {}), 1) << "a draft was left behind";
}

TEST_F(CacheTest, ThreadsMayShareAStore) {
  Store store(folder());
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&store, t] {
      for (int i = 0; i < 50; ++i) {
        const Digest key = KeyOf(std::to_string((i + t) % 20));
        store.Put(key, std::to_string((i + t) % 20));
        const Blob blob = store.Find(key);
        ASSERT_NE(blob, nullptr);
        EXPECT_EQ(*blob, std::to_string((i + t) % 20));
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
}

}  // namespace
}  // namespace hpol::cache
