// secrets_quality: how many credentials of each provider std.secrets finds, drawn anew from the published
// formats, in the ways people write them; and how much it finds where there is none. Doors: the table on
// standard output.
//
//   secrets_quality [--each N] [--seed S] [--misses]
//
// secrets_formats.json holds one format a line: literals, `{a|b}` for one of several, `<alphabet:n>` and
// `<alphabet:n-m>` for characters drawn at random; `keyword` where the value has no form of its own.
#include <algorithm>
#include <cstdio>
#include <fstream>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "hpol/compile.h"
#include "hpol/engine.h"

namespace hpol::bench {
namespace {

using Json = nlohmann::json;
using Random = std::mt19937_64;

constexpr std::string_view kDigits = "0123456789";
constexpr std::string_view kLower = "abcdefghijklmnopqrstuvwxyz";
constexpr std::string_view kUpper = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";

std::string Alphabet(std::string_view name) {
  const std::string digits(kDigits), lower(kLower), upper(kUpper);
  static const std::map<std::string_view, std::string> kAlphabets = {
      {"hex", digits + "abcdef"},
      {"HEX", digits + "abcdefABCDEF"},
      {"an", lower + digits},
      {"AN", upper + digits},
      {"w", lower + upper + digits},
      {"u", lower + upper + digits + "_-"},
      {"wu", lower + upper + digits + "_"},
      {"b", lower + upper + digits + "+/"},
      {"l", lower + upper},
      {"d", digits},
      {"e", lower + digits + "_-="},
      {"B32", upper + "234567"},
      {"ah", "abcdefgh" + digits},
      {"q", "QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L"},
      {"anu", lower + digits + "_-"},
      {"ue", lower + upper + digits + "_=.-"}};
  const auto it = kAlphabets.find(name);
  return it == kAlphabets.end() ? std::string() : it->second;
}

size_t Pick(Random& random, size_t count) {
  return std::uniform_int_distribution<size_t>(0, count - 1)(random);
}

enum class Draw { kRandom, kShort, kRepeated };

std::string DrawRun(std::string_view spec, Draw how, Random& random) {
  const size_t colon = spec.find(':');
  const std::string alphabet = Alphabet(spec.substr(0, colon));
  const std::string_view counts = spec.substr(colon + 1);
  const size_t dash = counts.find('-');
  const size_t low = std::stoul(std::string(counts.substr(0, dash)));
  const size_t high = dash == std::string_view::npos ? low : std::stoul(std::string(counts.substr(dash + 1)));
  size_t count = low + Pick(random, high - low + 1);
  if (how == Draw::kShort && low >= 8) count = low / 2;
  std::string run;
  for (size_t i = 0; i < count; ++i) {
    // A separator at either end would belong to the text around it.
    const bool inner = i > 0 && i + 1 < count;
    char c = how == Draw::kRepeated ? alphabet.front() : alphabet[Pick(random, alphabet.size())];
    while (!inner && std::string_view("_-=.+/").find(c) != std::string_view::npos)
      c = alphabet[Pick(random, alphabet.size())];
    run += c;
  }
  return run;
}

std::string DrawValue(std::string_view format, Draw how, Random& random) {
  std::string value;
  for (size_t at = 0; at < format.size();) {
    if (format[at] == '<') {
      const size_t end = format.find('>', at);
      value += DrawRun(format.substr(at + 1, end - at - 1), how, random);
      at = end + 1;
    } else if (format[at] == '{') {
      const size_t end = format.find('}', at);
      std::vector<std::string> choices(1);
      for (const char c : format.substr(at + 1, end - at - 1)) {
        if (c == '|') {
          choices.emplace_back();
        } else {
          choices.back() += c;
        }
      }
      value += choices[Pick(random, choices.size())];
      at = end + 1;
    } else {
      value += format[at++];
    }
  }
  return value;
}

std::string Replaced(std::string text, std::string_view what, std::string_view by) {
  for (size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + by.size()))
    text.replace(at, what.size(), by);
  return text;
}

// Ways to write an assignment: settings, code of a dozen languages, shells, logs, sentences. %k is the name,
// %v the value.
constexpr std::string_view kAssignments[] = {"%k_token = \"%v\"",       "%k_KEY=%v",
                                             "\"%k_secret\": \"%v\"",   "%k.api.key: %v",
                                             "'%k_token' => '%v',",     "String %kToken = \"%v\";",
                                             "$%kSecret = '%v';",       "const %k_key = `%v`",
                                             "<%kToken>%v</%kToken>",   "<%kToken>\n    %v\n</%kToken>",
                                             "export %k_TOKEN=%v",      "%kToken := \"%v\"",
                                             "var %k_api_key = \"%v\"", "%k_token: %v # rotate",
                                             "%k-api-token=%v;",        "{\\\"%k_token\\\":\\\"%v\\\"}",
                                             "the %k key is %v",        "%k_SECRET ::= \"%v\"",
                                             "%k_token ?= %v",          "app.%k.token=%v"};
constexpr std::string_view kPlaces[] = {"%v",
                                        "token: %v",
                                        "export X=%v",
                                        "\"%v\"",
                                        "use `%v` here",
                                        "密钥%v。",
                                        "curl -H 'X-Key: %v' https://h.example",
                                        "https://h.example/?token=%v",
                                        "[%v]",
                                        "%v\nnext line",
                                        "(%v)",
                                        "key=%v;",
                                        "- %v",
                                        "header %v, body",
                                        "<t>%v</t>"};

// Text that looks like credentials and holds none.
constexpr std::string_view kBenign[] = {
    "commit 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b by jane",
    "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "\"integrity\": "
    "\"sha512-z4PhNX7vuL3xVChQ1m2AB9Yg5AULVxXcg/SpIdNs6c5H0NE8XYXysP+DGNKHfuwvY7kxvUdBeoGlODJ6+SfaPg==\"",
    "request id 550e8400-e29b-41d4-a716-446655440000 took 12 ms",
    "password = os.environ[\"DB_PASSWORD\"]",
    "api_key: ${API_KEY}",
    "token: {{ secrets.DEPLOY_TOKEN }}",
    "const token = await getAccessTokenSilently({ audience })",
    "Authorization: Bearer <token>",
    "secretKeyRef: { name: database-credentials, key: password }",
    "public static final String ACCESS_TOKEN_HEADER = \"X-Access-Token\";",
    "the password must have at least 12 characters, one digit and one sign",
    "password: ********",
    "PASSWORD=changeme",
    "key: value",
    "primary_key = customer_order_line_id",
    "cache_key = \"user:42:profile:v3\"",
    "tokens: 128000, cost: 0.42",
    "max_tokens=4096 temperature=0.7",
    "author = { name = \"Jane Roe\", since = 2019 }",
    "keyboard: Keychron K2, serial 2019-0421-7788",
    "class=\"sk-spinner sk-spinner-double-bounce sk-loading-indicator\"",
    "xoxo, see you at the station",
    "SG. Team meeting at 10:30 in room 4.21",
    "from sk_learn_extra.cluster import KMedoids",
    "npm_config_registry=https://registry.example.net/",
    "ghp_ is the prefix of personal tokens of GitHub",
    "AKIAIOSFODNN7EXAMPLE is the documentation's key",
    "AIza is how keys of Google begin",
    "https://user:password@example.net/ is how it would look",
    "postgres://postgres:postgres@localhost:5432/test",
    "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJ",
    "-----BEGIN CERTIFICATE-----\nMIIDdzCCAl+gAwIBAgIEAgAAuTANBgkqhkiG9w0BAQUFADBaMQswCQ\n-----END "
    "CERTIFICATE-----",
    "-----BEGIN PUBLIC KEY-----",
    "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl jane@laptop",
    "Visual Basic Programming for beginners",
    "basic information about bearers of good news",
    "the key to success is patience",
    "his secret: he trains every day at 6:30",
    "access was denied 3 times on 2024-05-12T10:30:00Z",
    "auth: oauth2, pkce, scopes openid profile email",
    "csrf_token = form.csrf_token.data",
    "next_page_token: \"\"",
    "password_hash = bcrypt.hashpw(password, salt)",
    "twitter.com/someone/status/1780000000000000000",
    "facebook = require(\"passport-facebook\").Strategy",
    "discord.js version 14.14.1 was released",
    "linear: 3x + 4y = 12, quadratic: x2 + y2 = 25",
    "okta = Okta::Client.new(settings)",
    "heroku = \"git.heroku.com/calm-river-12345\"",
    "sentry: { dsn: process.env.SENTRY_DSN }",
    "adobe = AdobeReaderVersion(\"23.008.20470\")",
    "codecov: { coverage: 87.5, flags: [unit, integration] }",
    "square = lambda x: x * x",
    "kind: ConfigMap\ndata:\n  LOG_LEVEL: debug\n",
    "terraform.atlasv1 is the middle of a token",
    "order 4920-1188-0021 of 2024-05-12, total 1,204.50",
    "build 20240512.3 of v1.0-rc2",
    "isbn 978-3-16-148410-0, ean 4006381333931",
    "licence: Apache-2.0 OR MIT"};

struct Tally {
  size_t texts = 0, fired = 0, found = 0;
  void Add(const Tally& other) {
    texts += other.texts;
    fired += other.fired;
    found += other.found;
  }
};

class Judge {
 public:
  Judge(std::shared_ptr<const Engine> engine, bool misses) : engine_(std::move(engine)), misses_(misses) {}

