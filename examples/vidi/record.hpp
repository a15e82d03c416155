#pragma once

#include "outcome.hpp"

#include <boost/json/value.hpp>

#include <cstdint>
#include <optional>
#include <string>

namespace vidi_tool {

/// Where in the list an image stands.
struct record_origin
{
    /// As the list gives it; null if it gives none.
    boost::json::value id{};
    std::uint64_t line = 0;
    /// Empty if the line could not be read.
    std::optional<std::string> image{};
};

/// What is written about one image: a JSON object on a line, with the line break.
///
/// Its members are always all there, and null where they do not apply: `id`, `line`, `image`,
/// `status` of the response, `text`, `usage`, `error`, `attempts`, `possibly_billed`,
/// `milliseconds`.
std::string make_record(record_origin const& origin, outcome const& result);

} // namespace vidi_tool
