#include <vidi/testing/emulator.hpp>

#include "emulator/api_error.hpp"

namespace vidi::testing {

std::string_view request_view::header(std::string_view name) const noexcept
{
    return emulation::find_header(headers, name);
}

behaviour behaviour::normal(std::chrono::microseconds delay) { return {.delay = delay}; }

behaviour behaviour::reply(canned_reply reply) { return {.answer = std::move(reply)}; }

behaviour behaviour::error(
    unsigned status, std::string_view code, std::string_view message,
    std::vector<header_field> headers)
{
    emulation::api_error error{
        .status = status, .message = std::string(message), .type = emulation::error_type(status)};
    if (!code.empty())
        error.code = std::string(code);
    return reply(
        {.status = status, .body = emulation::error_body(error), .headers = std::move(headers)});
}

behaviour behaviour::raw(std::string bytes, closing how)
{
    return {.answer = raw_bytes{std::move(bytes)}, .close_after = whole_response, .how = how};
}

behaviour behaviour::close_before_response(closing how) { return {.close_after = 0, .how = how}; }

behaviour behaviour::close_within_response(std::size_t bytes, closing how)
{
    return {.close_after = bytes, .how = how};
}

behaviour behaviour::close_after_response(closing how)
{
    return {.close_after = whole_response, .how = how};
}

behaviour behaviour::stall(std::size_t bytes) { return {.stall_after = bytes}; }

behaviour behaviour::slices(std::size_t bytes, std::chrono::microseconds pause)
{
    return {.slice = bytes, .pause = pause};
}

} // namespace vidi::testing
