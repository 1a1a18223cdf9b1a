// Connections and connecting; the door is wire.h.
#include "adapters/http/wire.h"

#include <openssl/evp.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <sys/socket.h>

#include <algorithm>
#include <boost/beast/core/error.hpp>
#include <cstring>
#include <vector>

namespace hpol::http {
namespace {

using Clock = std::chrono::steady_clock;

Address FromAsio(const asio::ip::address& address) {
  Address result;
  result.v6 = address.is_v6();
  if (address.is_v6()) {
    const auto bytes = address.to_v6().to_bytes();
    std::copy(bytes.begin(), bytes.end(), result.bytes.begin());
  } else {
    const auto bytes = address.to_v4().to_bytes();
    std::copy(bytes.begin(), bytes.end(), result.bytes.begin());
  }
  return result;
}

asio::ip::address ToAsio(const Address& address) {
  if (address.v6) return asio::ip::address_v6(address.bytes);
  asio::ip::address_v4::bytes_type bytes{};
  std::copy_n(address.bytes.begin(), bytes.size(), bytes.begin());
  return asio::ip::address_v4(bytes);
}

// A look-up that can be given up: getaddrinfo itself cannot be interrupted, so the
// answer goes to a place that both sides share, and the one who waits sleeps on a timer.
struct Lookup {
  explicit Lookup(const asio::any_io_executor& executor) : resolver(executor), timer(executor) {}
  tcp::resolver resolver;
  asio::steady_timer timer;
  bool done = false;
  std::vector<Address> addresses;
};

awaitable<std::vector<Address>> Resolve(const std::string& host, Clock::time_point deadline,
                                        Canceller& canceller) {
  if (const std::optional<Address> address = Address::Parse(host)) {
    std::vector<Address> one = {*address};
    co_return one;
  }
  const asio::any_io_executor executor = co_await asio::this_coro::executor;
  const auto lookup = std::make_shared<Lookup>(executor);
  lookup->timer.expires_at(deadline);
  lookup->resolver.async_resolve(host, "",
                                 [lookup](error_code error, const tcp::resolver::results_type& results) {
                                   lookup->done = true;
                                   if (!error) {
                                     for (const auto& entry : results)
                                       lookup->addresses.push_back(FromAsio(entry.endpoint().address()));
                                   }
                                   lookup->timer.cancel();
                                 });
  canceller.Set([lookup] { lookup->timer.cancel(); });
  if (!lookup->done) {
    error_code woken;
    co_await lookup->timer.async_wait(asio::redirect_error(asio::use_awaitable, woken));
  }
  canceller.Clear();
  if (!lookup->done) lookup->resolver.cancel();
  co_return lookup->addresses;
}

Milliseconds Remaining(Clock::time_point deadline) {
  const auto left = std::chrono::duration_cast<Milliseconds>(deadline - Clock::now());
  return std::max(left, Milliseconds(1));
}

bool IsTimeout(error_code error) { return error == boost::beast::error::timeout; }

}  // namespace

awaitable<size_t> Wire::Read(asio::mutable_buffer into, error_code& error) {
  size_t size = 0;
  if (tls_) {
    size = co_await tls_->async_read_some(into, asio::redirect_error(asio::use_awaitable, error));
  } else {
    size = co_await plain_->async_read_some(into, asio::redirect_error(asio::use_awaitable, error));
  }
  co_return size;
}

awaitable<void> Wire::Write(std::string_view first, std::string_view second, error_code& error) {
  const std::array<asio::const_buffer, 2> bytes = {asio::buffer(first), asio::buffer(second)};
  if (tls_) {
    co_await asio::async_write(*tls_, bytes, asio::redirect_error(asio::use_awaitable, error));
  } else {
    co_await asio::async_write(*plain_, bytes, asio::redirect_error(asio::use_awaitable, error));
  }
}

awaitable<void> Wire::Handshake(const std::string& host, const std::vector<Pin>& pins, error_code& error) {
  tls_->set_verify_mode(asio::ssl::verify_peer, error);
  if (!error) tls_->set_verify_callback(asio::ssl::host_name_verification(host), error);
  if (!error && !Address::Parse(host) && SSL_set_tlsext_host_name(tls_->native_handle(), host.c_str()) != 1) {
    error = asio::error::invalid_argument;
  }
  if (error) co_return;
  co_await tls_->async_handshake(asio::ssl::stream_base::client,
                                 asio::redirect_error(asio::use_awaitable, error));
  if (error || pins.empty()) co_return;
  const std::optional<Certificate> peer = PeerCertificate();
  if (!peer || std::ranges::find(pins, peer->pin) == pins.end()) error = asio::error::access_denied;
}

awaitable<void> Wire::Accept(error_code& error) {
  co_await tls_->async_handshake(asio::ssl::stream_base::server,
                                 asio::redirect_error(asio::use_awaitable, error));
}

namespace {

std::string Text(const ASN1_STRING* string) {
  unsigned char* bytes = nullptr;
  const int size = string == nullptr ? -1 : ASN1_STRING_to_UTF8(&bytes, string);
  if (size < 0) return {};
  std::string text(reinterpret_cast<const char*>(bytes), static_cast<size_t>(size));
  OPENSSL_free(bytes);
  // A name with a NUL inside is two names to two readers.
  return text.find('\0') == std::string::npos ? text : std::string();
}

std::vector<std::string> SubjectParts(X509* certificate, int nid) {
  std::vector<std::string> parts;
  const X509_NAME* const subject = X509_get_subject_name(certificate);
  for (int at = X509_NAME_get_index_by_NID(subject, nid, -1); at >= 0;
       at = X509_NAME_get_index_by_NID(subject, nid, at)) {
    const std::string part = Text(X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, at)));
    if (!part.empty()) parts.push_back(part);
  }
  return parts;
}

