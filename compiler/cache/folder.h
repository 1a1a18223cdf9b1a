// Blobs as files of one folder, named by their key's digits. Whatever is not exactly what this class wrote is
// not there: another owner, a mode that lets others in, a link, a wrong size or digest.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "compiler/cache/key.h"

namespace hpol::cache {

// Thread-safe. Several processes may use one folder: files appear whole, by renaming.
class Folder {
 public:
  // Makes the folder when it is not there (its parent too). Nothing when it is not this user's alone.
  static std::optional<Folder> Open(const std::string& path);
  ~Folder();
  Folder(Folder&& other) noexcept;
  Folder& operator=(Folder&& other) noexcept;

  std::optional<std::string> Read(const Digest& key) const;
  // False when it could not be written; nothing is left behind. The oldest files go when there are too many.
  bool Write(const Digest& key, std::string_view bytes) const;

 private:
  explicit Folder(int descriptor) : descriptor_(descriptor) {}
  void DropOldest() const;

  int descriptor_ = -1;
};

}  // namespace hpol::cache
