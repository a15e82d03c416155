#pragma once

#include <vidi/batch/result.hpp>
#include <vidi/detail/config.hpp>
#include <vidi/error.hpp>
#include <vidi/response.hpp>

#include <string>

namespace vidi::batch {

/// Which items a failure is about.
enum class reach
{
    one_item,    ///< The next item may succeed.
    perhaps_all, ///< As far as can be seen from one item, every other would fail like it.
    all_items    ///< Every other item fails like it.
};

/// What an answer is worth.
struct verdict
{
    batch::result result{};
    /// Whom the failure concerns, if there is one.
    reach concerns = reach::one_item;
    /// Of the operation.
    error_code code{};
};

/// The verdict on an operation of the client. A response whose status is not `completed`, that
/// holds an error or a refusal, or no text, is a failure too.
VIDI_DECL verdict judge(error_code code, response const& response);

/// The name of a failure for programs: that of its `errc`, such as `rate_limited`; for a code of
/// another category, the category's name and the number.
VIDI_DECL std::string failure_name(error_code code);

/// The status as the server named it; empty if it gave none.
VIDI_DECL std::string status_name(response const& response);

} // namespace vidi::batch
