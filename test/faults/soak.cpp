// Keeps requests in flight against an emulator that lets some of them meet with faults, and then
// compares what the client tells with what the server has written down.

#include <vidi/vidi.hpp>

#include "descriptor_limit.hpp"
#include "faults/load.hpp"
#include "faults/process_usage.hpp"
#include "faults/reconciliation.hpp"
#include "faults/server_process.hpp"
#include "numbers.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <CLI/CLI.hpp>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <string>
#include <vector>

namespace {

using namespace std::chrono_literals;
using clock_type = std::chrono::steady_clock;
using vidi_soak::process_usage;

struct settings
{
    std::string program;
    std::string directory = ".";
    double minutes = 2;
    std::size_t concurrency = 512;
    double fault_percent = 5;
    std::uint64_t seed = 1;
    /// Of each answer, in milliseconds.
    unsigned latency = 100;
    /// By how many MiB resident memory may grow after the first minute.
    std::size_t memory_growth = 16;

    std::string file(char const* name) const { return directory + '/' + name; }
};

constexpr std::size_t mebibyte = std::size_t{1} << 20;

// How long the last requests may take.
constexpr auto patience = 90s;

vidi::client_config make_config(settings const& settings, std::string const& base_url)
{
    auto config = vidi::client_config::openai(vidi::secret{"sk-emulator"});
    config.base_url = base_url;
    config.tls.ca_file = settings.file("ca.pem");
    config.single_threaded = true;
    config.pool.max_connections = settings.concurrency;
    // No fault is silence: what takes longer is the client's own doing.
    config.timeouts.response_head = 60s;
    config.timeouts.response_body_idle = 30s;
    return config;
}

/// Watches the process, and prints a line of the table from time to time.
class monitor
{
public:
    monitor(
        boost::asio::io_context& context, settings const& settings, vidi_soak::load& load,
        process_usage at_rest)
        : settings_{settings}, load_{load}, timer_{context}, at_rest_{at_rest},
          end_{begin_ + to_duration(settings.minutes)},
          // A short run has to be content with less.
          warm_{begin_ + std::min<clock_type::duration>(60s, to_duration(settings.minutes) / 3)}
    {
        std::cout
            << " elapsed   requests  succeeded in flight  memory/MiB  descriptors  failures\n";
        wait();
    }

    /// What is wrong with the memory and the descriptors.
    std::vector<std::string> const& complaints() const { return complaints_; }

private:
    static clock_type::duration to_duration(double minutes)
    {
        return std::chrono::duration_cast<clock_type::duration>(
            std::chrono::duration<double, std::ratio<60>>{minutes});
    }

    void wait()
    {
        timer_.expires_at(
            std::min(clock_type::now() + 1s, std::max(end_, clock_type::now() + 50ms)));
        timer_.async_wait([this](vidi::error_code error) {
            if (!error)
                look();
        });
    }

    void look()
    {
        auto const now = clock_type::now();
        auto const usage = vidi_soak::measure_process();
        if (now >= end_)
            load_.finish();
        bool const done = now >= end_ && load_.in_flight() == 0;
        if (done || now >= next_line_) {
            print(usage);
            next_line_ += 10s;
        }
        if (now < end_)
            check(now, usage);
        if (now > end_ + patience)
            complain(std::to_string(load_.in_flight()) + " requests never completed");
        else if (!done)
            wait();
    }

    void check(clock_type::time_point now, process_usage const& usage)
    {
        // The pool's connections, and those that are being closed.
        auto const most = at_rest_.descriptors + settings_.concurrency + 80;
        if (usage.descriptors > most)
            complain(
                std::to_string(usage.descriptors) + " descriptors, which is more than " +
                std::to_string(most));
        if (now < warm_)
            warm_memory_ = std::max(warm_memory_, usage.memory);
        else if (usage.memory > warm_memory_ + settings_.memory_growth * mebibyte)
            complain(
                "memory has grown from " + std::to_string(warm_memory_ / mebibyte) + " to " +
                std::to_string(usage.memory / mebibyte) + " MiB");
    }

    // Once: the first is the one to look at.
    void complain(std::string what)
    {
        if (complaints_.empty())
            complaints_.push_back(std::move(what));
    }

