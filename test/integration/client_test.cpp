#include "integration/client_fixture.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/bind_allocator.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <atomic>
#include <memory_resource>
#include <thread>

namespace vidi::testing {
namespace {

using namespace asio::experimental::awaitable_operators;

class client_create : public client_test
{
};

TEST_F(client_create, returns_what_the_server_answered)
{
    start();
    auto const response = run(client().create(ask()));
    EXPECT_TRUE(response.ok());
    EXPECT_EQ(response.output_text(), std::string{"prompt: 描述这张图片中的内容\n"} + red_facts);
    ASSERT_EQ(response.output.size(), 2U);
    EXPECT_TRUE(std::holds_alternative<reasoning_item>(response.output[0]));
    ASSERT_TRUE(response.usage);
    EXPECT_GT(response.usage->input_tokens, 0);

    auto const& e = response.exchange;
    EXPECT_EQ(e.http_status, 200U);
    EXPECT_EQ(e.attempts, 1U);
    EXPECT_FALSE(e.connection_reused);
    EXPECT_FALSE(e.request_id.empty());
    EXPECT_EQ(e.client_request_id + "-1", server->ledger().at(0).client_request_id);
    EXPECT_TRUE(e.rate_limit.limit_requests);
    EXPECT_EQ(e.content_type, "application/json");
    EXPECT_GT(e.body_bytes, 500U);
    EXPECT_GT(e.timings.tls_handshake.count(), 0);
    EXPECT_GE(e.timings.total, e.timings.tls_handshake + e.timings.first_byte);
    EXPECT_TRUE(e.detail.empty()) << e.detail;
}

TEST_F(client_create, sends_the_caller_s_request_id)
{
    start();
    request_options options;
    options.client_request_id = "job-7/4";
    exchange(options);
    EXPECT_EQ(server->ledger().at(0).client_request_id, "job-7/4-1");
}

TEST_F(client_create, works_over_plain_http)
{
    emulator_options options;
    options.tls = false;
    start(std::move(options));
    auto const [called, ec, response] = exchange();
    EXPECT_FALSE(ec) << describe_failure(ec, response);
    EXPECT_NE(response.output_text().find(red_facts), std::string::npos);
    EXPECT_EQ(client().statistics().full_handshakes, 0U);
}

TEST_F(client_create, resolves_names_and_tries_all_their_addresses)
{
    // localhost is ::1 and 127.0.0.1 on most machines, and the emulator listens on the latter.
    start();
    config.base_url = "https://localhost:" + std::to_string(server->port()) + "/v1";
    auto const [called, ec, response] = exchange();
    EXPECT_FALSE(ec) << describe_failure(ec, response);
    EXPECT_GT(response.exchange.timings.resolve.count(), 0);
}

TEST_F(client_create, sends_large_pictures)
{
    start();
    // A PNG may be followed by anything.
    auto picture = read_test_data("red.png");
    picture.resize(3'000'000, 'x');
    vidi::request request{.model = "gpt-5-mini"};
    request.input = {user_message{input_text{"large"}, input_image::from_bytes(picture)}};
    auto const [called, ec, response] = exchange(std::move(request));
    ASSERT_FALSE(ec) << describe_failure(ec, response);
    EXPECT_NE(response.output_text().find("format=png width=3 height=2"), std::string::npos);
}

TEST_F(client_create, reads_responses_that_arrive_in_pieces)
{
    start([](request_view const&) { return behaviour::slices(1); });
    auto const [called, ec, response] = exchange();
    EXPECT_FALSE(ec) << describe_failure(ec, response);
    EXPECT_NE(response.output_text().find(red_facts), std::string::npos);
    expect_nothing_in_use();
    EXPECT_EQ(client().statistics().idle, 1U);
}

TEST_F(client_create, reads_responses_in_every_framing)
{
    std::string const body = R"({"id":"resp_1","output":[],"status":"completed"})";
    std::string const chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                                "A;ext=1\r\n" +
                                body.substr(0, 10) + "\r\n" + "26\r\n" + body.substr(10) +
                                "\r\n0\r\nTrailer: x\r\n\r\n";
    std::string const until_close = "HTTP/1.0 200 OK\r\n\r\n" + body;
    std::string const interim =
        "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n"
        "HTTP/1.1 200 OK\r\nContent-Length: " +
        std::to_string(body.size()) + "\r\n\r\n" + body;
    std::vector<std::string> const framings{chunked, until_close, interim};
    start([=](request_view const& r) { return behaviour::raw(framings.at(r.sequence - 1)); });
    for (auto const& framing : framings) {
        auto const [called, ec, response] = exchange();
        EXPECT_FALSE(ec) << describe_failure(ec, response) << framing;
        EXPECT_EQ(response.id, "resp_1");
    }
}

TEST_F(client_create, leaves_the_io_context_without_work)
{
    start();
    auto const result = begin(ask());
    context.run();
    EXPECT_TRUE(result->called);
    EXPECT_EQ(client().statistics().idle, 1U);
}

TEST_F(client_create, a_client_can_be_moved_and_replaced)
{
    start();
    std::optional<outcome> first;
    vidi::client a{context, config};
    vidi::client b{std::move(a)};
    b.async_create(ask(), [&](error_code ec, vidi::response r) {
        first = {true, ec, std::move(r)};
    });
    b = vidi::client{context, config};
    run_until([&] { return first.has_value(); });
    EXPECT_EQ(first->ec, asio::error::operation_aborted);
}

class completion_tokens : public client_test
{
};

TEST_F(completion_tokens, callback_is_never_called_from_the_initiating_function)
{
    start();
    auto const good = begin(ask());
    auto const bad = begin(vidi::request{}); // fails before anything is sent
    EXPECT_FALSE(good->called);
    EXPECT_FALSE(bad->called);
    run_until([&] { return good->called && bad->called; });
    EXPECT_FALSE(good->ec);
    EXPECT_EQ(bad->ec, errc::invalid_request);

    // Nor when initiated from a handler that the executor runs.
    bool returned = false;
    bool called_early = false;
    std::optional<outcome> nested;
    asio::post(context, [&] {
        client().async_create(vidi::request{}, [&](error_code ec, vidi::response r) {
            called_early = !returned;
            nested = {true, ec, std::move(r)};
        });
        returned = true;
    });
    run_until([&] { return nested.has_value(); });
    EXPECT_FALSE(called_early);
}

TEST_F(completion_tokens, use_awaitable_throws_system_error)
{
    start();
    config.api_key = "sk-wrong";
    auto coroutine = [&]() -> asio::awaitable<error_code> {
        try {
            co_await client().async_create(ask(), asio::use_awaitable);
        }
        catch (boost::system::system_error const& e) {
            co_return e.code();
        }
        co_return error_code{};
    };
    EXPECT_EQ(run(coroutine()), errc::authentication_failed);
}

TEST_F(completion_tokens, create_throws_api_error_with_all_that_is_known)
{
    start();
    config.api_key = "sk-wrong-hunter2";
    auto coroutine = [&]() -> asio::awaitable<std::optional<api_error>> {
        try {
            co_await client().create(ask());
        }
        catch (api_error const& e) {
            co_return e;
        }
        co_return std::nullopt;
    };
    auto const error = run(coroutine());
    ASSERT_TRUE(error);
    EXPECT_EQ(error->code(), errc::authentication_failed);
    EXPECT_EQ(error->code(), condition::authentication);
    EXPECT_EQ(error->response().exchange.http_status, 401U);
    ASSERT_TRUE(error->response().error);
    EXPECT_EQ(error->response().error->code, "invalid_api_key");
    std::string const what = error->what();
    EXPECT_NE(what.find("rejected the key"), std::string::npos) << what;
    EXPECT_NE(what.find(error->response().exchange.request_id), std::string::npos) << what;
    EXPECT_EQ(what.find("hunter2"), std::string::npos) << what;
}

TEST_F(completion_tokens, as_tuple_deferred_and_redirect_error)
{
    start();
    auto coroutine = [&]() -> asio::awaitable<int> {
        auto [ec, response] =
            co_await client().async_create(ask(), asio::as_tuple(asio::use_awaitable));
        EXPECT_FALSE(ec);
        EXPECT_TRUE(response.ok());

        auto operation = client().async_create(ask(), asio::deferred);
        auto const deferred = co_await std::move(operation)(asio::use_awaitable);
        EXPECT_TRUE(deferred.ok());

        error_code redirected;
        vidi::request const empty;
        auto const invalid = co_await client().async_create(
            empty, asio::redirect_error(asio::use_awaitable, redirected));
        EXPECT_EQ(redirected, errc::invalid_request);
        EXPECT_FALSE(invalid.exchange.detail.empty());
        co_return 3;
    };
    EXPECT_EQ(run(coroutine()), 3);
}

TEST_F(completion_tokens, use_future)
{
    start();
    auto good = client().async_create(ask(), asio::use_future);
    auto bad = client().async_create(vidi::request{}, asio::use_future);
    context.run();
    EXPECT_TRUE(good.get().ok());
    try {
        bad.get();
        FAIL() << "it must throw";
    }
    catch (boost::system::system_error const& e) {
        EXPECT_EQ(e.code(), errc::invalid_request);
    }
}

TEST_F(completion_tokens, detached)
{
    start();
    client().async_create(ask(), asio::detached);
    context.run();
    EXPECT_EQ(server->statistics().answered.at(200), 1U);
    EXPECT_EQ(client().statistics().idle, 1U);
}

TEST_F(completion_tokens, move_only_handlers)
{
    start();
    auto const result = std::make_shared<outcome>();
    client().async_create(
        ask(), [result, only = std::make_unique<int>(1)](error_code ec, vidi::response r) {
            *result = {*only == 1, ec, std::move(r)};
        });
    run_until(result);
    EXPECT_FALSE(result->ec);
}

TEST_F(completion_tokens, the_associated_executor_runs_the_handler)
{
    start();
    asio::thread_pool elsewhere{1};
    std::promise<std::thread::id> ran_on;
    client().async_create(
        ask(), asio::bind_executor(elsewhere, [&](error_code ec, vidi::response const&) {
            EXPECT_FALSE(ec);
            ran_on.set_value(std::this_thread::get_id());
        }));
    context.run();
    auto const expected =
        asio::post(elsewhere, asio::use_future([] { return std::this_thread::get_id(); })).get();
    EXPECT_EQ(ran_on.get_future().get(), expected);
}

// Counts what is allocated and freed through it.
class counting_resource final : public std::pmr::memory_resource
{
public:
    std::size_t allocations = 0;
    std::ptrdiff_t outstanding = 0;

private:
    void* do_allocate(std::size_t bytes, std::size_t alignment) override
    {
        ++allocations;
        ++outstanding;
        return std::pmr::new_delete_resource()->allocate(bytes, alignment);
    }

