#pragma once

#include "emulator/certificate.hpp"
#include "emulator/picture_shelf.hpp"
#include "emulator/picture_source.hpp"
#include "emulator/rate_gate.hpp"
#include "emulator/recorder.hpp"
#include "emulator/responses.hpp"
#include "emulator/session.hpp"
#include "emulator/site.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <memory>
#include <string>
#include <thread>

namespace vidi::emulation {

/// Listens, and runs a session for each connection, on a thread of its own.
class server
{
public:
    explicit server(testing::emulator_options options);
    ~server();

    server(server const&) = delete;
    server& operator=(server const&) = delete;

    // These may be called from any thread.
    testing::emulator_options const& options() const { return options_; }
    std::uint16_t port() const { return endpoint_.port(); }
    std::string origin() const;
    identity const& own_identity() const { return identity_; }
    picture_shelf& shelf() { return shelf_; }
    recorder const& log() const { return log_; }
    void release(std::uint64_t sequence);
    void release_all();
    std::size_t close_idle();
    std::size_t send_to_idle(std::string bytes);
    void stop_listening();
    void listen();

private:
    using acceptor_ptr = std::shared_ptr<boost::asio::ip::tcp::acceptor>;

    void open_acceptor();
    boost::asio::awaitable<void> accept(acceptor_ptr acceptor);
    void begin_session(boost::asio::ip::tcp::socket socket);
    /// Runs something on the server's thread and waits for its end.
    void run_there(std::function<void()> work);

    testing::emulator_options options_;
    boost::asio::ip::tcp::endpoint endpoint_;
    identity identity_;
    ssl_ctx_ptr tls_;
    picture_shelf shelf_;
    recorder log_;
    rate_gate gate_;
    std::unique_ptr<picture_source> pictures_;
    std::unique_ptr<responses> responses_;
    std::unique_ptr<site> site_;
    std::unique_ptr<session_context> context_;
    // Destroys the sessions, which use all of the above.
    boost::asio::io_context io_{1};
    // Null while it does not listen.
    acceptor_ptr acceptor_;
    std::thread thread_;
};

} // namespace vidi::emulation
