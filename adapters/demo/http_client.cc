// See http_client.h.
#include "adapters/demo/http_client.h"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>

namespace hpol::demo {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using boost::system::error_code;

struct HttpClient::Connection {
  explicit Connection(uint16_t to) : port(to) {}

  bool Open() {
    error_code error;
    if (socket.is_open()) return true;
    buffer.clear();
    socket.connect({asio::ip::address_v4::loopback(), port}, error);
    if (!error) socket.set_option(asio::ip::tcp::no_delay(true), error);
    return !error;
  }

  void Close() {
    error_code ignored;
    socket.close(ignored);
  }

  asio::io_context io;
  uint16_t port;
  asio::ip::tcp::socket socket{io};
  boost::beast::flat_buffer buffer;
};

HttpClient::HttpClient(uint16_t port) : connection_(std::make_unique<Connection>(port)) {}
HttpClient::~HttpClient() = default;

HttpReply HttpClient::Post(const std::string& path, const std::string& key, const std::string& body) {
  HttpReply reply;
  if (!connection_->Open()) return reply;
  http::request<http::string_body> request(http::verb::post, path, 11);
  request.set(http::field::host, "127.0.0.1");
  request.set(http::field::content_type, "application/json");
  request.set(http::field::authorization, "Bearer " + key);
  request.body() = body;
  request.prepare_payload();

  error_code error;
  const auto began = std::chrono::steady_clock::now();
  http::write(connection_->socket, request, error);
  http::response<http::string_body> response;
  if (!error) http::read(connection_->socket, connection_->buffer, response, error);
  reply.time = std::chrono::steady_clock::now() - began;
  if (error || !response.keep_alive()) connection_->Close();
  if (error) return reply;
  reply.status = response.result_int();
  reply.request_id = response["x-request-id"];
  reply.body = std::move(response.body());
  return reply;
}

}  // namespace hpol::demo
