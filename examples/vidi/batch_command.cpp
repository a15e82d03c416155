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

  -o, --output OUT   write the results to OUT, not to standard output, and keep
                     a journal beside it, in OUT.journal
  --force            overwrite OUT if it exists, and forget its journal
  --resume           go on with what an earlier run began: what is done is not
                     asked again
  --retry-failed     the same, and ask again what failed
  --limit N          the first N images of the list alone
  --in-order         write the results in the order of the list
  --budget-requests N, --budget-tokens N   begin no more when so much was used
  --concurrency N    requests in flight, at most (256); begins with less
  --fixed-concurrency   so many, whatever the server makes of it
  --requests-per-minute N, --tokens-per-minute N   limits that it does not tell
  --retries N        try again so often what may succeed then (2)
  --key-file FILE    the key is in FILE, not in the environment
  --prompt TEXT      what to ask, if a line does not say (描述这张图片中的内容)
  --model NAME       the model to ask (gpt-5-mini)
  --detail LEVEL     how closely it looks: auto, low, high or original
  --base-url URL     the API's address, in place of the environment's
  --ca-file FILE     trust the authorities in FILE (PEM) too
  --proxy URL        go through this proxy, not through the environment's
  --pinned-key PIN   accept only this public key (SHA-256 in base64), or these
  --client-certificate FILE, --client-key FILE   who this side is (PEM)
  --tls-min VER      the oldest version of TLS: 1.2 or 1.3 (1.2)
  --timeout SEC      give up an image after so many seconds; 0 is never (900)
  -h, --help         print this text

The members of a result are id, line, image, status, text, usage, error, which
is null for an image that succeeded, attempts, possibly_billed, interrupted,
milliseconds. An image that is listed twice is asked about once.

The key comes from the environment: DMXAPI_API_KEY for www.dmxapi.cn, else
OPENAI_API_KEY for api.openai.com. OPENAI_BASE_URL names another address.
HTTPS_PROXY and its like hold too; --proxy shows its password to other users.

Ctrl-C waits for what is in flight; a second one does not. Nothing is lost.

Exit status: 0 all succeeded, 1 some failed or the budget is used up, 2 nothing
was sent, 3 refused for all (a bad key, an unreachable host), 130 interrupted.

Examples:
  vidi batch urls.txt -o results.jsonl --concurrency 100
  find photos -name '*.jpg' | vidi batch - --prompt 'Is there a cat?' > cats
  jq -r 'select(.error) | .image' results.jsonl > again.txt
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
