// For each field of the registry: something confidential in it, as string, as key and as
// number, never reaches the cloud, although the caller's floor is public.
#include <gtest/gtest.h>

#include "runtime/surface/surface.h"
#include "tests/gateway/raw_client.h"
#include "tests/gateway/world.h"

namespace hpol::gateway_tests {
namespace {

using nlohmann::json;

constexpr char kSsn[] = "536-22-8145";
constexpr char kCard[] = "4539578763621486";

// A body that is fine but for `value` at `path`, such as `messages[].content[].text`.
json BodyWith(std::string_view path, const json& value) {
  json body = {{"model", "m"}, {"messages", {{{"role", "user"}, {"content", "hi"}}}}};
  json* at = &body;
  while (!path.empty()) {
    const size_t dot = path.find('.');
    std::string_view step = path.substr(0, dot);
    path = dot == std::string_view::npos ? std::string_view() : path.substr(dot + 1);
    size_t arrays = 0;
    while (step.ends_with("[]")) {
      step.remove_suffix(2);
      ++arrays;
    }
    // A member named by a pattern stands for any.
    const std::string name = step == "*" || step.empty() ? "member" : std::string(step);
    if (!at->is_object()) *at = json::object();
    at = &(*at)[name];
    for (; arrays > 0; --arrays) {
      if (!at->is_array()) *at = json::array({nullptr});
      at = &(*at)[0];
    }
    if (name == "content" && !path.empty()) *at = {{"type", "text"}, {"text", "hi"}};
    if (name == "tools" && !path.empty()) *at = {{"type", "function"}, {"function", {{"name", "f"}}}};
    if (name == "tool_calls" && !path.empty()) {
      *at = {{"id", "c"}, {"type", "function"}, {"function", {{"name", "f"}, {"arguments", "{}"}}}};
    }
  }
  *at = value;
  return body;
}

TEST(GatewayCanaries, NoFieldTakesThemToTheCloud) {
  World world({.limits = {{"first_byte_ms", 2000}}});
  const std::vector<surface::Field>& fields = surface::Fields(Surface::kOpenAiChat);
  ASSERT_GT(fields.size(), 50u);
  const json card = json::parse(kCard);
  RawClient client(world.port());
  size_t answered = 0;
  for (const surface::Field& field : fields) {
    for (const json& value :
         {json(kSsn), json{{kSsn, "x"}}, card, json{{kSsn}}, json{{"text", kSsn}}, json::array({card})}) {
      const json body = BodyWith(field.path, value);
      ASSERT_TRUE(client.Send(ChatRequest(kCopywriter, body.dump()))) << body;
      const RawReply reply = client.Read();
      ASSERT_NE(reply.status, 0) << body;
      if (reply.status == 200) ++answered;
      const std::string cloud = world.cloud().received();
      ASSERT_EQ(cloud.find(kSsn), std::string::npos) << body;
      ASSERT_EQ(cloud.find(kCard), std::string::npos) << body;
    }
  }
  EXPECT_GT(answered, 20u) << "most are not simply refused";
  // A field that nobody registered goes only where everything may go.
  Ask(world.port(), ChatRequest(kCopywriter, BodyWith("brand_new", "hello").dump()));
  EXPECT_EQ(world.cloud().received().find("brand_new"), std::string::npos);
}

}  // namespace
}  // namespace hpol::gateway_tests
