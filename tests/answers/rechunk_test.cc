// However a stream is cut, by the network into chunks or by the model into events, the same text comes out,
// and no byte outside of it changes. `--cuts N` cuts N times (20,000 when nothing is said), `--seed N` from
// there.
#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>
#include <map>
#include <random>

#include "adapters/http/sse.h"
#include "runtime/answer/answer_for_test.h"
#include "runtime/answer/event.h"

namespace hpol {
namespace {

uint64_t wanted_cuts = 20'000;
uint64_t first_seed = 1;
uint64_t cuts = 0;
uint64_t streams = 0;
uint64_t restored = 0;
uint64_t masks = 0;

using answers::Json;
using answers::Sent;
using Random = std::mt19937_64;
using Texts = std::map<std::string, std::string>;  // by field

// What a field of a surface looks like in an event, and what ends it.
struct Form {
  Surface surface;
  const char* before;  // events before the text
  const char* left;    // of one event, around the JSON string
  const char* right;
  const char* after;
};
constexpr Form kForms[] = {
    {Surface::kOpenAiChat, R"({"choices":[{"index":0,"delta":{"role":"assistant","content":""}}]})",
     R"({"id":"c","choices":[{"index":0,"delta":{"content":)",
     R"(},"finish_reason":null}],"x":[1.50,"\u0041"]})",
     R"({"id":"c","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]})"},
    {Surface::kOpenAiChat,
     R"({"choices":[{"delta":{"tool_calls":[{"index":1,"id":"a","function":{"name":"send_mail","arguments":""}}]}}]})",
     R"({"choices":[{"delta":{"tool_calls":[{"function":{"arguments":)", R"(},"index":1}]},"index":0}]})",
     R"({"choices":[{"index":0,"delta":{},"finish_reason":"tool_calls"}]})"},
    {Surface::kOpenAiResponses,
     R"({"type":"response.output_item.added","sequence_number":0,"output_index":0,"item":{"type":"message"}})",
     R"({"type":"response.output_text.delta","output_index":0,"content_index":0,"delta":)", "}",
     R"({"type":"response.content_part.done","output_index":0,"content_index":0})"},
    {Surface::kAnthropicMessages,
     R"({"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}})",
     R"({"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":)", "}}",
     R"({"type":"content_block_stop","index":0})"},
    {Surface::kAnthropicMessages,
     R"({"type":"content_block_start","index":2,"content_block":{"type":"tool_use","name":"send_mail","input":{}}})",
     R"({"type":"content_block_delta","index":2,"delta":{"type":"input_json_delta","partial_json":)", "}}",
     R"({"type":"message_delta","delta":{"stop_reason":"tool_use"}})"},
    {Surface::kOllamaChat, R"({"message":{"role":"assistant","content":""},"done":false})",
     R"({"message":{"role":"assistant","content":)", R"(},"done":false})",
     R"({"message":{"role":"assistant","content":""},"done":true})"},
    {Surface::kOllamaGenerate, R"({"response":"","done":false})", R"({"done":false,"response":)", "}",
     R"({"done":true})"},
    {Surface::kOpenAiCompletions, R"({"choices":[{"index":0,"text":""}]})", R"({"choices":[{"text":)",
     R"(,"index":0}]})", R"({"choices":[{"index":0,"text":"","finish_reason":"stop"}]})"},
};

// Words of an answer: tokens in many looks, half tokens, and places that are watched.
std::string RandomText(const std::string& token, Random& random) {
  const std::string tag = token.substr(token.find('_') + 1);
  const std::string words[] = {"<" + token + ">",
                               token,
                               "\\<email\\_" + tag + "\\>",
                               "&lt;" + token + "&gt;",
                               "<" + token + "'s>",
                               token + "s",
                               "<" + token.substr(0, 9),
                               "<email_",
                               "email",
                               "<",
                               "&l",
                               "\\",
                               "\\u003c" + token + "\\u003e",
                               "https://a.example/?q=",
                               "![x](",
                               ")",
                               "<a href='",
                               "'>",
                               "```sh\n",
                               "```\n",
                               "\n\n",
                               "\xe5\xb7\xa5\xe4\xbd\x9c",
                               "\xf0\x9f\x98\x80",
                               "\"quoted\"",
                               "\xe2\x80\x99s",
                               "plain words ",
                               "s",
                               "12345678",
                               "1234 5678",
                               "99",
                               "_"};
  std::string text;
  const size_t count = 1 + random() % 12;
  for (size_t i = 0; i < count; ++i) {
    text += words[random() % std::size(words)];
    if (random() % 2 == 0) text += ' ';
  }
  return text;
}

