// Once warm, nothing is allocated for a text of any kind: scanned, decided on as text and as a JSON body, and
// in a stream. operator new is counted for this whole program, with compiled code and the standard packs.
#include <gtest/gtest.h>

#include <cstdlib>
#include <new>
#include <string>
#include <vector>

#include "hpol/compile.h"
#include "hpol/stream.h"

namespace {
size_t allocations = 0;
}  // namespace

// Not inlined: an optimizer that sees only one of the pair warns about a mismatch.
[[gnu::noinline]] void* operator new(size_t size) {
  ++allocations;
  if (void* memory = std::malloc(size != 0 ? size : 1)) return memory;
  throw std::bad_alloc();
}
[[gnu::noinline]] void operator delete(void* memory) noexcept { std::free(memory); }
[[gnu::noinline]] void operator delete(void* memory, size_t) noexcept { std::free(memory); }

namespace hpol {
namespace {

constexpr char kPolicy[] =
    "policy allocations version \"1\"\nimport std.pii\nimport std.secrets\nlevels public < internal\n"
    "detector codename { words \"Nightjar\", \"夜鹰计划\" ignoring case near \"project\" not near "
    "\"example\" }\n"
    "classify {\n  start at public\n  when pii.any or secrets.any or codename  raise to internal\n}\n"
    "route { when count(email) > 2  deny \"many\" otherwise deny \"a test\" }\n";

std::shared_ptr<const Engine> TestEngine() {
  static const std::shared_ptr<const Engine> engine = [] {
    const Compilation compilation = CompileText("allocations.hpol", kPolicy);
    EXPECT_TRUE(compilation.ok) << compilation.report;
    return *Engine::Make(compilation.program, "a key");
  }();
  return engine;
}

struct Kind {
  const char* name;
  std::string text;
};

// "my ssn is 536-22-8145, mail jane@example.net" in many forms.
std::vector<Kind> Kinds() {
  const std::string plain = "my ssn is 536-22-8145, mail jane@example.net";
  std::string prose;
  for (int i = 0; i < 60; ++i)
    prose += "Please write to " + plain + " about project Nightjar, or ssn 536228145. ";
  std::vector<Kind> kinds = {
      {"plain", plain},
      {"prose", prose},
      {"no finding", std::string(4000, '.') + " nothing to see in this one. "},
      {"full width", "５３６-２２-８１４５"},
      {"spelled out", "\\u0035\\u0033\\u0036-22-8145 and 夜鹰计划 project"},
      {"tag characters", "536-22-814\xf3\xa0\x80\xb5"},
      {"wider", "5③6**-**22-8145 and 536<b>-</b>22-8145"},
      {"percent", "%35%33%36%2d22-8145"},
      {"entities", "&#53;&#x33;6&nbsp;22 8145"},
      {"quoted-printable", "=35=33=36=2D22-81=\n45"},
      {"hexadecimal",
       "6d792073736e206973203533362d32322d383134352c206d61696c206a616e65406578616d706c652e6e6574"},
      {"list", "109,121,32,115,115,110,32,105,115,32,53,51,54,45,50,50,45,56,49,52,53,44,32,109"},
      {"base64", "bXkgc3NuIGlzIDUzNi0yMi04MTQ1LCBtYWlsIGphbmVAZXhhbXBsZS5uZXQ="},
      {"base64 twice", "YlhrZ2MzTnVJR2x6SURVek5pMHlNaTA0TVRRMUxDQnRZV2xzSUdwaGJtVkFaWGhoYlhCc1pTNXVaWFE9"},
      {"base64 in lines", "bXkgc3NuIGlzIDUz\nNi0yMi04MTQ1LCBt\nYWlsIGphbmVAZXhh\nbXBsZS5uZXQ="},
      {"base32", "NV4SA43TNYQGS4ZAGUZTMLJSGIWTQMJUGUWCA3LBNFWCA2TBNZSUAZLYMFWXA3DFFZXGK5A="},
      {"gzip", "H4sIAAAAAAACA8utVCguzlPILFYwNTbTNTLStTA0MdVRyE3MzFHISsxLdUitSMwtyEnVy0stAQChe5mSLAAAAA=="},
      {"unreadable", ""},
      {"no UTF-8", "\xff\xfe 536-22-8145 \xc3"}};
  std::string& unreadable = kinds[kinds.size() - 2].text;
  for (uint32_t i = 0, state = 1; i < 3000; ++i) {
    state = state * 1664525 + 1013904223;
    unreadable += "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"[state >> 26];
  }
  std::string all;
  for (const Kind& kind : kinds) all += kind.text + " and then, as I said, ";
  kinds.push_back({"all of them", all});
  return kinds;
}

std::string Chat(const std::string& text) {
  std::string body =
      R"({"model":"m","messages":[{"role":"system","content":"be nice"},{"role":"user","content":")";
  for (const char c : text) {
    if (c == '\n') {
      body += "\\n";
    } else {
      if (c == '"' || c == '\\') body += '\\';
      body += c;
    }
  }
  return body + R"("},{"role":"user","content":"bye 工 \u5de5"}]})";
}

