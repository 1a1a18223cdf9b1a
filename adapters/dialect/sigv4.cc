// AWS signatures; the door is sigv4.h.
#include "adapters/dialect/sigv4.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>
#include <array>
#include <ctime>

namespace hpol::dialect {
namespace {

using Digest = std::array<unsigned char, 32>;

std::string Hex(const Digest& digest) {
  std::string hex;
  for (const unsigned char byte : digest) {
    hex += "0123456789abcdef"[byte >> 4];
    hex += "0123456789abcdef"[byte & 15];
  }
  return hex;
}

bool Sha256(std::string_view text, Digest& digest) {
  unsigned size = 0;
  return EVP_Digest(text.data(), text.size(), digest.data(), &size, EVP_sha256(), nullptr) == 1;
}

bool Hmac(std::string_view key, std::string_view text, Digest& digest) {
  unsigned size = 0;
  return HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()),
              reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data(),
              &size) != nullptr;
}

std::string_view View(const Digest& digest) {
  return {reinterpret_cast<const char*>(digest.data()), digest.size()};
}

bool IsUnreserved(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
         std::string_view("-._~").find(c) != std::string_view::npos;
}

std::string Escape(std::string_view text, bool keep_slashes) {
  std::string out;
  for (const char c : text) {
    if (IsUnreserved(c) || (keep_slashes && c == '/')) {
      out += c;
    } else {
      const auto byte = static_cast<unsigned char>(c);
      out += '%';
      out += "0123456789ABCDEF"[byte >> 4];
      out += "0123456789ABCDEF"[byte & 15];
    }
  }
  return out;
}

// Parameters sorted by name, then value. They are sent escaped, so they are only put in order here.
std::string CanonicalQuery(std::string_view query) {
  std::vector<std::string> parameters;
  while (!query.empty()) {
    const size_t end = query.find('&');
    std::string parameter(query.substr(0, end));
    if (parameter.find('=') == std::string::npos) parameter += '=';
    parameters.push_back(std::move(parameter));
    query.remove_prefix(end == std::string_view::npos ? query.size() : end + 1);
  }
  std::ranges::sort(parameters);
  std::string out;
  for (const std::string& parameter : parameters) out += (out.empty() ? "" : "&") + parameter;
  return out;
}

std::string Time(int64_t now) {
  const auto seconds = static_cast<std::time_t>(now);
  std::tm parts{};
  char text[32];
  ::gmtime_r(&seconds, &parts);
  std::strftime(text, sizeof text, "%Y%m%dT%H%M%SZ", &parts);
  return text;
}

}  // namespace

std::string EscapeSegment(std::string_view segment) { return Escape(segment, false); }

std::string SignAws(const AwsRequest& request, const AwsScope& scope) {
  const std::string time = Time(scope.now);
  const std::string date = time.substr(0, 8);
  auto fields = request.fields;
  fields.emplace_back("host", request.host);
  fields.emplace_back("x-amz-date", time);
  if (!scope.session_token.empty()) fields.emplace_back("x-amz-security-token", scope.session_token);
  std::ranges::sort(fields);

  std::string names;
  std::string lines;
  for (const auto& [name, value] : fields) {
    names += (names.empty() ? "" : ";") + name;
    lines += name + ":" + value + "\n";
  }
  Digest digest{};
  if (!Sha256(request.body, digest)) return {};
  const std::string path = request.path.empty() ? "/"
                           : scope.escape_twice ? Escape(request.path, true)
                                                : std::string(request.path);
  const std::string canonical = std::string(request.method) + "\n" + path + "\n" +
                                CanonicalQuery(request.query) + "\n" + lines + "\n" + names + "\n" +
                                Hex(digest);
  if (!Sha256(canonical, digest)) return {};
  const std::string within =
      date + "/" + std::string(scope.region) + "/" + std::string(scope.service) + "/aws4_request";
  const std::string to_sign = "AWS4-HMAC-SHA256\n" + time + "\n" + within + "\n" + Hex(digest);

  std::string first = "AWS4" + std::string(scope.secret_key);
  Digest key{};
  bool made = Hmac(first, date, key);
  OPENSSL_cleanse(first.data(), first.size());
  for (const std::string_view step : {scope.region, scope.service, std::string_view("aws4_request")}) {
    Digest next{};
    made = made && Hmac(View(key), step, next);
    key = next;
  }
  made = made && Hmac(View(key), to_sign, digest);
  OPENSSL_cleanse(key.data(), key.size());
  if (!made) return {};
  std::string out = "x-amz-date: " + time + "\r\n";
  if (!scope.session_token.empty())
    out += "x-amz-security-token: " + std::string(scope.session_token) + "\r\n";
  return out + "authorization: AWS4-HMAC-SHA256 Credential=" + std::string(scope.access_key_id) + "/" +
         within + ", SignedHeaders=" + names + ", Signature=" + Hex(digest) + "\r\n";
}

}  // namespace hpol::dialect
