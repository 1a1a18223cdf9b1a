// What targets say, as pieces: one reader for each dialect. The door is answer.h.
#include <algorithm>

#include "adapters/dialect/answer.h"

namespace hpol::dialect {
namespace {

using Kind = Piece::Kind;

// The member as text; empty when it is absent or null.
std::string Text(const Json& object, const char* name) {
  const auto found = object.find(name);
  return found == object.end() || found->is_null() ? std::string() : found->get<std::string>();
}

const Json* Find(const Json& object, const char* name) {
  const auto found = object.find(name);
  return found == object.end() || found->is_null() ? nullptr : &*found;
}

void TakeCount(const Json& object, const char* name, int64_t& into) {
  if (const Json* const value = Find(object, name)) into = value->get<int64_t>();
}

void Say(Kind kind, std::string text, std::vector<Piece>& pieces) {
  if (!text.empty()) pieces.push_back({kind, std::move(text)});
}

void SayCall(std::string id, std::string name, std::string arguments, std::vector<Piece>& pieces) {
  pieces.push_back({Kind::kToolBegin, "", std::move(id), std::move(name)});
  Say(Kind::kToolArguments, std::move(arguments), pieces);
}

void SayStop(Stop stop, std::vector<Piece>& pieces) { pieces.push_back({.kind = Kind::kStop, .stop = stop}); }

// OpenAI's words, which Ollama and DashScope use as well.
Stop StopOf(const std::string& reason) {
  if (reason == "length" || reason == "max_tokens") return Stop::kLength;
  if (reason == "tool_calls" || reason == "function_call") return Stop::kToolCalls;
  if (reason == "content_filter") return Stop::kFiltered;
  return Stop::kEnd;
}

// Chat completions, and what DashScope puts into its `output`. Servers differ: some send the whole call at
// once, some leave out ids, indices, or the name after the first piece.
class ChoiceReader {
 public:
  void Read(const Json& choice, const char* message_name, std::vector<Piece>& pieces) {
    if (const Json* const message = Find(choice, message_name)) ReadMessage(*message, pieces);
    const std::string reason = Text(choice, "finish_reason");
    if (!reason.empty() && reason != "null" && !stopped_) {
      stopped_ = true;
      // Some servers say `stop` after calls.
      const Stop stop = StopOf(reason);
      SayStop(stop == Stop::kEnd && open_ >= 0 ? Stop::kToolCalls : stop, pieces);
    }
  }

 private:
  void ReadMessage(const Json& message, std::vector<Piece>& pieces) {
    Say(Kind::kThinking, Text(message, "reasoning_content"), pieces);
    if (const Json* const content = Find(message, "content")) {
      if (content->is_string()) {
        Say(Kind::kText, content->get<std::string>(), pieces);
      } else {
        if (!content->is_array()) throw Unsupported{"content"};
        for (const Json& part : *content) Say(Kind::kText, Text(part, "text"), pieces);
      }
    }
    Say(Kind::kRefusal, Text(message, "refusal"), pieces);
    if (const Json* const calls = Find(message, "tool_calls")) {
      int64_t place = 0;
      for (const Json& call : *calls) ReadCall(call, place++, pieces);
    }
  }

  void ReadCall(const Json& call, int64_t place, std::vector<Piece>& pieces) {
    int64_t index = place;
    TakeCount(call, "index", index);
    const Json* const function = Find(call, "function");
    const std::string id = Text(call, "id");
    if (index != open_) {
      // Calls come one after the other; who goes back to an earlier one is not understood.
      if (index < open_ || function == nullptr) throw Unsupported{"tool_calls"};
      open_ = index;
      const std::string made = "call_" + std::to_string(index + 1);
      pieces.push_back({Kind::kToolBegin, "", id.empty() ? made : id, Text(*function, "name")});
    }
    if (function != nullptr) Say(Kind::kToolArguments, Text(*function, "arguments"), pieces);
  }

  int64_t open_ = -1;
  bool stopped_ = false;
};

class OpenAiReader : public AnswerReader {
 public:
  void Whole(const Json& body, std::vector<Piece>& pieces) override {
    const Json& choices = body.at("choices");
    choice_.Read(choices.at(0), "message", pieces);
    Common(body);
  }
  void Event(const http::Event& event, std::vector<Piece>& pieces) override {
    if (event.data == "[DONE]") {
      ended_ = true;
      return;
    }
    const Json body = ParseShallow(event.data);
    if (Find(body, "error") != nullptr) {
      failed_ = true;
      return;
    }
    const Json& choices = body.at("choices");
    if (!choices.empty()) choice_.Read(choices.at(0), "delta", pieces);
    Common(body);
  }

