// Results of slow stages, found again by the content that they were made from (key.h). Door: Store.
//
// A store never decides anything: whoever finds nothing, or something odd, makes the result anew. Its files
// hold automata of the policy's patterns and words, so that they are readable by their owner alone.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "compiler/cache/folder.h"
#include "compiler/cache/key.h"

namespace hpol::cache {

using Blob = std::shared_ptr<const std::string>;

// Thread-safe. Several processes may use one folder at once.
class Store {
 public:
  // In memory alone, for as long as the store lives.
  Store() = default;
  // In memory and in `folder`, which is made when it is not there. Where it cannot be made, or others may
  // write to it, or the program has no stamp: in memory alone.
  explicit Store(const std::string& folder);

  // What was put under the key, or null.
  Blob Find(const Digest& key);
  // Keeps `bytes`. Failing to write them is no error.
  void Put(const Digest& key, std::string bytes);

  bool on_disk() const { return folder_.has_value(); }

 private:
  static constexpr size_t kMaxBytes = size_t{64} << 20;  // in memory; on disk see folder.h

  void Keep(const Digest& key, const Blob& blob);

  std::mutex mutex_;
  std::map<Digest, Blob> blobs_;
  size_t bytes_ = 0;
  std::optional<Folder> folder_;
};

// `hpol` under $XDG_CACHE_HOME, or under ~/.cache; empty when neither is known.
std::string DefaultFolder();

}  // namespace hpol::cache
