#pragma once

#include "client/client_state.hpp"
#include "client/completion.hpp"
#include "transport/exchange.hpp"
#include "transport/stopwatch.hpp"

#include <boost/asio/cancellation_type.hpp>

#include <memory>
#include <string>

namespace vidi {

// One call of client::create, from the call to its completion. The order of the members'
// definitions is the order in which a request goes through them.
class create_operation final : public outstanding_operation
{
public:
    using handler = asio::any_completion_handler<void(error_code, response&&)>;

    static void start(std::shared_ptr<client_state>, handler, detail::prepared_request);

    create_operation(std::shared_ptr<client_state>, handler, detail::prepared_request);

private:
    transport::task<void> create();
    transport::task<transport::exchange_result> attempt(bool reuse, bool& fresh);
    void finished(error_code) override;
    response understand();
    response understand_success();
    response understand_failure();
    void on_cancel(asio::cancellation_type) override;

    completion<error_code, response&&> completion_;
    std::string const request_; // as it goes over the wire
    bool sending_ = false;      // a byte of the request may have left

    error_code failure_;
    std::string body_; // of the response
    exchange_info exchange_;
    transport::stopwatch since_start_;
};

} // namespace vidi
