// What clients of chat completions, Ollama and Anthropic's Messages API are told; responses have a file of
// their own. The door is answer.h.
#include <ctime>

#include "adapters/dialect/answer.h"
#include "adapters/dialect/answer_responses.h"

namespace hpol::dialect {
namespace {

using Kind = Piece::Kind;

// Towards a client a usage that the target did not tell is zero: nobody counted.
int64_t Known(int64_t count) { return count < 0 ? 0 : count; }

Json OrNull(const std::string& text) { return text.empty() ? Json(nullptr) : Json(text); }

std::string Dump(const Json& value) {
  return value.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

class OpenAiWriter : public AnswerWriter {
 public:
  using AnswerWriter::AnswerWriter;

  std::string Whole(const std::vector<Piece>& pieces, const Usage& usage) override {
    const Said said = Gather(pieces);
    Json message = {{"role", "assistant"}, {"content", OrNull(said.text)}, {"refusal", OrNull(said.refusal)}};
    if (!said.thinking.empty()) message["reasoning_content"] = said.thinking;
    for (const Said::Call& call : said.calls) {
      const Json function = {{"name", call.name}, {"arguments", call.arguments}};
      message["tool_calls"].push_back({{"id", call.id}, {"type", "function"}, {"function", function}});
    }
    const Json choice = {
        {"index", 0}, {"message", message}, {"logprobs", nullptr}, {"finish_reason", Reason(said.stop)}};
    Json body = Frame("chat.completion", Json::array({choice}));
    body["usage"] = UsageOf(usage);
    return Dump(body);
  }

  void Begin(std::vector<http::Event>& events) override {
    Send({{"role", "assistant"}, {"content", ""}}, nullptr, events);
  }
  void Add(const Piece& piece, std::vector<http::Event>& events) override {
    switch (piece.kind) {
      case Kind::kText:
        return Send({{"content", piece.text}}, nullptr, events);
      case Kind::kThinking:
        return Send({{"reasoning_content", piece.text}}, nullptr, events);
      case Kind::kRefusal:
        return Send({{"refusal", piece.text}}, nullptr, events);
      case Kind::kToolBegin:
        ++call_;
        return SendCall({{"index", call_},
                         {"id", piece.id},
                         {"type", "function"},
                         {"function", {{"name", piece.name}, {"arguments", ""}}}},
                        events);
      case Kind::kToolArguments:
        return SendCall({{"index", call_}, {"function", {{"arguments", piece.text}}}}, events);
      case Kind::kStop:
        return Send(Json::object(), Reason(piece.stop), events);
    }
  }
  void End(const Usage& usage, std::vector<http::Event>& events) override {
    if (name_.usage_wanted) {
      Json body = Frame("chat.completion.chunk", Json::array());
      body["usage"] = UsageOf(usage);
      events.push_back({"", Dump(body)});
    }
    events.push_back({"", "[DONE]"});
  }

 private:
  static const char* Reason(Stop stop) {
    constexpr const char* kWords[] = {"stop", "length", "tool_calls", "content_filter"};
    return kWords[static_cast<size_t>(stop)];
  }
  static Json UsageOf(const Usage& usage) {
    const int64_t input = Known(usage.input);
    const int64_t output = Known(usage.output);
    return {{"prompt_tokens", input}, {"completion_tokens", output}, {"total_tokens", input + output}};
  }
  Json Frame(const char* object, Json choices) const {
    return {{"id", "chatcmpl-" + name_.id},
            {"object", object},
            {"created", name_.created},
            {"model", name_.model},
            {"choices", std::move(choices)}};
  }
  void Send(Json delta, const Json& reason, std::vector<http::Event>& events) const {
    const Json choice = {{"index", 0}, {"delta", std::move(delta)}, {"finish_reason", reason}};
    events.push_back({"", Dump(Frame("chat.completion.chunk", Json::array({choice})))});
  }
  void SendCall(Json call, std::vector<http::Event>& events) const {
    Json delta = Json::object();
    delta["tool_calls"] = Json::array({std::move(call)});
    Send(std::move(delta), nullptr, events);
  }
  int call_ = -1;
};

class AnthropicWriter : public AnswerWriter {
 public:
  using AnswerWriter::AnswerWriter;

  std::string Whole(const std::vector<Piece>& pieces, const Usage& usage) override {
    const Said said = Gather(pieces);
    Json content = Json::array();
    if (!said.thinking.empty()) {
      content.push_back({{"type", "thinking"}, {"thinking", said.thinking}, {"signature", ""}});
    }
    const std::string text = said.text + said.refusal;
    if (!text.empty()) content.push_back({{"type", "text"}, {"text", text}});
    for (const Said::Call& call : said.calls) {
      content.push_back(
          {{"type", "tool_use"}, {"id", call.id}, {"name", call.name}, {"input", ArgumentsOf(call)}});
    }
    Json body = Frame(std::move(content));
    body["stop_reason"] = Reason(said.stop);
    body["usage"] = UsageOf(usage);
    return Dump(body);
  }

  void Begin(std::vector<http::Event>& events) override {
    Json message = Frame(Json::array());
    message["usage"] = UsageOf({0, 0});
    Send("message_start", {{"message", std::move(message)}}, events);
  }
  void Add(const Piece& piece, std::vector<http::Event>& events) override {
    switch (piece.kind) {
      case Kind::kText:
      case Kind::kRefusal:
        Open(Kind::kText, {{"type", "text"}, {"text", ""}}, events);
        return Delta({{"type", "text_delta"}, {"text", piece.text}}, events);
      case Kind::kThinking:
        Open(Kind::kThinking, {{"type", "thinking"}, {"thinking", ""}, {"signature", ""}}, events);
        return Delta({{"type", "thinking_delta"}, {"thinking", piece.text}}, events);
      case Kind::kToolBegin:
        Close(events);
        return Open(Kind::kToolBegin,
                    {{"type", "tool_use"}, {"id", piece.id}, {"name", piece.name}, {"input", Json::object()}},
                    events);
      case Kind::kToolArguments:
        return Delta({{"type", "input_json_delta"}, {"partial_json", piece.text}}, events);
      case Kind::kStop:
        stop_ = piece.stop;
        return Close(events);
    }
  }
  void End(const Usage& usage, std::vector<http::Event>& events) override {
    Close(events);
    Json delta = {{"stop_reason", Reason(stop_)}, {"stop_sequence", nullptr}};
    Send("message_delta", {{"delta", std::move(delta)}, {"usage", UsageOf(usage)}}, events);
    Send("message_stop", Json::object(), events);
  }

 private:
  static const char* Reason(Stop stop) {
    constexpr const char* kWords[] = {"end_turn", "max_tokens", "tool_use", "refusal"};
    return kWords[static_cast<size_t>(stop)];
  }
  static Json UsageOf(const Usage& usage) {
    return {{"input_tokens", Known(usage.input)}, {"output_tokens", Known(usage.output)}};
  }
  Json Frame(Json content) const {
    return {{"id", "msg_" + name_.id},       {"type", "message"},
            {"role", "assistant"},           {"model", name_.model},
            {"content", std::move(content)}, {"stop_reason", nullptr},
            {"stop_sequence", nullptr}};
  }
  void Open(Kind kind, Json block, std::vector<http::Event>& events) {
    if (open_ && kind_ == kind && kind != Kind::kToolBegin) return;
    Close(events);
    kind_ = kind;
    open_ = true;
    Send("content_block_start", {{"index", index_}, {"content_block", std::move(block)}}, events);
  }
  void Close(std::vector<http::Event>& events) {
    if (!open_) return;
    open_ = false;
    Send("content_block_stop", {{"index", index_++}}, events);
  }
  void Delta(Json delta, std::vector<http::Event>& events) {
    if (open_) Send("content_block_delta", {{"index", index_}, {"delta", std::move(delta)}}, events);
  }
  static void Send(const char* type, const Json& more, std::vector<http::Event>& events) {
    Json body = {{"type", type}};
    body.update(more);
    events.push_back({type, Dump(body)});
  }

  bool open_ = false;
  Kind kind_ = Kind::kText;
  int index_ = 0;
  Stop stop_ = Stop::kEnd;
};

// Chat and generate, which differ in where the text stands.
class OllamaWriter : public AnswerWriter {
 public:
  OllamaWriter(AnswerName name, bool chat) : AnswerWriter(std::move(name)), chat_(chat) {}

  std::string Whole(const std::vector<Piece>& pieces, const Usage& usage) override {
    const Said said = Gather(pieces);
    Json body = Frame(said.text + said.refusal, said.thinking);
    for (const Said::Call& call : said.calls) AddCall(call, body);
    Finish(said.stop, usage, body);
    return Dump(body);
  }

  void Begin(std::vector<http::Event>&) override {}
  void Add(const Piece& piece, std::vector<http::Event>& events) override {
    switch (piece.kind) {
      case Kind::kText:
      case Kind::kRefusal:
        return Send(Frame(piece.text, ""), events);
      case Kind::kThinking:
        return Send(Frame("", piece.text), events);
      case Kind::kToolBegin:
        SendCall(events);
        call_ = {piece.id, piece.name, ""};
        return;
      case Kind::kToolArguments:
        call_.arguments += piece.text;
        return;
      case Kind::kStop:
        stop_ = piece.stop;
        return SendCall(events);
    }
  }
  void End(const Usage& usage, std::vector<http::Event>& events) override {
    SendCall(events);
    Json body = Frame("", "");
    Finish(stop_, usage, body);
    events.push_back({"", Dump(body)});
  }

 private:
  std::string Time() const {
    const auto seconds = static_cast<std::time_t>(name_.created);
    std::tm parts{};
    char text[32];
    ::gmtime_r(&seconds, &parts);
    std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts);
    return text;
  }
  Json Frame(const std::string& text, const std::string& thinking) const {
    Json body = {{"model", name_.model}, {"created_at", Time()}};
    if (chat_) {
      body["message"] = {{"role", "assistant"}, {"content", text}};
      if (!thinking.empty()) body["message"]["thinking"] = thinking;
    } else {
      body["response"] = text;
      if (!thinking.empty()) body["thinking"] = thinking;
    }
    body["done"] = false;
    return body;
  }
  static void AddCall(const Said::Call& call, Json& body) {
    Json function = {{"name", call.name}, {"arguments", ArgumentsOf(call)}};
    body["message"]["tool_calls"].push_back({{"function", std::move(function)}});
  }
  static void Finish(Stop stop, const Usage& usage, Json& body) {
    body["done"] = true;
    body["done_reason"] = stop == Stop::kLength ? "length" : "stop";
    body["total_duration"] = 0;
    body["prompt_eval_count"] = Known(usage.input);
    body["eval_count"] = Known(usage.output);
  }
  static void Send(const Json& body, std::vector<http::Event>& events) { events.push_back({"", Dump(body)}); }
  // This dialect has no pieces of calls: each is sent when it is whole.
  void SendCall(std::vector<http::Event>& events) {
    if (call_.name.empty()) return;
    Json body = Frame("", "");
    AddCall(call_, body);
    Send(body, events);
    call_ = {};
  }

  const bool chat_;
  Said::Call call_;
  Stop stop_ = Stop::kEnd;
};

}  // namespace

std::unique_ptr<AnswerWriter> MakeWriter(Surface surface, AnswerName name) {
  switch (surface) {
    case Surface::kOpenAiChat:
      return std::make_unique<OpenAiWriter>(std::move(name));
    case Surface::kOpenAiResponses:
      return MakeResponsesWriter(std::move(name));
    case Surface::kAnthropicMessages:
      return std::make_unique<AnthropicWriter>(std::move(name));
    case Surface::kOllamaChat:
    case Surface::kOllamaGenerate:
      return std::make_unique<OllamaWriter>(std::move(name), surface == Surface::kOllamaChat);
    default:
      return nullptr;
  }
}

}  // namespace hpol::dialect
