#include "runtime/bundle/pkcs11.h"

#include <dlfcn.h>
#include <p11-kit/pkcs11.h>

#include <cstdlib>
#include <cstring>
#include <map>
#include <optional>
#include <vector>

#include "runtime/bundle/files.h"

namespace hpol::bundle {
namespace {

// PKCS #11 v3.0, which the header may be older than.
constexpr CK_KEY_TYPE kKeyTypeEdwards = 0x40;
constexpr CK_MECHANISM_TYPE kMechanismEddsa = 0x1057;

constexpr size_t kMaxPinBytes = 256;

Error Failed(const std::string& what, CK_RV code) {
  return Error{"the token " + what + " (PKCS #11 error " + std::to_string(code) + ")"};
}

std::optional<std::string> Decoded(std::string_view text) {
  std::string result;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      result += text[i];
      continue;
    }
    const std::string digits(text.substr(i + 1, 2));
    char* end = nullptr;
    const auto byte = static_cast<char>(std::strtoul(digits.c_str(), &end, 16));
    if (digits.size() != 2 || end != digits.c_str() + 2) return std::nullopt;
    result += byte;
    i += 2;
  }
  return result;
}

Result<std::map<std::string, std::string>> Attributes(std::string_view uri) {
  uri.remove_prefix(std::strlen("pkcs11:"));
  std::map<std::string, std::string> all;
  while (!uri.empty()) {
    const std::string_view one = uri.substr(0, uri.find_first_of(";?&"));
    uri.remove_prefix(one.size() + (one.size() < uri.size() ? 1 : 0));
    if (one.empty()) continue;
    const size_t sign = one.find('=');
    const std::optional<std::string> value =
        sign == std::string_view::npos ? std::nullopt : Decoded(one.substr(sign + 1));
    const std::string name(one.substr(0, sign));
    if (!value || (name != "module-path" && name != "token" && name != "object" && name != "pin-source"))
      return Error{"`" + name + "` has no meaning in a pkcs11: URI here"};
    all[name] = *value;
  }
  for (const char* needed : {"module-path", "token", "object"}) {
    if (all[needed].empty()) return Error{std::string("the pkcs11: URI lacks ") + needed};
  }
  return all;
}

// The module, initialised; ended when nobody uses it.
class Module {
 public:
  Module() = default;
  ~Module() {
    if (initialised_) calls_->C_Finalize(nullptr);
    if (library_ != nullptr) ::dlclose(library_);
  }
  Module(const Module&) = delete;
  Module& operator=(const Module&) = delete;

  Result<bool> Open(const std::string& path) {
    library_ = ::dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
    if (library_ == nullptr) return Error{"`" + path + "` is no library that can be loaded"};
    CK_C_GetFunctionList get = nullptr;
    void* const symbol = ::dlsym(library_, "C_GetFunctionList");
    static_assert(sizeof get == sizeof symbol);
    std::memcpy(&get, &symbol, sizeof get);
    if (get == nullptr || get(&calls_) != CKR_OK || calls_ == nullptr)
      return Error{"`" + path + "` is no PKCS #11 module"};
    const CK_RV code = calls_->C_Initialize(nullptr);
    if (code != CKR_OK) return Failed("module does not start", code);
    initialised_ = true;
    return true;
  }

  CK_FUNCTION_LIST* operator->() const { return calls_; }

 private:
  void* library_ = nullptr;
  CK_FUNCTION_LIST* calls_ = nullptr;
  bool initialised_ = false;
};

class TokenSigner : public Signer {
 public:
  ~TokenSigner() override {
    if (session_open_) module_->C_CloseSession(session_);
  }

  Result<bool> Open(std::map<std::string, std::string>& where) {
    Result<bool> done = module_.Open(where["module-path"]);
    if (done) done = OpenSession(where["token"]);
    if (done) done = LogIn(where["pin-source"]);
    if (done) done = FindKeys(where["object"]);
    return done;
  }

  const Ed25519Key& public_key() const override { return key_; }

  Result<std::string> Sign(std::string_view message) override {
    CK_MECHANISM mechanism{kMechanismEddsa, nullptr, 0};
    CK_RV code = module_->C_SignInit(session_, &mechanism, private_key_);
    if (code != CKR_OK) return Failed("does not sign with Ed25519", code);
    std::string text(message);
    std::string signature(kEd25519SignatureBytes, '\0');
    CK_ULONG size = signature.size();
    code = module_->C_Sign(session_, reinterpret_cast<CK_BYTE_PTR>(text.data()), text.size(),
                           reinterpret_cast<CK_BYTE_PTR>(signature.data()), &size);
    if (code != CKR_OK || size != signature.size()) return Failed("does not sign", code);
    return signature;
  }

