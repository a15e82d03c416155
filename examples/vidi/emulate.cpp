#include "emulate.hpp"

#include <vidi/testing/emulator.hpp>

#include "exit_status.hpp"
#include "fault_mix.hpp"
#include "help.hpp"
#include "ledger_file.hpp"

#include <CLI/CLI.hpp>
#include <signal.h>

#include <exception>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <memory>
#include <optional>
#include <stdexcept>
#include <utility>

namespace vidi_tool {
namespace {

namespace fs = std::filesystem;
using vidi::testing::emulator;
using vidi::testing::emulator_options;

constexpr char help[] = R"(Usage: vidi emulate [OPTIONS]

Stands in for the API on this machine: an HTTPS server on the loopback
interface that checks requests as the API does, obtains and decodes the
pictures, and answers with what it found. Its first line of output says where
it listens. It runs until it is interrupted.

  --port N             listen on this port; 0 chooses a free one (0)
  --ca-out FILE        write the authority's certificate to FILE (PEM)
  --images DIR         serve the pictures in DIR at /images/
  --latency MS         time that each answer takes, in milliseconds (0)
  --api-key-file FILE  accept the key in FILE, in place of sk-emulator
  --http               plain HTTP, without TLS
  --requests-per-minute N, --tokens-per-minute N
                       answer 429 to what is more than that (0: no limit)
  --rate-window MS     limit that in MS milliseconds, not a minute (60000)
  --fault-rate P       let P % of the requests meet with a fault (0)
  --fault NAME         choose from these faults, not from all; may be repeated;
                       <vidi/testing/fault.hpp> has the names
  --seed N             make the same random choices again (1)
  --ledger FILE        write to FILE, as a line of JSON for each request, what
                       became of it
  -h, --help           print this text

Exit status: 0 interrupted or terminated, 2 it could not start.

Example:
  vidi emulate --port 8443 --ca-out ca.pem --images pictures
)";

// The signals that end the program. Blocked before the emulator's thread begins, which inherits
// it, they stay pending until they are waited for.
class stop_signals
{
public:
    stop_signals()
    {
        sigemptyset(&set_);
        sigaddset(&set_, SIGINT);
        sigaddset(&set_, SIGTERM);
        pthread_sigmask(SIG_BLOCK, &set_, nullptr);
    }

    void wait() const
    {
        int signal = 0;
        sigwait(&set_, &signal);
    }

private:
    sigset_t set_;
};

std::string read_file(fs::path const& path)
{
    std::ifstream file{path, std::ios::binary};
    std::string text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
    if (!file)
        throw std::runtime_error("cannot read " + path.string());
    return text;
}

std::string read_key(std::string const& path)
{
    auto key = read_file(path);
    while (key.ends_with('\n') || key.ends_with('\r'))
        key.pop_back();
    return key;
}

void serve_pictures(emulator& server, std::string const& directory)
{
    for (auto const& entry : fs::directory_iterator(directory))
        if (entry.is_regular_file())
            server.add_image(entry.path().filename().string(), read_file(entry.path()));
}

emulator_options make_options(emulate_options const& options)
{
    emulator_options result;
    // It may run for days, and nobody can ask it.
    result.ledger_limit = 0;
    result.port = options.port;
    result.tls = options.tls;
    result.latency = vidi::testing::fixed_latency{options.latency};
    result.rate_limits = {
        .requests = options.requests_per_minute,
        .tokens = options.tokens_per_minute,
        .window = options.rate_window};
    if (options.fault_rate > 0)
        result.script = fault_mix{options.fault_rate, options.seed, options.faults};
    if (!options.api_key_file.empty())
        result.api_key = read_key(options.api_key_file);
    return result;
}

void serve(
    emulate_options const& options, std::optional<ledger_file>& ledger, stop_signals const& signals)
{
    auto settings = make_options(options);
    if (ledger)
        settings.on_exchange = [&](auto const& record) { ledger->write(record); };
    emulator server{std::move(settings)};
    if (!options.images.empty())
        serve_pictures(server, options.images);
    if (!options.ca_out.empty())
        server.write_ca_certificate(options.ca_out);
    std::cout << "listening on " << server.base_url() << std::endl;
    signals.wait();
}

} // namespace

int run_emulate(emulate_options const& options)
{
    stop_signals const signals;
    try {
        std::optional<ledger_file> ledger;
        if (!options.ledger.empty())
            ledger.emplace(options.ledger);
        serve(options, ledger, signals);
        if (ledger)
            ledger->close();
    }
    catch (std::exception const& error) {
        std::cerr << "vidi emulate: " << error.what() << '\n';
        return exit_usage;
    }
    return 0;
}
void add_emulate_command(CLI::App& app, int& status)
{
    auto const options = std::make_shared<emulate_options>();
    auto const command = app.add_subcommand("emulate", "Stand in for the API on this machine");
    set_help(*command, help);
    command->add_option("--port", options->port);
    command->add_option("--ca-out", options->ca_out);
    command
        ->add_option_function<unsigned>(
            "--latency",
            [options](unsigned value) { options->latency = std::chrono::milliseconds{value}; })
        ->check(CLI::Range(0, 3'600'000));
    command->add_flag("--http", [options](std::int64_t) { options->tls = false; });
    command->add_option("--api-key-file", options->api_key_file)->check(CLI::ExistingFile);
    command->add_option("--images", options->images)->check(CLI::ExistingDirectory);
    command->add_option("--requests-per-minute", options->requests_per_minute);
    command->add_option("--tokens-per-minute", options->tokens_per_minute);
    command
        ->add_option_function<unsigned>(
            "--rate-window",
            [options](unsigned value) { options->rate_window = std::chrono::milliseconds{value}; })
        ->check(CLI::Range(1, 86'400'000));
    auto const rate =
        command->add_option("--fault-rate", options->fault_rate)->check(CLI::Range(0.0, 100.0));
    command->add_option("--fault", options->faults)->needs(rate);
    command->add_option("--seed", options->seed);
    command->add_option("--ledger", options->ledger);
    command->callback([options, &status] { status = run_emulate(*options); });
}

} // namespace vidi_tool
