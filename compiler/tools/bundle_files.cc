#include "compiler/tools/bundle_files.h"

#include <cctype>
#include <filesystem>

#include "compiler/aot/object.h"
#include "runtime/bundle/container.h"
#include "runtime/bundle/files.h"
#include "runtime/bundle/pkcs11.h"
#include "runtime/bundle/sign.h"

namespace hpol::tools {

std::optional<std::string> ReadInput(const std::string& path) {
  return bundle::ReadWholeFile(path, bundle::kMaxBundleBytes);
}

bool WriteOutput(const std::string& path, const std::string& text) { return bundle::ReplaceFile(path, text); }

Result<std::unique_ptr<bundle::Signer>> OpenSigner(const std::string& key) {
  if (key.starts_with("pkcs11:")) return bundle::SignerFromPkcs11(key);
  const std::optional<std::string> pem = ReadInput(key);
  if (!pem) return Error{"cannot read `" + key + "`: no such file, or not readable"};
  Result<std::unique_ptr<bundle::Signer>> signer = bundle::SignerFromPem(*pem);
  if (!signer) return Error{"`" + key + "`: " + signer.error().message};
  return signer;
}

Result<std::string> SignBundle(const std::string& bundle, const std::string& key,
                               const std::string& expires) {
  std::optional<int64_t> not_after = 0;
  if (!expires.empty()) not_after = bundle::ParseTime(expires);
  if (!not_after) return Error{"`" + expires + "` is no date such as 2027-01-31"};
  Result<std::unique_ptr<bundle::Signer>> signer = OpenSigner(key);
  if (!signer) return signer.error();
  return bundle::Sign(bundle, **signer, *not_after);
}

std::string SymbolOf(const std::string& path) {
  std::string name = std::filesystem::path(path).stem().string();
  for (char& c : name) {
    if (std::isalnum(static_cast<unsigned char>(c)) == 0) c = '_';
  }
  if (name.empty() || std::isdigit(static_cast<unsigned char>(name.front())) != 0) name.insert(0, "policy_");
  return name;
}

std::string EmbeddedHeader(const std::string& name) {
  return "/* A compiled policy as part of a program: hpol_engine_read(" + name + "_hpolb, " + name +
         "_hpolb_size, …).\n * Written by `hpol build --emit header`. */\n#pragma once\n\n"
         "#include <stddef.h>\n\n#ifdef __cplusplus\nextern \"C\" {\n#endif\n\nextern const unsigned char " +
         name + "_hpolb[];\nextern const size_t " + name + "_hpolb_size;\n\n#ifdef __cplusplus\n}\n#endif\n";
}

std::string EmbeddedSource(const std::string& bundle, const std::string& name) {
  std::string text =
      "/* Written by `hpol build --emit c`. */\n#include <stddef.h>\n\n"
      "extern const unsigned char " +
      name + "_hpolb[];\nextern const size_t " + name + "_hpolb_size;\n\nconst size_t " + name +
      "_hpolb_size = " + std::to_string(bundle.size()) + ";\nconst unsigned char " + name + "_hpolb[] = {";
  for (size_t i = 0; i < bundle.size(); ++i) {
    text += i % 24 == 0 ? "\n  " : "";
    text += std::to_string(static_cast<unsigned char>(bundle[i])) + ",";
  }
  return text + "\n};\n";
}

Result<std::string> EmbeddedObject(const std::string& bundle, const std::string& name) {
  return aot::ObjectOfBytes(bundle, name + "_hpolb");
}

}  // namespace hpol::tools
