#include "protocol/request_head.hpp"

#include <vidi/version.hpp>

#include "protocol/proxy.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <limits>

namespace vidi::protocol {
namespace {

constexpr std::array<std::string_view, 14> own_fields{
    "accept",
    "accept-encoding",
    "authorization",
    "connection",
    "content-length",
    "content-type",
    "expect",
    "host",
    "proxy-authorization",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "x-client-request-id"};

std::string lower(std::string_view text)
{
    std::string result{text};
    std::ranges::transform(
        result, result.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return result;
}

bool is_own(std::string_view name)
{
    return std::ranges::find(own_fields, lower(name)) != own_fields.end();
}

// It does not leave the key behind where it was before it grew.
class head_builder
{
public:
    head_builder(std::string_view request_line, std::size_t room)
    {
        text_.reserve(room);
        text_ += request_line;
    }

    void add(std::string_view name, std::string_view value)
    {
        text_.append(name).append(": ").append(value).append("\r\n");
    }

    // Values may be secret, so a message names the setting and never quotes it.
    void add_checked(
        std::string_view setting, std::string_view name, std::string_view prefix,
        std::string_view value)
    {
        if (value.empty())
            return;
        if (is_field_value(value))
            text_.append(name).append(": ").append(prefix).append(value).append("\r\n");
        else if (problem_.empty())
            problem_ = std::string{setting} + ": holds a character that a header field cannot "
                                              "carry, or begins or ends with a space";
    }

    void add_header(std::string const& name, std::string const& value)
    {
        if (!is_token(name))
            problem_ = "headers: a name is empty or holds a character that is not allowed in it";
        else if (is_own(name))
            problem_ = "headers: " + name + " is set by the client itself";
        else
            add_checked("headers: " + name, name, "", value);
    }

    std::string const& problem() const noexcept { return problem_; }
    secret take() noexcept { return std::move(text_); }

private:
    std::string text_;
    std::string problem_;
};

// More than the head has.
std::size_t room_for_head(client_config const& config)
{
    constexpr std::size_t names_and_fixed_values = 2048;
    auto room = names_and_fixed_values + 3 * config.base_url.size() +
                config.api_key.reveal().size() + config.organization.size() + config.project.size();
    if (config.proxy)
        room += 2 * (config.proxy->user.size() + config.proxy->password.reveal().size());
    for (auto const& [name, value] : config.headers)
        room += name.size() + value.size() + 4;
    return room;
}

} // namespace

bool is_token(std::string_view text) noexcept
{
    constexpr std::string_view marks = "!#$%&'*+-.^_`|~";
    return !text.empty() && std::ranges::all_of(text, [&](unsigned char c) {
        return std::isalnum(c) != 0 || marks.find(static_cast<char>(c)) != std::string_view::npos;
    });
}

bool is_field_value(std::string_view text) noexcept
{
    auto const is_space = [](char c) { return c == ' ' || c == '\t'; };
    if (!text.empty() && (is_space(text.front()) || is_space(text.back())))
        return false;
    return std::ranges::all_of(
        text, [](unsigned char c) { return c == '\t' || (c >= 0x20 && c != 0x7f); });
}

secret make_head_prefix(
    client_config const& config, endpoint const& to, error_code& ec, std::string& detail)
{
    // RFC 9112, 3.2.2: a proxy is given the whole address.
    auto const proxy = find_forwarding_proxy(config, to.origin, ec, detail);
    auto const target_prefix = proxy ? "http://" + host_field(to.origin) : std::string{};
    head_builder head{
        "POST " + target_prefix + to.path + "/responses HTTP/1.1\r\n", room_for_head(config)};
    head.add("Host", host_field(to.origin));
    if (proxy && !proxy->authorization.empty())
        head.add("Proxy-Authorization", proxy->authorization.reveal());
    head.add("User-Agent", "vidi/" VIDI_VERSION_STRING);
    head.add("Accept", "application/json");
    // RFC 9110, 12.5.3: without it, any coding is acceptable.
    head.add("Accept-Encoding", "identity");
    head.add("Content-Type", "application/json");
    head.add_checked("api_key", "Authorization", "Bearer ", config.api_key.reveal());
    head.add_checked("organization", "OpenAI-Organization", "", config.organization);
    head.add_checked("project", "OpenAI-Project", "", config.project);
    for (auto const& [name, value] : config.headers)
        head.add_header(name, value);
    if (!ec && !head.problem().empty()) {
        ec = errc::invalid_configuration;
        detail = head.problem();
    }
    return head.take();
}

detail::request_text
make_request(std::string_view prefix, std::string_view client_request_id, std::string_view body)
{
    std::array<char, 20> digits{};
    auto const end = std::to_chars(digits.data(), digits.data() + digits.size(), body.size()).ptr;
    std::string_view const length{digits.data(), end};

    constexpr std::string_view id_name = "X-Client-Request-Id: ";
    constexpr std::string_view first_attempt = "-1";
    constexpr std::string_view length_name = "\r\nContent-Length: ";
    constexpr std::string_view blank = "\r\n\r\n";
    // So that a larger number has room where the text is.
    constexpr std::size_t more_digits = std::numeric_limits<unsigned>::digits10;
    std::string text;
    text.reserve(
        prefix.size() + id_name.size() + client_request_id.size() + first_attempt.size() +
        length_name.size() + length.size() + blank.size() + body.size() + more_digits);
    text.append(prefix).append(id_name).append(client_request_id).append(first_attempt);
    auto const attempt_at = text.size() - 1;
    text.append(length_name).append(length).append(blank).append(body);
    return {std::move(text), attempt_at};
}

} // namespace vidi::protocol
