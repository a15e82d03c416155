#pragma once

#include "client/client_state.hpp"
#include "client/completion.hpp"
#include "transport/exchange.hpp"
#include "transport/stopwatch.hpp"

#include <boost/asio/cancellation_type.hpp>

#include <exception>
#include <memory>

namespace vidi {

// One call of client::create, from the call to its completion. The order of the members'
// definitions is the order in which a request goes through them.
class create_operation final : public outstanding_operation
{
public:
    using handler = asio::any_completion_handler<void(error_code, response)>;

    static void start(std::shared_ptr<client_state>, handler, request, request_options);

    create_operation(
        std::shared_ptr<client_state>, completion<error_code, response>, request, request_options);

    void cancel(asio::cancellation_type);

private:
    transport::task<void> create();
    error_code prepare();
    transport::task<transport::exchange_result> exchange();
    transport::task<transport::exchange_result> attempt(bool reuse, bool& fresh);
    void read_head(transport::wire_response const&);
    void understand(std::string const& body);
    void understand_success(std::string const& body);
    void understand_failure(std::string const& body);
    void finished(std::exception_ptr) override;

    completion<error_code, response> completion_;
    request request_;
    request_options options_;
    transport::wire_request wire_request_;
    bool sending_ = false; // a byte of the request may have left

    error_code failure_;
    response response_;
    exchange_info exchange_;
    transport::stopwatch since_start_;
};

} // namespace vidi
