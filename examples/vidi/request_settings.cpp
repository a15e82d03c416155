#include "request_settings.hpp"

#include <vidi/error.hpp>
#include <vidi/input.hpp>

#include <boost/system/system_error.hpp>

#include <CLI/CLI.hpp>
#include <stdlib.h>

#include <fstream>
#include <iterator>
#include <map>

namespace vidi_tool {
namespace {

using vidi::image_detail;

constexpr double longest_timeout = 1e6;

void set_timeout(request_settings& settings, double seconds)
{
    // Written so that it is true of "nan" too.
    if (!(seconds >= 0 && seconds <= longest_timeout))
        throw CLI::ValidationError{"--timeout", "the time must be 0 to 1000000 seconds"};
    settings.timeout =
        std::chrono::ceil<std::chrono::milliseconds>(std::chrono::duration<double>{seconds});
}

void add_connection_options(CLI::App& command, request_settings& settings)
{
    static std::map<std::string, vidi::tls_version> const versions{
        {"1.2", vidi::tls_version::v1_2}, {"1.3", vidi::tls_version::v1_3}};
    command.add_option("--ca-file", settings.ca_file)->check(CLI::ExistingFile);
    command.add_option("--proxy", settings.proxy);
    command.add_option("--client-certificate", settings.client_certificate)
        ->check(CLI::ExistingFile);
    command.add_option("--client-key", settings.client_key)->check(CLI::ExistingFile);
    command.add_option("--pinned-key", settings.pinned_keys)->allow_extra_args(false);
    command
        .add_option_function<std::string>(
            "--tls-min",
            [&settings](std::string const& name) { settings.oldest_tls = versions.at(name); })
        ->check(CLI::IsMember(&versions));
}

// The environment is where the library looks.
void put_key_into_environment(std::string const& file)
{
    std::ifstream stream{file, std::ios::binary};
    std::string key{std::istreambuf_iterator<char>{stream}, {}};
    while (key.ends_with('\n') || key.ends_with('\r'))
        key.pop_back();
    if (key.empty())
        throw boost::system::system_error(
            vidi::errc::missing_api_key, file + ": cannot be read, or holds no key");
    ::unsetenv("DMXAPI_API_KEY");
    ::setenv("OPENAI_API_KEY", key.c_str(), 1);
}

void set_tls(vidi::client_config& config, request_settings const& settings)
{
    config.tls.ca_file = settings.ca_file;
    config.tls.certificate_file = settings.client_certificate;
    config.tls.private_key_file = settings.client_key;
    config.tls.pinned_public_keys = settings.pinned_keys;
    config.tls.min_version = settings.oldest_tls;
    if (config.proxy)
        config.proxy->tls.ca_file = settings.ca_file;
}

} // namespace

void add_request_options(CLI::App& command, request_settings& settings)
{
    static std::map<std::string, image_detail> const details{
        {"auto", image_detail::automatic},
        {"low", image_detail::low},
        {"high", image_detail::high},
        {"original", image_detail::original}};
    command.add_option("--prompt", settings.prompt);
    command.add_option("--model", settings.model);
    command
        .add_option_function<std::string>(
            "--detail",
            [&settings](std::string const& name) { settings.detail = details.at(name); })
        ->check(CLI::IsMember(&details));
    command.add_option("--base-url", settings.base_url);
    command.add_option("--key-file", settings.key_file)->check(CLI::ExistingFile);
    command.add_option("--retries", settings.retries)->check(CLI::Range(0, 1000));
    add_connection_options(command, settings);
    command.add_option_function<double>(
        "--timeout", [&settings](double seconds) { set_timeout(settings, seconds); });
}

vidi::client_config make_config(request_settings const& settings, std::size_t concurrency)
{
    // The address decides whether a key is needed at all, so it must be known before the
    // environment is read.
    if (!settings.base_url.empty())
        ::setenv("OPENAI_BASE_URL", settings.base_url.c_str(), 1);
    if (!settings.key_file.empty())
        put_key_into_environment(settings.key_file);
    // Nor must a proxy of the environment that is not wanted be refused.
    if (!settings.proxy.empty())
        ::setenv("no_proxy", "*", 1);
    auto config = vidi::client_config::from_environment();
    if (!settings.proxy.empty()) {
        config.proxy = vidi::proxy_options::from_url(settings.proxy);
        config.proxy->proxy_loopback = true;
    }
    config.single_threaded = true;
    config.pool.max_connections = concurrency;
    set_tls(config, settings);
    config.retry.max_retries = settings.retries.value_or(config.retry.max_retries);
    if (settings.timeout) {
        config.timeouts.operation = *settings.timeout;
        config.timeouts.response_head = *settings.timeout;
    }
    return config;
}

vidi::request
make_request(request_settings const& settings, vidi::input_image image, std::string prompt)
{
    image.detail = settings.detail;
    return {
        .model = settings.model,
        .input = {
            vidi::user_message{vidi::input_text{.text = std::move(prompt)}, std::move(image)}}};
}

} // namespace vidi_tool