    void do_deallocate(void* p, std::size_t bytes, std::size_t alignment) override
    {
        --outstanding;
        std::pmr::new_delete_resource()->deallocate(p, bytes, alignment);
    }

    bool do_is_equal(memory_resource const& other) const noexcept override
    {
        return this == &other;
    }
};

TEST_F(completion_tokens, the_associated_allocator_is_used)
{
    start();
    counting_resource memory;
    auto const result = std::make_shared<outcome>();
    client().async_create(
        ask(),
        asio::bind_allocator(
            std::pmr::polymorphic_allocator<>{&memory}, [result](error_code ec, vidi::response r) {
                *result = {true, ec, std::move(r)};
            }));
    context.run();
    EXPECT_TRUE(result->called);
    EXPECT_GT(memory.allocations, 0U);
    EXPECT_EQ(memory.outstanding, 0);
}

TEST_F(completion_tokens, awaitable_operators)
{
    start([](request_view const& r) {
        return r.body.find("slow") != std::string_view::npos ? behaviour::stall() : behaviour{};
    });
    auto coroutine = [&]() -> asio::awaitable<int> {
        // Both.
        auto const [a, b] = co_await (client().create(ask("one")) && client().create(ask("two")));
        EXPECT_NE(a.output_text().find("one"), std::string::npos);
        EXPECT_NE(b.output_text().find("two"), std::string::npos);

        // Whichever is first; the other is cancelled.
        asio::steady_timer timer{co_await asio::this_coro::executor, 50ms};
        auto const first =
            co_await (client().create(ask("slow")) || timer.async_wait(asio::use_awaitable));
        EXPECT_EQ(first.index(), 1U);

        auto const quick = co_await (client().create(ask("slow")) || client().create(ask("quick")));
        EXPECT_EQ(quick.index(), 1U);
        co_return 1;
    };
    run(coroutine());
    expect_nothing_in_use();
}

} // namespace
} // namespace vidi::testing
