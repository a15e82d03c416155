#pragma once

#include "emulator/byte_stream.hpp"
#include "emulator/message.hpp"

#include <boost/beast/core/flat_buffer.hpp>

#include <chrono>
#include <functional>
#include <variant>

namespace vidi::emulation {

struct reader_limits
{
    std::chrono::milliseconds idle;
    std::chrono::milliseconds request;
    std::size_t body = 0;
};

/// The client closed the connection, or left it idle for too long, with no request begun.
struct no_request
{
};

/// The request cannot be answered; the connection has to be closed after this status. 0 means that
/// the client is gone.
struct bad_request
{
    unsigned status = 0;
};

/// Reads requests from a connection, one after the other.
class request_reader
{
public:
    request_reader(byte_stream& stream, reader_limits limits);

    using result = std::variant<http_request, no_request, bad_request>;

    boost::asio::awaitable<result> read();

    /// Waits for the first byte of a request and leaves it unread. False if none came.
    boost::asio::awaitable<bool> wait_for_request();

    /// Called with true when the wait for a first byte begins, and with false when it has come.
    std::function<void(bool)> on_idle;

    /// Reads what the client sends while its request is being answered. Returns when it is gone.
    boost::asio::awaitable<void> watch_for_close();

private:
    boost::asio::awaitable<error_code> read_more();
    boost::asio::awaitable<error_code> wait_for_first_byte();

    byte_stream& stream_;
    reader_limits limits_;
    boost::beast::flat_buffer buffer_;
};

} // namespace vidi::emulation
