// Throw-away files of one demo or test run: a private temporary folder, and in it a certificate
// authority with one server certificate for localhost and 127.0.0.1. Never for production.
#pragma once

#include <string>

#include "hpol/result.h"

namespace hpol::demo {

// A new folder that only this user may enter; removed with all its files when destroyed.
class TempFolder {
 public:
  static Result<TempFolder> Make();
  ~TempFolder();
  TempFolder(TempFolder&& other) noexcept;
  TempFolder& operator=(TempFolder&& other) noexcept;

  const std::string& path() const { return path_; }
  std::string File(const std::string& name) const { return path_ + "/" + name; }

 private:
  explicit TempFolder(std::string path) : path_(std::move(path)) {}
  std::string path_;
};

// Writes a file that only this user may read (mode 0600), replacing one of the same name.
Result<std::string> WritePrivateFile(const std::string& path, const std::string& content);

struct Certificates {
  std::string ca_file;    // what a client must trust
  std::string cert_file;  // what the server shows
  std::string key_file;   // and its key
};

// Makes both key pairs (P-256) and certificates valid for one day, as PEM files in `folder`.
Result<Certificates> MakeSelfSigned(const std::string& folder);

}  // namespace hpol::demo
