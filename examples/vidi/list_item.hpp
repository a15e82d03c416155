#pragma once

#include <boost/json/value.hpp>

#include <optional>
#include <string>

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

} // namespace vidi_tool
