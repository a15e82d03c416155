#include "support/scripted_peer.hpp"
#include "transport/connection.hpp"
#include "transport/operation.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace {

namespace asio = boost::asio;
using namespace vidi::transport;
using vidi::error_code;

// Makes a handshake and does nothing else.
class handshake final : public operation
{
public:
    handshake(
        operation_environment const& environment, tls_context& context,
        vidi_test::stream_socket socket)
        : operation{environment}, context_{context}, connection_{std::move(socket)}
    {
    }

    void start() { operation::start(run()); }

    std::atomic<bool> done = false;
    error_code result;

private:
    task<void> run()
    {
        vidi::protocol::origin const to{.tls = true, .host = "localhost", .port = 443};
        std::string detail;
        result = co_await connection_.start_tls(*this, context_, to, detail);
    }

    void on_cancel(asio::cancellation_type) override { stop(asio::error::operation_aborted); }
    void finished(vidi::error_code) override { done = true; }

    tls_context& context_;
    connection connection_;
};

// Each step of a handshake may be taken on another thread than the one that stops it.
TEST(start_tls, can_be_stopped_on_any_thread)
{
    asio::io_context context;
    auto unfinished = asio::make_work_guard(context);
    operation_environment const environment{context.get_executor(), false};
    error_code ec;
    std::string detail;
    tls_context client_context{vidi_test::trust_in_peer(), false, ec, detail};
    ASSERT_FALSE(ec) << detail;
    auto const server_context = vidi_test::make_server_context(TLS1_3_VERSION);
    std::vector<std::jthread> threads;
    for (int i = 0; i < 2; ++i)
        threads.emplace_back([&] { context.run(); });

    for (int bytes = 0; bytes < 300; bytes += 3) {
        auto ends = vidi_test::make_socket_pair(context);
        vidi_test::scripted_peer server{server_context.get(), std::move(ends.second)};
        auto const tested =
            std::make_shared<handshake>(environment, client_context, std::move(ends.first));
        tested->start();
        server.piece = 1;
        for (int sent = 0; sent < bytes && !tested->done;)
            sent += server.work() != 0 ? 1 : 0;
        asio::post(context, [tested] { tested->cancel(asio::cancellation_type::terminal); });
        while (!tested->done)
            server.work();
        EXPECT_TRUE(!tested->result || tested->result == asio::error::operation_aborted)
            << tested->result.message();
    }
    unfinished.reset();
}

} // namespace
