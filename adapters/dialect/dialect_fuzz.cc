// What strangers send through this folder: streams of targets, whole answers, and prompts. Nothing may
// crash, and a stream must read the same however its bytes are cut.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

#include "adapters/dialect/event_reader.h"
#include "adapters/dialect/translate.h"

namespace hpol::dialect {
namespace {

constexpr Surface kClients[] = {Surface::kOpenAiChat, Surface::kOpenAiResponses, Surface::kAnthropicMessages,
                                Surface::kOllamaChat, Surface::kOllamaGenerate};
constexpr Surface kTargets[] = {Surface::kOpenAiChat, Surface::kAnthropicMessages, Surface::kOllamaChat,
                                Surface::kBedrockConverse, Surface::kDashScopeChat};

// What a client is told; everything up to what is no event or no answer.
std::string Stream(std::string_view bytes, size_t step, Framing framing, Surface target, Surface client) {
  EventReader reader(framing, 1 << 16);
  Translation translation(target, client, {true, true}, "id", "m", 0);
  std::string told;
  for (size_t at = 0; at < bytes.size(); at += step) {
    reader.Append(bytes.substr(at, step));
    http::Event event;
    for (;;) {
      const EventReader::Item item = reader.Next(event);
      if (item == EventReader::Item::kNone) break;
      if (item == EventReader::Item::kBad) return told + "!";
      if (item == EventReader::Item::kComment) continue;
      std::vector<http::Event> out;
      if (!translation.Event(event, out)) return told + "?";
      for (const http::Event& one : out) told += one.name + '\0' + one.data + '\0';
    }
  }
  std::vector<http::Event> out;
  translation.End(out);
  for (const http::Event& one : out) told += one.data;
  return told;
}

}  // namespace
}  // namespace hpol::dialect

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
  using namespace hpol::dialect;  // NOLINT(google-build-using-namespace): one function, one file
  if (size < 4) return 0;
  const std::string_view text(reinterpret_cast<const char*>(bytes) + 4, size - 4);
  const hpol::Surface client = kClients[bytes[1] % std::size(kClients)];
  const hpol::Surface target = kTargets[bytes[2] % std::size(kTargets)];
  std::string out;
  switch (bytes[0] % 3) {
    case 0: {
      constexpr Framing kFramings[] = {Framing::kSse, Framing::kNdjson, Framing::kAwsEvents};
      const Framing framing = kFramings[bytes[3] % 3];
      const size_t step = size_t{bytes[3]} / 3 + 1;
      if (Stream(text, text.size() + 1, framing, target, client) !=
          Stream(text, step, framing, target, client)) {
        std::abort();
      }
      break;
    }
    case 1:
      Translation(target, client, {}, "id", "m", 0).Whole(text, out);
      break;
    default: {
      const auto made = TranslateRequest(client, text, target, "m");
      if (made.ok() && made->body.empty()) std::abort();
      break;
    }
  }
  return 0;
}
