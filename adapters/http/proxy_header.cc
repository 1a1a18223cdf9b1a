// The PROXY protocol; the door is proxy_header.h.
#include "adapters/http/proxy_header.h"

#include <algorithm>
#include <array>
#include <vector>

namespace hpol::http {
namespace {

using State = ProxyHeader::State;

constexpr std::string_view kV1 = "PROXY ";
constexpr std::string_view kV2("\r\n\r\n\0\r\nQUIT\n", 12);
constexpr size_t kV1Longest = 107;  // with its line end
constexpr size_t kV2Fixed = 16;

ProxyHeader Bad() { return {.state = State::kBad}; }

bool IsPort(std::string_view text) {
  const bool digits = std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
  return digits && !text.empty() && text.size() <= 5;
}

ProxyHeader ReadV1(std::string_view bytes) {
  const size_t end = bytes.substr(0, kV1Longest).find("\r\n");
  if (end == std::string_view::npos) return bytes.size() < kV1Longest ? ProxyHeader{} : Bad();
  std::string_view line = bytes.substr(kV1.size(), end - kV1.size());
  ProxyHeader header{State::kDone, end + 2, std::nullopt};
  if (line == "UNKNOWN" || line.starts_with("UNKNOWN ")) return header;
  std::vector<std::string_view> words;
  while (true) {
    const size_t space = line.find(' ');
    words.push_back(line.substr(0, space));
    if (space == std::string_view::npos) break;
    line.remove_prefix(space + 1);
  }
  if (words.size() != 5 || (words[0] != "TCP4" && words[0] != "TCP6")) return Bad();
  const auto source = Address::Parse(words[1]);
  const auto destination = Address::Parse(words[2]);
  const bool v6 = words[0] == "TCP6";
  if (!source || !destination || source->v6 != v6 || destination->v6 != v6) return Bad();
  if (!IsPort(words[3]) || !IsPort(words[4])) return Bad();
  header.source = source;
  return header;
}

ProxyHeader ReadV2(std::string_view bytes) {
  if (bytes.size() < kV2Fixed) return {};
  const auto byte = [&](size_t at) { return static_cast<unsigned char>(bytes[at]); };
  const size_t length = size_t{byte(14)} << 8 | byte(15);
  const unsigned command = byte(12);
  if ((command != 0x20 && command != 0x21) || kV2Fixed + length > kMaxProxyHeader) return Bad();
  if (bytes.size() < kV2Fixed + length) return {};
  ProxyHeader header{State::kDone, kV2Fixed + length, std::nullopt};
  if (command == 0x20) return header;  // LOCAL: a health check of the balancer's own
  Address source;
  source.v6 = byte(13) == 0x21;
  const size_t width = source.v6 ? 16 : 4;
  if ((byte(13) != 0x11 && byte(13) != 0x21) || length < 2 * width + 4) return Bad();
  for (size_t i = 0; i < width; ++i) source.bytes[i] = byte(kV2Fixed + i);
  header.source = source;
  return header;
}

}  // namespace

ProxyHeader ReadProxyHeader(std::string_view bytes) {
  for (const std::string_view start : {kV1, kV2}) {
    const size_t seen = std::min(bytes.size(), start.size());
    if (bytes.substr(0, seen) != start.substr(0, seen)) continue;
    if (bytes.size() < start.size()) return {};
    return start == kV1 ? ReadV1(bytes) : ReadV2(bytes);
  }
  return Bad();
}

}  // namespace hpol::http
