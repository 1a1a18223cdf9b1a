// What the verbs on bundles share: reading and writing files, signing, and bundles as parts of programs.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "hpol/result.h"
#include "runtime/bundle/keys.h"

namespace hpol::tools {

std::optional<std::string> ReadInput(const std::string& path);
// Beside it, then renamed: a gateway that watches the file sees all of it or nothing.
bool WriteOutput(const std::string& path, const std::string& text);

// From a PEM file or a pkcs11: URI.
Result<std::unique_ptr<bundle::Signer>> OpenSigner(const std::string& key);

// `expires` as people write it; empty: no end.
Result<std::string> SignBundle(const std::string& bundle, const std::string& key, const std::string& expires);

// The C name for what a file holds: `out/acme.hpolb` → `acme`.
std::string SymbolOf(const std::string& path);

// `NAME_hpolb` and `NAME_hpolb_size`, as a C header, C source, or ELF object.
std::string EmbeddedHeader(const std::string& name);
std::string EmbeddedSource(const std::string& bundle, const std::string& name);
Result<std::string> EmbeddedObject(const std::string& bundle, const std::string& name);

}  // namespace hpol::tools
