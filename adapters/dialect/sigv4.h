// AWS Signature Version 4 for one POST with a known body, by OpenSSL's HMAC and SHA-256.
// Source: "Signature Version 4 signing process" of the AWS General Reference.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hpol::dialect {

struct AwsRequest {
  std::string_view method = "POST";
  std::string_view host;  // the Host field
  std::string_view path;  // as it is sent: every segment already escaped once
  std::string_view query{};
  // Further signed fields: lower-case name, value without white space around it; sorted by name.
  std::vector<std::pair<std::string, std::string>> fields{};
  std::string_view body;
};

struct AwsScope {
  std::string_view access_key_id;
  std::string_view secret_key;
  std::string_view session_token{};
  std::string_view region;
  std::string_view service;
  int64_t now = 0;           // seconds since 1970, UTC
  bool escape_twice = true;  // every service but S3 escapes the path again for signing
};

// Header lines to send, each with its CRLF: x-amz-date, x-amz-security-token, authorization. Empty when
// OpenSSL fails.
std::string SignAws(const AwsRequest& request, const AwsScope& scope);

// One path segment with everything escaped that AWS does not count as unreserved.
std::string EscapeSegment(std::string_view segment);

}  // namespace hpol::dialect
