#include "options.hpp"

#include <CLI/CLI.hpp>

#include <cstdlib>
#include <map>

namespace load {

options parse_options(int argc, char** argv, further_options const& further)
{
    std::map<std::string, mode> const modes{
        {"load", mode::load},
        {"storm", mode::storm},
        {"hold", mode::hold},
        {"beside", mode::beside},
        {"saturate", mode::saturate}};
    options chosen;
    std::string question_file;
    CLI::App app{"Puts a server under load; prints what it cost as a line of JSON"};
    app.add_option("--mode", chosen.mode)->transform(CLI::CheckedTransformer(modes));
    app.add_option(
        "--host", chosen.hosts, "an address of the server; more than one are taken in turn");
    app.add_option("--port", chosen.port)->required();
    app.add_option("--ca", chosen.ca_file, "PEM file of the authority to trust")->required();
    app.add_option("--question", question_file, "JSON file: the body of the request")->required();
    app.add_option("-c,--concurrency", chosen.concurrency)->check(CLI::PositiveNumber);
    app.add_option("-n,--requests", chosen.requests)->check(CLI::PositiveNumber);
    app.add_option("--pace", chosen.pace, "connections opened in a second; 0: all at once");
    app.add_option("--server-delay", chosen.server_delay, "seconds that the last host waits");
    app.add_option("--seconds", chosen.seconds, "how long to saturate");
    if (further)
        further(app);
    try {
        app.parse(argc, argv);
    }
    catch (CLI::ParseError const& error) {
        std::exit(app.exit(error));
    }
    chosen.question = question::read(question_file);
    return chosen;
}

} // namespace load
