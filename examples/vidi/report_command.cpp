#include "report_command.hpp"

#include <vidi/batch/journal_reader.hpp>

#include "command.hpp"
#include "console.hpp"
#include "exit_status.hpp"
#include "help.hpp"
#include "numbers.hpp"
#include "output_file.hpp"
#include "printable.hpp"
#include "report.hpp"
#include "thumbnail.hpp"

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/string.hpp>

#include <CLI/CLI.hpp>

#include <array>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <optional>
#include <system_error>

namespace vidi_tool {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;
using vidi::batch::journal_reader;

constexpr char help[] = R"(Usage: vidi report [OPTIONS] JOB -o PAGE

Writes a page of HTML to look through the results of a batch: what succeeded,
what failed and why, how long it took, and each answer. JOB is the file with
the results, or the journal beside it. The page is one file that loads nothing
from elsewhere; any browser shows it. A batch may go on meanwhile.

  -o, --output PAGE  write the page to this file
  --force            overwrite PAGE if it exists
  --thumbnails N     show pictures that are files, N pixels wide or high (128)
  --no-thumbnails    show none
  --remote-pictures  let the page show pictures from the web too, each when it
                     is clicked; without this it only links to them
  --prices FILE      reckon the cost with the prices of a million tokens:
                     {"MODEL": {"input": 0.25, "output": 2}, "currency": "USD"}
  --model NAME       the model whose price holds, if the journal does not tell
  -h, --help         print this text

Exit status: 0 the page is written, 1 it could not be written to its end, 2
wrong usage, or no journal.

Examples:
  vidi report results.jsonl -o report.html
  vidi report results.jsonl -o report.html --force --prices prices.json
)";

constexpr unsigned largest_thumbnail = 1024;

fs::path journal_of(std::string const& job)
{
    if (auto const beside = fs::path{job + ".journal"}; fs::exists(beside))
        return beside;
    return job;
}

// Of a journal beside results, that of the results.
std::string shown_name(fs::path const& journal)
{
    auto const name = journal.filename();
    return (name.extension() == ".journal" ? name.stem() : name).string();
}

journal_reader open_journal(fs::path const& file)
try {
    return journal_reader{file};
}
catch (vidi::batch::journal_error const& error) {
    throw usage_error(error.what());
}

std::string model_of(std::string const& job)
{
    boost::system::error_code failure;
    auto const value = json::parse(job, failure);
    auto const settings = value.if_object();
    auto const model = settings ? settings->if_contains("model") : nullptr;
    return model && model->is_string() ? std::string{model->get_string()} : std::string{};
}

void set_price(report_settings& settings, report_options const& options, std::string const& job)
{
    if (options.prices.empty())
        return;
    auto const prices = read_price_list(options.prices);
    auto const model = options.model.empty() ? model_of(job) : options.model;
    settings.currency = prices.currency;
    if (!model.empty())
        settings.price = prices.find(model);
    else if (prices.models.size() == 1)
        settings.price = prices.models.begin()->second;
    if (!settings.price)
        throw usage_error(
            model.empty() ? "the journal does not tell the model; name it with --model"
                          : one_line(options.prices) + " has no price of " + one_line(model));
}

// A line about how far it is, on a terminal. Thumbnails can take minutes.
class report_progress
{
public:
    explicit report_progress(std::uint64_t all) : all_{all} {}

    void count()
    {
        ++done_;
        auto const now = std::chrono::steady_clock::now();
        if (!console_.can_draw() || now - drawn_ < std::chrono::milliseconds{200})
            return;
        drawn_ = now;
        console_.draw(with_separators(done_) + " of " + with_separators(all_) + " results");
    }

private:
    console console_;
    std::uint64_t all_;
    std::uint64_t done_ = 0;
    std::chrono::steady_clock::time_point drawn_ = std::chrono::steady_clock::now();
};

report_settings make_settings(report_options const& options, std::string const& job)
{
    report_settings settings{
        .remote_pictures = options.remote_pictures,
        .made = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now())};
    if (auto const pixels = options.thumbnail_pixels; pixels > 0)
        settings.thumbnail = [pixels](std::string const& file) {
            return make_thumbnail(file, pixels);
        };
    set_price(settings, options, job);
    return settings;
}

report_source make_source(journal_reader const& journal, fs::path const& file)
{
    report_source source{
        .name = shown_name(file), .job = journal.job(), .counts = journal.counts()};
    auto const progress = std::make_shared<report_progress>(source.counts.items);
    source.each = [&journal, progress](report_source::visitor const& visit) {
        journal.each([&](auto const& origin, auto const* result) {
            progress->count();
            return visit(origin, result);
        });
    };
    return source;
}

} // namespace

int run_report(report_options const& options)
{
    auto const file = journal_of(options.job);
    auto const journal = open_journal(file);
    auto const source = make_source(journal, file);
    auto const settings = make_settings(options, source.job);
    std::array<fs::path, 2> const inputs{file, options.job};
    output_file output{options.output, options.overwrite, inputs};
    write_report(source, settings, [&](std::string_view text) { output.write(text); });
    output.close();
    return exit_success;
}

void add_report_command(CLI::App& app, int& status)
{
    auto const options = std::make_shared<report_options>();
    auto const command = app.add_subcommand("report", "Write a page to look through results");
    set_help(*command, help);
    command->add_option("-o,--output", options->output)->required();
    command->add_flag("--force", options->overwrite);
    auto const thumbnails = command->add_option("--thumbnails", options->thumbnail_pixels)
                                ->check(CLI::Range(16u, largest_thumbnail));
    command->add_flag("--no-thumbnails", [options](std::int64_t) { options->thumbnail_pixels = 0; })
        ->excludes(thumbnails);
    auto const prices = command->add_option("--prices", options->prices);
    command->add_option("--model", options->model)->needs(prices);
    command->add_flag("--remote-pictures", options->remote_pictures);
    command->add_option("JOB", options->job)->required();
    command->callback([options, &status] {
        status = run_command("vidi report", [&] { return run_report(*options); });
    });
}

} // namespace vidi_tool
