// What was drawn at random, and what is only words, a placeholder or a reference: the checks behind
// credentials that carry no checksum. Doors: checks.h. Integers only, so that every CPU judges alike.
#include <algorithm>
#include <array>
#include <cstdint>

#include "runtime/detect/checks.h"

namespace hpol::detect {
namespace {

constexpr uint32_t kUnit = 1024;  // of a bit of entropy

// log2(n) in units of 1/1024, by repeated squaring.
constexpr uint32_t Log2(uint32_t n) {
  uint32_t whole = 0;
  while ((n >> (whole + 1)) != 0) ++whole;
  uint64_t rest = (uint64_t{n} << 30) >> whole;  // in [1, 2), 30 fractional bits
  uint32_t log = whole * kUnit;
  for (uint32_t bit = kUnit / 2; bit != 0; bit /= 2) {
    rest = (rest * rest) >> 30;
    if (rest < (uint64_t{2} << 30)) continue;
    rest >>= 1;
    log += bit;
  }
  return log;
}

constexpr size_t kMaxCounted = 512;  // bytes that are looked at
constexpr auto kLogs = [] {
  std::array<uint32_t, kMaxCounted + 1> logs{};
  for (uint32_t i = 1; i <= kMaxCounted; ++i) logs[i] = Log2(i);
  return logs;
}();

bool IsLower(char c) { return c >= 'a' && c <= 'z'; }
char Lower(char c) { return IsUpper(c) ? static_cast<char>(c - 'A' + 'a') : c; }
bool IsHex(char c) { return IsDigit(c) || (Lower(c) >= 'a' && Lower(c) <= 'f'); }

// What can be counted about a text.
struct Shape {
  uint32_t size = 0;
  uint32_t digits = 0, uppers = 0, lowers = 0, others = 0;
  uint32_t distinct = 0;
  uint32_t digit_groups = 0;
  uint32_t steps = 0;    // bytes that repeat the one before or follow it in the alphabet
  uint32_t entropy = 0;  // of one byte, in units
  bool hex = true;
  uint32_t letters() const { return uppers + lowers; }
};

Shape ShapeOf(std::string_view text) {
  text = text.substr(0, kMaxCounted);
  Shape shape;
  std::array<uint16_t, 256> counts{};
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    ++counts[static_cast<uint8_t>(c)];
    shape.digits += IsDigit(c) ? 1 : 0;
    shape.uppers += IsUpper(c) ? 1 : 0;
    shape.lowers += IsLower(c) ? 1 : 0;
    shape.hex = shape.hex && (IsHex(c) || !IsAlpha(c));
    shape.digit_groups += IsDigit(c) && (i == 0 || !IsDigit(text[i - 1])) ? 1 : 0;
    if (i > 0 && (c == text[i - 1] || c == text[i - 1] + 1)) ++shape.steps;
  }
  shape.size = static_cast<uint32_t>(text.size());
  shape.others = shape.size - shape.digits - shape.letters();
  if (shape.size == 0) return shape;
  uint64_t sum = 0;
  for (const uint16_t count : counts) {
    shape.distinct += count > 0 ? 1 : 0;
    sum += uint64_t{count} * kLogs[count];
  }
  shape.entropy = kLogs[shape.size] - static_cast<uint32_t>(sum / shape.size);
  return shape;
}

// How much of the entropy that so many bytes of such an alphabet can have is there, in percent.
uint32_t Fullness(const Shape& shape) {
  uint32_t alphabet = shape.others > 0 ? 2 : 0;
  if (shape.hex) {
    alphabet += shape.letters() > 0 ? 16 : 10;
  } else {
    alphabet += (shape.digits > 0 ? 10 : 0) + (shape.uppers > 0 ? 26 : 0) + (shape.lowers > 0 ? 26 : 0);
  }
  const uint32_t most = kLogs[std::max(2u, std::min(shape.size, alphabet))];
  return shape.entropy * 100 / most;
}

// Letters that often follow each letter, in English and in the names of programs: two in five of all pairs,
// nineteen in twenty of those in words.
constexpr std::string_view kFollow[26] = {"bcdgiklmnprstuvwy",
                                          "aeiloruy",
                                          "aehiklortuy",
                                          "aeiorsuy",
                                          "acdefglmnpqrstvwxy",
                                          "aefilortu",
                                          "aehilnoru",
                                          "aeiotuy",
                                          "abcdefglmnoprstvz",
                                          "aeou",
                                          "aeinsy",
                                          "adefiklmopstuvy",
                                          "abeimopuy",
                                          "acdefgiklnostuvy",
                                          "abcdfgiklmnoprstuvwx",
                                          "aehiloprstuy",
                                          "u",
                                          "acdeghiklmnoprstuvy",
                                          "acehiklmopqstuwy",
                                          "aceehilorstuwy",
                                          "abcdegilmnprst",
                                          "aeio",
                                          "aehinor",
                                          "aceipt",
                                          "aelmnopst",
                                          "aeioz"};

// Mostly letters, with a number or two, and their pairs are those of words: `getAccessToken`,
// `prod-database-2`.
bool LooksLikeWords(std::string_view text, const Shape& shape) {
  if (shape.letters() * 10 < shape.size * 6 || shape.digit_groups > (shape.size < 20 ? 1 : 2)) return false;
  uint32_t pairs = 0;
  uint32_t common = 0;
  for (size_t i = 1; i < text.size(); ++i) {
    const char first = text[i - 1];
    const char second = text[i];
    if (!IsAlpha(first) || !IsAlpha(second) || (IsLower(first) && IsUpper(second))) continue;
    ++pairs;
    const std::string_view follow = kFollow[Lower(first) - 'a'];
    common += follow.find(Lower(second)) != std::string_view::npos ? 1 : 0;
  }
  return pairs >= 4 && common * 100 >= pairs * 76;
}

bool ContainsIgnoringCase(std::string_view text, std::string_view word) {
  const auto same = [](char a, char b) { return Lower(a) == b; };
  return std::search(text.begin(), text.end(), word.begin(), word.end(), same) != text.end();
}

template <size_t N>
bool ContainsAny(std::string_view text, const std::string_view (&words)[N]) {
  return std::any_of(std::begin(words), std::end(words),
                     [text](std::string_view word) { return ContainsIgnoringCase(text, word); });
}

// What people write where a value would stand. None is likely in as many random characters.
constexpr std::string_view kPlaceholders[] = {
    "example", "placeholder", "change", "your", "xxxx",    "dummy",  "sample", "redacted", "insert",
    "replace", "****",        "_here",  "todo", "0000000", "abcdef", "123456", "qwerty",   "test_"};

// A repeated character or the alphabet in its order: no generator draws it.
bool CannotBeRandom(const Shape& shape) {
  return shape.distinct <= 3 || (shape.size >= 8 && shape.steps * 10 >= shape.size * 6);
}

constexpr std::string_view kBetween = "=:>,|?\"'` \t\r\n\\";

// The name and the value of an assignment, in whatever language: `KEY = "v"`, `"key": "v"`, `<key>v`, `key is
// v`.
struct Assignment {
  std::string_view name;
  std::string_view value;
};
Assignment SplitAssignment(std::string_view match) {
  size_t at = match.find_first_of("=:>,|?");
  if (at == std::string_view::npos) {
    const size_t is = match.find(" is ");
    at = is == std::string_view::npos ? 0 : is + 3;
    if (at == 0) {  // 密码是…
      while (at < match.size() && (static_cast<uint8_t>(match[at]) >= 0x80 || IsAlpha(match[at]))) ++at;
    }
  }
  size_t begin = match.find_first_not_of(kBetween, at);
  if (begin == std::string_view::npos) begin = match.size();
  std::string_view value = match.substr(begin);
  if (value.starts_with("is ")) value.remove_prefix(3);
  while (!value.empty() && (value.back() == '"' || value.back() == '\'' || value.back() == '`'))
    value.remove_suffix(1);
  return {match.substr(0, at), value};
}

// The part of a token that was drawn: behind the last sign of an assignment, and behind a short prefix.
std::string_view DrawnPart(std::string_view match) {
  std::string_view value = match;
  const auto padding = [](char c) { return c == '=' || c == '"' || c == '\'' || c == '`'; };
  while (!value.empty() && padding(value.back())) value.remove_suffix(1);
  if (const size_t cut = value.find_last_of(kBetween);
      cut != std::string_view::npos && value.size() - cut > 8)
    value = value.substr(cut + 1);
  if (const size_t cut = value.rfind('/'); cut != std::string_view::npos && value.size() - cut > 24)
    value = value.substr(cut + 1);
  constexpr size_t kLongestPrefix = 14;
  const size_t prefix = value.substr(0, kLongestPrefix).find_last_of("_-.~");
  if (prefix != std::string_view::npos && value.size() - prefix > 8) value = value.substr(prefix + 1);
  return value;
}

}  // namespace