 private:
  void Common(const Json& body) {
    if (model_.empty()) model_ = Text(body, "model");
    if (const Json* const usage = Find(body, "usage")) {
      TakeCount(*usage, "prompt_tokens", usage_.input);
      TakeCount(*usage, "completion_tokens", usage_.output);
    }
  }
  ChoiceReader choice_;
};

Stop AnthropicStop(const std::string& reason) {
  if (reason == "max_tokens" || reason == "model_context_window_exceeded") return Stop::kLength;
  if (reason == "tool_use") return Stop::kToolCalls;
  if (reason == "refusal") return Stop::kFiltered;
  return Stop::kEnd;
}

class AnthropicReader : public AnswerReader {
 public:
  void Whole(const Json& body, std::vector<Piece>& pieces) override {
    if (Text(body, "type") != "message") throw Unsupported{"type"};
    model_ = Text(body, "model");
    for (const Json& block : body.at("content")) {
      const std::string type = Text(block, "type");
      if (type == "text") Say(Kind::kText, Text(block, "text"), pieces);
      if (type == "thinking") Say(Kind::kThinking, Text(block, "thinking"), pieces);
      if (type == "tool_use")
        SayCall(Text(block, "id"), Text(block, "name"), block.at("input").dump(), pieces);
    }
    if (const Json* const usage = Find(body, "usage")) Count(*usage);
    SayStop(AnthropicStop(Text(body, "stop_reason")), pieces);
  }
  void Event(const http::Event& event, std::vector<Piece>& pieces) override {
    const Json body = ParseShallow(event.data);
    const std::string type = Text(body, "type");
    if (type == "message_start") {
      const Json& message = body.at("message");
      model_ = Text(message, "model");
      if (const Json* const usage = Find(message, "usage")) Count(*usage);
    } else if (type == "content_block_start") {
      const Json& block = body.at("content_block");
      if (Text(block, "type") == "tool_use") {
        pieces.push_back({Kind::kToolBegin, "", Text(block, "id"), Text(block, "name")});
      }
      Say(Kind::kText, Text(block, "text"), pieces);
    } else if (type == "content_block_delta") {
      const Json& delta = body.at("delta");
      Say(Kind::kText, Text(delta, "text"), pieces);
      Say(Kind::kThinking, Text(delta, "thinking"), pieces);
      Say(Kind::kToolArguments, Text(delta, "partial_json"), pieces);
    } else if (type == "message_delta") {
      if (const Json* const usage = Find(body, "usage")) Count(*usage);
      const std::string reason = Text(body.at("delta"), "stop_reason");
      if (!reason.empty()) SayStop(AnthropicStop(reason), pieces);
    } else if (type == "message_stop") {
      ended_ = true;
    } else if (type != "content_block_stop" && type != "ping") {
      failed_ = true;  // `error`, or nothing that this API says
    }
  }

 private:
  void Count(const Json& usage) {
    TakeCount(usage, "input_tokens", usage_.input);
    TakeCount(usage, "output_tokens", usage_.output);
  }
};

class OllamaReader : public AnswerReader {
 public:
  void Whole(const Json& body, std::vector<Piece>& pieces) override { Read(body, pieces); }
  void Event(const http::Event& event, std::vector<Piece>& pieces) override {
    Read(ParseShallow(event.data), pieces);
  }

 private:
  void Read(const Json& body, std::vector<Piece>& pieces) {
    if (Find(body, "error") != nullptr) {
      failed_ = true;
      return;
    }
    if (model_.empty()) model_ = Text(body, "model");
    if (const Json* const message = Find(body, "message")) {
      Say(Kind::kThinking, Text(*message, "thinking"), pieces);
      Say(Kind::kText, Text(*message, "content"), pieces);
      if (const Json* const calls = Find(*message, "tool_calls")) {
        for (const Json& call : *calls) {
          const Json& function = call.at("function");
          const std::string id = "call_" + std::to_string(++calls_);
          SayCall(id, Text(function, "name"), function.at("arguments").dump(), pieces);
        }
      }
    }
    if (!body.at("done").get<bool>()) return;
    ended_ = true;
    TakeCount(body, "prompt_eval_count", usage_.input);
    TakeCount(body, "eval_count", usage_.output);
    const Stop stop = StopOf(Text(body, "done_reason"));
    SayStop(stop == Stop::kEnd && calls_ > 0 ? Stop::kToolCalls : stop, pieces);
  }
  int calls_ = 0;
};

Stop BedrockStop(const std::string& reason) {
  if (reason == "max_tokens" || reason == "model_context_window_exceeded") return Stop::kLength;
  if (reason == "tool_use") return Stop::kToolCalls;
  if (reason == "guardrail_intervened" || reason == "content_filtered") return Stop::kFiltered;
  return Stop::kEnd;
}

// Events come as AWS event messages: the name is `:event-type`, the data its JSON.
class BedrockReader : public AnswerReader {
 public:
  void Whole(const Json& body, std::vector<Piece>& pieces) override {
    for (const Json& block : body.at("output").at("message").at("content")) {
      Say(Kind::kText, Text(block, "text"), pieces);
      Think(block, pieces);
      if (const Json* const use = Find(block, "toolUse")) {
        SayCall(Text(*use, "toolUseId"), Text(*use, "name"), use->at("input").dump(), pieces);
      }
    }
    if (const Json* const usage = Find(body, "usage")) Count(*usage);
    SayStop(BedrockStop(Text(body, "stopReason")), pieces);
  }
  void Event(const http::Event& event, std::vector<Piece>& pieces) override {
    const Json body = ParseShallow(event.data);
    if (event.name == "contentBlockStart") {
      if (const Json* const start = Find(body, "start")) {
        if (const Json* const use = Find(*start, "toolUse")) {
          pieces.push_back({Kind::kToolBegin, "", Text(*use, "toolUseId"), Text(*use, "name")});
        }
      }
    } else if (event.name == "contentBlockDelta") {
      const Json& delta = body.at("delta");
      Say(Kind::kText, Text(delta, "text"), pieces);
      Think(delta, pieces);
      if (const Json* const use = Find(delta, "toolUse"))
        Say(Kind::kToolArguments, Text(*use, "input"), pieces);
    } else if (event.name == "messageStop") {
      SayStop(BedrockStop(Text(body, "stopReason")), pieces);
    } else if (event.name == "metadata") {
      if (const Json* const usage = Find(body, "usage")) Count(*usage);
      ended_ = true;
    } else if (event.name != "messageStart" && event.name != "contentBlockStop") {
      failed_ = true;  // an exception, or nothing that this API says
    }
  }