  // Whether anything that overlaps `value` (anything at all when it is empty) is found, and fires; of `only`
  // where that is a detector's name.
  void Look(const std::string& text, std::string_view value, bool expected, std::string_view only,
            Tally& tally) {
    findings_.clear();
    const bool scanned = engine_->Scan(text, scratch_, findings_);
    const size_t begin = value.empty() ? 0 : text.find(value);
    const size_t end = value.empty() ? text.size() : begin + value.size();
    bool found = false;
    bool fired = false;
    std::string_view name;
    const ir::Tables& tables = engine_->tables();
    for (const Finding& finding : findings_) {
      if (finding.begin >= end || finding.end <= begin) continue;
      const ir::Detector& detector = tables.detectors[finding.detector.value];
      if (!only.empty() && tables.Text(detector.name) != only) continue;
      found = true;
      fired = fired || finding.tier >= detector.firing;
      name = tables.Text(detector.name);
    }
    ++tally.texts;
    tally.found += found ? 1 : 0;
    tally.fired += fired ? 1 : 0;
    if (misses_ && fired != expected) {
      std::fprintf(stderr, "%s%s: %s\n", expected ? (found ? "only a shape " : "missed ") : "false ",
                   std::string(name).c_str(), text.c_str());
    }
    if (!scanned) std::fprintf(stderr, "not scanned: %s\n", text.c_str());
  }