// A value that is all one character is none; one that reads like words stays doubtful.
Validity CheckRandomToken(std::string_view match) {
  const std::string_view drawn = DrawnPart(match);
  const Shape shape = ShapeOf(drawn);
  if (CannotBeRandom(shape)) return Validity::kReject;
  if (ContainsAny(drawn, kPlaceholders) || LooksLikeWords(drawn, shape)) return Validity::kUnknown;
  return Fullness(shape) >= 68 ? Validity::kAccept : Validity::kUnknown;
}

namespace {

// Names that hold a word for a secret and are none.
constexpr std::string_view kHarmlessNames[] = {
    "author",      "keyboard",    "monkey",     "turkey",     "donkey",      "hockey",     "keyword",
    "keystone",    "publickey",   "public_key", "public-key", "public key",  "primarykey", "primary_key",
    "foreign",     "partition",   "key_id",     "keyid",      "key-id",      "key_name",   "keyname",
    "key_alias",   "keyalias",    "key_length", "key_size",   "keycode",     "key_code",   "keyframe",
    "keypress",    "access_id",   "accessib",   "accessor",   "csrf",        "xsrf",       "token_ur",
    "tokenur",     "tokenizer",   "token_type", "tokentype",  "token_count", "tokens",     "secret_name",
    "secretname",  "secret_id",   "endpoint",   "sort_key",   "cache_key",   "cachekey",   "hash_key",
    "idempotency", "fingerprint", "checksum",   "sha256",     "integrity",   "commit",     "api_version",
    "apiversion",  "api-version", "rapid",      "capital",    "key_file",    "keyfile",    "key_path",
    "ssh-"};

}  // namespace

