#pragma once

#include <boost/json/value.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace vidi_tool {

/// One image of a list.
struct list_item
{
    /// A string or an integer; null if the list gives none.
    boost::json::value id{};
    std::string image{};
    /// In place of the common one.
    std::optional<std::string> prompt{};

    bool operator==(list_item const&) const = default;
};

/// A line that cannot be used, and why.
struct bad_line
{
    std::string reason;

    bool operator==(bad_line const&) const = default;
};

/// An empty line or a comment.
using no_item = std::monostate;

/// Reads a line of a list, given without its line break: a URL or a file name, or a JSON object
/// `{"id": …, "image": …, "prompt": …}`, of which only `image` must be there.
std::variant<no_item, list_item, bad_line> parse_line(std::string_view text);

} // namespace vidi_tool