 private:
  std::shared_ptr<const Engine> engine_;
  Scratch scratch_;
  std::vector<Finding> findings_;
  bool misses_;
};

// The same value too short; nothing where no part is long enough to be cut.
std::string DrawShort(std::string_view format, Random& random) {
  const std::string value = DrawValue(format, Draw::kShort, random);
  return value.size() < DrawValue(format, Draw::kRepeated, random).size() - 3 ? value : std::string();
}

// `each` true samples of a format, and as many false ones: too short, one character throughout, a reference
// instead of a value, and a value without its keyword. Too short for one provider and without its name, it is
// still a random value behind `token`, which is for `generic_secret`: there only the provider's detector
// counts.
void Try(const Json& format, size_t each, Random& random, Judge& judge, Tally& good, Tally& bad) {
  const std::string value_format = format["value"];
  const std::string detector = format["detector"];
  const bool keyed = format.contains("keyword");
  const std::string keyword = keyed ? std::string(format["keyword"]) : "";
  const size_t forms = keyed ? std::size(kAssignments) : std::size(kPlaces);
  const auto text_of = [&](size_t form, std::string_view value) {
    const std::string pattern(keyed ? kAssignments[form] : kPlaces[form]);
    return Replaced(keyed ? Replaced(pattern, "%k", keyword) : pattern, "%v", value);
  };
  for (size_t i = 0; i < each; ++i) {
    const std::string value = DrawValue(value_format, Draw::kRandom, random);
    const std::string short_value = DrawShort(value_format, random);
    judge.Look(text_of(i % forms, value), value, true, "", good);
    if (i % 4 == 0 && !short_value.empty()) {
      judge.Look(text_of(i % forms, short_value), "", false, detector, bad);
    } else if (i % 4 == 1) {
      judge.Look(text_of(i % forms, DrawValue(value_format, Draw::kRepeated, random)), "", false, "", bad);
    } else if (i % 4 == 2 && keyed) {
      judge.Look("the value " + value + " of " + std::to_string(i), "", false, detector, bad);
    } else if (i % 4 == 3) {
      judge.Look(text_of(i % forms, "${" + (keyed ? keyword : "SOME") + "_KEY}"), "", false, "", bad);
    }
  }
}

double Percent(size_t part, size_t whole) {
  return whole == 0 ? 0 : 100.0 * static_cast<double>(part) / static_cast<double>(whole);
}

int Run(size_t each, uint64_t seed, bool misses) {
  std::ifstream file(HPOL_SOURCE_DIR "/bench/secrets_formats.json");
  const Json formats = Json::parse(file, nullptr, /*allow_exceptions=*/false);
  if (!formats.is_array()) return 2;
  CompileOptions options;
  const Compilation compiled =
      CompileText("secrets",
                  "policy bench.secrets version \"1\"\nimport std.secrets\n"
                  "levels public < internal\nclassify { start at public when secrets.any "
                  "raise to internal }\nroute { otherwise deny \"no\" }\n",
                  options);
  if (!compiled.ok) {
    std::fprintf(stderr, "%s", compiled.report.c_str());
    return 2;
  }
  const Result<std::shared_ptr<const Engine>> engine = Engine::Make(compiled.program);
  if (!engine) return 2;
  Judge judge(*engine, misses);
  Random random(seed);
  std::map<std::string, std::pair<Tally, Tally>> rows;
  for (const Json& format : formats) {
    auto& [good, bad] = rows[format["detector"]];
    Try(format, each, random, judge, good, bad);
  }
  Tally all_good, all_bad, benign;
  std::printf("%-28s %7s %8s %8s %7s %8s\n", "detector", "true", "found %", "fires %", "false", "fires %");
  for (const auto& [name, row] : rows) {
    const auto& [good, bad] = row;
    all_good.Add(good);
    all_bad.Add(bad);
    std::printf("%-28s %7zu %8.1f %8.1f %7zu %8.1f\n", name.c_str(), good.texts,
                Percent(good.found, good.texts), Percent(good.fired, good.texts), bad.texts,
                Percent(bad.fired, bad.texts));
  }
  for (const std::string_view text : kBenign) judge.Look(std::string(text), "", false, "", benign);
  std::printf("%-28s %7zu %8.2f %8.2f %7zu %8.2f\n", "all", all_good.texts,
              Percent(all_good.found, all_good.texts), Percent(all_good.fired, all_good.texts), all_bad.texts,
              Percent(all_bad.fired, all_bad.texts));
  std::printf("false samples, found at any tier: %.2f %%\n", Percent(all_bad.found, all_bad.texts));
  std::printf("lines of code, logs and prose without a credential: %zu, fires in %zu, found in %zu\n",
              benign.texts, benign.fired, benign.found);
  const bool enough =
      Percent(all_good.fired, all_good.texts) >= 98.0 && Percent(all_bad.fired, all_bad.texts) <= 2.0;
  return enough ? 0 : 1;
}

}  // namespace
}  // namespace hpol::bench

int main(int argc, char** argv) {
  size_t each = 45;
  uint64_t seed = 1;
  bool misses = false;
  for (int i = 1; i < argc; ++i) {
    const std::string_view argument = argv[i];
    if (argument == "--misses") misses = true;
    if (argument == "--each" && i + 1 < argc) each = std::stoul(argv[++i]);
    if (argument == "--seed" && i + 1 < argc) seed = std::stoull(argv[++i]);
  }
  return hpol::bench::Run(each, seed, misses);
}
