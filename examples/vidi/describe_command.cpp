#include "command.hpp"
#include "describe.hpp"
#include "help.hpp"

#include <CLI/CLI.hpp>

#include <memory>

namespace vidi_tool {
namespace {

constexpr char help[] = R"(Usage: vidi describe [OPTIONS] IMAGE...

Asks a model about each IMAGE, an http or https URL or a file (PNG, JPEG, GIF
or WebP), and prints its answers in the order of the images.

  --prompt TEXT    what to ask (描述这张图片中的内容)
  --model NAME     the model to ask (gpt-5-mini)
  --detail LEVEL   how closely it looks: auto, low, high or original
  --base-url URL   the API's address, in place of the environment's
  --key-file FILE  the key is in FILE, not in the environment
  --retries N      try again so often what may succeed then (2)
  --ca-file FILE   trust the authorities in FILE (PEM) too
  --proxy URL      go through this proxy, not through the environment's
  --pinned-key PIN accept only this public key (SHA-256 in base64), or these
  --client-certificate FILE, --client-key FILE   who this side is (PEM)
  --tls-min VER    the oldest version of TLS: 1.2 or 1.3 (1.2)
  --timeout SEC    give up an image after so many seconds; 0 is never (900)
  --json           print the whole response as JSON, not only its text
  -h, --help       print this text

The key comes from the environment: DMXAPI_API_KEY for www.dmxapi.cn, else
OPENAI_API_KEY for api.openai.com. OPENAI_BASE_URL names another address.
HTTPS_PROXY and its like hold too; --proxy shows its password to other users.

Exit status: 0 all images were described, 1 some were not, 2 nothing was sent,
3 refused for all (a bad key, an unreachable host), 130 interrupted.

Examples:
  vidi describe https://doc.dmxapi.cn/example.jpg
  vidi describe --prompt 'What is written here?' --detail high receipt.jpg
  vidi describe --json photo.png | jq .usage.total_tokens
)";

} // namespace

void add_describe_command(CLI::App& app, int& status)
{
    auto const options = std::make_shared<describe_options>();
    auto const command = app.add_subcommand("describe", "Describe images");
    set_help(*command, help);
    add_request_options(*command, options->request);
    command->add_flag("--json", options->json);
    command->add_option("IMAGE", options->images)->required();
    command->callback([options, &status] {
        status = run_command("vidi describe", [&] { return run_describe(*options); });
    });
}

} // namespace vidi_tool
