#include "protocol/no_proxy.hpp"

#include <boost/asio/ip/address.hpp>

#include <algorithm>
#include <cctype>
#include <charconv>

namespace vidi::protocol {
namespace {

namespace ip = boost::asio::ip;
using network = no_proxy_rule::network;

constexpr unsigned address_bits = 128;
constexpr unsigned mapped_bits = 96; // before an IPv4 address (RFC 4291, 2.5.5.2)

template <class Number>
std::optional<Number> parse_number(std::string_view text, Number least, Number most)
{
    Number value{};
    auto const [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (failure != std::errc{} || end != text.data() + text.size() || value < least || value > most)
        return {};
    return value;
}

std::string lower(std::string_view text)
{
    std::string result{text};
    std::ranges::transform(
        result, result.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return result;
}

// An address alone, as a network of one.
std::optional<network> parse_address(std::string_view text)
{
    boost::system::error_code ec;
    auto const address = ip::make_address(text, ec);
    if (ec)
        return {};
    auto const v6 =
        address.is_v4() ? ip::make_address_v6(ip::v4_mapped, address.to_v4()) : address.to_v6();
    return network{v6.to_bytes(), address_bits};
}

std::optional<network> parse_network(std::string_view text)
{
    auto const slash = text.find('/');
    auto result = parse_address(text.substr(0, slash));
    if (!result || slash == std::string_view::npos)
        return result;
    bool const v4 = text.substr(0, slash).find(':') == std::string_view::npos;
    unsigned const before = v4 ? mapped_bits : 0;
    auto const bits = parse_number(text.substr(slash + 1), 0U, address_bits - before);
    if (!bits)
        return {};
    result->bits = before + *bits;
    return result;
}

bool is_of_a_name(char c)
{
    constexpr std::string_view marks = "-_.";
    return std::isalnum(static_cast<unsigned char>(c)) != 0 ||
           marks.find(c) != std::string_view::npos;
}

std::optional<no_proxy_rule::domain> parse_domain(std::string_view text)
{
    if (text.starts_with("*."))
        text.remove_prefix(1);
    if (text.ends_with('.'))
        text.remove_suffix(1);
    bool const itself = !text.starts_with('.');
    if (!itself)
        text.remove_prefix(1);
    if (text.empty() || text.front() == '.' || !std::ranges::all_of(text, is_of_a_name))
        return {};
    return no_proxy_rule::domain{'.' + lower(text), itself};
}

// Takes ":port" off the end. The colons of an IPv6 address without brackets are not taken for that.
bool take_port(std::string_view& text, std::optional<std::uint16_t>& port)
{
    auto const colon = text.rfind(':');
    bool const bracketed = text.starts_with('[');
    if (bracketed) {
        auto const end = text.find(']');
        if (end == std::string_view::npos || (end + 1 != text.size() && end + 1 != colon))
            return false;
    }
    if (colon == std::string_view::npos || text.ends_with(']') ||
        (!bracketed && text.find(':') != colon))
        return true;
    port = parse_number<std::uint16_t>(text.substr(colon + 1), 1, 65535);
    text = text.substr(0, colon);
    return port.has_value();
}

bool has_prefix(std::array<std::uint8_t, 16> const& address, network const& of)
{
    for (unsigned bit = 0; bit < of.bits; bit += 8) {
        auto const left = std::min(8U, of.bits - bit);
        auto const mask = static_cast<std::uint8_t>(0xff00U >> left);
        if (((address[bit / 8] ^ of.prefix[bit / 8]) & mask) != 0)
            return false;
    }
    return true;
}

bool matches_host(no_proxy_rule::everything, std::string_view) { return true; }

bool matches_host(no_proxy_rule::domain const& rule, std::string_view host)
{
    if (host.ends_with('.'))
        host.remove_suffix(1);
    auto const name = lower(host);
    return name.ends_with(rule.suffix) ||
           (rule.itself && name == std::string_view{rule.suffix}.substr(1));
}

bool matches_host(network const& rule, std::string_view host)
{
    auto const address = parse_address(host);
    return address && has_prefix(address->prefix, rule);
}

} // namespace

bool no_proxy_rule::matches(origin const& to) const
{
    return (!port || port == to.port) &&
           std::visit([&](auto const& rule) { return matches_host(rule, to.host); }, what);
}

std::optional<no_proxy_rule> parse_no_proxy(std::string_view entry)
{
    if (entry == "*")
        return no_proxy_rule{no_proxy_rule::everything{}, {}};
    std::optional<std::uint16_t> port;
    if (!take_port(entry, port))
        return {};
    if (entry.starts_with('[')) {
        auto const address = parse_address(entry.substr(1, entry.size() - 2));
        return address ? std::optional{no_proxy_rule{*address, port}} : std::nullopt;
    }
    if (port && entry.find('/') != std::string_view::npos)
        return {};
    if (auto const network = parse_network(entry))
        return no_proxy_rule{*network, port};
    if (auto domain = parse_domain(entry))
        return no_proxy_rule{*std::move(domain), port};
    return {};
}

std::vector<std::string> split_no_proxy(std::string_view variable)
{
    constexpr std::string_view separators = ", \t";
    std::vector<std::string> result;
    while (!variable.empty()) {
        auto const end = std::min(variable.find_first_of(separators), variable.size());
        if (end != 0)
            result.emplace_back(variable.substr(0, end));
        variable.remove_prefix(std::min(end + 1, variable.size()));
    }
    return result;
}

} // namespace vidi::protocol
