#include "compiler/cache/store.h"

#include <cstdlib>
#include <utility>

namespace hpol::cache {

Store::Store(const std::string& folder) {
  if (ProgramStamp()) folder_ = Folder::Open(folder);
}

Blob Store::Find(const Digest& key) {
  {
    const std::scoped_lock lock(mutex_);
    const auto it = blobs_.find(key);
    if (it != blobs_.end()) return it->second;
  }
  if (!folder_) return nullptr;
  std::optional<std::string> bytes = folder_->Read(key);
  if (!bytes) return nullptr;
  Blob blob = std::make_shared<const std::string>(*std::move(bytes));
  Keep(key, blob);
  return blob;
}

void Store::Put(const Digest& key, std::string bytes) {
  const Blob blob = std::make_shared<const std::string>(std::move(bytes));
  Keep(key, blob);
  if (folder_) folder_->Write(key, *blob);
}

// When there is too much, everything goes: what is used comes back, from disk or by being made anew.
void Store::Keep(const Digest& key, const Blob& blob) {
  const std::scoped_lock lock(mutex_);
  if (blob->size() > kMaxBytes) return;
  if (bytes_ + blob->size() > kMaxBytes) {
    blobs_.clear();
    bytes_ = 0;
  }
  Blob& place = blobs_[key];
  if (place != nullptr) bytes_ -= place->size();
  bytes_ += blob->size();
  place = blob;
}

std::string DefaultFolder() {
  // As the XDG directories say: a relative path is as good as none.
  const char* cache = std::getenv("XDG_CACHE_HOME");
  if (cache != nullptr && cache[0] == '/') return std::string(cache) + "/hpol";
  const char* home = std::getenv("HOME");
  if (home != nullptr && home[0] == '/') return std::string(home) + "/.cache/hpol";
  return {};
}

}  // namespace hpol::cache
