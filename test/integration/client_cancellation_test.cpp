#include "integration/client_fixture.hpp"
#include "integration/full_listener.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace vidi::testing {
namespace {

// A stage of a request at which it can be cancelled, and how to get there.
struct stage
{
    char const* name;
    bool sent; // a byte of the request may have left: total cancellation is too late
    emulator_options (*options)();
    void (*configure)(client_config&);
    bool (*reached)(emulator_statistics const&, pool_statistics const&);
    std::size_t prompt_size;
    bool server_reads; // and so notices the end of the connection
};

emulator_options scripted(std::function<behaviour(request_view const&)> script)
{
    emulator_options options;
    options.script = std::move(script);
    return options;
}

emulator_options connection_scripted(connection_behaviour what)
{
    emulator_options options;
    options.connection_script = [what](std::uint64_t) { return what; };
    return options;
}

full_listener const& nobody()
{
    static full_listener const instance;
    return instance;
}

stage const stages[]{
    {"resolving", false, [] { return emulator_options{}; },
     [](client_config& c) { c.base_url = "https://localhost:9/v1"; },
     [](auto const&, auto const& pool) { return pool.connecting == 1; }, 10, true},
    {"connecting", false, [] { return emulator_options{}; },
     [](client_config& c) { c.base_url = nobody().base_url(); },
     [](auto const&, auto const& pool) { return pool.connecting == 1; }, 10, true},
    {"handshaking", false, [] { return connection_scripted(connection_behaviour::no_handshake); },
     [](client_config&) {},
     [](auto const& server, auto const&) { return server.connections_open == 1; }, 10, false},
    {"writing", true, [] { return connection_scripted(connection_behaviour::never_read); },
     [](client_config&) {}, [](auto const&, auto const& pool) { return pool.in_use == 1; },
     32'000'000, false},
    {"waiting_for_the_head", true,
     [] { return scripted([](request_view const&) { return behaviour::stall(); }); },
     [](client_config&) {}, [](auto const& server, auto const&) { return server.stalled == 1; }, 10,
     true},
    {"reading_the_body", true,
     [] { return scripted([](request_view const&) { return behaviour::stall(1200); }); },
     [](client_config&) {}, [](auto const& server, auto const&) { return server.stalled == 1; }, 10,
     true},
};

class cancellation : public client_test
{
protected:
    void reach(stage const& s)
    {
        start(s.options());
        s.configure(config);
        destroy_client();
        result = begin(ask(std::string(s.prompt_size, 'x')), {}, signal.slot());
        run_until([&] {
            return result->called || s.reached(server->statistics(), client().statistics());
        });
        ASSERT_FALSE(result->called) << s.name << ": " << result->ec.message();
    }

    void expect_cancelled(stage const& s)
    {
        run_until(result);
        EXPECT_EQ(result->ec, asio::error::operation_aborted) << s.name;
        expect_nothing_in_use();
        EXPECT_EQ(client().statistics().open, 0U) << s.name << ": no half-read connection is kept";
        expect_closed(s);
    }

    void expect_closed(stage const& s)
    {
        if (s.server_reads)
            run_until_server([](auto const& now) { return now.connections_open == 0; });
    }

