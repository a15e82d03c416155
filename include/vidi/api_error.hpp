#pragma once

#include <vidi/detail/config.hpp>
#include <vidi/error.hpp>
#include <vidi/response.hpp>

#include <boost/system/system_error.hpp>

#include <memory>
#include <string>

namespace vidi {

/// What the coroutines of a @ref client throw: the error code, and all that is known of the
/// failure.
///
/// `code()` says what kind of failure it is, `what()` describes it for a person: what happened, to
/// which request, and why. It never holds the key. Copying it does not copy the response.
class VIDI_DECL api_error : public boost::system::system_error
{
public:
    api_error(error_code, vidi::response);
    ~api_error() override;

    api_error(api_error const&) noexcept = default;
    api_error& operator=(api_error const&) noexcept = default;

    /// The failure in one line, for a person: see @ref describe_failure.
    char const* what() const noexcept override { return known_->description.c_str(); }

    /// What arrived, as far as it did: `response().error` is the API's error object,
    /// `response().exchange` the status, request id, rate limits, times and the cause in words.
    vidi::response const& response() const noexcept { return known_->response; }

private:
    struct knowledge
    {
        vidi::response response;
        std::string description;
    };

    std::shared_ptr<knowledge const> known_;
};

/// One line for a person about a failed operation: the kind of failure, the API's or the system's
/// reason, and the ids that the provider's support asks for.
VIDI_DECL std::string describe_failure(error_code, response const&);

} // namespace vidi
