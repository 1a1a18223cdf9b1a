// Completions and embeddings of OpenAI and Ollama; the door is answers.h.
#include <openssl/evp.h>

#include <cmath>
#include <cstring>

#include "adapters/demo/answer_forms.h"

namespace hpol::demo {
namespace {

constexpr size_t kDimensions = 8;

// A direction that depends on the text alone. It means nothing.
std::vector<float> Embed(const std::string& text) {
  uint64_t hash = 14695981039346656037u;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211u;
  std::vector<float> vector;
  float norm = 0;
  for (size_t i = 0; i < kDimensions; ++i) {
    vector.push_back(static_cast<float>((hash >> (8 * i)) & 0xff) - 127.5f);
    norm += vector.back() * vector.back();
  }
  for (float& value : vector) value /= std::sqrt(norm);
  return vector;
}

// Little-endian floats, as the API's base64 has them.
std::string Base64(const std::vector<float>& vector) {
  std::string bytes(vector.size() * sizeof(float), '\0');
  std::memcpy(bytes.data(), vector.data(), bytes.size());
  std::string out((bytes.size() + 2) / 3 * 4 + 1, '\0');
  const int size =
      EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data()),
                      reinterpret_cast<const unsigned char*>(bytes.data()), static_cast<int>(bytes.size()));
  out.resize(static_cast<size_t>(size));
  return out;
}

// Each text; a list of token ids is one text, and a list of such lists is several.
std::vector<std::string> TextsOf(const Json& input) {
  if (input.is_string()) return {input.get<std::string>()};
  std::vector<std::string> texts;
  const bool ids = input.is_array() && !input.empty() && input[0].is_number();
  if (ids) return {input.dump()};
  for (const Json& one : input) texts.push_back(one.is_string() ? one.get<std::string>() : one.dump());
  return texts;
}

size_t TokensOf(const std::vector<std::string>& texts) {
  size_t tokens = 0;
  for (const std::string& text : texts) tokens += SplitWords(text).size();
  return tokens;
}

}  // namespace

Answer AnswerEmbeddings(const Asked& asked) {
  const std::vector<std::string> texts = TextsOf(asked.request.at("input"));
  const bool base64 = asked.request.value("encoding_format", "float") == "base64";
  Json data = Json::array();
  for (size_t i = 0; i < texts.size(); ++i) {
    const std::vector<float> vector = Embed(texts[i]);
    data.push_back(
        {{"object", "embedding"}, {"index", i}, {"embedding", base64 ? Json(Base64(vector)) : Json(vector)}});
  }
  Answer answer;
  answer.body = Json{{"object", "list"},
                     {"data", std::move(data)},
                     {"model", asked.request.value("model", "")},
                     {"usage", {{"prompt_tokens", TokensOf(texts)}, {"total_tokens", TokensOf(texts)}}}}
                    .dump();
  return answer;
}

Answer AnswerOllamaEmbed(const Asked& asked) {
  const std::vector<std::string> texts = TextsOf(asked.request.at("input"));
  Json vectors = Json::array();
  for (const std::string& text : texts) vectors.push_back(Embed(text));
  Answer answer;
  answer.body = Json{{"model", asked.request.value("model", "")},
                     {"embeddings", std::move(vectors)},
                     {"total_duration", 1000},
                     {"load_duration", 1},
                     {"prompt_eval_count", TokensOf(texts)}}
                    .dump();
  return answer;
}

Answer AnswerCompletions(const Asked& asked) {
  const std::vector<std::string> texts = TextsOf(asked.request.at("prompt"));
  Json chat = {{"messages", Json::array({ChatMessage("user", texts.empty() ? "" : texts[0])})}};
  if (asked.request.contains("max_tokens")) chat["max_tokens"] = asked.request["max_tokens"];
  const Said said = Say(asked.name, chat);
  const auto envelope = [&](const std::string& text, const Json& finish) {
    return Json{
        {"id", "cmpl-" + std::string(asked.name) + "-" + std::to_string(asked.id)},
        {"object", "text_completion"},
        {"created", 1767225600},
        {"model", asked.request.value("model", "")},
        {"choices", Json::array({Json{
                        {"text", text}, {"index", 0}, {"logprobs", nullptr}, {"finish_reason", finish}}})}};
  };
  Answer answer;
  answer.stream = asked.request.value("stream", false);
  if (!answer.stream) {
    Json body = envelope(said.text(), said.finish);
    body["usage"] = {{"prompt_tokens", said.prompt_tokens},
                     {"completion_tokens", said.answer_tokens},
                     {"total_tokens", said.prompt_tokens + said.answer_tokens}};
    answer.body = body.dump();
    return answer;
  }
  for (const std::string& word : said.words) answer.pieces.push_back(SseEvent("", envelope(word, nullptr)));
  answer.pieces.push_back(SseEvent("", envelope("", said.finish)));
  answer.pieces.emplace_back("data: [DONE]\n\n");
  return answer;
}

}  // namespace hpol::demo
