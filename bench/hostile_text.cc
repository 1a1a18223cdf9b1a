#include "bench/hostile_text.h"

#include <random>
#include <utility>

namespace hpol::bench {
namespace {

std::string Repeat(const std::string& piece, size_t size) {
  std::string text;
  while (text.size() < size) text += piece;
  text.resize(size);
  return text;
}

// `run` for 4 KB, then `end`, again and again: as long as a match may be, and just not one.
std::string LongRuns(const std::string& run, const std::string& end, size_t size) {
  return Repeat(Repeat(run, 4096 - end.size()) + end, size);
}

// Bytes drawn from `alphabet`, a fixed seed.
std::string Random(const std::string& alphabet, uint32_t seed, size_t size) {
  std::mt19937 random(seed);
  std::string text(size, ' ');
  for (char& c : text) c = alphabet[random() % alphabet.size()];
  return text;
}

// Beginnings of words that a list is likely to have, each wrong in its last letter.
std::string NearWords(size_t size) {
  std::string text;
  for (size_t i = 0; text.size() < size; ++i) {
    static const char* const kWords[] = {"passwork", "passwore", "secret_kez",
                                         "api_kex",  "projecs",  "confidentiak"};
    text += kWords[i % 6];
    text += i % 7 == 0 ? '\n' : ' ';
  }
  text.resize(size);
  return text;
}

}  // namespace

std::vector<HostileText> HostileTexts(size_t size) {
  std::vector<HostileText> all;
  const auto add = [&](std::string name, std::string aim, std::string text) {
    all.push_back({std::move(name), std::move(aim), std::move(text)});
  };
  add("digits", "every number detector starts at every digit", Repeat("0123456789", size));
  add("ones", "digit classes that never break", Repeat("1", size));
  add("letters", "names of mailboxes that never end", Repeat("abcdefghijklmnopqrstuvwxyz", size));
  add("a_at", "mailboxes without a domain", Repeat("a@", size));
  add("base64", "tokens and keys",
      Random("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/", 3, size));
  add("mailbox_per_4k", "every dot starts a mailbox; its sign stands 4 KB later", LongRuns("a.", "@", size));
  add("domain_per_4k", "a domain of labels that never ends in letters", LongRuns("x@1.", " ", size));
  add("domain_rejected", "a domain whose every end a validator may reject", LongRuns("cc.", " x@y.", size));
  add("mailbox_rejected", "every dot starts a mailbox; each of many ends is turned down for its two dots",
      LongRuns(
          "a..a..a..a..a..a..a..a..a..a..a..a@b.xn--a-a-a-a-a-a-a-a-a-a-a-a-a-a-a-a-a-a-a-a-a-a-a-a-a-a ",
          " ", size));
  add("mailbox_no_end", "mailboxes as long as may be before a sign that nothing follows",
      Repeat("a.b-c.d-e.f-g.h-i.j-k.l-m.n-o.p-q.r-s.t-u.v-w.x-y.z-a.b-c.d-e@", size));
  add("jwt_starts", "the beginning of a token inside a token, again and again", Repeat("eyJ-", size));
  add("jwt_two_parts", "two parts of a token, then no third", LongRuns("eyJabcdefgh.", "!", size));
  add("url_user", "a user that never becomes a password", Repeat("http://a:b", size));
  add("url_nested", "schemes inside users", Repeat("ssh://ftp://a", size));
  add("url_password", "a password as long as may be, no sign behind it",
      Repeat("ftp://u:" + std::string(120, 'p') + " ", size));
  add("url_hosts", "a host of many labels, started anew at every scheme", Repeat("ssh://u:ppp@a-b.", size));
  add("key_values", "keys with values one byte too short", Repeat("password=\"abcdefg ", size));
  add("digit_groups", "cards and phones with separators, checksums wrong",
      Repeat("4111 1111-1111 1112 ", size));
  add("digit_groups_long", "one group after another without an end", Repeat("12-34 ", size));
  add("phone_plus", "international numbers", Repeat("+1 ", size));
  add("iban_long", "account numbers whose every shorter end is tried",
      Repeat("DE44500105175407324930X", size));
  add("hex_colons", "addresses of machines", Repeat("a:", size));
  add("hex_groups", "identifiers in groups of eight and four", Repeat("01234567-89ab-", size));
  add("dots", "addresses of four numbers", Repeat("1.", size));
  add("near_words", "words that differ in their last letter", NearWords(size));
  add("pem", "beginnings of keys", Repeat("-----BEGIN ", size));
  add("pem_open", "keys that begin and never end, each inside the one before",
      Repeat("-----BEGIN RSA PRIVATE KEY-----\nMIIE-x\n", size));
  add("random_ascii", "new states of the combined automaton",
      Random("abcdefghijklmnopqrstuvwxyzABCDEF0123456789 .,:;-_/@+=\"'()\n", 5, size));
  return all;
}

}  // namespace hpol::bench
