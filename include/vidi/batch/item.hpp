#pragma once

#include <vidi/request.hpp>

#include <boost/json/value.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <variant>

namespace vidi::batch {

/// Where an item stands in its source, and what it is called there.
struct origin
{
    /// The number of its line, row or file, from 1; unlike those of all other items of the source.
    std::uint64_t position = 0;
    /// As the source gives it, a string or a number; null if it gives none.
    boost::json::value id{};
    /// The URL or the name of the file; empty if it could not be read.
    std::string image{};

    bool operator==(origin const&) const = default;
};

/// Why an item cannot be asked.
struct unusable
{
    /// For programs: `bad_line`, `unreadable_image`, or a word of the source's own.
    std::string kind{};
    /// For a person, on one line.
    std::string message{};

    bool operator==(unusable const&) const = default;
};

/// One item of a batch: a request, or why there is none. Two items with equal requests are doubles:
/// they are asked once, and answered each.
struct item
{
    batch::origin origin{};
    std::variant<vidi::request, unusable> question{};
};

} // namespace vidi::batch