// `text` as a JSON string, now and then with escapes that need not be.
std::string RandomJson(const std::string& text, Random& random) {
  std::string json = "\"";
  for (const char c : text) {
    if (static_cast<signed char>(c) >= 0 && random() % 8 == 0) {
      char escape[8];
      std::snprintf(escape, sizeof escape, random() % 2 == 0 ? "\\u%04x" : "\\u%04X", c);
      json += escape;
    } else {
      redact::AppendJsonEscaped({&c, 1}, json);
    }
  }
  return json + '"';
}

// The text in parts, cut between characters.
std::vector<std::string> RandomParts(const std::string& text, Random& random) {
  std::vector<std::string> parts;
  const size_t step = 1 + random() % 12;
  for (size_t at = 0; at < text.size();) {
    size_t end = at + 1 + random() % step;
    while (end < text.size() && (static_cast<uint8_t>(text[end]) & 0xc0) == 0x80) ++end;
    parts.push_back(text.substr(at, end - at));
    at = std::min(end, text.size());
    ++cuts;
  }
  return parts;
}

// The bytes of events, through a reader that gets them in chunks.
std::vector<AnswerEvent> ThroughTheWire(const std::vector<std::string>& events,
                                        const std::vector<size_t>& at) {
  std::string bytes;
  for (const std::string& data : events) http::AppendEvent(http::StreamForm::kSse, {.data = data}, bytes);
  http::SseReader reader(1 << 20);
  std::vector<AnswerEvent> read;
  size_t begin = 0;
  const auto feed = [&](size_t end) {
    reader.Append(std::string_view(bytes).substr(begin, end - begin));
    begin = end;
    http::Event event;
    while (reader.Next(event) == http::SseReader::Item::kEvent) read.push_back({event.name, event.data});
  };
  for (const size_t cut : at) {
    if (cut > begin && cut < bytes.size()) feed(cut);
    ++cuts;
  }
  feed(bytes.size());
  return read;
}

// Adds the texts of an event to `texts`, and returns the event without them.
std::string TakeTexts(Surface surface, const std::string& data, Texts& texts) {
  answer::Event event;
  EXPECT_TRUE(event.Read(surface, data)) << data;
  std::vector<answer::Change> emptied;
  for (const answer::Field& field : event.fields()) {
    if (field.role != answer::Role::kProse && field.role != answer::Role::kJson) continue;
    std::string text;
    answer::Event::Unescape(data, field, text);
    texts[field.name + field.chain] += text;
    emptied.push_back({field.begin, field.end, ""});
  }
  return answer::Event::Write(data, emptied);
}

uint64_t Count(std::string_view text, std::string_view word) {
  uint64_t count = 0;
  for (size_t at = 0; (at = text.find(word, at)) != std::string_view::npos; ++at) ++count;
  return count;
}

struct Read {
  Texts texts;
  std::vector<std::string> skeletons;  // the events without their texts
};

Read Filter(const Sent& sent, Surface surface, const std::vector<AnswerEvent>& events) {
  Answer answer(sent.engine, sent.To(surface, true));
  std::vector<AnswerEvent> out;
  for (const AnswerEvent& event : events)
    EXPECT_EQ(answer.Feed(event, out), Answer::Outcome::kPass) << event.data;
  EXPECT_EQ(answer.Finish(out), Answer::Outcome::kPass);
  restored += answer.counts().restored;
  Read read;
  for (const AnswerEvent& event : out) read.skeletons.push_back(TakeTexts(surface, event.data, read.texts));
  return read;
}

std::vector<std::string> EventsOf(const Form& form, const std::vector<std::string>& parts, Random* random) {
  std::vector<std::string> events = {form.before};
  for (const std::string& part : parts)
    events.push_back(form.left + (random != nullptr ? RandomJson(part, *random) : Json(part)) + form.right);
  events.push_back(form.after);
  return events;
}

