#include "compiler/cache/folder.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <utility>
#include <vector>

namespace hpol::cache {
namespace {

constexpr char kMagic[8] = {'h', 'p', 'o', 'l', 'c', 'a', '0', '1'};
constexpr uint64_t kMaxFileBytes = uint64_t{64} << 20;
constexpr uint64_t kMaxFolderBytes = uint64_t{256} << 20;
constexpr size_t kMaxFiles = 4096;

// The first bytes of a file; the blob follows.
struct Header {
  char magic[8];
  uint64_t size;  // of the blob
  Digest digest;  // of the key and the blob: a file under another name is no good
};

class Descriptor {
 public:
  explicit Descriptor(int value) : value_(value) {}
  ~Descriptor() { Close(); }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int get() const { return value_; }
  bool Close() {
    const bool closed = value_ < 0 || close(value_) == 0;
    value_ = -1;
    return closed;
  }

 private:
  int value_;
};

Digest DigestOf(const Digest& key, std::string_view bytes) {
  Sha256 digest;
  digest.Add(key.data(), key.size());
  digest.Add(bytes);
  return digest.Finish();
}

bool IsOursAlone(const struct stat& status) {
  return status.st_uid == geteuid() && (status.st_mode & (S_IRWXG | S_IRWXO)) == 0;
}

bool ReadAll(int file, char* to, size_t size) {
  while (size > 0) {
    const ssize_t got = read(file, to, size);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return false;
    to += got;
    size -= static_cast<size_t>(got);
  }
  return true;
}

bool WriteAll(int file, const void* from, size_t size) {
  const char* at = static_cast<const char*>(from);
  while (size > 0) {
    const ssize_t put = write(file, at, size);
    if (put < 0 && errno == EINTR) continue;
    if (put <= 0) return false;
    at += put;
    size -= static_cast<size_t>(put);
  }
  return true;
}

}  // namespace

std::optional<Folder> Folder::Open(const std::string& path) {
  if (path.empty()) return std::nullopt;
  const size_t slash = path.rfind('/');
  if (slash != std::string::npos && slash > 0) mkdir(path.substr(0, slash).c_str(), S_IRWXU);
  mkdir(path.c_str(), S_IRWXU);
  Descriptor folder(open(path.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  struct stat status{};
  if (folder.get() < 0 || fstat(folder.get(), &status) != 0 || !IsOursAlone(status)) return std::nullopt;
  return Folder(fcntl(folder.get(), F_DUPFD_CLOEXEC, 0));
}

Folder::~Folder() {
  if (descriptor_ >= 0) close(descriptor_);
}
Folder::Folder(Folder&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
Folder& Folder::operator=(Folder&& other) noexcept {
  std::swap(descriptor_, other.descriptor_);
  return *this;
}

std::optional<std::string> Folder::Read(const Digest& key) const {
  const int flags = O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC;
  const Descriptor file(openat(descriptor_, Hex(key).c_str(), flags));
  struct stat status{};
  if (file.get() < 0 || fstat(file.get(), &status) != 0) return std::nullopt;
  if (!S_ISREG(status.st_mode) || !IsOursAlone(status)) return std::nullopt;
  const auto size = static_cast<uint64_t>(status.st_size);
  if (size < sizeof(Header) || size > kMaxFileBytes) return std::nullopt;
  Header header;
  std::string bytes(size - sizeof header, '\0');
  if (!ReadAll(file.get(), reinterpret_cast<char*>(&header), sizeof header)) return std::nullopt;
  if (std::memcmp(header.magic, kMagic, sizeof kMagic) != 0 || header.size != bytes.size())
    return std::nullopt;
  if (!ReadAll(file.get(), bytes.data(), bytes.size())) return std::nullopt;
  if (DigestOf(key, bytes) != header.digest) return std::nullopt;
  futimens(file.get(), nullptr);  // in use: not among the oldest
  return bytes;
}

bool Folder::Write(const Digest& key, std::string_view bytes) const {
  if (bytes.size() > kMaxFileBytes - sizeof(Header)) return false;
  static std::atomic<uint64_t> serial = 0;
  const std::string name = Hex(key);
  const std::string draft = name + "." + std::to_string(getpid()) + "." + std::to_string(++serial);
  Header header{};
  std::memcpy(header.magic, kMagic, sizeof kMagic);
  header.size = bytes.size();
  header.digest = DigestOf(key, bytes);
  Descriptor file(openat(descriptor_, draft.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
                         S_IRUSR | S_IWUSR));
  if (file.get() < 0) return false;
  const bool written = WriteAll(file.get(), &header, sizeof header) &&
                       WriteAll(file.get(), bytes.data(), bytes.size()) && file.Close() &&
                       renameat(descriptor_, draft.c_str(), descriptor_, name.c_str()) == 0;
  if (!written) unlinkat(descriptor_, draft.c_str(), 0);
  DropOldest();
  return written;
}

// Drafts that a process left behind when it died are among the oldest one day.
void Folder::DropOldest() const {
  struct Entry {
    timespec used;
    uint64_t size;
    std::string name;
  };
  DIR* list = fdopendir(openat(descriptor_, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (list == nullptr) return;
  std::vector<Entry> entries;
  uint64_t total = 0;
  while (const dirent* entry = readdir(list)) {
    struct stat status{};
    if (fstatat(descriptor_, entry->d_name, &status, AT_SYMLINK_NOFOLLOW) != 0 || !S_ISREG(status.st_mode))
      continue;
    entries.push_back({status.st_mtim, static_cast<uint64_t>(status.st_size), entry->d_name});
    total += entries.back().size;
  }
  closedir(list);
  if (total <= kMaxFolderBytes && entries.size() <= kMaxFiles) return;
  std::sort(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) {
    return std::pair(a.used.tv_sec, a.used.tv_nsec) < std::pair(b.used.tv_sec, b.used.tv_nsec);
  });
  // Half of it, so that this is not done at every write.
  size_t left = entries.size();
  for (const Entry& entry : entries) {
    if (total <= kMaxFolderBytes / 2 && left <= kMaxFiles / 2) break;
    unlinkat(descriptor_, entry.name.c_str(), 0);
    total -= entry.size;
    --left;
  }
}

}  // namespace hpol::cache
