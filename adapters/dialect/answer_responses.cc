// Answers for clients of OpenAI's responses: output items, and a stream in which every event has a number.
#include "adapters/dialect/answer_responses.h"

namespace hpol::dialect {
namespace {

using Kind = Piece::Kind;

std::string Dump(const Json& value) {
  return value.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

class ResponsesWriter : public AnswerWriter {
 public:
  using AnswerWriter::AnswerWriter;

  std::string Whole(const std::vector<Piece>& pieces, const Usage& usage) override {
    std::vector<http::Event> dropped;
    for (const Piece& piece : pieces) Add(piece, dropped);
    CloseItem(dropped);
    return Dump(Response(usage));
  }

  void Begin(std::vector<http::Event>& events) override {
    const Json response = Frame("in_progress");
    Send("response.created", {{"response", response}}, events);
    Send("response.in_progress", {{"response", response}}, events);
  }

  void Add(const Piece& piece, std::vector<http::Event>& events) override {
    switch (piece.kind) {
      case Kind::kText:
        OpenText(Kind::kText, events);
        return AddText("response.output_text.delta", piece.text, events);
      case Kind::kRefusal:
        OpenText(Kind::kRefusal, events);
        return AddText("response.refusal.delta", piece.text, events);
      case Kind::kThinking:
        return;  // a summary here is an item that only its own provider can continue from
      case Kind::kToolBegin:
        CloseItem(events);
        return OpenCall(piece, events);
      case Kind::kToolArguments:
        if (!open_ || kind_ != Kind::kToolBegin) return;
        text_ += piece.text;
        return Send("response.function_call_arguments.delta",
                    {{"item_id", ItemId()}, {"output_index", output_.size()}, {"delta", piece.text}}, events);
      case Kind::kStop:
        stop_ = piece.stop;
        return CloseItem(events);
    }
  }

  void End(const Usage& usage, std::vector<http::Event>& events) override {
    CloseItem(events);
    const Json response = Response(usage);
    Send(response["status"] == "completed" ? "response.completed" : "response.incomplete",
         {{"response", response}}, events);
  }

 private:
  Json Frame(const char* status) const {
    return {{"id", "resp_" + name_.id}, {"object", "response"},    {"created_at", name_.created},
            {"status", status},         {"error", nullptr},        {"incomplete_details", nullptr},
            {"model", name_.model},     {"output", Json::array()}, {"parallel_tool_calls", true},
            {"tool_choice", "auto"},    {"tools", Json::array()},  {"store", false},
            {"usage", nullptr}};
  }
  Json Response(const Usage& usage) const {
    const bool cut = stop_ == Stop::kLength || stop_ == Stop::kFiltered;
    Json response = Frame(cut ? "incomplete" : "completed");
    if (cut) {
      response["incomplete_details"] = {
          {"reason", stop_ == Stop::kLength ? "max_output_tokens" : "content_filter"}};
    }
    response["output"] = output_;
    const int64_t input = usage.input < 0 ? 0 : usage.input;
    const int64_t output = usage.output < 0 ? 0 : usage.output;
    response["usage"] = {{"input_tokens", input},
                         {"input_tokens_details", {{"cached_tokens", 0}}},
                         {"output_tokens", output},
                         {"output_tokens_details", {{"reasoning_tokens", 0}}},
                         {"total_tokens", input + output}};
    return response;
  }
  std::string ItemId() const {
    return (kind_ == Kind::kToolBegin ? "fc_" : "msg_") + name_.id + std::to_string(output_.size());
  }
  Json PartOf(const std::string& text) const {
    if (kind_ == Kind::kRefusal) return {{"type", "refusal"}, {"refusal", text}};
    return {
        {"type", "output_text"}, {"text", text}, {"annotations", Json::array()}, {"logprobs", Json::array()}};
  }
  Json ItemOf(const char* status) const {
    if (kind_ == Kind::kToolBegin) {
      return {{"id", ItemId()},      {"type", "function_call"}, {"status", status},
              {"call_id", call_.id}, {"name", call_.name},      {"arguments", text_}};
    }
    Json content = Json::array();
    if (!text_.empty()) content.push_back(PartOf(text_));
    return {{"id", ItemId()},
            {"type", "message"},
            {"status", status},
            {"role", "assistant"},
            {"content", content}};
  }

  void Open(Kind kind, std::vector<http::Event>& events) {
    kind_ = kind;
    open_ = true;
    text_.clear();
    Send("response.output_item.added", {{"output_index", output_.size()}, {"item", ItemOf("in_progress")}},
         events);
  }
  void OpenText(Kind kind, std::vector<http::Event>& events) {
    if (open_ && kind_ == kind) return;
    CloseItem(events);
    Open(kind, events);
    Send("response.content_part.added", Place({{"part", PartOf("")}}), events);
  }
  void OpenCall(const Piece& piece, std::vector<http::Event>& events) {
    call_ = piece;
    Open(Kind::kToolBegin, events);
  }
  void AddText(const char* type, const std::string& text, std::vector<http::Event>& events) {
    text_ += text;
    Json more = {{"delta", text}};
    if (kind_ == Kind::kText) more["logprobs"] = Json::array();
    Send(type, Place(std::move(more)), events);
  }
  void CloseItem(std::vector<http::Event>& events) {
    if (!open_) return;
    if (kind_ == Kind::kToolBegin) {
      if (text_.empty()) text_ = "{}";
      Send("response.function_call_arguments.done",
           {{"item_id", ItemId()}, {"output_index", output_.size()}, {"arguments", text_}}, events);
    } else {
      Json done = kind_ == Kind::kText ? Json{{"text", text_}, {"logprobs", Json::array()}}
                                       : Json{{"refusal", text_}, {"type", "refusal"}};
      done.erase("type");
      Send(kind_ == Kind::kText ? "response.output_text.done" : "response.refusal.done",
           Place(std::move(done)), events);
      Send("response.content_part.done", Place({{"part", PartOf(text_)}}), events);
    }
    Json item = ItemOf("completed");
    Send("response.output_item.done", {{"output_index", output_.size()}, {"item", item}}, events);
    output_.push_back(std::move(item));
    open_ = false;
  }
  // Where in the response a part stands; every item has one.
  Json Place(Json more) const {
    Json place = {{"item_id", ItemId()}, {"output_index", output_.size()}, {"content_index", 0}};
    place.update(more);
    return place;
  }
  void Send(const char* type, const Json& more, std::vector<http::Event>& events) {
    Json body = {{"type", type}, {"sequence_number", number_++}};
    body.update(more);
    events.push_back({type, Dump(body)});
  }

  Json output_ = Json::array();
  bool open_ = false;
  Kind kind_ = Kind::kText;
  Piece call_;
  std::string text_;
  int number_ = 0;
  Stop stop_ = Stop::kEnd;
};

}  // namespace

std::unique_ptr<AnswerWriter> MakeResponsesWriter(AnswerName name) {
  return std::make_unique<ResponsesWriter>(std::move(name));
}

}  // namespace hpol::dialect
