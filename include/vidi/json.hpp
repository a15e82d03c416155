#pragma once

#include <vidi/detail/config.hpp>
#include <vidi/error.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace vidi {

struct request;
struct response;

/// Why a text could not be read as a response.
struct parse_error
{
    /// `errc::response_not_json` or `errc::response_wrong_shape`; no error on success.
    error_code code{};

    /// For `errc::response_not_json`: the offset in bytes at which the text stops being JSON.
    std::optional<std::uint64_t> offset{};

    /// For `errc::response_wrong_shape`: the path of the offending value, like
    /// `output[1].content[0].text`. Empty if it is the document itself.
    std::string path{};

    /// The reason in words, with offset or path. Empty on success.
    std::string message{};

    bool operator==(parse_error const&) const = default;
};

/// The JSON text of a request, in UTF-8: the body of `POST /responses`.
///
/// Members that are not set are left out. Nothing is checked: text that is not UTF-8 comes out as
/// it is.
VIDI_DECL std::string serialize(request const& value);

/// The same, appended to `out`.
VIDI_DECL void serialize(request const& value, std::string& out);

/// The JSON text of a response, without its `exchange`.
VIDI_DECL std::string serialize(response const& value);

/// Reads a response from JSON text.
///
/// Members may be absent, null, in any order and of unknown names; a wrong type is an error only
/// where it matters. See @ref response for what is kept.
///
/// The text must be UTF-8, and be nested no deeper than 64 levels. If there is an error, the result
/// is an empty response.
VIDI_DECL response parse_response(std::string_view text, parse_error& error);

/// The same; throws `boost::system::system_error` with the code and the message of the error.
VIDI_DECL response parse_response(std::string_view text);

} // namespace vidi
