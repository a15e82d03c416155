#include <vidi/api_error.hpp>

namespace vidi {

api_error::api_error(error_code ec, vidi::response r) : boost::system::system_error{ec}
{
    auto description = describe_failure(ec, r);
    known_ = std::make_shared<knowledge const>(knowledge{std::move(r), std::move(description)});
}

api_error::~api_error() = default;

std::string describe_failure(error_code ec, response const& r)
{
    auto const& exchange = r.exchange;
    auto text = ec.message();
    if (r.error && !r.error->message.empty())
        text += ": " + r.error->message;
    else if (!exchange.detail.empty())
        text += ": " + exchange.detail;
    if (ec == errc::redirected && !exchange.location.empty())
        text += " to " + exchange.location;
    if (!exchange.request_id.empty())
        text += " [request " + exchange.request_id + ']';
    else if (exchange.attempts != 0)
        text += " [client request " + exchange.client_request_id + ']';
    return text;
}

} // namespace vidi
