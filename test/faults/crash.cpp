// Kills `vidi batch` again and again, at random moments, and goes on with the job each time, until
// it is done: then every item has to be in the output once, and nothing that was done may have been
// asked again.

#include <vidi/batch/journal_reader.hpp>
#include <vidi/testing/emulator.hpp>

#include "fault_mix.hpp"

#include <boost/json/parse.hpp>

#include <CLI/CLI.hpp>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <charconv>
#include <chrono>
#include <exception>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <mutex>
#include <optional>
#include <random>
#include <stdexcept>
#include <string>
#include <vector>

namespace {

using namespace std::chrono_literals;
namespace fs = std::filesystem;
namespace json = boost::json;

constexpr std::string_view marker = "item number ";

struct settings
{
    std::string program;
    fs::path directory = "crash";
    unsigned kills = 200;
    std::size_t items = 5000;
    double fault_percent = 5;
    std::uint64_t seed = 1;
    std::size_t concurrency = 16;

    fs::path output() const { return directory / "out"; }
    fs::path journal() const { return directory / "out.journal"; }
    fs::path list() const { return directory / "list"; }
};

/// How often the server was asked about each item, by their positions.
class ledger
{
public:
    explicit ledger(std::size_t items) : asked_(items + 1) {}

    void add(std::string_view body)
    {
        auto const at = body.find(marker);
        if (at == std::string_view::npos)
            return;
        auto const number = body.substr(at + marker.size());
        std::size_t position = 0;
        std::from_chars(number.data(), number.data() + number.size(), position);
        std::lock_guard const lock{mutex_};
        ++asked_.at(position);
    }

    std::vector<unsigned> asked() const
    {
        std::lock_guard const lock{mutex_};
        return asked_;
    }

private:
    mutable std::mutex mutex_;
    std::vector<unsigned> asked_;
};

/// What is done, and how often the server had been asked about it then.
class accounts
{
public:
    explicit accounts(std::size_t items) : asked_when_done_(items + 1) {}

    void look(fs::path const& journal, ledger const& server)
    {
        std::vector<std::uint64_t> done;
        try {
            done = read_done(journal);
        }
        catch (vidi::batch::journal_error const&) {
            // It was killed while it began.
            if (done_ == 0)
                return;
            throw;
        }
        auto const asked = server.asked();
        check(asked);
        for (auto const position : done)
            if (!asked_when_done_.at(position))
                asked_when_done_[position] = asked[position];
        done_ = done.size();
    }

    static std::vector<std::uint64_t> read_done(fs::path const& journal)
    {
        vidi::batch::journal_reader const reader{journal};
        std::vector<std::uint64_t> done;
        reader.each([&](vidi::batch::origin const& from, vidi::batch::result const* what) {
            if (what)
                done.push_back(from.position);
            return true;
        });
        return done;
    }

    void check(std::vector<unsigned> const& asked)
    {
        for (std::size_t position = 1; position != asked.size(); ++position)
            if (asked_when_done_[position] && *asked_when_done_[position] != asked[position])
                throw std::runtime_error{
                    "item " + std::to_string(position) + " was done and asked again"};
    }

    std::size_t done() const { return done_; }

private:
    std::vector<std::optional<unsigned>> asked_when_done_;
    std::size_t done_ = 0;
};

void write_list(settings const& settings, std::string const& image)
{
    std::ofstream list{settings.list()};
    for (std::size_t position = 1; position <= settings.items; ++position)
        list << R"({"id":)" << position << R"(,"image":")" << image << R"(","prompt":")" << marker
             << position << "\"}\n";
    if (!list.flush())
        throw std::runtime_error{"cannot write the list"};
}

pid_t start(settings const& settings, std::string const& base_url)
{
    std::vector<std::string> arguments{
        settings.program,
        "batch",
        settings.list(),
        "-o",
        settings.output(),
        "--base-url",
        base_url,
        "--ca-file",
        settings.directory / "ca.pem",
        "--concurrency",
        std::to_string(settings.concurrency),
        "--fixed-concurrency"};
    if (fs::exists(settings.journal()))
        arguments.emplace_back("--resume");
    std::vector<char*> pointers;
    for (auto& argument : arguments)
        pointers.push_back(argument.data());
    pointers.push_back(nullptr);
    posix_spawn_file_actions_t files;
    ::posix_spawn_file_actions_init(&files);
    ::posix_spawn_file_actions_addopen(
        &files, STDERR_FILENO, (settings.directory / "log").c_str(), O_WRONLY | O_CREAT | O_APPEND,
        0666);
    pid_t id = -1;
    int const failure =
        ::posix_spawn(&id, settings.program.c_str(), &files, nullptr, pointers.data(), environ);
    ::posix_spawn_file_actions_destroy(&files);
    if (failure != 0)
        throw std::runtime_error{"cannot start " + settings.program};
    return id;
}

