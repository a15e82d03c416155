#pragma once

#include <vidi/testing/emulator.hpp>
#include <vidi/vidi.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <fstream>
#include <functional>
#include <iterator>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>

namespace vidi::testing {

using namespace std::chrono_literals;

// How long a test waits for what must happen: long enough for a slow machine, never used up.
inline constexpr std::chrono::seconds patience{60};

inline std::string read_test_data(std::string const& name)
{
    std::ifstream file{std::string{VIDI_TEST_DATA} + '/' + name, std::ios::binary};
    return {std::istreambuf_iterator<char>{file}, {}};
}

// What red.png is, in the emulator's words.
inline constexpr char const* red_facts =
    "picture 1: format=png width=3 height=2 "
    "sha256=074522f5bcd75c5832b201d72d7286411c8e1a5bf6d73a3d779e606c24e68789 mean_colour=#ff0000";

// What a callback was called with.
struct outcome
{
    bool called = false;
    error_code ec;
    vidi::response response;
};

// An emulator, a client of it, and an io_context that the test runs itself.
class client_test : public ::testing::Test
{
protected:
    // To be called first: the emulator's behaviour is fixed at its start.
    void start(emulator_options options = {})
    {
        server = std::make_unique<testing::emulator>(std::move(options));
        server->add_image("red.png", read_test_data("red.png"));
        config.base_url = server->base_url();
        config.api_key = "sk-emulator";
        config.tls.ca_certificates = server->ca_certificate_pem();
        // What becomes of one attempt; the tests of retries ask for more.
        config.retry.max_retries = 0;
    }

    void start(std::function<behaviour(request_view const&)> script)
    {
        emulator_options options;
        options.script = std::move(script);
        start(std::move(options));
    }

    vidi::client& client()
    {
        if (!client_)
            client_.emplace(context, config);
        return *client_;
    }

    void destroy_client() { client_.reset(); }

    vidi::request ask(std::string prompt = "描述这张图片中的内容") const
    {
        vidi::request request{.model = "gpt-5-mini"};
        request.input = {user_message{
            input_text{std::move(prompt)}, input_image::from_url(server->image_url("red.png"))}};
        return request;
    }

    // Starts an operation with a callback.
    std::shared_ptr<outcome> begin(
        vidi::request request, vidi::request_options options = {},
        asio::cancellation_slot slot = {})
    {
        auto const result = std::make_shared<outcome>();
        client().async_create(
            std::move(request), std::move(options),
            asio::bind_cancellation_slot(slot, [result](error_code ec, vidi::response response) {
                EXPECT_FALSE(result->called);
                *result = {true, ec, std::move(response)};
            }));
        return result;
    }

    // Runs the io_context until something is so.
    void run_until(std::function<bool()> const& condition)
    {
        auto const deadline = std::chrono::steady_clock::now() + patience;
        context.restart();
        while (!condition()) {
            ASSERT_LT(std::chrono::steady_clock::now(), deadline) << "it did not happen";
            if (context.run_one_for(5ms) == 0)
                context.restart();
        }
    }

    void run_until(std::shared_ptr<outcome> const& result)
    {
        run_until([&] { return result->called; });
    }

    void run_until_server(std::function<bool(emulator_statistics const&)> const& condition)
    {
        run_until([&] { return condition(server->statistics()); });
    }

    std::size_t warm_up(std::size_t connections, error_code expected = {})
    {
        std::optional<std::size_t> opened;
        client().async_warm_up(connections, [&](error_code ec, std::size_t n) {
            EXPECT_EQ(ec, expected);
            opened = n;
        });
        EXPECT_FALSE(opened);
        run_until([&] { return opened.has_value(); });
        return opened.value_or(0);
    }

    // One request from start to end.
    outcome exchange(vidi::request_options options = {})
    {
        return exchange(ask(), std::move(options));
    }

    outcome exchange(vidi::request request, vidi::request_options options = {})
    {
        auto const result = begin(std::move(request), std::move(options));
        run_until(result);
        return *result;
    }

    // Runs a coroutine to its end and gives its result.
    template <class T>
    T run(asio::awaitable<T> coroutine)
    {
        auto future = asio::co_spawn(context, std::move(coroutine), asio::use_future);
        run_until([&] { return future.wait_for(0s) == std::future_status::ready; });
        return future.get();
    }

    // Everything given back: what each test must leave behind.
    void expect_nothing_in_use()
    {
        auto const s = client().statistics();
        EXPECT_EQ(s.in_use, 0U);
        EXPECT_EQ(s.connecting, 0U);
        EXPECT_EQ(s.waiting, 0U);
        EXPECT_EQ(s.open, s.idle);
    }

    asio::io_context context;
    vidi::client_config config;
    std::unique_ptr<testing::emulator> server;

private:
    std::optional<vidi::client> client_;
};

} // namespace vidi::testing
