#include "emulator/picture_source.hpp"

#include "emulator/api_error.hpp"
#include "emulator/data_url.hpp"
#include "emulator/digest.hpp"
#include "emulator/tls.hpp"

namespace vidi::emulation {
namespace {

namespace net = boost::asio;

constexpr std::size_t most_known = 4096;

// What the service says of a picture that it could not get names no parameter.
api_error download_error(char const* code, std::string message)
{
    return {.message = std::move(message), .code = code};
}

api_error to_api_error(fetch_failure failure, std::string const& url)
{
    switch (failure) {
    case fetch_failure::timed_out:
        return download_error("invalid_image_url", "Timeout while downloading " + url + '.');
    case fetch_failure::too_large:
        return download_error(
            "invalid_image", "Cannot download the image " + url + ": its size exceeds the limit.");
    case fetch_failure::unreachable:
        break;
    }
    return download_error("invalid_image_url", "Cannot download the image " + url + '.');
}

void check_media_type(data_url const& data)
{
    auto const format = sniff_format(data.bytes);
    if (!format.empty() && data.media_type != "image/" + std::string(format))
        throw picture_error(
            "invalid_image_format", "The data URL says " + data.media_type + ", but its data are " +
                                        std::string(format) + '.');
}

} // namespace

picture_source::picture_source(
    testing::emulator_options const& options, picture_shelf const& shelf, web_address own)
    : options_{options}, shelf_{shelf}, own_{std::move(own)}, tls_{make_client_context()}
{
}

net::awaitable<picture_source::facts_ptr> picture_source::obtain(std::string url, std::string param)
{
    if (!is_data_url(url))
        co_return co_await obtain_from_web(std::move(url), std::move(param));
    try {
        auto const data = decode_data_url(url);
        check_media_type(data);
        co_return decode(data.bytes, sha256_hex(data.bytes));
    }
    catch (picture_error const& error) {
        throw invalid_request(error.code(), param, error.what());
    }
}

net::awaitable<picture_source::facts_ptr>
picture_source::obtain_from_web(std::string url, std::string param)
{
    auto const address = parse_web_address(url);
    if (!address)
        throw invalid_request(
            "invalid_value", param, '\'' + param + "' must be an http, https or data URL.");
    if (!is_loopback(address->host))
        throw to_api_error(fetch_failure::unreachable, url);
    try {
        auto const own = is_own(*address) ? shelf_.find(address->target) : nullptr;
        if (own)
            co_return decode(own->bytes, own->sha256);
        auto const result =
            co_await fetch(*address, *tls_, {options_.fetch_timeout, options_.picture_limit});
        if (auto const failure = std::get_if<fetch_failure>(&result))
            throw to_api_error(*failure, url);
        auto const& bytes = std::get<std::string>(result);
        co_return decode(bytes, sha256_hex(bytes));
    }
    catch (picture_error const& error) {
        throw invalid_request(error.code(), param, error.what());
    }
}

picture_source::facts_ptr picture_source::decode(std::string_view bytes, std::string const& sha256)
{
    if (auto const found = known_.find(sha256); found != known_.end())
        return found->second;
    if (bytes.size() > options_.picture_limit)
        throw picture_error("image_file_too_large", "The image has too many bytes.");
    auto facts = std::make_shared<picture_facts const>(decode_picture(bytes));
    if (known_.size() >= most_known)
        known_.clear();
    known_[sha256] = facts;
    return facts;
}

bool picture_source::is_own(web_address const& address) const
{
    return address.tls == own_.tls && address.port == own_.port && is_loopback(address.host);
}

} // namespace vidi::emulation
