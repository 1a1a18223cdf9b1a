// The parts of Asio and Beast that this gateway uses, in one place: they are the most
// expensive headers here, and this one is precompiled. Nothing else includes them.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ip/v6_only.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/basic_stream.hpp>
#include <boost/beast/core/tcp_stream.hpp>

namespace hpol {
namespace asio = boost::asio;
using asio::awaitable;
using asio::ip::tcp;
// A connection over TCP or a Unix socket, with a time limit on what it does.
using Socket = asio::generic::stream_protocol::socket;
using Stream = boost::beast::basic_stream<asio::generic::stream_protocol>;
using boost::system::error_code;
}  // namespace hpol
