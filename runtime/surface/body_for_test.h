// Bodies made from the registry, for tests: the smallest one that has a given value at a given path.
// Nothing of the product links this.
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/surface/registry.h"

namespace hpol::surface {

using Strings = std::vector<std::string>;

// All that have fields.
inline constexpr std::array kSurfaces = {
    Surface::kOpenAiChat,       Surface::kOpenAiResponses,   Surface::kOpenAiCompletions,
    Surface::kOpenAiEmbeddings, Surface::kAnthropicMessages, Surface::kAnthropicCountTokens,
    Surface::kOllamaChat,       Surface::kOllamaGenerate,    Surface::kOllamaEmbed,
};

const std::vector<Row>& RowsOf(Surface surface);

// The request fields of the pinned SDK, as sdk/list_all.sh made them. Empty unless the test runs in the
// project's root.
Strings SdkPaths(Surface surface);
// Those, every row, and a field that nobody knows.
Strings AllPaths(Surface surface);

// `a` of `a.b` and of `a[]`.
std::string_view Parent(std::string_view path);

// The row that decides on what stands at a path, as the walk finds it.
struct Found {
  const Row* row = nullptr;  // of the last step that has one
  std::string rest;          // the first step that has none; empty: all have
};
Found Resolve(Surface surface, std::string_view path);

// The smallest body that the registry would accept, with `value` (JSON) at `path`.
std::string BodyWith(Surface surface, std::string_view path, const std::string& value);

}  // namespace hpol::surface
