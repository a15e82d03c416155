#include "batch.hpp"
#include "command.hpp"
#include "help.hpp"

#include <CLI/CLI.hpp>

#include <memory>

namespace vidi_tool {
namespace {

constexpr std::size_t highest_concurrency = 100'000;

constexpr char help[] = R"(Usage: vidi batch [OPTIONS] INPUT

Asks a model about each image of a list, many at the same time, and writes one
JSON object a line as each is done. INPUT is a file, or - for standard input:
a URL or a file name a line, or {"id": ..., "image": ..., "prompt": ...}, of
which only "image" must be there. Empty lines and lines with # are skipped.

  -o, --output OUT   the results go to OUT, and a journal of them to OUT.journal
  --force            begin anew, though OUT exists
  --resume           go on with an earlier run; what is done is not asked again
  --retry-failed     the same, and ask again what failed
  --limit N, --in-order   the first N images alone; results in the list's order
  --budget-requests N, --budget-tokens N   begin no more when so much is used
  --concurrency N    requests in flight, at most (256); begins with less
  --fixed-concurrency   so many, whatever the server makes of it
  --requests-per-minute N, --tokens-per-minute N   limits that it does not tell
  --retries N        try again so often what may succeed then (2)
  --key-file FILE    the key is in FILE, not in the environment
  --prompt TEXT, --model NAME   what is asked, if a line does not say, and whom
  --detail LEVEL     how closely it looks: auto, low, high or original
  --base-url URL     the API's address, in place of the environment's
  --ca-file FILE     trust the authorities in FILE (PEM) too
  --proxy URL        go through this proxy, not through the environment's
  --pinned-key PIN, --tls-min VER   this public key alone; not TLS before 1.2
  --client-certificate FILE, --client-key FILE   who this side is (PEM)
  --timeout SEC      give up an image after so many seconds; 0 is never (900)
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
    command->add_option("--limit", options->limit);
    command->add_option("--budget-requests", options->budget_requests);
    command->add_option("--budget-tokens", options->budget_tokens);
    command->add_option("INPUT", options->input)->required();
    command->callback([options, &status] {
        status = run_command("vidi batch", [&] { return run_batch(*options); });
    });
}

} // namespace vidi_tool
