// The door is prompts.h.
#include "tests/surfaces/prompts.h"

#include <cstdint>
#include <cstdio>
#include <random>
#include <string_view>

namespace hpol::surface_tests {
namespace {

using Random = std::mt19937_64;  // its sequence is the standard's: the same everywhere

size_t Below(Random& random, size_t bound) { return random() % bound; }

template <size_t kSize>
std::string_view Pick(Random& random, const std::string_view (&words)[kSize]) {
  return words[Below(random, kSize)];
}

std::string Digits(Random& random, size_t count) {
  std::string digits;
  for (size_t i = 0; i < count; ++i) digits += static_cast<char>('0' + Below(random, 10));
  return digits;
}

std::string Ssn(Random& random) {
  char text[16];
  std::snprintf(text, sizeof text, "%03d-%02d-%04d", static_cast<int>(100 + Below(random, 500)),
                static_cast<int>(10 + Below(random, 80)), static_cast<int>(1000 + Below(random, 8000)));
  return text;
}

// Luhn's check digit makes it valid.
std::string Card(Random& random) {
  std::string card = "4539" + Digits(random, 11);
  int sum = 0;
  for (size_t i = 0; i < card.size(); ++i) {
    int digit = card[card.size() - 1 - i] - '0';
    if (i % 2 == 0) digit = digit * 2 > 9 ? digit * 2 - 9 : digit * 2;
    sum += digit;
  }
  card += static_cast<char>('0' + (10 - sum % 10) % 10);
  if (Below(random, 2) == 0) return card;
  return card.substr(0, 4) + " " + card.substr(4, 4) + " " + card.substr(8, 4) + " " + card.substr(12);
}

// ISO 13616: the country's letters as numbers, modulo 97.
std::string Iban(Random& random) {
  const std::string account = Digits(random, 18);
  const std::string all = account + "131400";  // D, E, 00
  int rest = 0;
  for (const char c : all) rest = (rest * 10 + (c - '0')) % 97;
  char check[4];
  std::snprintf(check, sizeof check, "%02d", 98 - rest);
  return "DE" + std::string(check) + account;
}

// The form of a personal access token of GitHub.
std::string Secret(Random& random) {
  constexpr std::string_view kAlphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  std::string key = "ghp_";
  for (int i = 0; i < 36; ++i) key += kAlphabet[Below(random, kAlphabet.size())];
  return key;
}

constexpr std::string_view kNames[] = {"jane.roe", "li.wei", "o.brien", "m-schmidt", "ana_lopez"};
constexpr std::string_view kHosts[] = {"example.net", "mail.example.org", "corp.example.com"};
std::string Email(Random& random) {
  return std::string(Pick(random, kNames)) + std::to_string(Below(random, 1000)) + "@" +
         std::string(Pick(random, kHosts));
}

// Around a value: quotes, line ends and characters that JSON escapes or that take several bytes.
constexpr std::string_view kBefore[] = {"please write to ",
                                        "she said \"call\" and gave ",
                                        "line one\nline two: ",
                                        "path C:\\temp\\x has ",
                                        "请回复 ",
                                        "émile notes: ",
                                        "🙂 hello, here is ",
                                        "tab\there: ",
                                        "<b>see</b> ",
                                        ""};
constexpr std::string_view kAfter[] = {"",    " thanks.", "\nregards", " \"quoted\"", "。谢谢",
                                       " 🙂", " – done",  " (urgent)", " \\end"};
constexpr std::string_view kHarmless[] = {"write a slogan for our spring sale",
                                          "translate \"good morning\" into French",
                                          "为春季促销写一句标语",
                                          "explain quicksort in two lines",
                                          "a haiku about rain\nplease",
                                          "what is 17 times 3?"};

Prompt Make(Random& random) {
  const auto around = [&](const std::string& value) {
    const std::string before(Pick(random, kBefore));
    return before + value + std::string(Pick(random, kAfter));
  };
  switch (Below(random, 9)) {
    case 0:
      return {around("my ssn is " + Ssn(random)), 2};
    case 1:
      return {around("card " + Card(random)), 2};
    case 2:
      return {around("IBAN " + Iban(random)), 2};
    case 3:
      return {around("key " + Secret(random)), 2};
    case 4:
      return {around(Email(random)), 1};
    case 5:
      return {around("Project Nightjar"), 1};
    case 6:
      return {around("employee E-" + Digits(random, 5) + "7"), 1};
    case 7: {
      const std::string first = Email(random);
      return {around(first + " and again " + first + ", then " + Email(random)), 1};
    }
    default:
      return {around(std::string(Pick(random, kHarmless))), 0};
  }
}

}  // namespace

std::vector<Prompt> MakePrompts(size_t count) {
  Random random(20260731);
  std::vector<Prompt> prompts;
  while (prompts.size() < count) prompts.push_back(Make(random));
  return prompts;
}

}  // namespace hpol::surface_tests
