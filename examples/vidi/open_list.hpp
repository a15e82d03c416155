#pragma once

#include "image_list.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

namespace vidi_tool {

/// Which images.
struct list_options
{
    /// A file or a directory, or `-` for standard input.
    std::string name{};
    /// That of the images in a CSV table; empty for `image`.
    std::string column{};
    /// The first so many of the list; 0 is all.
    std::uint64_t limit = 0;
    /// So many of these, chosen at random, and alike for lists of one name and length; 0 is all.
    std::size_t sample = 0;
};

/// Opens a list of images: a directory; a CSV table if a column is named or its name ends in
/// `.csv`; else lines.
/// @throws usage_error It cannot be opened, or is not what it should be.
std::unique_ptr<image_list>
open_list(boost::asio::any_io_executor executor, list_options const& options);

} // namespace vidi_tool