// Whether it ended by itself before it was killed, and well.
bool run_and_kill(
    settings const& settings, std::string const& base_url, std::chrono::duration<double> after)
{
    auto const id = start(settings, base_url);
    int const process = static_cast<int>(::syscall(SYS_pidfd_open, id, 0));
    if (process < 0)
        throw std::runtime_error{"cannot watch the program"};
    auto const wait = std::chrono::duration_cast<std::chrono::milliseconds>(after);
    pollfd ended{.fd = process, .events = POLLIN, .revents = 0};
    bool const by_itself = ::poll(&ended, 1, static_cast<int>(wait.count())) == 1;
    ::close(process);
    int status = 0;
    if (by_itself) {
        ::waitpid(id, &status, 0);
        return WIFEXITED(status) && WEXITSTATUS(status) <= 1;
    }
    ::kill(id, SIGKILL);
    ::waitpid(id, &status, 0);
    return false;
}

void check_output(settings const& settings)
{
    std::vector<unsigned> seen(settings.items + 1);
    std::ifstream output{settings.output()};
    for (std::string line; std::getline(output, line);) {
        auto const record = json::parse(line);
        auto const position = record.at("line").to_number<std::size_t>();
        ++seen.at(position);
        auto const text = record.at("text");
        if (text.is_string() &&
            text.as_string().find(std::string{marker} + std::to_string(position)) ==
                json::string::npos)
            throw std::runtime_error{"item " + std::to_string(position) + " has another's answer"};
    }
    for (std::size_t position = 1; position <= settings.items; ++position)
        if (seen[position] != 1)
            throw std::runtime_error{
                "item " + std::to_string(position) + " is in the output " +
                std::to_string(seen[position]) + " times"};
}

void run(settings const& settings)
{
    fs::remove_all(settings.directory);
    fs::create_directories(settings.directory);
    ::setenv("OPENAI_API_KEY", "sk-emulator", 1);
    ledger server_side{settings.items};
    vidi_tool::fault_mix faults{settings.fault_percent, settings.seed, {}};
    vidi::testing::emulator_options options;
    options.latency = vidi::testing::fixed_latency{20ms};
    std::mutex mutex;
    options.script = [&](vidi::testing::request_view const& request) {
        if (request.method == "POST")
            server_side.add(request.body);
        std::lock_guard const lock{mutex};
        return faults(request);
    };
    vidi::testing::emulator server{std::move(options)};
    std::ofstream{settings.directory / "ca.pem"} << server.ca_certificate_pem();
    std::ifstream picture{VIDI_TEST_DATA "/red.png", std::ios::binary};
    server.add_image("red.png", {std::istreambuf_iterator<char>{picture}, {}});
    write_list(settings, server.image_url("red.png"));

    accounts seen{settings.items};
    std::mt19937_64 random{settings.seed};
    std::uniform_real_distribution<double> moment{0, 1};
    std::chrono::duration<double> longest = 600ms;
    unsigned kills = 0;
    bool complete = false;
    while (kills != settings.kills && !complete) {
        complete = run_and_kill(settings, server.base_url(), longest * moment(random));
        kills += complete ? 0 : 1;
        if (fs::exists(settings.journal()))
            seen.look(settings.journal(), server_side);
        // So that the job is nearly done when it has been killed as often as it should be.
        bool const too_fast = seen.done() * settings.kills > settings.items * kills;
        longest *= too_fast ? 0.9 : 1.1;
        if (kills % 10 == 0)
            std::cout << kills << " killed, " << seen.done() << " items done" << std::endl;
    }
    while (!complete)
        complete = run_and_kill(settings, server.base_url(), 10min);
    seen.look(settings.journal(), server_side);
    check_output(settings);
    if (seen.done() != settings.items)
        throw std::runtime_error{"not all items are done"};
    std::uint64_t requests = 0;
    for (auto const asked : server_side.asked())
        requests += asked;
    std::cout << "Passed: killed " << kills << " times; " << settings.items
              << " items, each in the output once; " << requests << " requests" << std::endl;
}

} // namespace

int main(int argc, char** argv)
try {
    settings settings;
    CLI::App app{"Kills vidi batch again and again, and goes on with the job"};
    app.add_option("--vidi", settings.program)->required();
    app.add_option("--directory", settings.directory);
    app.add_option("--kills", settings.kills);
    app.add_option("--items", settings.items);
    app.add_option("--fault-percent", settings.fault_percent);
    app.add_option("--seed", settings.seed);
    CLI11_PARSE(app, argc, argv);
    run(settings);
    return 0;
}
catch (std::exception const& failure) {
    std::cerr << "Failed: " << failure.what() << '\n';
    return 1;
}
