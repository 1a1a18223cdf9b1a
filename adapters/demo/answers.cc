// The door is answers.h.
#include "adapters/demo/answers.h"

#include <algorithm>

#include "adapters/demo/answer_forms.h"
#include "adapters/demo/openai_answer.h"

namespace hpol::demo {
namespace {

struct Form {
  std::string_view path;
  Answer (*answer)(const Asked&);
};
constexpr Form kForms[] = {
    {"/v1/responses", AnswerResponses},
    {"/v1/completions", AnswerCompletions},
    {"/v1/embeddings", AnswerEmbeddings},
    {"/v1/messages", AnswerMessages},
    {"/v1/messages/count_tokens", AnswerCountTokens},
    {"/api/chat", AnswerOllamaChat},
    {"/api/generate", AnswerOllamaGenerate},
    {"/api/embed", AnswerOllamaEmbed},
};
constexpr std::string_view kChat = "/v1/chat/completions";

Answer Refuse(unsigned status, std::string_view message, std::string_view code = {}) {
  Answer answer;
  answer.status = status;
  answer.body = ErrorBody(message, "invalid_request_error", code);
  return answer;
}

Answer FromChat(ChatAnswer chat) {
  Answer answer;
  answer.status = chat.status;
  answer.body = std::move(chat.body);
  answer.stream = chat.stream;
  for (const std::string& event : chat.events) answer.pieces.push_back("data: " + event + "\n\n");
  return answer;
}

}  // namespace

std::string SseEvent(std::string_view name, const Json& data) {
  std::string event = name.empty() ? "" : "event: " + std::string(name) + "\n";
  return event + "data: " + data.dump() + "\n\n";
}

Json ChatTool(const std::string& name, const Json& description, const Json& schema) {
  return {{"type", "function"},
          {"function", {{"name", name}, {"description", description}, {"parameters", schema}}}};
}

Json ChatMessage(const std::string& role, const std::string& text) {
  return {{"role", role}, {"content", text}};
}

bool IsModelPath(std::string_view path) {
  return path == kChat || std::ranges::find(kForms, path, &Form::path) != std::end(kForms);
}

Answer AnswerRequest(std::string_view path, std::string_view name, const std::vector<std::string>& models,
                     std::string_view body, uint64_t id) {
  if (path == kChat) return FromChat(AnswerChat(name, models, body, id));
  const auto* const form = std::ranges::find(kForms, path, &Form::path);
  if (form == std::end(kForms)) return Refuse(404, "Invalid URL.", "unknown_url");
  // nlohmann reports a wrong type inside a request by throwing; it stops here.
  try {
    const Json request = Json::parse(body, nullptr, /*allow_exceptions=*/false);
    if (!request.is_object()) return Refuse(400, "the body is no JSON object");
    const std::string model = request.value("model", "");
    if (!models.empty() && std::ranges::find(models, model) == models.end())
      return Refuse(404, "The model `" + model + "` does not exist.", "model_not_found");
    return form->answer({name, request, id});
  } catch (const nlohmann::json::exception&) {
    return Refuse(400, "a field of the request has the wrong type");
  }
}

}  // namespace hpol::demo
