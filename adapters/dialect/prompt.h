// The one form in which a request stands between two dialects: what is said to a model, and how it is to
// answer, without anybody's spelling. Images are kept; everything else is text. Private to this folder.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "hpol/engine.h"
#include "hpol/result.h"

namespace hpol::dialect {

// Keeps the order of members, so that a schema and tool arguments read as they were written.
using Json = nlohmann::ordered_json;

struct Part {
  enum class Kind : uint8_t { kText, kImage, kToolCall, kToolResult };
  Kind kind = Kind::kText;
  std::string text;    // an image: base64; a tool call: its arguments, the JSON of an object
  std::string id{};    // of tool call and result
  std::string name{};  // of the tool; an image: its media type
  bool failed = false;
};

enum class Role : uint8_t { kSystem, kUser, kAssistant };

// Results of tools stand in messages of kUser, alone or before what the user says.
struct Message {
  Role role = Role::kUser;
  std::vector<Part> parts;
};

struct Tool {
  std::string name, description;
  Json schema;  // null: no arguments
};

enum class ToolUse : uint8_t { kAuto, kNone, kRequired, kNamed };
enum class Form : uint8_t { kText, kJson, kSchema };

struct Prompt {
  std::vector<Message> messages;
  std::vector<Tool> tools;
  std::optional<ToolUse> tool_use;
  std::string tool_name;  // of kNamed
  std::optional<bool> parallel_tools;
  std::optional<int64_t> max_tokens, top_k, seed;
  std::optional<double> temperature, top_p, presence_penalty, frequency_penalty;
  std::vector<std::string> stop;
  Form form = Form::kText;
  std::string schema_name;
  Json schema;
  bool stream = false;
  bool usage_wanted = false;  // at the end of a stream
};

// One reader and one writer for each kind of body. A field that the form cannot hold, or that the target has
// no counterpart for, is an error that names it: nothing is left out silently but what only the caller's own
// provider could have used (user names, metadata, caching hints).
Result<Prompt> ReadPrompt(Surface surface, std::string_view body);
Result<std::string> WritePrompt(Surface surface, const Prompt& prompt, std::string_view model);

// The parts of the two above, by dialect. They throw Unsupported and nlohmann's exceptions.
struct Unsupported {
  std::string field;
};
Prompt ReadOpenAiChat(const Json& body);
Prompt ReadOpenAiResponses(const Json& body);
Prompt ReadAnthropic(const Json& body);
Prompt ReadOllamaChat(const Json& body);
Prompt ReadOllamaGenerate(const Json& body);
Json WriteOpenAiChat(const Prompt& prompt, std::string_view model);
Json WriteAnthropic(const Prompt& prompt, std::string_view model);
Json WriteOllamaChat(const Prompt& prompt, std::string_view model);
Json WriteBedrock(const Prompt& prompt);
Json WriteDashScope(const Prompt& prompt, std::string_view model);

// Members of one object that are looked at by name; what was not is unsupported.
class Members {
 public:
  // `path` is how errors call the object; empty: the whole body.
  Members(const Json& object, std::string path) : object_(object), path_(std::move(path)) {
    if (!object.is_object()) throw Unsupported{path_};
  }
  // The member, unless it is absent or null.
  const Json* Find(std::string_view name);
  const Json& Need(std::string_view name);
  std::string Text(std::string_view name);  // empty when absent
  template <typename T>
  void Take(std::string_view name, std::optional<T>& into) {
    if (const Json* const value = Find(name)) into = value->get<T>();
  }
  // These mean nothing at another provider.
  void Drop(std::initializer_list<std::string_view> names);
  // To be called last.
  void RefuseOthers() const;
  std::string Path(std::string_view name) const;

 private:
  const Json& object_;
  const std::string path_;
  std::vector<std::string_view> known_;
};

// Parses what somebody else wrote. Throws nlohmann's parse error, also for nesting that writing it out again
// would need too much stack for.
Json ParseShallow(std::string_view text);
inline constexpr size_t kMaxDepth = 128;

// Helpers that several dialects share.
Part TextPart(std::string text);
// `data:image/png;base64,…`
Part ImageOfUrl(const std::string& url, const std::string& path);
void TakeStop(const Json* value, std::vector<std::string>& into);
// The schema of a tool without arguments, where one must be given.
Json SchemaOf(const Tool& tool);
// What a tool was given, as the object it is; an empty one for no text.
Json Arguments(const Part& call);
// All text parts of a message, joined by empty lines; anything else is unsupported as `what`.
std::string PlainText(const Message& message, const char* what);
std::string JoinText(const std::string& before, const std::string& more);
// {"type":"function","function":{…}}: OpenAI, Ollama, DashScope.
Json FunctionTools(const Prompt& prompt);
std::vector<Tool> ReadFunctionTools(const Json& tools);

}  // namespace hpol::dialect
