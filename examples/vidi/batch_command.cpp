#include "batch.hpp"
#include "command.hpp"
#include "dry_run.hpp"
#include "help.hpp"

#include <CLI/CLI.hpp>

#include <map>
#include <memory>
#include <string>

namespace vidi_tool {
namespace {

constexpr std::size_t highest_concurrency = 100'000;
// They are in memory.
constexpr std::size_t largest_sample = 1'000'000;

std::map<std::string, record_format> const formats{
    {"jsonl", record_format::json_lines}, {"csv", record_format::csv}};
std::map<std::string, progress_style> const styles{
    {"auto", progress_style::automatic},
    {"json", progress_style::json},
    {"none", progress_style::none}};

constexpr char help[] = R"(Usage: vidi batch [OPTIONS] INPUT

Asks a model about each image of a list, many at the same time, and writes one
JSON object a line as each is done. INPUT is a directory, or a file, or - for
standard input: a URL or file name a line, {"id": ..., "image": ..., "prompt":
...} of which "image" must be there, or CSV. Lines with # are skipped.

  -o, --output OUT   the results go to OUT, and a journal of them to OUT.journal
  --force            begin anew, though OUT exists
  --resume           go on with an earlier run; what is done is not asked again
  --retry-failed     the same, and ask again what failed
  --limit N, --sample N   the first N images alone; any N of them, at random
  --dry-run          send nothing; say what is to be done
  --prices FILE      and its cost, by prices of a million tokens in FILE (JSON)
  --budget-requests N, --budget-tokens N   begin no more when so much is used
  --concurrency N    requests in flight, at most (256); begins with less
  --fixed-concurrency   so many, whatever the server makes of it
  --requests-per-minute N, --tokens-per-minute N   limits that it does not tell
  --column NAME, --format FORMAT   images of a CSV (image); results: jsonl, csv
  --in-order         write the results in the list's order
  --progress STYLE   auto, json for programs, or none
  --prompt TEXT, --model NAME   what is asked, if a line does not say, and whom
  --detail LEVEL     how closely it looks: auto, low, high or original
  --base-url URL, --key-file FILE   in place of what the environment says
  --retries N, --timeout SEC   for an image (2; 900, 0 is for ever)
  --proxy URL        go through this proxy, not through the environment's
  --ca-file FILE, --pinned-key PIN   trust these authorities too; this key alone
  --tls-min VER      not TLS before 1.2 or 1.3
  --client-certificate FILE, --client-key FILE   who this side is (PEM)
  -h, --help         print this text

A result has id, line, image, status, text, usage, error (null if it succeeded),
attempts, possibly_billed, interrupted, milliseconds. Equal questions are asked
once. The key is in DMXAPI_API_KEY for www.dmxapi.cn, or in OPENAI_API_KEY.
Ctrl-C waits for what is in flight, a second one does not; nothing is lost.
Exit status: 0 all succeeded, 1 some failed or the budget is used up, 2 nothing
was sent, 3 refused for all (a bad key, an unreachable host), 130 interrupted.
Examples:
  vidi batch urls.txt -o results.jsonl --concurrency 100
  find photos -name '*.jpg' | vidi batch - --prompt 'Is there a cat?' > cats
)";

} // namespace

void add_batch_command(CLI::App& app, int& status)
{
    auto const options = std::make_shared<batch_options>();
    auto const command = app.add_subcommand("batch", "Describe the images of a list");
    set_help(*command, help);
    add_request_options(*command, options->request);
    command->add_option("-o,--output", options->output.name);
    command->add_flag("--force", options->output.overwrite);
    command->add_option("--concurrency", options->concurrency)
        ->check(CLI::Range(std::size_t{1}, highest_concurrency));
    command->add_flag("--fixed-concurrency", options->fixed_concurrency);
    command->add_option("--requests-per-minute", options->requests_per_minute);
    command->add_option("--tokens-per-minute", options->tokens_per_minute);
    command->add_flag("--resume", options->resume);
    command->add_flag("--retry-failed", options->retry_failed);
    command->add_flag("--in-order", options->in_order);
    command->add_option("--limit", options->list.limit);
    command->add_option("--sample", options->list.sample)
        ->check(CLI::Range(std::size_t{1}, largest_sample));
    command->add_flag("--dry-run", options->dry_run);
    command->add_option("--prices", options->prices_file);
    command->add_option("--column", options->list.column);
    command->add_option("--format", options->format)->transform(CLI::CheckedTransformer(formats));
    command->add_option("--progress", options->progress)
        ->transform(CLI::CheckedTransformer(styles));
    command->add_option("--budget-requests", options->budget_requests);
    command->add_option("--budget-tokens", options->budget_tokens);
    command->add_option("INPUT", options->list.name)->required();
    command->callback([options, &status] {
        status = run_command("vidi batch", [&] {
            return options->dry_run ? run_dry(*options) : run_batch(*options);
        });
    });
}

} // namespace vidi_tool
