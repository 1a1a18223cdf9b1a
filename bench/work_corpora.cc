#include "bench/work_corpora.h"

#include <filesystem>
#include <set>
#include <utility>

#include "bench/hostile_text.h"
#include "bench/text.h"

namespace hpol::bench {
namespace {

constexpr size_t kOwnBytes = size_t{4} << 20;  // of ordinary prose, of each size
constexpr size_t kHostileBytes = 16384;        // of one hostile prompt

Corpus Make(std::string name, std::vector<std::string> prompts, bool hostile) {
  Corpus corpus{std::move(name), std::move(prompts), hostile, 0};
  for (const std::string& prompt : corpus.prompts) corpus.bytes += prompt.size();
  return corpus;
}

// Words of eight letters, always the same.
std::string RandomWord(uint32_t& random) {
  std::string word;
  for (int letter = 0; letter < 8; ++letter) {
    random = random * 1664525 + 1013904223;
    word += static_cast<char>('a' + (random >> 24) % 26);
  }
  return word;
}

}  // namespace

SharedWork OwnWork() {
  SharedWork work;
  work.patterns = {
      {"email", R"(\b[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+\.[A-Za-z]{2,24}\b)"},
      {"ssn", R"(\b[0-9]{3}-[0-9]{2}-[0-9]{4}\b)"},
      {"card", R"(\b[0-9](?:[ -]?[0-9]){12,18}\b)"},
      {"phone", R"(\+[1-9][0-9 .()-]{6,18}[0-9]\b)"},
      {"ipv4", R"(\b[0-9]{1,3}(?:\.[0-9]{1,3}){3}\b)"},
      {"iban", R"(\b[A-Z]{2}[0-9]{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,4})?\b)"},
      {"mac", R"(\b(?:[0-9A-Fa-f]{2}:){5}[0-9A-Fa-f]{2}\b)"},
      {"born", R"((?i)\bborn(?: on)?[: ]{1,3}[0-9]{1,2}[/.-][0-9]{1,2}[/.-][0-9]{4}\b)"},
      {"aws", R"(\bAKIA[A-Z0-9]{16}\b)"},
      {"jwt", R"(\beyJ[A-Za-z0-9_-]{8,}\.eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,})"},
      {"private_key", R"(-----BEGIN (?:RSA |EC )?PRIVATE KEY-----)"},
      {"password", R"((?i)\bpassword["']?[ \t]{0,2}[:=][ \t]{0,2}["']?[A-Za-z0-9_/+.=-]{8,64})"},
      {"url_user", R"((?i)\b(?:https?|ftp|ssh)://[^ \t\r\n:/@]{1,32}:[^ \t\r\n:/@]{1,32}@[A-Za-z0-9.-]+)"},
      {"uuid", R"(\b[0-9A-Fa-f]{8}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{12}\b)"},
  };
  uint32_t random = 1;
  for (int i = 0; i < 500; ++i) work.words.push_back(RandomWord(random));
  return work;
}

std::vector<Corpus> OwnCorpora() {
  std::vector<Corpus> corpora;
  const std::string text = NaturalText(kOwnBytes);
  for (const size_t size : {256, 2048, 16384}) {
    std::vector<std::string> prompts;
    for (size_t at = 0; at + size <= text.size(); at += size) prompts.push_back(text.substr(at, size));
    corpora.push_back(Make("own_" + std::to_string(size), std::move(prompts), false));
  }
  for (Corpus& hostile : HostileOf({}, kHostileBytes)) corpora.push_back(std::move(hostile));
  return corpora;
}

std::vector<Corpus> ReadCorpora(const std::vector<std::string>& paths) {
  std::vector<Corpus> corpora;
  for (const std::string& path : paths) {
    const std::string name = std::filesystem::path(path).stem().string();
    corpora.push_back(Make(name, ReadPrompts(path), name.starts_with("adv_")));
  }
  return corpora;
}

std::vector<Corpus> HostileOf(const std::vector<Corpus>& corpora, size_t size) {
  std::vector<Corpus> all;
  std::set<std::string> names;
  for (HostileText& family : HostileTexts(size)) {
    names.insert(family.name);
    all.push_back(Make(family.name, {std::move(family.text)}, true));
  }
  for (const Corpus& corpus : corpora) {
    if (!corpus.hostile || corpus.bytes == 0 || names.contains(corpus.name)) continue;
    std::string text;
    for (size_t i = 0; text.size() < size; ++i) text += corpus.prompts[i % corpus.prompts.size()];
    text.resize(size);
    all.push_back(Make(corpus.name, {std::move(text)}, true));
  }
  return all;
}

}  // namespace hpol::bench
