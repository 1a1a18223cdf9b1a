// For each field of each SDK and each row of each registry: something confidential there never leaves for
// an untrusted zone, in whatever form it stands there.
#include <gtest/gtest.h>

#include "runtime/surface/body_for_test.h"
#include "runtime/surface/surface.h"
#include "tests/surfaces/desk.h"

namespace hpol::surface_tests {
namespace {

using surface::kSurfaces;

struct Canary {
  const char* value;  // JSON
  const char* bytes;  // must not leave
};
constexpr Canary kCanaries[] = {
    {R"("my ssn is 536-22-8145")", "536-22-8145"},
    {R"({"ssn 536-22-8145":"x"})", "536-22-8145"},
    {R"(["ssn 536-22-8145"])", "536-22-8145"},
    {R"({"a":[{"b":"ssn 536-22-8145"}]})", "536-22-8145"},
    {R"({"type":"text","text":"ssn 536-22-8145"})", "536-22-8145"},
    {R"([{"type":"text","text":"ssn 536-22-8145"}])", "536-22-8145"},
    {R"("{\"ssn\":\"536\\u002d22-8145\"}")", "22-8145"},                       // JSON in a string
    {R"("data:text/plain;base64,bXkgc3NuIGlzIDUzNi0yMi04MTQ1")", "bXkgc3Nu"},  // the same in base64
    {"4539578763621486", "4539578763621486"},
    {"[4539578763621486]", "4539578763621486"},
    {R"({"a":4539578763621486})", "4539578763621486"},
};

bool Leaves(Desk& desk, Surface surface, const std::string& body, const char* bytes) {
  desk.Decide(surface, body);
  for (const Desk::Sent& sent : desk.Render()) {
    if (sent.untrusted && sent.body.find(bytes) != std::string::npos) return true;
  }
  return false;
}

TEST(Canaries, NoFieldTakesThemToAnUntrustedZone) {
  Desk desk;
  for (const Surface surface : kSurfaces) {
    size_t sent = 0;
    for (const std::string& path : surface::AllPaths(surface)) {
      for (const Canary& canary : kCanaries) {
        const std::string body = surface::BodyWith(surface, path, canary.value);
        ASSERT_FALSE(Leaves(desk, surface, body, canary.bytes)) << SurfaceName(surface) << " " << body;
        for (const Desk::Sent& one : desk.Render()) sent += one.body.empty() ? 0 : 1;
      }
    }
    EXPECT_GT(sent, 100u) << SurfaceName(surface) << ": most are not simply refused";
  }
}

// The numbers stand for "my ssn is …" in a tokenizer: only a target that may see anything gets them.
TEST(Canaries, TokenIdsStayWithTrustedTargets) {
  Desk desk;
  for (const Surface surface : kSurfaces) {
    for (const std::string& path : surface::AllPaths(surface)) {
      const surface::Found found = surface::Resolve(surface, path);
      // A list of numbers in a schema is one of its values; what is taken out goes nowhere.
      if (found.row &&
          (found.row->rule == surface::Rule::kSchema || found.row->rule == surface::Rule::kRemove))
        continue;
      for (const char* value : {"[13084,22195,79552]", "[[13084,22195,79552]]"}) {
        const std::string body = surface::BodyWith(surface, path, value);
        ASSERT_FALSE(Leaves(desk, surface, body, "13084")) << SurfaceName(surface) << " " << body;
      }
    }
  }
}

// The same desk does send harmless text to the cloud: otherwise all of this would prove nothing.
TEST(Canaries, HarmlessTextDoesLeave) {
  Desk desk;
  for (const Surface surface : kSurfaces) {
    size_t texts = 0;
    for (const surface::Row& row : surface::RowsOf(surface)) {
      if (row.rule != surface::Rule::kText || !surface::Has(row.type, surface::Field::Type::kString))
        continue;
      ++texts;
      const std::string body = surface::BodyWith(surface, row.path, R"("a slogan for spring")");
      const bool opaque = body.find("base64") != std::string::npos;
      EXPECT_NE(Leaves(desk, surface, body, "a slogan for spring"), opaque)
          << SurfaceName(surface) << " " << body;
    }
    EXPECT_GT(texts, 0u);
  }
}

}  // namespace
}  // namespace hpol::surface_tests