std::vector<AnswerEvent> Uncut(const std::vector<std::string>& events) {
  std::vector<AnswerEvent> read;
  for (const std::string& data : events) read.push_back({"", data});
  return read;
}

class Rechunk : public testing::TestWithParam<Form> {
 protected:
  Sent sent;
  Sent masked{"acme/one", {}, /*masks=*/true};  // the same request, and the answer is read
  const std::string token = sent.TokenOf("john@example.net");
};

TEST_P(Rechunk, CutAtEveryByte) {
  const Form& form = GetParam();
  Random random(first_seed);
  const std::string text =
      "to \\u003c" + token + "\\u003e, <" + token + "'s> \xf0\x9f\x98\x80 and &lt;" + token + "&gt;";
  const auto whole = Filter(sent, form.surface, Uncut(EventsOf(form, {text}, nullptr)));
  EXPECT_NE(whole.texts.begin()->second.find("john@example.net"), std::string::npos);
  const std::vector<std::string> events = EventsOf(form, RandomParts(text, random), &random);
  size_t size = 0;
  for (const std::string& event : events) size += event.size() + 8;
  for (size_t at = 0; at <= size; ++at) {
    const Read read = Filter(sent, form.surface, ThroughTheWire(events, {at}));
    ASSERT_EQ(read.texts, whole.texts) << at;
  }
  // And the text itself, at every character.
  for (size_t at = 0; at <= text.size(); ++at) {
    if (at < text.size() && (static_cast<uint8_t>(text[at]) & 0xc0) == 0x80) continue;
    const Read read =
        Filter(sent, form.surface, Uncut(EventsOf(form, {text.substr(0, at), text.substr(at)}, nullptr)));
    ASSERT_EQ(read.texts, whole.texts) << at;
    ++cuts;
  }
}

TEST_P(Rechunk, CutAtRandom) {
  const Form& form = GetParam();
  const uint64_t end = cuts + wanted_cuts / std::size(kForms);
  for (uint64_t seed = first_seed; cuts < end; ++seed, ++streams) {
    Random random(seed);
    const std::string text = RandomText(token, random);
    const Sent& policy = seed % 2 == 0 ? masked : sent;
    const auto whole = Filter(policy, form.surface, Uncut(EventsOf(form, {text}, nullptr)));
    const std::vector<std::string> events = EventsOf(form, RandomParts(text, random), &random);
    size_t size = 0;
    for (const std::string& event : events) size += event.size() + 8;
    std::vector<size_t> at(random() % 30);
    for (size_t& one : at) one = random() % size;
    std::sort(at.begin(), at.end());
    const Read read = Filter(policy, form.surface, ThroughTheWire(events, at));
    ASSERT_EQ(read.texts, whole.texts) << "seed " << seed << ": " << text;
    for (const auto& [field, out] : read.texts) masks += Count(out, "[masked]");
    if (&policy == &masked) continue;  // which leaves out what it does not know
    // Every event is what it was but for its text; one may have been added before the last.
    std::vector<std::string> before;
    for (const std::string& event : events) {
      Texts ignored;
      before.push_back(TakeTexts(form.surface, event, ignored));
    }
    if (read.skeletons.size() == before.size() + 1)
      before.insert(before.end() - 1, before[before.size() - 2]);
    ASSERT_EQ(read.skeletons, before) << "seed " << seed;
  }
}

INSTANTIATE_TEST_SUITE_P(Surfaces, Rechunk, testing::ValuesIn(kForms));

}  // namespace
}  // namespace hpol

int main(int argc, char** argv) {
  testing::InitGoogleTest(&argc, argv);
  for (int i = 1; i + 1 < argc; i += 2) {
    const std::string_view flag = argv[i];
    const uint64_t value = std::strtoull(argv[i + 1], nullptr, 10);
    if (flag == "--cuts") hpol::wanted_cuts = value;
    if (flag == "--seed") hpol::first_seed = value;
  }
  const int result = RUN_ALL_TESTS();
  std::printf("%llu cuts, %llu random streams, %llu values restored, %llu findings masked\n",
              static_cast<unsigned long long>(hpol::cuts), static_cast<unsigned long long>(hpol::streams),
              static_cast<unsigned long long>(hpol::restored), static_cast<unsigned long long>(hpol::masks));
  return result;
}
