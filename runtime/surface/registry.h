// The field registry of one surface (THREATS rule F): rows as reviewed by people, and the
// tree made of them that the walk follows. A field without a row is unregistered.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <span>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "runtime/surface/surface.h"

namespace hpol::surface {

// What the walk does with a value. Null is allowed where a row is not `required`; what is never
// forwarded is removed even when it is null.
enum class Rule : uint8_t {
  kScan,     // the type is checked; every string, key and long number is scanned
  kText,     // the same, and its strings are free text of the conversation (they join)
  kFree,     // any JSON inside: strings join, keys do not
  kSchema,   // the same, and a `$ref` must not point outside the document
  kOneOf,    // a string out of `spec`; behind `!` stands one that says that nobody can read what is beside it
  kRange,    // a number within `spec` = "low high"
  kInteger,  // the same, without fraction or exponent
  kTokens,   // as kText, and a number is a token id: nobody can read it here
  kUnscanned,  // nobody can read it here: sets Content::unscanned unless empty
  kInlineUrl,  // a `data:` URL, unscanned unless it is of text; any other is a fetch and is refused
  kRefuse,     // refused by class, except values in `spec`, which are removed
  kRemove,     // never goes upstream as written
  kForce,      // goes upstream as `spec`, also when it is absent; another value is refused. Outermost only
  kSame,       // the members of the row named by `spec`: trees that contain themselves
  kModel,      // the model asked for
  kStream,     // the client asks for a stream
};

struct Row {
  std::string_view path;
  Field::Class field_class;
  Field::Type type;
  Rule rule;
  std::string_view spec = {};  // words or two numbers, see Rule
  bool required = false;
};
inline constexpr bool kRequired = true;

// The tables themselves: fields_*.cc. Surfaces share tables.
std::span<const Row> ActingRows();  // of every surface
std::span<const Row> OpenAiChatRows();
std::span<const Row> OpenAiCompletionsRows();
std::span<const Row> OpenAiSamplingRows();  // of both
std::span<const Row> OpenServerRows();      // of both
std::span<const Row> OpenAiEmbeddingsRows();
std::span<const Row> OpenAiResponsesRows();
std::span<const Row> AnthropicRows();  // of messages and count_tokens
std::span<const Row> AnthropicMessagesRows();
std::span<const Row> OllamaRows();        // of all three
std::span<const Row> OllamaAnswerRows();  // of chat and generate
std::span<const Row> OllamaChatRows();
std::span<const Row> OllamaGenerateRows();
std::span<const Row> OllamaEmbedRows();
// fields_targets.cc
std::span<const Row> BedrockConverseRows();
std::span<const Row> DashScopeChatRows();

struct Node {
  const Row* row = nullptr;             // null: the root
  std::string_view name;                // last step of the path; empty for array elements
  int32_t element = -1;                 // node of the array's elements
  int32_t same = -1;                    // of kSame: the node whose members these are
  bool has_children = false;            // rows for members
  uint8_t required_bit = 0;             // bit of this node among its siblings' required ones
  uint8_t required_all = 0;             // bits that an object here must have
  std::vector<std::string_view> words;  // spec of kOneOf and kRefuse
  double low = 0, high = 0;             // spec of kRange and kInteger
};

class Registry {
 public:
  // Null for a surface that has no table: its bodies are refused.
  static const Registry* Of(Surface surface);

  // Every prefix of a path must have its own row before it. Aborts on tables that break this:
  // they are constants, and a test loads each.
  explicit Registry(std::initializer_list<std::span<const Row>> tables);

  static constexpr int32_t kRoot = 0;
  const Node& node(int32_t id) const { return nodes_[static_cast<size_t>(id)]; }

  struct Child {
    int32_t id = -1;       // -1: unregistered
    bool spelled = false;  // false with an id: equal to the registered name only after folding
  };
  // The member `key` (unescaped, with its HashKey) of an object at `parent`.
  Child Find(int32_t parent, std::string_view key, uint64_t key_hash) const;

  // Outermost members of kForce: seen when the bit of `required_bit` is set.
  const std::vector<int32_t>& forced() const { return forced_; }

  const std::vector<Field>& fields() const { return fields_; }
  const std::vector<Row>& rows() const { return rows_; }
  // The required member of `parent` with that bit, for messages.
  std::string_view RequiredName(int32_t parent, uint8_t bit) const;

 private:
  int32_t NodeOf(std::string_view path) const;
  int32_t Add(const Row& row);

  std::vector<Row> rows_;  // of all tables; what nodes_ points into
  std::vector<Node> nodes_;
  std::vector<int32_t> parents_;
  std::vector<Field> fields_;
  std::vector<int32_t> forced_;
  std::unordered_map<uint64_t, int32_t> children_;  // by MixKey(key hash, parent)
};

}  // namespace hpol::surface