 private:
  Result<bool> OpenSession(const std::string& token) {
    CK_ULONG count = 0;
    CK_RV code = module_->C_GetSlotList(CK_TRUE, nullptr, &count);
    std::vector<CK_SLOT_ID> slots(count);
    if (code == CKR_OK) code = module_->C_GetSlotList(CK_TRUE, slots.data(), &count);
    if (code != CKR_OK) return Failed("module has no slots", code);
    for (const CK_SLOT_ID slot : slots) {
      CK_TOKEN_INFO info{};
      if (module_->C_GetTokenInfo(slot, &info) != CKR_OK) continue;
      std::string label(reinterpret_cast<const char*>(info.label), sizeof info.label);
      label.erase(label.find_last_not_of(' ') + 1);
      if (label != token) continue;
      code = module_->C_OpenSession(slot, CKF_SERIAL_SESSION, nullptr, nullptr, &session_);
      if (code != CKR_OK) return Failed("opens no session", code);
      session_open_ = true;
      return true;
    }
    return Error{"no token is called `" + token + "`"};
  }

  Result<bool> LogIn(const std::string& pin_source) {
    std::string pin;
    if (!pin_source.empty()) {
      const std::optional<std::string> text = ReadWholeFile(pin_source, kMaxPinBytes);
      if (!text) return Error{"cannot read the PIN from `" + pin_source + "`"};
      pin = text->substr(0, text->find_first_of("\r\n"));
    } else if (const char* variable = std::getenv("HPOL_PKCS11_PIN")) {
      pin = variable;
    } else {
      return Error{"no PIN: name a file as pin-source, or set HPOL_PKCS11_PIN"};
    }
    const CK_RV code =
        module_->C_Login(session_, CKU_USER, reinterpret_cast<CK_UTF8CHAR_PTR>(pin.data()), pin.size());
    explicit_bzero(pin.data(), pin.size());
    if (code != CKR_OK && code != CKR_USER_ALREADY_LOGGED_IN) return Failed("does not accept the PIN", code);
    return true;
  }

  // The one object of its class under that name.
  std::optional<CK_OBJECT_HANDLE> Find(CK_OBJECT_CLASS kind, const std::string& name) {
    CK_KEY_TYPE type = kKeyTypeEdwards;
    std::string label = name;
    CK_ATTRIBUTE wanted[] = {{CKA_CLASS, &kind, sizeof kind},
                             {CKA_KEY_TYPE, &type, sizeof type},
                             {CKA_LABEL, label.data(), label.size()}};
    CK_OBJECT_HANDLE found[2] = {};
    CK_ULONG count = 0;
    if (module_->C_FindObjectsInit(session_, wanted, 3) != CKR_OK) return std::nullopt;
    const CK_RV code = module_->C_FindObjects(session_, found, 2, &count);
    module_->C_FindObjectsFinal(session_);
    if (code != CKR_OK || count != 1) return std::nullopt;
    return found[0];
  }

  Result<bool> FindKeys(const std::string& name) {
    const std::optional<CK_OBJECT_HANDLE> secret = Find(CKO_PRIVATE_KEY, name);
    const std::optional<CK_OBJECT_HANDLE> open = Find(CKO_PUBLIC_KEY, name);
    if (!secret || !open)
      return Error{"the token has not exactly one Ed25519 key pair called `" + name + "`"};
    private_key_ = *secret;
    // An OCTET STRING of 32 bytes, or those bytes alone.
    CK_BYTE point[64] = {};
    CK_ATTRIBUTE attribute{CKA_EC_POINT, point, sizeof point};
    const CK_RV code = module_->C_GetAttributeValue(session_, *open, &attribute, 1);
    const size_t size = attribute.ulValueLen;
    const bool wrapped = size == key_.size() + 2 && point[0] == 0x04 && point[1] == key_.size();
    if (code != CKR_OK || (size != key_.size() && !wrapped)) return Failed("gives no public key", code);
    std::memcpy(key_.data(), point + (wrapped ? 2 : 0), key_.size());
    return true;
  }

  Module module_;
  CK_SESSION_HANDLE session_ = 0;
  bool session_open_ = false;
  CK_OBJECT_HANDLE private_key_ = 0;
  Ed25519Key key_{};
};

}  // namespace

Result<std::unique_ptr<Signer>> SignerFromPkcs11(const std::string& uri) {
  Result<std::map<std::string, std::string>> where = Attributes(uri);
  if (!where) return where.error();
  auto signer = std::make_unique<TokenSigner>();
  if (const Result<bool> opened = signer->Open(*where); !opened) return opened.error();
  return std::unique_ptr<Signer>(std::move(signer));
}

}  // namespace hpol::bundle
