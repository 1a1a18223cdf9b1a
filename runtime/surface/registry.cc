#include "runtime/surface/registry.h"

#include <charconv>
#include <cstdio>
#include <cstdlib>

#include "runtime/surface/key_set.h"

namespace hpol::surface {
namespace {

[[noreturn]] void Broken(std::string_view path, const char* why) {
  std::fprintf(stderr, "field registry: %.*s: %s\n", static_cast<int>(path.size()), path.data(), why);
  std::abort();
}

std::vector<std::string_view> Split(std::string_view text, std::string_view separators) {
  std::vector<std::string_view> parts;
  while (true) {
    const size_t begin = text.find_first_not_of(separators);
    if (begin == std::string_view::npos) return parts;
    text.remove_prefix(begin);
    const size_t end = text.find_first_of(separators);
    parts.push_back(text.substr(0, end));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end);
  }
}

uint64_t Hash(std::string_view key) {
  std::string buffer;
  return HashKey(key, buffer);
}

// For people who review the tables.
std::string_view Handling(Rule rule) {
  switch (rule) {
    case Rule::kScan:
      return "scanned";
    case Rule::kText:
      return "scanned as free text";
    case Rule::kFree:
      return "any JSON, scanned as free text";
    case Rule::kSchema:
      return "a JSON schema, scanned as free text";
    case Rule::kOneOf:
      return "one of";
    case Rule::kRange:
    case Rule::kInteger:
      return "within";
    case Rule::kTokens:
      return "scanned as free text; token ids are unscannable";
    case Rule::kUnscanned:
      return "unscannable: counts as the top label";
    case Rule::kInlineUrl:
      return "a data: URL; unscannable unless it holds text; any other is refused";
    case Rule::kRefuse:
      return "refused";
    case Rule::kRemove:
      return "scanned and taken out";
    case Rule::kForce:
      return "always sent as";
    case Rule::kSame:
      return "the same as";
    case Rule::kModel:
      return "replaced by the target's model";
    case Rule::kStream:
      return "passed on";
  }
  return "refused";
}

constexpr uint8_t kFirstForced = 0x40;

double Bound(const Row& row, std::string_view text) {
  double value = 0;
  const auto result = std::from_chars(text.data(), text.data() + text.size(), value);
  if (result.ec != std::errc() || result.ptr != text.data() + text.size()) Broken(row.path, "bad bound");
  return value;
}

}  // namespace

const Registry* Registry::Of(Surface surface) {
  switch (surface) {
    case Surface::kText:
      break;
    case Surface::kOpenAiChat: {
      static const Registry registry(
          {OpenAiChatRows(), OpenAiSamplingRows(), OpenServerRows(), ActingRows()});
      return &registry;
    }
    case Surface::kOpenAiResponses: {
      static const Registry registry({OpenAiResponsesRows(), ActingRows()});
      return &registry;
    }
    case Surface::kOpenAiCompletions: {
      static const Registry registry(
          {OpenAiCompletionsRows(), OpenAiSamplingRows(), OpenServerRows(), ActingRows()});
      return &registry;
    }
    case Surface::kOpenAiEmbeddings: {
      static const Registry registry({OpenAiEmbeddingsRows(), ActingRows()});
      return &registry;
    }
    case Surface::kAnthropicMessages: {
      static const Registry registry({AnthropicRows(), AnthropicMessagesRows(), ActingRows()});
      return &registry;
    }
    case Surface::kAnthropicCountTokens: {
      static const Registry registry({AnthropicRows(), ActingRows()});
      return &registry;
    }
    case Surface::kOllamaChat: {
      static const Registry registry({OllamaRows(), OllamaAnswerRows(), OllamaChatRows(), ActingRows()});
      return &registry;
    }
    case Surface::kOllamaGenerate: {
      static const Registry registry({OllamaRows(), OllamaAnswerRows(), OllamaGenerateRows(), ActingRows()});
      return &registry;
    }
    case Surface::kOllamaEmbed: {
      static const Registry registry({OllamaRows(), OllamaEmbedRows(), ActingRows()});
      return &registry;
    }
    case Surface::kBedrockConverse: {
      static const Registry registry({BedrockConverseRows()});
      return &registry;
    }
    case Surface::kDashScopeChat: {
      static const Registry registry({DashScopeChatRows()});
      return &registry;
    }
  }
  return nullptr;
}

