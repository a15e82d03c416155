#include "expectations.hpp"
#include "integration/client_fixture.hpp"

#include <boost/asio/as_tuple.hpp>

#include <malloc.h>

#include <atomic>
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <string>
#include <vector>

namespace vidi::testing {
namespace {

using vidi_faults::expectation;
using vidi_faults::expectations;

std::size_t open_descriptors()
{
    std::filesystem::directory_iterator const all{"/proc/self/fd"};
    return static_cast<std::size_t>(std::distance(begin(all), end(all)));
}

enum class entry_point
{
    callback,
    coroutine,
};

// Every fault of the catalogue, met by one request to an emulator; all before and after it are
// served well.
class fault_matrix : public client_test
{
protected:
    fault_matrix()
    {
        emulator_options options;
        options.ledger_limit = 100;
        options.script = [this](request_view const& r) {
            return r.sequence == faulty ? make_behaviour(what) : behaviour{};
        };
        options.on_exchange = [this](exchange_record const& r) {
            if (r.sequence == faulty)
                faulty_is_over = true;
        };
        start(std::move(options));
        config.admission.learn = false;
        // What it would wait is looked at, and not waited for.
        config.retry.policy =
            [this](failed_attempt const& a) -> std::optional<std::chrono::milliseconds> {
            retry_options defaults;
            defaults.max_retries = max_retries;
            auto const wait = default_retry(defaults, a);
            if (!wait)
                return {};
            EXPECT_GE(*wait, a.response.exchange.retry_after.value_or(0ms));
            return 0ms;
        };
    }

    // The next request meets with the fault.
    void arm(fault f)
    {
        faulty_is_over = false;
        what = f;
        faulty = server->statistics().requests + 1;
    }

    outcome ask_by(entry_point entry)
    {
        auto const prompt = "question " + std::to_string(++questions);
        auto const request = ask(prompt);
        auto result = entry == entry_point::callback ? exchange(request) : await_exchange(request);
        if (!result.ec) {
            EXPECT_EQ(result.response.output_text(), "prompt: " + prompt + '\n' + red_facts);
        }
        return result;
    }

    outcome await_exchange(vidi::request const& request)
    {
        auto const both = [](vidi::client& c, vidi::request r) -> asio::awaitable<outcome> {
            auto [ec, response] = co_await c.async_create(r, asio::as_tuple(asio::use_awaitable));
            co_return outcome{true, ec, std::move(response)};
        };
        return run(both(client(), request));
    }

    // A fault on a connection that is new, or that served another request before.
    void meet(expectation const& e, entry_point entry, bool reused, unsigned retries)
    {
        SCOPED_TRACE(
            std::string{describe(e.what).name} + (reused ? ", reused" : ", new") +
            (retries == 0 ? ", once" : ", tried again"));
        max_retries = retries;
        client().close_idle_connections();
        if (reused) {
            ASSERT_FALSE(ask_by(entry).ec);
        }
        arm(e.what);
        auto const result = ask_by(entry);
        check(e, result, reused, retries);
        run_until([&] { return faulty_is_over.load(); });
        check_next(e, ask_by(entry), result);
        expect_nothing_in_use();
    }

    void check(expectation const& e, outcome const& result, bool reused, unsigned retries)
    {
        auto const& exchange = result.response.exchange;
        bool const replayed = reused && e.looks_stale;
        bool const again = replayed || (e.tried_again && retries != 0);
        EXPECT_EQ(result.ec, again ? error_code{} : e.outcome) << exchange.detail;
        EXPECT_EQ(exchange.attempts, again ? 2U : 1U);
        EXPECT_EQ(exchange.possibly_billed, e.possibly_billed ? 1U : 0U);
        bool const on_the_same = again ? e.kept : reused;
        EXPECT_EQ(exchange.connection_reused, on_the_same);
        if (result.ec) {
            EXPECT_FALSE(exchange.detail.empty()) << "a reason is given";
        }
    }

    void check_next(expectation const& e, outcome const& next, outcome const& before)
    {
        EXPECT_FALSE(next.ec) << describe_failure(next.ec, next.response);
        // A close that was not announced may cross the next request.
        if (e.what != fault::unannounced_close) {
            EXPECT_EQ(next.response.exchange.attempts, e.next_is_lost ? 2U : 1U);
        }
        // What was tried again left another connection behind.
        bool const other_connection = before.response.exchange.attempts == 2;
        EXPECT_EQ(next.response.exchange.connection_reused, e.kept || other_connection);
    }

    void meet_all(entry_point entry, bool reused, unsigned retries)
    {
        // What the first connection of a process opens stays.
        arm(fault::announced_close);
        EXPECT_FALSE(ask_by(entry).ec);
        destroy_client();
        run_until_server([](auto const& s) { return s.connections_open == 0; });
        auto const before = open_descriptors();
        for (auto const& each : expectations())
            meet(each, entry, reused, retries);
        destroy_client();
        run_until_server([](auto const& s) { return s.connections_open == 0; });
        EXPECT_EQ(open_descriptors(), before);
    }

    std::atomic<std::uint64_t> faulty = 0; // the sequence number
    std::atomic<fault> what{};
    std::atomic<bool> faulty_is_over = false;
    unsigned max_retries = 0;
    unsigned questions = 0;
};

TEST_F(fault_matrix, on_a_new_connection_once) { meet_all(entry_point::callback, false, 0); }

TEST_F(fault_matrix, on_a_new_connection_tried_again) { meet_all(entry_point::callback, false, 2); }

TEST_F(fault_matrix, on_a_used_connection_once) { meet_all(entry_point::callback, true, 0); }

TEST_F(fault_matrix, on_a_used_connection_tried_again) { meet_all(entry_point::callback, true, 2); }

TEST_F(fault_matrix, in_a_coroutine_on_a_new_connection_once)
{
    meet_all(entry_point::coroutine, false, 0);
}

TEST_F(fault_matrix, in_a_coroutine_on_a_new_connection_tried_again)
{
    meet_all(entry_point::coroutine, false, 2);
}

TEST_F(fault_matrix, in_a_coroutine_on_a_used_connection_once)
{
    meet_all(entry_point::coroutine, true, 0);
}

TEST_F(fault_matrix, in_a_coroutine_on_a_used_connection_tried_again)
{
    meet_all(entry_point::coroutine, true, 2);
}

// Where the allocator can be asked; elsewhere it is LeakSanitizer that looks.
TEST_F(fault_matrix, leaves_no_memory_behind)
{
    constexpr std::size_t a_little = 256 * 1024;
    for (int i = 0; i < 2; ++i)
        meet_all(entry_point::callback, false, 2);
    auto const before = ::mallinfo2().uordblks;
    for (int i = 0; i < 3; ++i)
        meet_all(entry_point::callback, false, 2);
    EXPECT_LE(::mallinfo2().uordblks, before + a_little);
}

TEST_F(fault_matrix, is_what_the_documentation_says)
{
    auto const expected = vidi_faults::table();
    std::cout << expected;
    std::ifstream file{VIDI_FAULT_TABLE};
    std::string const text{std::istreambuf_iterator<char>{file}, {}};
    EXPECT_NE(text.find(expected), std::string::npos)
        << VIDI_FAULT_TABLE << " does not have the table above";
}

} // namespace
} // namespace vidi::testing
