#pragma once

#include <vidi/batch/item.hpp>
#include <vidi/batch/result.hpp>

#include <string>

namespace vidi_tool {

/// What is written about one image: a JSON object on a line, with the line break.
///
/// Its members are always all there, and null where they do not apply: `id`, `line`, `image`,
/// `status` of the response, `text`, `usage`, `error`, `attempts`, `possibly_billed`,
/// `interrupted`, `milliseconds`.
std::string make_record(vidi::batch::origin const& from, vidi::batch::result const& what);

} // namespace vidi_tool
