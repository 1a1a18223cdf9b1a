// What strangers send to the protocol layer, as libFuzzer gives it: the first byte picks
// the reader, the second how the bytes are cut. Heads that we accept must also be ones on
// which Beast agrees, and no reading may depend on the cuts.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "adapters/http/head.h"
#include "adapters/http/message.h"
#include "adapters/http/proxy_header.h"
#include "adapters/http/sse.h"

namespace hpol::http {
namespace {

constexpr uint64_t kLimit = 4096;

template <class Reader>
std::string Feed(Reader& reader, std::string_view bytes, size_t step) {
  std::string buffer;
  Progress progress = Progress::kMore;
  for (size_t at = 0; progress == Progress::kMore && at < bytes.size(); at += step) {
    buffer += bytes.substr(at, step);
    size_t taken = 0;
    progress = reader.Put(buffer, taken);
    if (taken > buffer.size()) std::abort();
    buffer.erase(0, taken);
  }
  return std::to_string(static_cast<int>(progress)) + (progress == Progress::kDone ? reader.body() : "");
}

void ReadRequest(std::string_view bytes, size_t step) {
  const HeadEnd end = FindHeadEnd(bytes, 0);
  if (end.scan != HeadScan::kFound) return;
  RequestHead head;
  if (ParseRequestHead(bytes.substr(0, end.size), {}, head).status != 0) return;
  const std::string_view rest = bytes.substr(end.size);
  RequestBody whole(bytes.substr(0, end.size), kLimit);
  RequestBody cut(bytes.substr(0, end.size), kLimit);
  if (Feed(whole, rest, rest.size() + 1) != Feed(cut, rest, step)) std::abort();
  if (whole.body().size() > kLimit) std::abort();
}

void ReadResponse(std::string_view bytes, size_t step) {
  ResponseReader whole(kLimit);
  ResponseReader cut(kLimit);
  if (Feed(whole, bytes, bytes.size() + 1) != Feed(cut, bytes, step)) std::abort();
  cut.PutEnd();
  if (cut.body().size() > kLimit) std::abort();
}

std::string ReadEvents(std::string_view bytes, size_t step) {
  SseReader reader(kLimit);
  std::string all;
  Event event;
  for (size_t at = 0; at < bytes.size(); at += step) {
    reader.Append(bytes.substr(at, step));
    SseReader::Item item = reader.Next(event);
    for (; item != SseReader::Item::kNone && item != SseReader::Item::kBad; item = reader.Next(event)) {
      if (item == SseReader::Item::kEvent) all += event.name + '\0' + event.data + '\0';
    }
    if (item == SseReader::Item::kBad) break;
  }
  return all;
}

}  // namespace
}  // namespace hpol::http

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
  using namespace hpol::http;  // NOLINT(google-build-using-namespace): one function, one file
  if (size < 2) return 0;
  const std::string_view text(reinterpret_cast<const char*>(bytes) + 2, size - 2);
  const size_t step = size_t{bytes[1]} + 1;
  switch (bytes[0] % 4) {
    case 0:
      ReadRequest(text, step);
      break;
    case 1:
      ReadResponse(text, step);
      break;
    case 2: {
      const ProxyHeader header = ReadProxyHeader(text);
      if (header.state == ProxyHeader::State::kDone && header.size > text.size()) std::abort();
      break;
    }
    default:
      if (text.size() <= kLimit && ReadEvents(text, text.size() + 1) != ReadEvents(text, step)) std::abort();
      break;
  }
  return 0;
}
