#pragma once

#include <boost/json/object.hpp>

#include <string>
#include <vector>

namespace vidi::emulation {

/// A picture as a request names it.
struct picture_reference
{
    std::string url;
    std::string file_id;
    std::string detail;
    /// Where the request names it, like `input[0].content[1]`.
    std::string path;
};

/// What the answer depends on.
struct request_content
{
    /// The text of the user's messages.
    std::string prompt;
    std::vector<picture_reference> pictures;
    /// Where it names files that should have been uploaded, like `input[0].content[1].file_id`.
    std::vector<std::string> file_paths;
    /// All text, whoever said it.
    std::uint64_t text_tokens = 0;
};

/// Reads a request that has passed the checks.
request_content read_content(boost::json::object const& request);

/// The member of that name if it is there and not null.
boost::json::value const* find_set(boost::json::object const& object, std::string_view name);

} // namespace vidi::emulation