Registry::Registry(std::initializer_list<std::span<const Row>> tables) {
  nodes_.emplace_back();
  parents_.push_back(-1);
  for (const std::span<const Row> table : tables) rows_.insert(rows_.end(), table.begin(), table.end());
  for (const Row& row : rows_) {
    Add(row);
    fields_.push_back({row.path, row.field_class, row.type, row.required, Handling(row.rule), row.spec});
  }
}

// The node of `row`, whose last step is new and whose other steps exist.
int32_t Registry::Add(const Row& row) {
  const int32_t id = static_cast<int32_t>(nodes_.size());
  int32_t parent = kRoot;
  std::string_view rest = row.path;
  Node made;
  made.row = &row;
  while (true) {
    const bool element = rest.starts_with("[]");
    const std::string_view step = element ? rest.substr(0, 2) : rest.substr(0, rest.find_first_of(".["));
    if (step.empty()) Broken(row.path, "an empty step");
    rest.remove_prefix(step.size());
    if (rest.starts_with('.')) rest.remove_prefix(1);
    const int32_t next = element ? node(parent).element : Find(parent, step, Hash(step)).id;
    if (!rest.empty()) {
      if (next < 0) Broken(row.path, "no row for its parent");
      parent = next;
      continue;
    }
    if (next >= 0) Broken(row.path, "two rows");
    Node& above = nodes_[static_cast<size_t>(parent)];
    if (element) {
      above.element = id;
    } else {
      made.name = step;
      above.has_children = true;
      children_.emplace(MixKey(Hash(step), static_cast<uint64_t>(parent)), id);
    }
    // Bits of required members come from below, those of forced ones from above.
    if (row.required) {
      made.required_bit = static_cast<uint8_t>(above.required_all + 1);
      if (made.required_bit >= kFirstForced) Broken(row.path, "too many required members");
      above.required_all = static_cast<uint8_t>(above.required_all | made.required_bit);
    }
    if (row.rule == Rule::kForce) {
      if (parent != kRoot || element) Broken(row.path, "only an outermost member can be forced");
      made.required_bit = static_cast<uint8_t>(kFirstForced << forced_.size());
      if (made.required_bit == 0) Broken(row.path, "too many forced members");
      forced_.push_back(id);
    }
    break;
  }
  if (row.rule == Rule::kSame) {
    made.same = NodeOf(row.spec);
    if (made.same < 0) Broken(row.path, "no row that it could be the same as");
  }
  if (row.rule == Rule::kOneOf || row.rule == Rule::kRefuse || row.rule == Rule::kForce)
    made.words = Split(row.spec, " ");
  if (row.rule == Rule::kRange || row.rule == Rule::kInteger) {
    const std::vector<std::string_view> bounds = Split(row.spec, " ");
    if (bounds.size() != 2) Broken(row.path, "two bounds are needed");
    made.low = Bound(row, bounds[0]);
    made.high = Bound(row, bounds[1]);
  }
  nodes_.push_back(std::move(made));
  parents_.push_back(parent);
  return id;
}

int32_t Registry::NodeOf(std::string_view path) const {
  for (size_t id = 1; id < nodes_.size(); ++id) {
    if (nodes_[id].row->path == path) return static_cast<int32_t>(id);
  }
  return -1;
}

Registry::Child Registry::Find(int32_t parent, std::string_view key, uint64_t key_hash) const {
  const auto found = children_.find(MixKey(key_hash, static_cast<uint64_t>(parent)));
  if (found == children_.end()) return {};
  return {found->second, node(found->second).name == key};
}

std::string_view Registry::RequiredName(int32_t parent, uint8_t bit) const {
  for (size_t id = 1; id < nodes_.size(); ++id) {
    if (parents_[id] == parent && (nodes_[id].required_bit & bit)) return nodes_[id].name;
  }
  return {};
}

}  // namespace hpol::surface
