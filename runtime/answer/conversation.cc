#include "hpol/conversation.h"

#include "runtime/digest/sha256.h"
#include "runtime/surface/json_reader.h"

namespace hpol {
namespace {

using surface::Token;

std::string_view ListOf(Surface surface) {
  switch (surface) {
    case Surface::kOpenAiChat:
    case Surface::kAnthropicMessages:
    case Surface::kOllamaChat:
      return "messages";
    case Surface::kOpenAiResponses:
      return "input";
    default:
      return {};
  }
}

// The list of messages to the end of its first message of the user; nothing when there is none.
std::string_view FirstMessages(std::string_view list, std::string_view body) {
  surface::JsonReader reader;
  reader.Start(body);
  int depth = 0;
  bool in_list = false;
  bool user = false;
  uint32_t begin = 0;
  std::string key;
  for (;;) {
    const surface::Event event = reader.Next();
    switch (event.token) {
      case Token::kError:
      case Token::kEnd:
        return {};
      case Token::kKey:
        if (depth == 1 || (in_list && depth == 3)) key = reader.Text(event);
        break;
      case Token::kString:
        if (in_list && depth == 3 && key == "role") user = user || reader.Text(event) == "user";
        break;
      case Token::kBeginObject:
      case Token::kBeginArray:
        if (depth == 1 && key == list && event.token == Token::kBeginArray) {
          in_list = true;
          begin = event.begin;
        }
        ++depth;
        break;
      case Token::kEndObject:
      case Token::kEndArray:
        --depth;
        if (in_list && depth == 2 && user) return body.substr(begin, event.end - begin);
        if (in_list && depth == 1) return {};
        break;
      default:
        break;
    }
  }
}

// Calls `use(key, text)` for every string that is a value.
template <typename Use>
void EachString(std::string_view body, Use use) {
  surface::JsonReader reader;
  reader.Start(body);
  std::string key;
  for (;;) {
    const surface::Event event = reader.Next();
    if (event.token == Token::kError || event.token == Token::kEnd) return;
    if (event.token == Token::kKey) key = reader.Text(event);
    if (event.token == Token::kString) use(std::string_view(key), reader.Text(event));
  }
}

void AddFramed(std::string_view part, Sha256& digest) {
  const uint64_t size = part.size();
  digest.Add(&size, sizeof size);
  digest.Add(part);
}

}  // namespace

std::string_view Beginning(Surface surface, std::string_view body) noexcept {
  try {
    const std::string_view list = ListOf(surface);
    const std::string_view messages = list.empty() ? std::string_view() : FirstMessages(list, body);
    return messages.empty() ? body : messages;
  } catch (...) {
    return body;
  }
}

bool GoesOn(Surface surface, std::string_view body) noexcept {
  if (ListOf(surface).empty()) return false;
  try {
    bool goes_on = false;
    EachString(body, [&](std::string_view key, std::string_view text) {
      goes_on = goes_on || (key == "role" &&
                            (text == "assistant" || text == "tool" || text == "model" || text == "function"));
    });
    return goes_on;
  } catch (...) {
    return true;
  }
}

std::string TextOf(Surface surface, std::string_view body) {
  if (surface == Surface::kText) return std::string(body);
  std::string all;
  EachString(body, [&](std::string_view, std::string_view text) { all.append(text).push_back('\n'); });
  return all;
}

std::string ScopeOf(const Conversation& conversation) {
  Sha256 digest;
  AddFramed(conversation.caller, digest);
  for (const Attribute& attribute : conversation.attributes) {
    if (attribute.source != Source::kIdentity) continue;
    AddFramed(attribute.name, digest);
    for (const std::string_view value : attribute.values) AddFramed(value, digest);
    AddFramed("", digest);
  }
  AddFramed(conversation.id.empty() ? "beginning" : "id", digest);
  AddFramed(conversation.id.empty() ? Beginning(conversation.surface, conversation.body) : conversation.id,
            digest);
  const Sha256Digest bytes = digest.Finish();
  return {bytes.begin(), bytes.end()};
}

}  // namespace hpol
