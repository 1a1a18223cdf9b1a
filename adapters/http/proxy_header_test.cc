#include "adapters/http/proxy_header.h"

#include <gtest/gtest.h>

#include <string>

namespace hpol::http {
namespace {

using State = ProxyHeader::State;

std::string V2(char command, char family, const std::string& addresses) {
  std::string header("\r\n\r\n\0\r\nQUIT\n", 12);
  header += command;
  header += family;
  header += static_cast<char>(addresses.size() >> 8);
  header += static_cast<char>(addresses.size() & 0xff);
  return header + addresses;
}

TEST(ProxyHeader, SaysWhoTheClientIs) {
  const std::string four =
      V2('\x21', '\x11', std::string("\x0a\x01\x02\x03\x0a\x00\x00\x01\x30\x39\x00\x50", 12));
  std::string six_bytes(36, '\0');
  six_bytes[0] = '\x20';
  six_bytes[1] = '\x01';
  six_bytes[15] = '\x07';
  struct Case {
    std::string bytes;
    const char* source;  // null: nobody
  };
  const Case cases[] = {
      {"PROXY TCP4 10.1.2.3 10.0.0.1 12345 80\r\n", "10.1.2.3"},
      {"PROXY TCP6 2001::7 ::1 1 2\r\n", "2001::7"},
      {"PROXY UNKNOWN\r\n", nullptr},
      {"PROXY UNKNOWN ffff::1 ffff::2 1 2\r\n", nullptr},
      {four, "10.1.2.3"},
      {V2('\x21', '\x21', six_bytes), "2001::7"},
      {V2('\x20', '\x00', ""), nullptr},
      {V2('\x21', '\x11', std::string(12, '\x01') + std::string("\x04\x00\x00", 3)),
       "1.1.1.1"},  // with a TLV
  };
  for (const Case& c : cases) {
    for (size_t cut = 0; cut < c.bytes.size(); ++cut) {
      EXPECT_EQ(ReadProxyHeader(std::string_view(c.bytes).substr(0, cut)).state, State::kMore)
          << c.bytes << cut;
    }
    const ProxyHeader header = ReadProxyHeader(c.bytes + "GET / HTTP/1.1\r\n");
    ASSERT_EQ(header.state, State::kDone) << c.bytes;
    EXPECT_EQ(header.size, c.bytes.size());
    EXPECT_EQ(header.source, c.source == nullptr ? std::nullopt : Address::Parse(c.source)) << c.bytes;
  }
}

TEST(ProxyHeader, RefusesWhatIsNone) {
  for (const std::string& bytes :
       {std::string("GET / HTTP/1.1\r\n"), std::string("PROXY TCP4 10.1.2.3 10.0.0.1 12345\r\n"),
        std::string("PROXY TCP4 ::1 10.0.0.1 1 2\r\n"), std::string("PROXY TCP4 10.1.2.3  10.0.0.1 1 2\r\n"),
        std::string("PROXY TCP4 10.1.2.3 10.0.0.1 1 123456\r\n"),
        std::string("PROXY UDP4 1.1.1.1 1.1.1.1 1 2\r\n"), "PROXY " + std::string(200, 'x'),
        V2('\x31', '\x11', std::string(12, 'x')), V2('\x21', '\x12', std::string(12, 'x')),
        V2('\x21', '\x11', std::string(8, 'x')), V2('\x21', '\x31', std::string(216, 'x')),
        V2('\x21', '\x11', std::string(4000, 'x')), std::string("\r\n\r\nX")}) {
    EXPECT_EQ(ReadProxyHeader(bytes).state, State::kBad) << bytes;
  }
}

}  // namespace
}  // namespace hpol::http
