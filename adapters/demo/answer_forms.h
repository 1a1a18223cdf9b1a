// The forms of answers, one file each: a request of that API as JSON in, the answer out. They throw
// nlohmann's exceptions on a field of a wrong type; answers.cc catches them. Private to this folder.
#pragma once

#include "adapters/demo/answers.h"
#include "adapters/demo/said.h"

namespace hpol::demo {

// Who answers what.
struct Asked {
  std::string_view name;  // of the server
  const Json& request;
  uint64_t id = 0;
};

Answer AnswerResponses(const Asked& asked);    // responses_answer.cc
Answer AnswerMessages(const Asked& asked);     // anthropic_answer.cc
Answer AnswerCountTokens(const Asked& asked);  // anthropic_answer.cc
Answer AnswerOllamaChat(const Asked& asked);   // ollama_answer.cc
Answer AnswerOllamaGenerate(const Asked& asked);
Answer AnswerCompletions(const Asked& asked);  // text_answer.cc
// OpenAI's embeddings, and Ollama's.
Answer AnswerEmbeddings(const Asked& asked);
Answer AnswerOllamaEmbed(const Asked& asked);

// A server-sent event; without a name it has data alone.
std::string SseEvent(std::string_view name, const Json& data);

// A function tool and a message as chat completions have them.
Json ChatTool(const std::string& name, const Json& description, const Json& schema);
Json ChatMessage(const std::string& role, const std::string& text);

}  // namespace hpol::demo