void ReadAlternativeNames(X509* certificate, Certificate& read) {
  auto* const names =
      static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr));
  for (int i = 0; i < sk_GENERAL_NAME_num(names); ++i) {
    const GENERAL_NAME* const name = sk_GENERAL_NAME_value(names, i);
    if (name->type == GEN_DNS) read.names.push_back(Text(name->d.dNSName));
    if (name->type == GEN_URI) read.uris.push_back(Text(name->d.uniformResourceIdentifier));
  }
  GENERAL_NAMES_free(names);
}

bool PinOf(X509* certificate, Pin& pin) {
  unsigned char* der = nullptr;
  const int size = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(certificate), &der);
  if (size <= 0) return false;
  unsigned written = 0;
  const bool made =
      EVP_Digest(der, static_cast<size_t>(size), pin.data(), &written, EVP_sha256(), nullptr) == 1;
  OPENSSL_free(der);
  return made && written == pin.size();
}

}  // namespace

std::optional<Certificate> Wire::PeerCertificate() {
  if (!tls_) return std::nullopt;
  X509* const x509 = SSL_get1_peer_certificate(tls_->native_handle());
  if (x509 == nullptr) return std::nullopt;
  Certificate read;
  std::array<unsigned char, 32> digest{};
  unsigned size = 0;
  const bool whole = SSL_get_verify_result(tls_->native_handle()) == X509_V_OK && PinOf(x509, read.pin) &&
                     X509_digest(x509, EVP_sha256(), digest.data(), &size) == 1 && size == digest.size();
  if (whole) {
    for (const unsigned char byte : digest) {
      read.fingerprint += "0123456789abcdef"[byte >> 4];
      read.fingerprint += "0123456789abcdef"[byte & 15];
    }
    const std::vector<std::string> names = SubjectParts(x509, NID_commonName);
    if (names.size() == 1) read.common_name = names[0];
    read.units = SubjectParts(x509, NID_organizationalUnitName);
    ReadAlternativeNames(x509, read);
  }
  X509_free(x509);
  return whole ? std::optional(std::move(read)) : std::nullopt;
}