TEST(Allocations, ScanOfAnyTextOnceWarm) {
  Scratch scratch;
  std::vector<Finding> findings;
  const std::vector<Kind> kinds = Kinds();
  for (int round = 0; round < 3; ++round) {
    for (const Kind& kind : kinds) {
      const size_t before = allocations;
      ASSERT_TRUE(TestEngine()->Scan(kind.text, scratch, findings)) << kind.name;
      if (round == 2) {
        EXPECT_EQ(allocations - before, 0u) << kind.name;
      }
      if (round == 2 && kind.text.size() < 300) {
        EXPECT_FALSE(findings.empty()) << kind.name;
      }
    }
  }
}

TEST(Allocations, DecisionOnAnyBodyOnceWarm) {
  Scratch scratch;
  std::vector<Kind> kinds = Kinds();
  const size_t texts = kinds.size();
  for (size_t i = 0; i < texts; ++i) kinds.push_back({kinds[i].name, Chat(kinds[i].text)});
  for (int round = 0; round < 3; ++round) {
    for (size_t i = 0; i < kinds.size(); ++i) {
      const Surface surface = i < texts ? Surface::kText : Surface::kOpenAiChat;
      const size_t before = allocations;
      const Decision& decision = TestEngine()->Decide({surface, kinds[i].text, {}, false}, scratch);
      // A refused body says why, in words of its own.
      if (decision.cause() == DenyCause::kBody) continue;
      if (round == 2) {
        EXPECT_EQ(allocations - before, 0u) << kinds[i].name << " " << i;
      }
      if (kinds[i].name == std::string("unreadable")) {
        EXPECT_TRUE(decision.unscanned());
      }
    }
  }
}

TEST(Allocations, StreamOfAnyTextOnceWarm) {
  StreamScanner scanner(TestEngine());
  std::vector<Finding> findings;
  const std::vector<Kind> kinds = Kinds();
  for (const size_t chunk : {size_t{1}, size_t{7}, size_t{256}, size_t{100'000}}) {
    for (int round = 0; round < 3; ++round) {
      for (const Kind& kind : kinds) {
        findings.clear();
        scanner.Reset();
        const size_t before = allocations;
        for (size_t at = 0; at < kind.text.size(); at += chunk) {
          ASSERT_TRUE(scanner.Feed(std::string_view(kind.text).substr(at, chunk), findings));
        }
        ASSERT_TRUE(scanner.Finish(findings));
        if (round == 2) {
          EXPECT_EQ(allocations - before, 0u) << kind.name << " in chunks of " << chunk;
        }
      }
    }
  }
}

}  // namespace
}  // namespace hpol
