#pragma once

#include <vidi/testing/emulator.hpp>

#include <chrono>
#include <ctime>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace vidi::emulation {

using testing::header_field;

struct http_request
{
    std::string method;
    std::string target;
    std::vector<header_field> headers;
    std::string body;
    /// 10 or 11.
    unsigned version = 11;
    bool keep_alive = true;

    /// Empty if there is none.
    std::string_view header(std::string_view name) const noexcept;
    std::string_view path() const noexcept;
};

struct http_reply
{
    unsigned status = 200;
    std::vector<header_field> headers{};
    std::string body{};
    /// The API did what the request asked for.
    bool executed = false;
    /// How long the answer is to be waited for.
    std::chrono::microseconds latency{};
    /// Called once, when the answer is due: counts what it has used, and returns the fields that
    /// are true only then. May be empty.
    std::function<std::vector<header_field>()> settle{};
};

/// The value of the first field of that name, in any case; empty if there is none.
std::string_view find_header(std::span<header_field const> headers, std::string_view name) noexcept;

bool equal_ignoring_case(std::string_view a, std::string_view b) noexcept;

/// Whether a comma-separated list has the token, in any case.
bool has_token(std::string_view list, std::string_view token) noexcept;

/// A time as HTTP writes it.
std::string http_date(std::time_t time);

enum class body_part
{
    send,
    omit, ///< For HEAD.
};

/// The bytes of a response. Fields that a server adds by itself are added unless they are there.
std::string serialise(http_reply const& reply, bool keep_alive, body_part body);

} // namespace vidi::emulation
