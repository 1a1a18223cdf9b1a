// The model server must be a server that real clients accept, and a witness that misses no byte.
#include "adapters/demo/model_server.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <thread>

#include "adapters/demo/certificates.h"
#include "adapters/demo/openai_answer.h"

namespace hpol::demo {
namespace {

using ::testing::HasSubstr;
using Json = nlohmann::json;
namespace asio = boost::asio;
namespace http = boost::beast::http;
using asio::ip::tcp;

constexpr char kChat[] = R"({"model":"m1","messages":[{"role":"user","content":"good morning"}]})";

struct Reply {
  unsigned status = 0;  // 0: no proper answer
  std::string body;
  std::string location;
};

template <typename Stream>
Reply Exchange(Stream& stream, const std::string& body) {
  http::request<http::string_body> request(http::verb::post, "/v1/chat/completions", 11);
  request.set(http::field::host, "localhost");
  request.set(http::field::content_type, "application/json");
  request.body() = body;
  request.prepare_payload();
  boost::system::error_code error;
  http::write(stream, request, error);
  boost::beast::flat_buffer buffer;
  http::response<http::string_body> response;
  if (!error) http::read(stream, buffer, response, error);
  if (error) return {};
  return {response.result_int(), response.body(), std::string(response[http::field::location])};
}

Reply Post(uint16_t port, const std::string& body) {
  asio::io_context io;
  tcp::socket socket(io);
  boost::system::error_code error;
  socket.connect({asio::ip::address_v4::loopback(), port}, error);
  return error ? Reply{} : Exchange(socket, body);
}

std::vector<std::string> EventsOf(const std::string& body) {
  std::vector<std::string> events;
  for (size_t at = 0; (at = body.find("data: ", at)) != std::string::npos;) {
    const size_t end = body.find("\n\n", at);
    events.push_back(body.substr(at + 6, end - at - 6));
    at = end;
  }
  return events;
}

std::unique_ptr<ModelServer> StartServer(ModelServerOptions options = {.name = "alpha", .models = {"m1"}}) {
  Result<std::unique_ptr<ModelServer>> server = ModelServer::Start(std::move(options));
  EXPECT_TRUE(server.ok()) << (server ? "" : server.error().message);
  return server ? *std::move(server) : nullptr;
}

TEST(ModelServer, AnswersAndRecordsEveryByte) {
  const auto server = StartServer();
  const Reply reply = Post(server->port(), kChat);
  EXPECT_EQ(reply.status, 200u);
  const Json body = Json::parse(reply.body);
  EXPECT_EQ(body["choices"][0]["message"]["content"], "Hello from alpha. You wrote: good morning");
  EXPECT_EQ(body["choices"][0]["finish_reason"], "stop");
  EXPECT_EQ(body["usage"]["prompt_tokens"], 2);
  EXPECT_THAT(server->received(), HasSubstr("POST /v1/chat/completions HTTP/1.1\r\n"));
  EXPECT_THAT(server->received(), HasSubstr(kChat));
  EXPECT_EQ(server->request_count(), 1u);
  EXPECT_GT(server->last_service_time().count(), 0);
}

TEST(ModelServer, StreamsWordByWordWithUsageWhenAsked) {
  const auto server = StartServer();
  Json request = Json::parse(kChat);
  request["stream"] = true;
  request["stream_options"] = {{"include_usage", true}};
  const std::vector<std::string> events = EventsOf(Post(server->port(), request.dump()).body);
  ASSERT_GE(events.size(), 5u);
  EXPECT_EQ(events.back(), "[DONE]");
  EXPECT_EQ(Json::parse(events[0])["choices"][0]["delta"]["role"], "assistant");
  std::string text;
  for (size_t i = 0; i + 1 < events.size(); ++i) {
    const Json chunk = Json::parse(events[i]);
    for (const Json& choice : chunk["choices"]) text += choice["delta"].value("content", "");
  }
  EXPECT_EQ(text, "Hello from alpha. You wrote: good morning");
  const Json usage = Json::parse(events[events.size() - 2]);
  EXPECT_TRUE(usage["choices"].empty());
  EXPECT_EQ(usage["usage"]["prompt_tokens"], 2);
}

TEST(ModelServer, ServesTls) {
  const Result<TempFolder> folder = TempFolder::Make();
  ASSERT_TRUE(folder.ok());
  const Result<Certificates> files = MakeSelfSigned(folder->path());
  ASSERT_TRUE(files.ok()) << files.error().message;
  const auto server = StartServer({.name = "alpha",
                                   .models = {},
                                   .tls = true,
                                   .cert_file = files->cert_file,
                                   .key_file = files->key_file});
  asio::io_context io;
  asio::ssl::context tls(asio::ssl::context::tls_client);
  tls.load_verify_file(files->ca_file);
  tls.set_verify_mode(asio::ssl::verify_peer);
  asio::ssl::stream<tcp::socket> stream(io, tls);
  stream.set_verify_callback(asio::ssl::host_name_verification("localhost"));
  stream.next_layer().connect({asio::ip::address_v4::loopback(), server->port()});
  stream.handshake(asio::ssl::stream_base::client);
  EXPECT_EQ(Exchange(stream, kChat).status, 200u);
  EXPECT_THAT(server->received(), HasSubstr("good morning"));
}

TEST(ModelServer, StopKillsAndRestartRevives) {
  const auto server = StartServer();
  const uint16_t port = server->port();
  asio::io_context io;
  tcp::socket open(io);
  open.connect({asio::ip::address_v4::loopback(), port});
  EXPECT_EQ(Exchange(open, kChat).status, 200u);
  server->Stop();
  EXPECT_EQ(Exchange(open, kChat).status, 0u);
  EXPECT_EQ(Post(port, kChat).status, 0u);
  ASSERT_TRUE(server->Restart().ok());
  EXPECT_EQ(server->port(), port);
  EXPECT_EQ(Post(port, kChat).status, 200u);
  EXPECT_EQ(server->request_count(), 2u);
}

TEST(ModelServer, StopEndsARequestThatHangs) {
  const auto server = StartServer();
  server->SetFault(Fault::kHang);
  std::thread client([&] { EXPECT_EQ(Post(server->port(), kChat).status, 0u); });
  while (server->request_count() == 0) std::this_thread::yield();
  server->Stop();
  client.join();
  EXPECT_EQ(server->aborted_count(), 0u) << "the server ended it, not the client";
}

TEST(ModelServer, Misbehaves) {
  const auto server = StartServer();
  server->SetFault(Fault::kError500);
  EXPECT_EQ(Post(server->port(), kChat).status, 500u);
  EXPECT_THAT(Post(server->port(), kChat).body, HasSubstr("good morning"));
  server->SetFault(Fault::kRateLimit);
  EXPECT_EQ(Post(server->port(), kChat).status, 429u);
  server->SetFault(Fault::kRedirect);
  EXPECT_EQ(Post(server->port(), kChat).status, 307u);
  EXPECT_THAT(Post(server->port(), kChat).location, HasSubstr("/v1/chat/completions"));
  server->SetFault(Fault::kGarbage);
  EXPECT_EQ(Post(server->port(), kChat).status, 0u);
  server->SetFault(Fault::kCutStream);
  EXPECT_EQ(Post(server->port(), kChat).status, 0u);
  server->SetFault(Fault::kBadJson);
  EXPECT_FALSE(Json::accept(Post(server->port(), kChat).body));
  server->SetFault(Fault::kNone);
  EXPECT_EQ(Post(server->port(), kChat).status, 200u);
}

TEST(ModelServer, RefusesAWrongKey) {
  const auto server = StartServer({.name = "alpha", .models = {}, .api_key = "secret"});
  EXPECT_EQ(Post(server->port(), kChat).status, 401u);
}

TEST(AnswerChat, CallsToolsAndSplitsTheirArguments) {
  Json request = Json::parse(kChat);
  request["messages"][0]["content"] = "use a tool to tell the weather";
  request["tools"] = {
      {{"type", "function"},
       {"function",
        {{"name", "get_weather"},
         {"parameters", {{"type", "object"}, {"properties", {{"city", {{"type", "string"}}}}}}}}}}};
  const Json whole = Json::parse(AnswerChat("a", {}, request.dump(), 1).body);
  EXPECT_EQ(whole["choices"][0]["finish_reason"], "tool_calls");
  EXPECT_EQ(whole["choices"][0]["message"]["tool_calls"][0]["function"]["arguments"],
            R"({"city":"some city"})");

  request["stream"] = true;
  std::string arguments;
  size_t pieces = 0;
  for (const std::string& event : AnswerChat("a", {}, request.dump(), 1).events) {
    if (event == "[DONE]") continue;
    const Json delta = Json::parse(event)["choices"][0]["delta"];
    if (!delta.contains("tool_calls")) continue;
    arguments += delta["tool_calls"][0]["function"]["arguments"].get<std::string>();
    ++pieces;
  }
  EXPECT_EQ(arguments, R"({"city":"some city"})");
  EXPECT_GT(pieces, 2u);
}

TEST(AnswerChat, EndsToolLoopsAndObeysLimits) {
  Json request = Json::parse(kChat);
  request["n"] = 2;
  request["max_tokens"] = 3;
  Json body = Json::parse(AnswerChat("a", {}, request.dump(), 1).body);
  EXPECT_EQ(body["choices"].size(), 2u);
  EXPECT_EQ(body["choices"][1]["finish_reason"], "length");
  EXPECT_EQ(body["usage"]["completion_tokens"], 6);
}

TEST(AnswerChat, RefusesInOpenAisShape) {
  for (const char* body : {"", "[]", "{}", R"({"messages":[]})", R"({"messages":[1]})",
                           R"({"messages":[{"role":1}]})", R"({"messages":[{}],"n":99})"}) {
    const ChatAnswer answer = AnswerChat("a", {}, body, 1);
    EXPECT_EQ(answer.status / 100, 4u) << body;
    EXPECT_TRUE(Json::parse(answer.body)["error"].contains("message")) << body;
  }
  EXPECT_EQ(AnswerChat("a", {"other"}, kChat, 1).status, 404u);
}

TEST(Certificates, LeaveNothingBehindAndAreUnreadableForOthers) {
  std::string path;
  {
    const Result<TempFolder> folder = TempFolder::Make();
    ASSERT_TRUE(folder.ok());
    path = folder->path();
    const Result<Certificates> files = MakeSelfSigned(path);
    ASSERT_TRUE(files.ok());
    const auto mode = std::filesystem::status(files->key_file).permissions();
    EXPECT_EQ(mode, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
  }
  EXPECT_FALSE(std::filesystem::exists(path));
}

}  // namespace
}  // namespace hpol::demo
