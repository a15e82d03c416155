#pragma once

#include "file_identity.hpp"
#include "list_item.hpp"

#include <boost/asio/awaitable.hpp>

#include <cstdint>
#include <optional>
#include <string_view>
#include <variant>

namespace vidi_tool {

/// An image of a list, or what stands in its place.
struct listed
{
    /// Of its line, row or file, from 1.
    std::uint64_t number = 0;
    std::variant<list_item, bad_line> what;
};

/// The images that a batch is about, one after the other.
class image_list
{
public:
    image_list() = default;
    image_list(image_list const&) = delete;
    image_list& operator=(image_list const&) = delete;
    virtual ~image_list() = default;

    /// The next; none at the end, and after stop(). One call at a time.
    /// @throws std::runtime_error It cannot be read any further.
    virtual boost::asio::awaitable<std::optional<listed>> next() = 0;

    /// Ends the reading, also where it waits for input.
    virtual void stop() = 0;

    /// How many are still to come, as far as can be told; exact if it is 0.
    virtual std::optional<double> expected_rest() const = 0;

    /// What a number counts: `line`, `row` or `file`.
    virtual std::string_view unit() const = 0;

    /// The file that the list is in, which must not be written to.
    virtual file_identity const& identity() const = 0;
};

} // namespace vidi_tool
