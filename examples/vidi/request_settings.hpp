#pragma once

#include <vidi/client_config.hpp>
#include <vidi/content.hpp>
#include <vidi/request.hpp>

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace vidi_tool {

/// What `describe` and `batch` have in common: what is asked, and whom.
struct request_settings
{
    std::string prompt = "描述这张图片中的内容";
    std::string model = "gpt-5-mini";
    std::optional<vidi::image_detail> detail;
    std::string base_url;
    std::string ca_file;
    /// In place of the environment's, if not empty.
    std::string proxy;
    std::string client_certificate;
    std::string client_key;
    std::vector<std::string> pinned_keys;
    vidi::tls_version oldest_tls = vidi::tls_version::v1_2;
    std::optional<std::chrono::milliseconds> timeout;
    std::optional<unsigned> retries;
    /// Holds the key, in place of the environment, if not empty.
    std::string key_file;
};

/// Adds the options to a command. The settings must outlive it.
void add_request_options(CLI::App& command, request_settings& settings);

/// The configuration of a client for that many requests at the same time. The key comes from the
/// environment or a file.
/// @throws boost::system::system_error No key is set.
vidi::client_config make_config(request_settings const& settings, std::size_t concurrency);

/// The question about one image.
vidi::request
make_request(request_settings const& settings, vidi::input_image image, std::string prompt);

} // namespace vidi_tool