awaitable<void> Wire::EndSending() {
  error_code error;
  if (tls_) {
    // Waits for the other side's good-bye; the time limit ends that.
    co_await tls_->async_shutdown(asio::redirect_error(asio::use_awaitable, error));
  }
  stream().socket().shutdown(Socket::shutdown_send, error);
}

bool Wire::IsGoodbye(std::string_view peeked) const {
  if (!tls_ || peeked.size() < 5) return false;
  // A record of type alert; in TLS 1.3 it is encrypted and looks like data of two bytes, a type and a tag.
  const auto byte = [&](size_t at) { return static_cast<unsigned char>(peeked[at]); };
  return byte(0) == 21 || (byte(0) == 23 && byte(3) == 0 && byte(4) == 19);
}

void Wire::Close() { stream().close(); }

bool Wire::IsQuiet() {
  char byte = 0;
  const ssize_t size = ::recv(stream().socket().native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
  return size < 0 && (errno == EAGAIN || errno == EWOULDBLOCK);
}

using AnyEndpoint = asio::generic::stream_protocol::endpoint;

// Connects to one place within the time that is left, TLS included.
static awaitable<std::unique_ptr<Wire>> ConnectTo(const Endpoint& endpoint, const AnyEndpoint& peer,
                                                  Clock::time_point deadline, Canceller& canceller,
                                                  ConnectFailure& failure) {
  const asio::any_io_executor executor = co_await asio::this_coro::executor;
  Stream stream(executor);
  auto wire = endpoint.tls != nullptr ? std::make_unique<Wire>(std::move(stream), *endpoint.tls)
                                      : std::make_unique<Wire>(std::move(stream));
  canceller.Set([raw = wire.get()] { raw->Close(); });
  error_code error;
  wire->ExpiresAfter(Remaining(deadline));
  co_await wire->stream().async_connect(peer, asio::redirect_error(asio::use_awaitable, error));
  failure = ConnectFailure::kConnect;
  const bool local = !endpoint.unix_path.empty();
  if (!error && !local && wire->stream().socket().remote_endpoint(error) != peer) {
    // Somebody between us and the kernel redirects connections.
    failure = ConnectFailure::kForbidden;
    error = asio::error::connection_refused;
  }
  if (!error) {
    error_code ignored;
    if (!local) wire->stream().socket().set_option(tcp::no_delay(true), ignored);
    if (endpoint.tls != nullptr) {
      failure = ConnectFailure::kTls;
      static const std::vector<Pin> none;
      co_await wire->Handshake(endpoint.host, endpoint.pins != nullptr ? *endpoint.pins : none, error);
    }
  }
  canceller.Clear();
  if (!error) {
    failure = ConnectFailure::kNone;
  } else {
    if (IsTimeout(error)) failure = ConnectFailure::kTimeout;
    wire = nullptr;
  }
  co_return wire;
}

awaitable<std::unique_ptr<Wire>> Connect(const Endpoint& endpoint, Milliseconds limit, Canceller& canceller,
                                         ConnectFailure& failure) {
  const Clock::time_point deadline = Clock::now() + limit;
  std::unique_ptr<Wire> wire;
  if (!endpoint.unix_path.empty()) {
    const asio::local::stream_protocol::endpoint place(endpoint.unix_path);
    wire = co_await ConnectTo(endpoint, place, deadline, canceller, failure);
    if (canceller.cancelled()) {
      failure = ConnectFailure::kCancelled;
      wire = nullptr;
    }
    co_return wire;
  }
  std::vector<Address> addresses = co_await Resolve(endpoint.host, deadline, canceller);
  failure = Clock::now() < deadline ? ConnectFailure::kResolve : ConnectFailure::kTimeout;
  if (!addresses.empty()) {
    failure = ConnectFailure::kForbidden;
    std::erase_if(addresses,
                  [&](const Address& a) { return !endpoint.rule->AddressAllowed(endpoint.host, a); });
  }
  for (const Address& address : addresses) {
    if (canceller.cancelled() || Clock::now() >= deadline) break;
    const tcp::endpoint peer(ToAsio(address), endpoint.port);
    wire = co_await ConnectTo(endpoint, peer, deadline, canceller, failure);
    if (wire) break;
  }
  if (canceller.cancelled()) {
    failure = ConnectFailure::kCancelled;
    wire = nullptr;
  }
  co_return wire;
}

namespace {

// Reads the certificate and key of this side; says what is wrong, or nothing.
std::string UseOwn(const TlsFiles& files, asio::ssl::context& context) {
  error_code error;
  context.use_certificate_chain_file(files.certificate, error);
  if (error) return "cannot use the certificate in `" + files.certificate + "`: " + error.message();
  context.use_private_key_file(files.key, asio::ssl::context::pem, error);
  if (error) return "cannot use the key in `" + files.key + "`: " + error.message();
  return {};
}

constexpr unsigned char kHttp11[] = "\x08http/1.1";

// A client that offers protocols must offer this one; most offer none.
int SelectProtocol(SSL*, const unsigned char** out, unsigned char* out_size, const unsigned char* in,
                   unsigned in_size, void*) {
  unsigned char* chosen = nullptr;
  if (SSL_select_next_proto(&chosen, out_size, kHttp11, sizeof kHttp11 - 1, in, in_size) !=
      OPENSSL_NPN_NEGOTIATED) {
    return SSL_TLSEXT_ERR_ALERT_FATAL;
  }
  *out = chosen;
  return SSL_TLSEXT_ERR_OK;
}

}  // namespace

Result<std::unique_ptr<asio::ssl::context>> MakeClientTls(const TlsFiles& files) {
  auto context = std::make_unique<asio::ssl::context>(asio::ssl::context::tls_client);
  error_code error;
  context->set_verify_mode(asio::ssl::verify_peer, error);
  if (!error) {
    if (files.authorities.empty()) {
      context->set_default_verify_paths(error);
    } else {
      context->load_verify_file(files.authorities, error);
    }
  }
  if (error) {
    return Error{"cannot read the certificate authorities" +
                 (files.authorities.empty() ? "" : " in `" + files.authorities + "`") + ": " +
                 error.message()};
  }
  if (!files.certificate.empty()) {
    const std::string wrong = UseOwn(files, *context);
    if (!wrong.empty()) return Error{wrong};
  }
  SSL_CTX* const native = context->native_handle();
  const bool limited = SSL_CTX_set_min_proto_version(native, TLS1_2_VERSION) == 1 &&
                       SSL_CTX_set_alpn_protos(native, kHttp11, sizeof kHttp11 - 1) == 0;
  if (!limited) return Error{"OpenSSL does not accept TLS 1.2 as the lowest version"};
  return context;
}

Result<std::unique_ptr<asio::ssl::context>> MakeServerTls(const TlsFiles& files, bool client_must) {
  auto context = std::make_unique<asio::ssl::context>(asio::ssl::context::tls_server);
  const std::string wrong = UseOwn(files, *context);
  if (!wrong.empty()) return Error{wrong};
  error_code error;
  if (!files.authorities.empty()) {
    const int must = client_must ? asio::ssl::verify_fail_if_no_peer_cert : 0;
    context->load_verify_file(files.authorities, error);
    if (!error) context->set_verify_mode(asio::ssl::verify_peer | must, error);
    if (error) {
      return Error{"cannot read the certificate authorities in `" + files.authorities +
                   "`: " + error.message()};
    }
  }
  SSL_CTX* const native = context->native_handle();
  // A session that is taken up again must have been verified by the same rules.
  constexpr unsigned char kSessions[] = "hpol";
  const bool limited = SSL_CTX_set_min_proto_version(native, TLS1_3_VERSION) == 1 &&
                       SSL_CTX_set_session_id_context(native, kSessions, sizeof kSessions - 1) == 1;
  if (!limited) return Error{"OpenSSL does not accept TLS 1.3 as the lowest version"};
  SSL_CTX_set_alpn_select_cb(native, SelectProtocol, nullptr);
  return context;
}

}  // namespace hpol::http
