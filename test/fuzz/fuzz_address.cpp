// Whatever is given as an address, of the API or of a proxy, is refused with a reason, or can be
// written into a message without breaking it.

#include <vidi/client_config.hpp>

#include "fuzz/fuzzing.hpp"
#include "protocol/connect_method.hpp"
#include "protocol/endpoint.hpp"
#include "protocol/no_proxy.hpp"
#include "protocol/proxy.hpp"
#include "protocol/public_key_pin.hpp"
#include "protocol/request_head.hpp"

#include <algorithm>
#include <string>

using vidi_fuzz::expect;

namespace {

// Lines that end in CRLF, of which no other byte is a control character.
void check_lines(std::string_view head)
{
    while (!head.empty()) {
        auto const end = head.find("\r\n");
        expect(end != std::string_view::npos);
        auto const line = head.substr(0, end);
        expect(std::ranges::none_of(
            line, [](unsigned char c) { return (c < 0x20 && c != '\t') || c == 0x7f; }));
        head.remove_prefix(end + 2);
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    vidi_fuzz::script script{data, size};
    vidi::client_config config;
    config.allow_plain_http = true;
    config.base_url = script.take(script.length());
    config.api_key = std::string{script.take(script.length())};
    config.organization = script.take(script.length());
    config.headers.emplace_back(
        std::string{script.take(script.length())}, std::string{script.take(script.length())});
    if (auto const url = script.take(script.length()); !url.empty()) {
        config.proxy = vidi::proxy_options::from_url(url);
        config.proxy->no_proxy = vidi::protocol::split_no_proxy(script.take(script.length()));
    }
    (void)vidi::protocol::parse_public_key_pin(script.take(script.length()));

    vidi::error_code ec;
    std::string detail;
    auto const endpoint = vidi::protocol::parse_endpoint(config, ec, detail);
    if (!ec) {
        auto const head = vidi::protocol::make_head_prefix(config, endpoint, ec, detail);
        if (!ec)
            check_lines(head.reveal());
    }
    expect(!ec || !detail.empty());

    if (config.proxy) {
        ec = {};
        detail.clear();
        auto const proxy = vidi::protocol::parse_proxy(*config.proxy, ec, detail);
        expect(!ec || !detail.empty());
        if (!ec) {
            (void)proxy.is_for(endpoint.origin);
            if (!endpoint.origin.host.empty()) {
                auto const request =
                    vidi::protocol::make_connect_request(endpoint.origin, proxy.authorization);
                check_lines(request.reveal());
            }
        }
    }
    (void)vidi::protocol::read_connect_answer(script.take(script.length()));
    return 0;
}
