#include "integration/client_fixture.hpp"
#include "support/allocations.hpp"

#include <boost/asio/detached.hpp>

#include <thread>
#include <utility>
#include <vector>

namespace vidi::testing {
namespace {

// At most so much does a request allocate on a connection that is open, its answer included. That
// is what it was when it was last looked at: lower it when it becomes less. OpenSSL's own memory is
// not in it.
constexpr double allocations_with_a_callback = 36;
constexpr double allocations_in_a_coroutine = 39;
constexpr double bytes_for_each_byte_of_a_picture = 1.4;

// What a service and the proxy before it send.
std::vector<header_field> const usual_headers{
    {"x-request-id", "req_0c3b7023f672732800690dd29dad188193"},
    {"openai-version", "2020-10-01"},
    {"openai-organization", "example"},
    {"openai-processing-ms", "9412"},
    {"x-ratelimit-limit-requests", "10000"},
    {"x-ratelimit-limit-tokens", "10000000"},
    {"x-ratelimit-remaining-requests", "9999"},
    {"x-ratelimit-remaining-tokens", "9999065"},
    {"x-ratelimit-reset-requests", "6ms"},
    {"x-ratelimit-reset-tokens", "0s"},
    {"strict-transport-security", "max-age=31536000; includeSubDomains; preload"},
    {"server", "cloudflare"}};

// Counts on the thread that runs the client; the emulator has its own.
class client_allocations : public client_test
{
protected:
    struct per_request
    {
        double calls;
        double bytes;
    };

    client_allocations()
    {
        auto answer = behaviour::reply(
            {.body = read_test_data("gateway-response.json"), .headers = usual_headers});
        // So that the client has to wait for each answer, and does the same for each.
        answer.delay = 1ms;
        start([answer, client_thread = std::this_thread::get_id()](request_view const&) {
            EXPECT_NE(std::this_thread::get_id(), client_thread);
            return answer;
        });
        config.single_threaded = true;
    }

    // What a request allocates if `send` sends all that it is given, one after the other.
    template <class Send>
    per_request measure(vidi::request const& request, Send send)
    {
        run_all({5, request}, send);
        constexpr std::size_t n = 20;
        std::vector<vidi::request> measured{n, request};
        auto const before = vidi_test::allocations_so_far();
        run_all(std::move(measured), send);
        auto const counted = vidi_test::allocations_so_far() - before;
        EXPECT_EQ(client().statistics().created, 1U);
        return {static_cast<double>(counted.calls) / n, static_cast<double>(counted.bytes) / n};
    }

    void send_with_callbacks(std::vector<vidi::request>& left)
    {
        if (left.empty())
            return;
        auto request = std::move(left.back());
        left.pop_back();
        client().async_create(
            std::move(request), [this, &left](error_code ec, vidi::response const& response) {
                EXPECT_FALSE(ec) << describe_failure(ec, response);
                send_with_callbacks(left);
            });
    }

    asio::awaitable<void> send_in_turn(std::vector<vidi::request>& left)
    {
        while (!left.empty()) {
            auto request = std::move(left.back());
            left.pop_back();
            auto const response = co_await client().create(std::move(request));
            EXPECT_TRUE(response.ok());
        }
    }

    auto callbacks()
    {
        return [this](std::vector<vidi::request>& left) { send_with_callbacks(left); };
    }

private:
    template <class Send>
    void run_all(std::vector<vidi::request> requests, Send send)
    {
        send(requests);
        context.restart();
        context.run_for(patience);
        ASSERT_TRUE(requests.empty());
    }
};

TEST_F(client_allocations, with_a_callback)
{
    EXPECT_LE(measure(ask(), callbacks()).calls, allocations_with_a_callback);
}

TEST_F(client_allocations, in_a_coroutine)
{
    auto const coroutine = [this](std::vector<vidi::request>& left) {
        asio::co_spawn(context, send_in_turn(left), asio::detached);
    };
    EXPECT_LE(measure(ask(), coroutine).calls, allocations_in_a_coroutine);
}

TEST_F(client_allocations, where_several_threads_may_run)
{
    config.single_threaded = false;
    EXPECT_LE(measure(ask(), callbacks()).calls, allocations_with_a_callback);
}

TEST_F(client_allocations, of_a_picture)
{
    std::string const picture(1'000'000, 'x');
    auto request = ask();
    request.input = {user_message{input_image::from_bytes(picture, "image/jpeg")}};
    auto const bytes = measure(request, callbacks()).bytes;
    EXPECT_LE(bytes / static_cast<double>(picture.size()), bytes_for_each_byte_of_a_picture);
}

} // namespace
} // namespace vidi::testing