 private:
  static void Think(const Json& block, std::vector<Piece>& pieces) {
    const Json* const reasoning = Find(block, "reasoningContent");
    if (reasoning == nullptr) return;
    const Json* const whole = Find(*reasoning, "reasoningText");
    Say(Kind::kThinking, Text(whole != nullptr ? *whole : *reasoning, "text"), pieces);
  }
  void Count(const Json& usage) {
    TakeCount(usage, "inputTokens", usage_.input);
    TakeCount(usage, "outputTokens", usage_.output);
  }
};

class DashScopeReader : public AnswerReader {
 public:
  void Whole(const Json& body, std::vector<Piece>& pieces) override {
    choice_.Read(body.at("output").at("choices").at(0), "message", pieces);
    Count(body);
  }
  void Event(const http::Event& event, std::vector<Piece>& pieces) override {
    const Json body = ParseShallow(event.data);
    if (event.name == "error" || Find(body, "output") == nullptr) {
      failed_ = true;
      return;
    }
    choice_.Read(body.at("output").at("choices").at(0), "message", pieces);
    Count(body);
    // There is no event for the end: the last one is that with a reason.
    ended_ = std::ranges::any_of(pieces, [](const Piece& piece) { return piece.kind == Kind::kStop; });
  }

 private:
  void Count(const Json& body) {
    if (const Json* const usage = Find(body, "usage")) {
      TakeCount(*usage, "input_tokens", usage_.input);
      TakeCount(*usage, "output_tokens", usage_.output);
    }
  }
  ChoiceReader choice_;
};

}  // namespace

std::unique_ptr<AnswerReader> MakeReader(Surface surface) {
  switch (surface) {
    case Surface::kOpenAiChat:
      return std::make_unique<OpenAiReader>();
    case Surface::kAnthropicMessages:
      return std::make_unique<AnthropicReader>();
    case Surface::kOllamaChat:
      return std::make_unique<OllamaReader>();
    case Surface::kBedrockConverse:
      return std::make_unique<BedrockReader>();
    case Surface::kDashScopeChat:
      return std::make_unique<DashScopeReader>();
    default:
      return nullptr;
  }
}

Said Gather(const std::vector<Piece>& pieces) {
  Said said;
  for (const Piece& piece : pieces) {
    switch (piece.kind) {
      case Kind::kText:
        said.text += piece.text;
        break;
      case Kind::kThinking:
        said.thinking += piece.text;
        break;
      case Kind::kRefusal:
        said.refusal += piece.text;
        break;
      case Kind::kToolBegin:
        said.calls.push_back({piece.id, piece.name, ""});
        break;
      case Kind::kToolArguments:
        if (!said.calls.empty()) said.calls.back().arguments += piece.text;
        break;
      case Kind::kStop:
        said.stop = piece.stop;
        break;
    }
  }
  return said;
}

Json ArgumentsOf(const Said::Call& call) {
  if (call.arguments.empty()) return Json::object();
  try {
    Json arguments = ParseShallow(call.arguments);
    if (arguments.is_object()) return arguments;
  } catch (const Unsupported&) {
    return Json::object();
  } catch (const nlohmann::json::exception&) {
    return Json::object();
  }
  return Json::object();
}

}  // namespace hpol::dialect
