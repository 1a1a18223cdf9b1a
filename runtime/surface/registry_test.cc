// The table as a whole: it covers the SDK, and whatever stands in any field is refused,
// declared unscannable, or inside a piece.
#include "runtime/surface/registry.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/surface/key_set.h"
#include "runtime/surface/surface.h"

namespace hpol::surface {
namespace {

using Strings = std::vector<std::string>;

Strings SdkPaths() {
  std::ifstream file("runtime/surface/sdk/openai_chat_6_49_0.txt");
  Strings paths;
  for (std::string line; std::getline(file, line);) paths.push_back(line);
  return paths;
}

// Steps of `a[].b`: "a", "[]", "b".
Strings Steps(std::string_view path) {
  Strings steps;
  while (!path.empty()) {
    if (path.starts_with('.')) path.remove_prefix(1);
    const size_t size = path.starts_with("[]") ? 2 : std::min(path.find_first_of(".["), path.size());
    steps.emplace_back(path.substr(0, size));
    path.remove_prefix(size);
  }
  return steps;
}

std::string_view Parent(std::string_view path) {
  if (path.ends_with("[]")) return path.substr(0, path.size() - 2);
  const size_t dot = path.rfind('.');
  return dot == std::string_view::npos ? "" : path.substr(0, dot);
}

const Row* FindRow(std::string_view path) {
  for (const Row& row : Registry::Of(Surface::kOpenAiChat)->rows()) {
    if (row.path == path) return &row;
  }
  return nullptr;
}

// Members that an object at `path` needs beside `except`, each with a comma behind.
std::string Required(const std::string& path, const std::string& except) {
  static const std::map<std::string, std::map<std::string, std::string>> needed = {
      {"", {{"model", R"("m")"}, {"messages", R"([{"role":"user"}])"}}},
      {"messages[]", {{"role", R"("user")"}}},
      {"messages[].content[]", {{"type", R"("text")"}}},
      {"prediction.content[]", {{"type", R"("text")"}}},
      {"tools[]", {{"type", R"("function")"}}},
      {"tool_choice.allowed_tools.tools[]", {{"type", R"("function")"}}},
  };
  std::string out;
  const auto found = needed.find(path);
  if (found == needed.end()) return out;
  for (const auto& [name, value] : found->second) {
    if (name != except) out += '"' + name + "\":" + value + ',';
  }
  return out;
}

// The smallest body that the registry would accept, with `value` at `path`.
std::string BodyWith(const Strings& steps, size_t at, const std::string& path, const std::string& value) {
  if (at == steps.size()) return value;
  const bool element = steps[at] == "[]";
  const std::string below = element ? path + "[]" : path.empty() ? steps[at] : path + "." + steps[at];
  const std::string inner = BodyWith(steps, at + 1, below, value);
  if (element) return "[" + inner + "]";
  return "{" + Required(path, steps[at]) + '"' + steps[at] + "\":" + inner + "}";
}

TEST(Registry, CoversTheSdk) {
  const Strings paths = SdkPaths();
  ASSERT_GE(paths.size(), 139u) << "run from the project's root";
  for (const std::string& path : paths) {
    const Row* row = FindRow(path);
    // A field that is refused or removed whole needs no rows for its members.
    for (std::string_view above = Parent(path); !row && !above.empty(); above = Parent(above)) {
      const Row* ancestor = FindRow(above);
      if (ancestor && (ancestor->rule == Rule::kRefuse || ancestor->rule == Rule::kRemove)) row = ancestor;
    }
    EXPECT_NE(row, nullptr) << path;
  }
}

TEST(Registry, RowsAreUniqueAndOrdered) {
  const auto& fields = Fields(Surface::kOpenAiChat);
  ASSERT_EQ(fields.size(), Registry::Of(Surface::kOpenAiChat)->rows().size());
  Strings paths;
  for (const Field& field : fields) {
    const std::string_view parent = Parent(field.path);
    EXPECT_TRUE(parent.empty() || std::find(paths.begin(), paths.end(), parent) != paths.end()) << field.path;
    paths.emplace_back(field.path);
  }
  std::sort(paths.begin(), paths.end());
  EXPECT_EQ(std::adjacent_find(paths.begin(), paths.end()), paths.end());
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

// What the classes promise, whoever edits the table.
TEST(Registry, ClassesAndRulesAgree) {
  for (const Row& row : Registry::Of(Surface::kOpenAiChat)->rows()) {
    const bool refused = row.rule == Rule::kRefuse;
    switch (row.field_class) {
      case Field::Class::kPlacement:
        EXPECT_TRUE(refused || row.rule == Rule::kModel) << row.path;
        break;
      case Field::Class::kStorage:
        EXPECT_TRUE(refused) << row.path;
        break;
      case Field::Class::kReference:
        EXPECT_TRUE(refused || row.type == Field::Type::kObject) << row.path;
        break;
      case Field::Class::kIdentity:
        EXPECT_EQ(row.rule, Rule::kRemove) << row.path;
        break;
      case Field::Class::kFetch:
        EXPECT_EQ(row.rule, Rule::kInlineUrl) << row.path;
        break;
      case Field::Class::kTool:
        EXPECT_TRUE(refused || row.rule == Rule::kOneOf || row.type != Field::Type::kString) << row.path;
        break;
      case Field::Class::kParameter:
        // A parameter is no place for free text.
        EXPECT_TRUE(row.type != Field::Type::kString || row.rule == Rule::kOneOf) << row.path;
        break;
      case Field::Class::kContent:
        EXPECT_FALSE(refused) << row.path;
        break;
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
  Strings paths = SdkPaths();
  for (const Field& field : Fields(Surface::kOpenAiChat)) paths.emplace_back(field.path);
  paths.emplace_back("nobody_knows_this");
  Content content;
  int accepted = 0;
  for (const std::string& path : paths) {
    for (const Canary& canary : canaries) {
      const std::string body = BodyWith(Steps(path), 0, "", canary.value);
      Walk(Surface::kOpenAiChat, body, content);
      ASSERT_NE(content.refusal.kind, RefusalKind::kMalformed) << body;
      if (content.refusal.kind != RefusalKind::kNone) continue;
      ++accepted;
      EXPECT_TRUE(Seen(body, content, canary.bytes)) << body;
    }
  }
  EXPECT_GT(accepted, 100);
}

TEST(Registry, TokenIdsAreNeverPassedAsScanned) {
  Content content;
  for (const Field& field : Fields(Surface::kOpenAiChat)) {
    for (const char* value : {"[13084,22195]", "[[13084,22195]]", R"({"13084":1,"22195":[7]})"}) {
      const std::string body = BodyWith(Steps(field.path), 0, "", value);
      Walk(Surface::kOpenAiChat, body, content);
      const bool schema = FindRow(field.path)->rule == Rule::kSchema;
      const bool removed = FindRow(field.path)->rule == Rule::kRemove;
      EXPECT_TRUE(content.refusal.kind != RefusalKind::kNone || content.unscanned ||
                  !content.unregistered.empty() || schema || removed)
          << body;
    }
  }
}

// What acts, at its plainest: must not pass in any form.
TEST(Registry, ActingFieldsAreRefusedOrRemoved) {
  Content content;
  for (const Row& row : Registry::Of(Surface::kOpenAiChat)->rows()) {
    if (row.rule != Rule::kRefuse && row.rule != Rule::kRemove) continue;
    for (const char* value :
         {"true", "false", "null", "0", "1", R"("")", R"("x")", "{}", "[]", R"({"a":1})", "[1]"}) {
      const std::string body = BodyWith(Steps(row.path), 0, "", value);
      Walk(Surface::kOpenAiChat, body, content);
      EXPECT_TRUE(content.refusal.kind != RefusalKind::kNone || content.patches.size() == 1) << body;
    }
  }
}

}  // namespace
}  // namespace hpol::surface
