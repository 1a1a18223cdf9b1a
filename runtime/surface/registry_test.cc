// The table as a whole: it covers the SDK, and whatever stands in any field is refused,
// declared unscannable, or inside a piece.
#include "runtime/surface/registry.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/surface/body_for_test.h"
#include "runtime/surface/key_set.h"
#include "runtime/surface/surface.h"

namespace hpol::surface {
namespace {

// Whatever stands below such a row, the row decides on all of it.
bool CoversAll(const Row& row, const std::string& step) {
  switch (row.rule) {
    case Rule::kRefuse:
    case Rule::kRemove:
    case Rule::kFree:
    case Rule::kSchema:
    case Rule::kUnscanned:
      return true;
    default:
      return !Has(row.type, step == "[]" ? Field::Type::kArray : Field::Type::kObject);
  }
}

TEST(Registry, CoversTheSdks) {
  for (const Surface surface : kSurfaces) {
    const Strings paths = SdkPaths(surface);
    ASSERT_GE(paths.size(), 7u) << SurfaceName(surface) << ": run from the project's root";
    for (const std::string& path : paths) {
      const Found found = Resolve(surface, path);
      EXPECT_TRUE(found.row && (found.rest.empty() || CoversAll(*found.row, found.rest)))
          << SurfaceName(surface) << " " << path;
    }
  }
}

TEST(Registry, RowsAreUniqueAndOrdered) {
  for (const Surface surface : kSurfaces) {
    const auto& fields = Fields(surface);
    ASSERT_EQ(fields.size(), RowsOf(surface).size());
    Strings paths;
    for (const Field& field : fields) {
      const std::string_view parent = Parent(field.path);
      EXPECT_TRUE(parent.empty() || std::find(paths.begin(), paths.end(), parent) != paths.end())
          << field.path;
      paths.emplace_back(field.path);
    }
    std::sort(paths.begin(), paths.end());
    EXPECT_EQ(std::adjacent_find(paths.begin(), paths.end()), paths.end());
  }
  EXPECT_TRUE(Fields(Surface::kText).empty());
}

TEST(Registry, FindIsExactButNoticesCase) {
  const Registry& registry = *Registry::Of(Surface::kOpenAiChat);
  const auto find = [&](std::string_view key) {
    std::string buffer;
    return registry.Find(Registry::kRoot, key, HashKey(key, buffer));
  };
  EXPECT_TRUE(find("tools").spelled);
  EXPECT_GE(find("TOOLS").id, 0);
  EXPECT_FALSE(find("TOOLS").spelled);
  EXPECT_EQ(find("tool").id, -1);
  EXPECT_EQ(find("role").id, -1);  // a member of messages[] only
}

// What the classes promise, whoever edits the tables.
TEST(Registry, ClassesAndRulesAgree) {
  for (const Surface surface : kSurfaces) {
    for (const Row& row : RowsOf(surface)) {
      const bool refused = row.rule == Rule::kRefuse;
      const bool kept_back = refused || row.rule == Rule::kRemove || row.rule == Rule::kForce;
      switch (row.field_class) {
        case Field::Class::kPlacement:
          EXPECT_TRUE(kept_back || row.rule == Rule::kModel) << row.path;
          break;
        case Field::Class::kStorage:
          EXPECT_TRUE(kept_back) << row.path;
          break;
        case Field::Class::kReference:
          EXPECT_TRUE(refused || row.type == Field::Type::kObject) << row.path;
          break;
        case Field::Class::kIdentity:
          EXPECT_EQ(row.rule, Rule::kRemove) << row.path;
          break;
        case Field::Class::kFetch:
          EXPECT_TRUE(row.rule == Rule::kInlineUrl || row.rule == Rule::kOneOf) << row.path;
          break;
        case Field::Class::kTool:
          EXPECT_TRUE(refused || row.rule == Rule::kOneOf || row.type != Field::Type::kString) << row.path;
          break;
        case Field::Class::kParameter:
          // A parameter is no place for free text.
          EXPECT_TRUE(!Has(row.type, Field::Type::kString) || row.rule == Rule::kOneOf) << row.path;
          break;
        case Field::Class::kContent:
          EXPECT_FALSE(refused) << row.path;
          break;
      }
    }
  }
}

struct Canary {
  const char* value;
  const char* bytes;  // must be inside one piece
};

bool Seen(const std::string& body, const Content& content, std::string_view bytes) {
  for (const Piece& piece : content.pieces) {
    const std::string_view text = std::string_view(body).substr(piece.begin, piece.end - piece.begin);
    if (text.find(bytes) != std::string_view::npos) return true;
  }
  return false;
}

TEST(Registry, NoFieldHidesACanary) {
  const Canary canaries[] = {
      {R"("canary 536-22-8145")", "canary 536-22-8145"},
      {R"({"canary 536-22-8145":1})", "canary 536-22-8145"},
      {R"({"a":{"b":["canary 536-22-8145"]}})", "canary 536-22-8145"},
      {R"(["canary 536-22-8145"])", "canary 536-22-8145"},
      {"5362281459", "5362281459"},
      {"5.362281459e2", "5.362281459e2"},
      {"[5362281459]", "5362281459"},
      {"1.5362281459", "1.5362281459"},
  };
  Content content;
  for (const Surface surface : kSurfaces) {
    int accepted = 0;
    for (const std::string& path : AllPaths(surface)) {
      for (const Canary& canary : canaries) {
        const std::string body = BodyWith(surface, path, canary.value);
        Walk(surface, body, content);
        ASSERT_NE(content.refusal.kind, RefusalKind::kMalformed) << body;
        if (content.refusal.kind != RefusalKind::kNone) continue;
        ++accepted;
        EXPECT_TRUE(Seen(body, content, canary.bytes)) << body;
      }
    }
    EXPECT_GT(accepted, 30) << SurfaceName(surface);
  }
}

// Every field takes an ordinary value: otherwise the canaries would prove nothing.
TEST(Registry, ContentIsAcceptedSomewhere) {
  Content content;
  for (const Surface surface : kSurfaces) {
    for (const Row& row : RowsOf(surface)) {
      if (row.rule != Rule::kText || !Has(row.type, Field::Type::kString)) continue;
      const std::string body = BodyWith(surface, row.path, R"("canary 536-22-8145")");
      Walk(surface, body, content);
      EXPECT_EQ(content.refusal.kind, RefusalKind::kNone)
          << SurfaceName(surface) << " " << body << " " << content.refusal.field << " "
          << content.refusal.message;
    }
  }
}

TEST(Registry, TokenIdsAreNeverPassedAsScanned) {
  Content content;
  for (const Surface surface : kSurfaces) {
    for (const std::string& path : AllPaths(surface)) {
      for (const char* value : {"[13084,22195]", "[[13084,22195]]", R"({"13084":1,"22195":[7]})"}) {
        const std::string body = BodyWith(surface, path, value);
        Walk(surface, body, content);
        const Found found = Resolve(surface, path);
        const Rule rule = found.row ? found.row->rule : Rule::kScan;
        EXPECT_TRUE(content.refusal.kind != RefusalKind::kNone || content.unscanned ||
                    !content.unregistered.empty() || rule == Rule::kSchema || rule == Rule::kRemove)
            << SurfaceName(surface) << " " << body;
      }
    }
  }
}

// What acts, at its plainest: must not pass in any form.
TEST(Registry, ActingFieldsAreRefusedOrRemoved) {
  Content content;
  for (const Surface surface : kSurfaces) {
    const size_t forced = Registry::Of(surface)->forced().size();
    for (const Row& row : RowsOf(surface)) {
      if (row.rule != Rule::kRefuse && row.rule != Rule::kRemove) continue;
      for (const char* value :
           {"true", "false", "null", "0", "1", R"("")", R"("x")", "{}", "[]", R"({"a":1})", "[1]"}) {
        const std::string body = BodyWith(surface, row.path, value);
        Walk(surface, body, content);
        EXPECT_TRUE(content.refusal.kind != RefusalKind::kNone || content.patches.size() == 1 + forced)
            << body;
      }
    }
  }
}

}  // namespace
}  // namespace hpol::surface
