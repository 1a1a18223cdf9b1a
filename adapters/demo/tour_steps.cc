// The steps of the tour, with what acme.hpol says about each; see tour_steps.h.
#include "adapters/demo/tour_steps.h"

#include <nlohmann/json.hpp>

namespace hpol::demo {
namespace {

using Json = nlohmann::ordered_json;

constexpr char kPixel[] =
    "data:image/"
    "png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU"
    "5ErkJggg==";

Json Chat(const Json& content) {
  Json message = {{"role", "user"}, {"content", content}};
  return {{"model", "gpt-4o"}, {"messages", Json::array({message})}};
}

std::string Prompt(const std::string& text) { return Chat(text).dump(); }

std::string Streamed(const std::string& text) {
  Json body = Chat(text);
  body["stream"] = true;
  return body.dump();
}

std::string WithImage(const std::string& text) {
  const Json words = {{"type", "text"}, {"text", text}};
  const Json image = {{"type", "image_url"}, {"image_url", {{"url", kPixel}}}};
  return Chat(Json::array({words, image})).dump();
}

std::string WithWebSearch(const std::string& text) {
  Json body = Chat(text);
  body["web_search_options"] = Json::object();
  return body.dump();
}

// Two `messages`: one reading for the gateway, another for a server that takes the first.
std::string WithDuplicateKey(const std::string& text) {
  const std::string body = Prompt("hello");
  return R"({"messages":[{"role":"user","content":")" + text + R"("}],)" + body.substr(1);
}

}  // namespace

std::vector<TourStep> TourSteps() {
  const std::string slogan = "Write a slogan for our spring sale.";
  const std::string notes = "Summarise yesterday's stand-up notes.";
  const std::string ssn = "My SSN is 536-22-8145, am I in the pension plan?";
  const std::string ssn2 = "Compare 536-22-8145 with last year's record.";
  const std::string mail = "Reply to jane.roe@example.net that we agree.";
  const std::string teaser = "Draft a teaser for 夜鹰计划.";
  const std::string clause = "Which clause covers late delivery?";
  const std::string secret = "Why is AKIAQ3EGRT4XYZWBN5KD rejected by S3?";
  const std::string card = "Refund card 4111 1111 1111 1111, please.";
  const std::string image = "What is in this picture?";
  const std::string news = "What do the papers say about us?";
  const std::string twice = "The merger closes on Friday.";
  return {
      {.title = "public goes to the cheapest cloud",
       .prompt = slogan,
       .person = "marketing-us",
       .body = Prompt(slogan),
       .down = {},
       .label = "public",
       .target = "gpt4o_mini"},
      {.title = "internal stays",
       .prompt = notes,
       .person = "engineering",
       .body = Prompt(notes),
       .down = {},
       .label = "internal",
       .target = "qwen72b",
       .keep = "stand-up notes"},
      {.title = "personal data stays",
       .prompt = ssn,
       .person = "assistant-us",
       .body = Prompt(ssn),
       .down = {},
       .label = "confidential + pii",
       .target = "qwen72b",
       .keep = "536-22-8145"},
      {.title = "payment data stays",
       .prompt = card,
       .person = "marketing-us",
       .body = Prompt(card),
       .down = {},
       .label = "confidential + pci",
       .target = "qwen72b",
       .keep = "4111 1111 1111 1111"},
      {.title = "secrets stay",
       .prompt = secret,
       .person = "engineering",
       .body = Prompt(secret),
       .down = {},
       .label = "confidential + secret",
       .target = "qwen72b",
       .keep = "AKIAQ3EGRT4XYZWBN5KD"},
      {.title = "by department",
       .prompt = clause,
       .person = "legal",
       .body = Prompt(clause),
       .down = {},
       .label = "confidential + legal",
       .target = "qwen72b",
       .keep = "late delivery"},
      {.title = "nothing is known about the caller",
       .prompt = news,
       .person = "newcomer",
       .body = Prompt(news),
       .down = {},
       .status = 403,
       .keep = news},
      {.title = "an e-mail leaves as a pseudonym",
       .prompt = mail,
       .person = "marketing-us",
       .body = Prompt(mail),
       .down = {},
       .label = "internal + pii",
       .target = "gpt4o",
       .redaction = "scrub",
       .keep = "jane.roe@example.net"},
      {.title = "in Europe it stays",
       .prompt = mail,
       .person = "marketing-eu",
       .body = Prompt(mail),
       .down = {},
       .label = "internal + pii",
       .target = "qwen72b",
       .keep = "jane.roe@example.net"},
      {.title = "a code name is masked",
       .prompt = teaser,
       .person = "marketing-us",
       .body = Prompt(teaser),
       .down = {},
       .label = "internal",
       .target = "gpt4o",
       .redaction = "scrub",
       .keep = "夜鹰计划"},
      {.title = "an image cannot be read, so it stays",
       .prompt = image + " [image]",
       .person = "marketing-us",
       .body = WithImage(image),
       .down = {},
       .label = kTopLabel,
       .target = "qwen72b",
       .keep = "What is in this picture"},
      {.title = "no search by the server",
       .prompt = news + " {web_search_options}",
       .person = "marketing-us",
       .body = WithWebSearch(news),
       .down = {},
       .status = 400,
       .keep = "What do the papers"},
      {.title = "no body with two readings",
       .prompt = twice + " {messages twice}",
       .person = "marketing-us",
       .body = WithDuplicateKey(twice),
       .down = {},
       .status = 400,
       .keep = "The merger closes"},
      {.title = "the spare takes over",
       .prompt = ssn2,
       .person = "assistant-us",
       .body = Prompt(ssn2),
       .down = {"qwen72b"},
       .label = "confidential + pii",
       .target = "deepseek",
       .keep = "536-22-8145"},
      {.title = "private servers down: never the cloud",
       .prompt = ssn2,
       .person = "assistant-us",
       .body = Prompt(ssn2),
       .down = {"qwen72b", "deepseek"},
       .status = 503,
       .label = "confidential + pii",
       .keep = "536-22-8145"},
      {.title = "cloud down: private is fine",
       .prompt = slogan,
       .person = "marketing-us",
       .body = Prompt(slogan),
       .down = {"cloud"},
       .label = "public",
       .target = "qwen72b"},
      {.title = "streamed from private",
       .prompt = notes + " [stream]",
       .person = "engineering",
       .body = Streamed(notes),
       .down = {},
       .label = "internal",
       .target = "qwen72b",
       .keep = "stand-up notes"},
      {.title = "streamed from the cloud",
       .prompt = mail + " [stream]",
       .person = "marketing-us",
       .body = Streamed(mail),
       .down = {},
       .label = "internal + pii",
       .target = "gpt4o",
       .redaction = "scrub",
       .keep = "jane.roe@example.net"},
  };
}

}  // namespace hpol::demo
