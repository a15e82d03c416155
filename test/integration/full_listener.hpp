#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <poll.h>
#include <sys/socket.h>

#include <list>
#include <string>

namespace vidi::testing {

// A port of this machine on which connecting takes for ever: its listener accepts nothing, and its
// queue is full.
class full_listener
{
public:
    full_listener() : acceptor_{context_, tcp::v4()}
    {
        acceptor_.bind({boost::asio::ip::address_v4::loopback(), 0});
        acceptor_.listen(0);
        while (connect_one()) {
        }
    }

    std::string base_url() const
    {
        return "https://127.0.0.1:" + std::to_string(acceptor_.local_endpoint().port()) + "/v1";
    }

private:
    using tcp = boost::asio::ip::tcp;

    // Whether one more fitted into the queue.
    bool connect_one()
    {
        auto& socket = queued_.emplace_back(context_, tcp::v4());
        socket.native_non_blocking(true);
        auto const to = acceptor_.local_endpoint();
        // Asio's own connect() would wait, whatever the mode of the socket.
        if (::connect(socket.native_handle(), to.data(), static_cast<socklen_t>(to.size())) == 0)
            return true;
        pollfd writable{socket.native_handle(), POLLOUT, 0};
        return ::poll(&writable, 1, 100) == 1;
    }

    boost::asio::io_context context_;
    tcp::acceptor acceptor_;
    std::list<tcp::socket> queued_;
};

} // namespace vidi::testing