    void print(process_usage const& usage) const
    {
        auto const elapsed =
            std::chrono::duration_cast<std::chrono::seconds>(clock_type::now() - begin_).count();
        std::printf(
            "%6lld s %10llu %10llu %9zu %11zu %12zu ", static_cast<long long>(elapsed),
            static_cast<unsigned long long>(load_.begun()),
            static_cast<unsigned long long>(load_.succeeded()), load_.in_flight(),
            usage.memory / mebibyte, usage.descriptors);
        for (auto const& [kind, count] : load_.failures())
            std::printf(" %s %llu", kind.c_str(), static_cast<unsigned long long>(count));
        std::printf("\n");
        std::fflush(stdout);
    }

    settings const& settings_;
    vidi_soak::load& load_;
    boost::asio::steady_timer timer_;
    process_usage at_rest_;
    clock_type::time_point begin_ = clock_type::now();
    clock_type::time_point end_;
    clock_type::time_point warm_;
    clock_type::time_point next_line_ = begin_ + 10s;
    std::size_t warm_memory_ = 0;
    std::vector<std::string> complaints_;
};

std::vector<std::string> run_load(settings const& settings, std::string const& base_url)
{
    auto const at_rest = vidi_soak::measure_process();
    std::vector<std::string> complaints;
    {
        boost::asio::io_context context{1};
        vidi::client client{context, make_config(settings, base_url)};
        vidi_soak::load load{client, settings.concurrency, settings.file("outcomes.jsonl")};
        load.start();
        monitor const monitor{context, settings, load, at_rest};
        context.run();
        complaints = monitor.complaints();
        if (load.wrong_answers() != 0)
            complaints.push_back(
                std::to_string(load.wrong_answers()) + " requests got another one's answer");
        if (load.surplus_completions() != 0)
            complaints.push_back(
                std::to_string(load.surplus_completions()) + " requests completed more than once");
        if (load.succeeded() == 0)
            complaints.push_back("no request succeeded");
    }
    auto const after = vidi_soak::measure_process();
    if (after.descriptors != at_rest.descriptors)
        complaints.push_back(
            std::to_string(after.descriptors) + " descriptors at the end, and " +
            std::to_string(at_rest.descriptors) + " at the beginning");
    return complaints;
}

vidi_soak::reconciliation read_books(settings const& settings)
{
    vidi_soak::reconciliation books;
    std::ifstream outcomes{settings.file("outcomes.jsonl")};
    std::ifstream ledger{settings.file("ledger.jsonl")};
    if (!outcomes || !ledger)
        throw std::runtime_error("cannot read what was written down");
    books.read_outcomes(outcomes);
    books.read_ledger(ledger);
    return books;
}

int run(settings const& settings)
{
    vidi_tool::raise_descriptor_limit(settings.concurrency);
    std::filesystem::create_directories(settings.directory);
    vidi_soak::server_process server{
        settings.program,
        {"--ca-out", settings.file("ca.pem"), "--ledger", settings.file("ledger.jsonl"),
         "--latency", std::to_string(settings.latency), "--fault-rate",
         vidi_tool::decimal(settings.fault_percent, 3), "--seed", std::to_string(settings.seed)}};
    auto complaints = run_load(settings, server.base_url());
    server.stop();
    auto const books = read_books(settings);
    std::cout << books.summary() << '\n';
    std::ranges::move(books.complaints(), std::back_inserter(complaints));
    for (auto const& complaint : complaints)
        std::cout << "FAILED: " << complaint << '\n';
    std::cout << (complaints.empty() ? "passed" : "failed") << std::endl;
    return complaints.empty() ? 0 : 1;
}

} // namespace

int main(int argc, char** argv)
{
    settings settings;
    CLI::App app{"Sends requests to an emulator that makes mistakes, and checks the accounts"};
    app.add_option("--vidi", settings.program, "the vidi program")->required();
    app.add_option("--directory", settings.directory, "where files are written");
    app.add_option("--minutes", settings.minutes)->check(CLI::Range(0.01, 100'000.0));
    app.add_option("--concurrency", settings.concurrency)->check(CLI::Range(1, 50'000));
    app.add_option("--fault-percent", settings.fault_percent)->check(CLI::Range(0.0, 100.0));
    app.add_option("--seed", settings.seed);
    app.add_option("--latency", settings.latency, "milliseconds that an answer takes");
    app.add_option("--memory-growth", settings.memory_growth, "MiB allowed after the first minute");
    CLI11_PARSE(app, argc, argv);
    try {
        return run(settings);
    }
    catch (std::exception const& error) {
        std::cerr << "vidi_soak: " << error.what() << '\n';
        return 2;
    }
}
