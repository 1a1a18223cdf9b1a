// Every example in a README compiles. A fence ```hpol is a whole policy or pack and must
// give no diagnostic at all; ```hpol fragment must parse.
#include <gtest/gtest.h>

#include <filesystem>

#include "dsl/diag/render.h"
#include "runtime/detect/validators.h"
#include "tests/golden/stages.h"

namespace hpol {
namespace {

namespace fs = std::filesystem;

struct Example {
  std::string place;  // FILE:LINE of the fence
  bool fragment = false;
  std::string text;
};

std::vector<Example> ExamplesIn(const fs::path& path) {
  const std::optional<std::string> text = golden::ReadFile(path.string());
  EXPECT_TRUE(text) << path;
  std::vector<Example> examples;
  std::istringstream in(text.value_or(""));
  bool inside = false;
  size_t number = 0;
  for (std::string line; std::getline(in, line);) {
    ++number;
    if (!inside && line.starts_with("```hpol")) {
      EXPECT_TRUE(line == "```hpol" || line == "```hpol fragment") << path << ":" << number << ": " << line;
      examples.push_back({path.string() + ":" + std::to_string(number), line == "```hpol fragment", ""});
      inside = true;
    } else if (inside && line == "```") {
      inside = false;
    } else if (inside) {
      examples.back().text += line + "\n";
    }
  }
  EXPECT_FALSE(inside) << path << ": the last fence is not closed";
  return examples;
}

// The README of the root and of every folder that has source.
std::vector<fs::path> Readmes() {
  std::vector<fs::path> paths = {"README.md"};
  for (const char* root : {"dsl", "compiler", "runtime", "adapters", "policies", "bench", "tests"}) {
    if (!fs::exists(root)) continue;
    for (auto it = fs::recursive_directory_iterator(root); it != fs::recursive_directory_iterator(); ++it) {
      if (it->path().filename() == "node_modules") it.disable_recursion_pending();
      if (it->path().filename() == "README.md") paths.push_back(it->path());
    }
  }
  return paths;
}

TEST(Readme, EveryExampleCompiles) {
  size_t whole = 0;
  size_t fragments = 0;
  for (const fs::path& path : Readmes()) {
    for (const Example& example : ExamplesIn(path)) {
      ++(example.fragment ? fragments : whole);
      dsl::SourceMap sources;
      dsl::Diagnostics diagnostics;
      const dsl::FileId file = sources.Add(example.place, example.text);
      const char* stage = example.fragment ? "parse" : "check";
      ASSERT_TRUE(golden::RunStage(stage, path.parent_path().string(), sources, file, diagnostics));
      EXPECT_TRUE(diagnostics.all().empty()) << dsl::RenderTerminal(diagnostics, sources);
    }
  }
  // A reference without examples would pass for the wrong reason.
  EXPECT_GE(whole, 1u);
  EXPECT_GE(fragments, 9u);
}

TEST(Readme, TheReferenceListsEveryValidator) {
  const std::string reference = golden::ReadFile("dsl/README.md").value_or("");
  const std::vector<detect::Validator>& validators = detect::Validators();
  for (size_t i = 1; i < validators.size(); ++i) {
    const std::string row =
        "| `" + std::string(validators[i].name) + "` | " + std::string(validators[i].standard) + " |";
    EXPECT_NE(reference.find(row), std::string::npos) << "dsl/README.md lacks the row\n" << row;
  }
}

}  // namespace
}  // namespace hpol
