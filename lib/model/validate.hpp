#pragma once

#include <vidi/error.hpp>

#include <string>

namespace vidi {

struct request;

namespace model {

/// Whether a request can be sent at all. If not, returns `errc::invalid_request` and sets `detail`
/// to the field and the reason, like
/// `input[0].content[1]: an image needs exactly one of image_url and file_id`.
///
/// What the server checks, such as ranges, is left to it.
error_code validate(request const& value, std::string& detail);

} // namespace model
} // namespace vidi
