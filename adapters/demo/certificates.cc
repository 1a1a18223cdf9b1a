// Temporary folder and certificates for one run; see certificates.h.
#include "adapters/demo/certificates.h"

#include <fcntl.h>
#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>
#include <stdlib.h>
#include <unistd.h>

#include <filesystem>
#include <memory>
#include <system_error>

namespace hpol::demo {
namespace {

struct FreeOpenSsl {
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
  void operator()(X509* certificate) const { X509_free(certificate); }
  void operator()(X509_EXTENSION* extension) const { X509_EXTENSION_free(extension); }
  void operator()(BIO* bio) const { BIO_free(bio); }
};
template <typename T>
using Owned = std::unique_ptr<T, FreeOpenSsl>;

constexpr long kValidSeconds = 24 * 3600;
constexpr long kClockSkewSeconds = 3600;

bool AddExtension(X509* certificate, X509* issuer, int nid, const char* value) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  const Owned<X509_EXTENSION> extension(X509V3_EXT_conf_nid(nullptr, &context, nid, value));
  return extension && X509_add_ext(certificate, extension.get(), -1) == 1;
}

bool SetSerial(X509* certificate) {
  uint64_t serial = 0;
  if (RAND_bytes(reinterpret_cast<unsigned char*>(&serial), sizeof serial) != 1) return false;
  return ASN1_INTEGER_set_uint64(X509_get_serialNumber(certificate), serial >> 1) == 1;
}

// A certificate for `key`, named `name`, without extensions and signature.
Owned<X509> NewCertificate(const char* name, EVP_PKEY* key) {
  Owned<X509> certificate(X509_new());
  if (!certificate) return nullptr;
  X509* const x = certificate.get();
  const bool made = X509_set_version(x, X509_VERSION_3) == 1 && SetSerial(x) &&
                    X509_gmtime_adj(X509_getm_notBefore(x), -kClockSkewSeconds) != nullptr &&
                    X509_gmtime_adj(X509_getm_notAfter(x), kValidSeconds) != nullptr &&
                    X509_set_pubkey(x, key) == 1 &&
                    X509_NAME_add_entry_by_txt(X509_get_subject_name(x), "CN", MBSTRING_ASC,
                                               reinterpret_cast<const unsigned char*>(name), -1, -1, 0) == 1;
  if (!made) return nullptr;
  return certificate;
}

Owned<X509> MakeAuthority(EVP_PKEY* key) {
  Owned<X509> authority = NewCertificate("hpol demo authority", key);
  if (!authority) return nullptr;
  X509* const x = authority.get();
  const bool made = X509_set_issuer_name(x, X509_get_subject_name(x)) == 1 &&
                    AddExtension(x, x, NID_basic_constraints, "critical,CA:TRUE,pathlen:0") &&
                    AddExtension(x, x, NID_key_usage, "critical,keyCertSign,cRLSign") &&
                    AddExtension(x, x, NID_subject_key_identifier, "hash") &&
                    X509_sign(x, key, EVP_sha256()) > 0;
  if (!made) return nullptr;
  return authority;
}

Owned<X509> MakeServer(EVP_PKEY* key, X509* authority, EVP_PKEY* authority_key) {
  Owned<X509> server = NewCertificate("localhost", key);
  if (!server) return nullptr;
  X509* const x = server.get();
  const bool made = X509_set_issuer_name(x, X509_get_subject_name(authority)) == 1 &&
                    AddExtension(x, authority, NID_basic_constraints, "critical,CA:FALSE") &&
                    AddExtension(x, authority, NID_key_usage, "critical,digitalSignature") &&
                    AddExtension(x, authority, NID_ext_key_usage, "serverAuth,clientAuth") &&
                    AddExtension(x, authority, NID_subject_alt_name, "DNS:localhost,IP:127.0.0.1") &&
                    AddExtension(x, authority, NID_authority_key_identifier, "keyid") &&
                    X509_sign(x, authority_key, EVP_sha256()) > 0;
  if (!made) return nullptr;
  return server;
}

std::string Contents(BIO* bio) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio, &data);
  return size > 0 ? std::string(data, static_cast<size_t>(size)) : std::string();
}

std::string PemOf(X509* certificate) {
  const Owned<BIO> bio(BIO_new(BIO_s_mem()));
  return bio && PEM_write_bio_X509(bio.get(), certificate) == 1 ? Contents(bio.get()) : std::string();
}

std::string PemOf(EVP_PKEY* key) {
  const Owned<BIO> bio(BIO_new(BIO_s_mem()));
  const bool written =
      bio && PEM_write_bio_PrivateKey(bio.get(), key, nullptr, nullptr, 0, nullptr, nullptr) == 1;
  return written ? Contents(bio.get()) : std::string();
}

}  // namespace

Result<TempFolder> TempFolder::Make() {
  std::error_code error;
  std::string pattern = std::filesystem::temp_directory_path(error).string() + "/hpol-XXXXXX";
  if (error || mkdtemp(pattern.data()) == nullptr) return Error{"cannot make a temporary folder"};
  return TempFolder(std::move(pattern));
}

TempFolder::TempFolder(TempFolder&& other) noexcept : path_(std::move(other.path_)) { other.path_.clear(); }

TempFolder& TempFolder::operator=(TempFolder&& other) noexcept {
  std::swap(path_, other.path_);
  return *this;
}

TempFolder::~TempFolder() {
  std::error_code ignored;
  if (!path_.empty()) std::filesystem::remove_all(path_, ignored);
}

Result<std::string> WritePrivateFile(const std::string& path, const std::string& content) {
  const int file = open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (file < 0) return Error{"cannot write `" + path + "`"};
  size_t done = 0;
  while (done < content.size()) {
    const ssize_t wrote = write(file, content.data() + done, content.size() - done);
    if (wrote <= 0) break;
    done += static_cast<size_t>(wrote);
  }
  if (close(file) != 0 || done != content.size()) return Error{"cannot write `" + path + "`"};
  return path;
}

Result<Certificates> MakeSelfSigned(const std::string& folder) {
  const Owned<EVP_PKEY> authority_key(EVP_EC_gen("P-256"));
  const Owned<EVP_PKEY> server_key(EVP_EC_gen("P-256"));
  if (!authority_key || !server_key) return Error{"OpenSSL cannot make a key"};
  const Owned<X509> authority = MakeAuthority(authority_key.get());
  if (!authority) return Error{"OpenSSL cannot make a certificate authority"};
  const Owned<X509> server = MakeServer(server_key.get(), authority.get(), authority_key.get());
  if (!server) return Error{"OpenSSL cannot make a server certificate"};

  Certificates made{folder + "/ca.pem", folder + "/server.pem", folder + "/server.key"};
  for (const auto& [path, content] :
       {std::pair{made.ca_file, PemOf(authority.get())}, std::pair{made.cert_file, PemOf(server.get())},
        std::pair{made.key_file, PemOf(server_key.get())}}) {
    const Result<std::string> written = WritePrivateFile(path, content);
    if (!written) return written.error();
  }
  return made;
}

}  // namespace hpol::demo