// An assignment to a name that says secret, of a value that reads like no word, path, number or placeholder.
Validity CheckSecretAssignment(std::string_view match) {
  const auto [name, value] = SplitAssignment(match);
  if (ContainsAny(name, kHarmlessNames)) return Validity::kReject;
  const Shape shape = ShapeOf(value);
  if (shape.size < 10 || CannotBeRandom(shape) || shape.letters() == 0) return Validity::kReject;
  if (ContainsAny(value, kPlaceholders) || LooksLikeWords(value, shape)) return Validity::kReject;
  if (shape.digits == 0) return shape.size >= 20 ? Validity::kUnknown : Validity::kReject;
  const uint32_t enough = shape.hex ? 3 * kUnit : 3 * kUnit + kUnit / 2;
  if (shape.entropy >= enough) return Validity::kAccept;
  return shape.entropy >= 3 * kUnit ? Validity::kUnknown : Validity::kReject;
}

namespace {

constexpr std::string_view kNoPasswords[] = {
    "true",     "false",  "null",  "none",   "undefined", "required", "string", "env",  "getpass", "secret",
    "password", "passwd", "vault", "config", "pwd",       "prompt",   "input",  "hash", "admin",   "token"};

bool IsPlaceholderPassword(std::string_view password, const Shape& shape) {
  return shape.distinct <= 2 || ContainsAny(password, kPlaceholders) || ContainsAny(password, kNoPasswords);
}

}  // namespace

// A password as people choose them: letters with digits or signs among them.
Validity CheckPasswordAssignment(std::string_view match) {
  std::string_view value = SplitAssignment(match).value;
  while (!value.empty() && (value.back() == '.' || value.back() == '!' || value.back() == '?'))
    value.remove_suffix(1);
  const Shape shape = ShapeOf(value);
  if (shape.size < 6 || IsPlaceholderPassword(value, shape)) return Validity::kReject;
  const bool sign = value.find_first_of("!@#^&*+=~?") != std::string_view::npos;
  if (shape.letters() > 0 && (shape.digits > 0 || sign)) return Validity::kAccept;
  return Validity::kReject;
}

// The user and password in `https://user:password@host`, or of `curl -u user:password`.
Validity CheckUserAndPassword(std::string_view match) {
  const size_t scheme = match.find("://");
  std::string_view rest = match;
  if (scheme != std::string_view::npos) {
    rest = match.substr(scheme + 3);
    rest = rest.substr(0, rest.rfind('@'));
  } else if (const size_t blank = rest.find_last_of(" \t\"'"); blank != std::string_view::npos) {
    rest = rest.substr(blank + 1);
  }
  const size_t colon = rest.find(':');
  if (colon == std::string_view::npos) return Validity::kUnknown;
  const std::string_view password = rest.substr(colon + 1);
  const Shape shape = ShapeOf(password);
  if (shape.distinct <= 1) return Validity::kReject;
  constexpr std::string_view kDefaults[] = {"pass", "pwd",  "test",     "guest",
                                            "root", "user", "postgres", "token"};
  const bool short_default = password.size() <= 10 && ContainsAny(password, kDefaults);
  return short_default || IsPlaceholderPassword(password, shape) ? Validity::kUnknown : Validity::kAccept;
}

namespace {

int Base64Value(char c) {
  if (IsUpper(c)) return c - 'A';
  if (IsLower(c)) return c - 'a' + 26;
  if (IsDigit(c)) return c - '0' + 52;
  return c == '+' ? 62 : (c == '/' ? 63 : -1);
}

}  // namespace

// RFC 7617: `Basic` and base64 of `user:password`, readable with one colon or more.
Validity CheckBasicAuth(std::string_view match) {
  std::string_view text = match.substr(match.find_last_of(" \t") + 1);
  while (!text.empty() && text.back() == '=') text.remove_suffix(1);
  uint32_t bits = 0;
  int held = 0;
  bool colon = false;
  for (const char c : text) {
    const int value = Base64Value(c);
    if (value < 0) return Validity::kReject;
    bits = (bits << 6) | static_cast<uint32_t>(value);
    held += 6;
    if (held < 8) continue;
    held -= 8;
    const uint32_t byte = (bits >> held) & 0xff;
    if (byte < 0x20 || byte == 0x7f) return Validity::kReject;
    colon = colon || byte == ':';
  }
  return colon ? Validity::kAccept : Validity::kReject;
}

}  // namespace hpol::detect