    asio::cancellation_signal signal;
    std::shared_ptr<outcome> result;
};

TEST_F(cancellation, terminal_and_partial_at_every_stage)
{
    for (auto const type : {asio::cancellation_type::terminal, asio::cancellation_type::partial}) {
        for (auto const& s : stages) {
            reach(s);
            signal.emit(type);
            expect_cancelled(s);
        }
    }
}

TEST_F(cancellation, total_until_the_request_is_sent)
{
    for (auto const& s : stages) {
        reach(s);
        signal.emit(asio::cancellation_type::total);
        if (!s.sent) {
            expect_cancelled(s);
            continue;
        }
        for (int i = 0; i < 3; ++i) {
            context.restart();
            context.poll();
        }
        EXPECT_FALSE(result->called) << s.name;
        signal.emit(asio::cancellation_type::terminal);
        expect_cancelled(s);
    }
}

TEST_F(cancellation, waiting_for_the_pool)
{
    start([](request_view const&) { return behaviour::stall(); });
    config.pool.max_connections = 1;
    auto const first = begin(ask());
    run_until_server([](auto const& s) { return s.stalled == 1; });
    result = begin(ask(), {}, signal.slot());
    auto const third = begin(ask());
    run_until([&] { return client().statistics().waiting == 2; });

    signal.emit(asio::cancellation_type::total);
    run_until(result);
    EXPECT_EQ(result->ec, asio::error::operation_aborted);
    EXPECT_EQ(client().statistics().waiting, 1U);
    EXPECT_FALSE(first->called);

    server->release_stalled();
    run_until(first);
    run_until_server([](auto const& s) { return s.stalled == 1; });
    server->release_stalled();
    run_until(third);
    EXPECT_FALSE(third->ec);
    EXPECT_EQ(server->statistics().requests, 2U) << "the cancelled one was never sent";
    expect_nothing_in_use();
}

TEST_F(cancellation, before_anything_ran)
{
    start();
    result = begin(ask(), {}, signal.slot());
    signal.emit(asio::cancellation_type::total);
    run_until(result);
    EXPECT_EQ(result->ec, asio::error::operation_aborted);
    EXPECT_EQ(server->statistics().requests, 0U);
}

TEST_F(cancellation, when_the_connection_that_it_waited_for_is_on_its_way)
{
    start();
    config.pool.max_connections = 1;
    client().async_create(ask(), [this](error_code ec, vidi::response const&) {
        EXPECT_FALSE(ec);
        signal.emit(asio::cancellation_type::total);
    });
    result = begin(ask(), {}, signal.slot());
    run_until(result);
    EXPECT_EQ(result->ec, asio::error::operation_aborted);
    EXPECT_EQ(result->response.exchange.attempts, 0U);
    EXPECT_EQ(client().statistics().idle, 1U) << "nothing happened to it";
    EXPECT_FALSE(exchange().ec);
    EXPECT_EQ(server->statistics().requests, 2U);
}

TEST_F(cancellation, after_completion_does_nothing)
{
    start();
    result = begin(ask(), {}, signal.slot());
    run_until(result);
    EXPECT_FALSE(result->ec);
    signal.emit(asio::cancellation_type::terminal);
    EXPECT_FALSE(exchange().ec);
}

TEST_F(cancellation, destroying_the_client_completes_everything)
{
    for (auto const& s : stages) {
        reach(s);
        config.pool.max_connections = 256;
        destroy_client();
        EXPECT_FALSE(result->called) << "not from within the destructor";
        run_until(result);
        EXPECT_EQ(result->ec, asio::error::operation_aborted) << s.name;
        expect_closed(s);
    }
}

TEST_F(cancellation, destroying_the_client_completes_those_who_wait)
{
    start([](request_view const&) { return behaviour::stall(); });
    config.pool.max_connections = 1;
    auto const first = begin(ask());
    auto const second = begin(ask());
    run_until_server([](auto const& s) { return s.stalled == 1; });
    run_until([&] { return client().statistics().waiting == 1; });
    destroy_client();
    run_until([&] { return first->called && second->called; });
    EXPECT_EQ(first->ec, asio::error::operation_aborted);
    EXPECT_EQ(second->ec, asio::error::operation_aborted);
}

TEST_F(cancellation, a_handler_may_destroy_the_client)
{
    start();
    bool called = false;
    client().async_create(ask(), [&](error_code ec, vidi::response const&) {
        EXPECT_FALSE(ec);
        destroy_client();
        called = true;
    });
    run_until([&] { return called; });
    context.restart();
    context.run();
}

TEST_F(cancellation, an_io_context_that_is_destroyed_takes_its_operations_with_it)
{
    for (auto const& s : stages) {
        start(s.options());
        s.configure(config);
        auto const alive = std::make_shared<int>(0);
        auto own_context = std::make_unique<asio::io_context>();
        std::optional<vidi::client> own_client{std::in_place, *own_context, config};
        own_client->async_create(
            ask(std::string(s.prompt_size, 'x')), [alive](error_code, vidi::response const&) {
                ADD_FAILURE() << "it must not be called";
            });
        auto const deadline = std::chrono::steady_clock::now() + patience;
        while (!s.reached(server->statistics(), own_client->statistics())) {
            ASSERT_LT(std::chrono::steady_clock::now(), deadline) << s.name;
            own_context->run_one_for(5ms);
        }
        own_client.reset();
        own_context.reset();
        EXPECT_EQ(alive.use_count(), 1) << s.name << ": the handler leaked";
    }
}

TEST_F(cancellation, a_coroutine_is_cancelled_with_what_it_awaits)
{
    start([](request_view const&) { return behaviour::stall(); });
    std::exception_ptr failure;
    bool ended = false;
    asio::co_spawn(
        context, [&]() -> asio::awaitable<void> { co_await client().create(ask()); },
        asio::bind_cancellation_slot(signal.slot(), [&](std::exception_ptr e) {
            failure = e;
            ended = true;
        }));
    run_until_server([](auto const& s) { return s.stalled == 1; });
    asio::post(context, [&] { signal.emit(asio::cancellation_type::terminal); });
    run_until([&] { return ended; });
    ASSERT_TRUE(failure);
    try {
        std::rethrow_exception(failure);
    }
    catch (api_error const& e) {
        EXPECT_EQ(e.code(), asio::error::operation_aborted);
        EXPECT_EQ(e.response().exchange.attempts, 1U);
    }
    expect_nothing_in_use();
}

} // namespace
} // namespace vidi::testing
