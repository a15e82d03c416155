// Measures what a request costs the client once a connection is open, and nothing of the server.
// Prints time and allocations; profile.sh counts the instructions.
#include <vidi/client.hpp>

#include "answering_server.hpp"
#include "callgrind.hpp"
#include "openssl_allocations.hpp"
#include "samples.hpp"
#include "server_process.hpp"
#include "support/allocations.hpp"

#include <boost/asio/io_context.hpp>

#include <CLI/CLI.hpp>
#include <time.h>

#include <chrono>
#include <cstdio>
#include <exception>
#include <stdexcept>
#include <utility>
#include <vector>

namespace {

using vidi_test::allocations;

struct settings
{
    bool serve = false;
    bool multi_threaded = false;
    std::size_t requests = 200;
    std::size_t warm_up = 20;
    std::size_t concurrency = 1;
    std::size_t picture = 0;
};

// Requests that are made before they are counted, to be sent so many at a time.
class round
{
public:
    round(boost::asio::io_context& context, vidi::client& client, settings const& s, std::size_t n)
        : context_{context}, client_{client}, concurrency_{s.concurrency},
          left_(
              n, s.picture == 0 ? vidi_benchmark::url_request()
                                : vidi_benchmark::picture_request(s.picture))
    {
    }

    void run()
    {
        for (std::size_t i = 0; i < concurrency_; ++i)
            send_next();
        context_.restart();
        context_.run();
    }

private:
    void send_next()
    {
        if (left_.empty())
            return;
        auto request = std::move(left_.back());
        left_.pop_back();
        client_.async_create(
            std::move(request), [this](vidi::error_code ec, vidi::response const& response) {
                if (ec || !response.ok())
                    throw std::runtime_error{"a request failed: " + ec.message()};
                send_next();
            });
    }

    boost::asio::io_context& context_;
    vidi::client& client_;
    std::size_t concurrency_;
    std::vector<vidi::request> left_;
};

// What this thread has used up.
struct usage
{
    std::chrono::nanoseconds processor_time{};
    allocations by_vidi;
    allocations by_openssl;
};

usage usage_so_far()
{
    timespec now{};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return {
        std::chrono::seconds{now.tv_sec} + std::chrono::nanoseconds{now.tv_nsec},
        vidi_test::allocations_so_far(), vidi_benchmark::openssl_allocations_so_far()};
}

void print(settings const& s, usage const& before, usage const& after)
{
    auto const each = [&](auto total) {
        return static_cast<double>(total) / static_cast<double>(s.requests);
    };
    auto const print_allocations = [&](char const* whose, allocations const& a) {
        std::printf(
            "%s: %.2f allocations, %.0f bytes per request\n", whose, each(a.calls), each(a.bytes));
    };
    std::printf("%zu requests, %zu at a time\n", s.requests, s.concurrency);
    if (!RUNNING_ON_VALGRIND) {
        auto const time = after.processor_time - before.processor_time;
        std::printf(
            "processor time, the system's included: %.1f us per request\n",
            each(time.count()) / 1000);
    }
    print_allocations("vidi and what it uses", after.by_vidi - before.by_vidi);
    print_allocations("OpenSSL", after.by_openssl - before.by_openssl);
}

void measure(char const* program, settings const& s)
{
    vidi_benchmark::count_openssl_allocations();
    vidi_benchmark::server_process const server{program};
    auto config = vidi::client_config::openai("sk-benchmark");
    config.base_url = server.base_url();
    config.tls.ca_certificates = server.authority();
    config.single_threaded = !s.multi_threaded;
    boost::asio::io_context context{1};
    vidi::client client{context, config};

    round{context, client, s, s.warm_up * s.concurrency}.run();
    round measured{context, client, s, s.requests};
    auto const before = usage_so_far();
    CALLGRIND_START_INSTRUMENTATION;
    measured.run();
    CALLGRIND_STOP_INSTRUMENTATION;
    print(s, before, usage_so_far());
}

} // namespace

int main(int argc, char** argv)
{
    settings s;
    CLI::App app{"Measures what a request costs the client."};
    app.add_option("--requests", s.requests, "How many are measured")->capture_default_str();
    app.add_option("--warm-up", s.warm_up, "How many come first on each connection")
        ->capture_default_str();
    app.add_option("--concurrency", s.concurrency, "How many at a time")->capture_default_str();
    app.add_option("--picture", s.picture, "Bytes of a picture to send; 0: its URL instead")
        ->capture_default_str();
    app.add_flag("--multi-threaded", s.multi_threaded, "Let the client use strands and locks");
    app.add_flag("--serve", s.serve, "Be the server")->group("");
    CLI11_PARSE(app, argc, argv);
    try {
        if (s.serve)
            vidi_benchmark::serve();
        measure(argv[0], s);
    }
    catch (std::exception const& e) {
        std::fprintf(stderr, "vidi_one_request: %s\n", e.what());
        return 1;
    }
}
