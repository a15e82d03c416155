#pragma once

#include "admission/admission.hpp"
#include "client/attempt.hpp"
#include "client/client_state.hpp"
#include "client/completion.hpp"
#include "transport/stopwatch.hpp"

#include <boost/asio/cancellation_type.hpp>

#include <memory>
#include <optional>
#include <string_view>
#include <vector>

namespace vidi {

class attempt_race;

// One call of client::create, from the call to its completion. The order of the members'
// definitions is the order in which a request goes through them.
class create_operation final : public outstanding_operation
{
public:
    using handler = asio::any_completion_handler<void(error_code, response&&)>;
    using duration = std::chrono::milliseconds;

    static void start(std::shared_ptr<client_state>, handler, detail::prepared_request);

    create_operation(std::shared_ptr<client_state>, handler, detail::prepared_request);

private:
    transport::task<void> create();
    transport::task<error_code> enter();
    void begin_attempt();
    transport::task<void> try_beside(duration first_alone);
    std::optional<duration> settle();
    std::optional<duration> next_attempt(bool billed);
    transport::task<void> wait(duration);
    void finished(error_code) override;
    void on_cancel(asio::cancellation_type) override;

    std::string_view text_for(unsigned number);
    bool count(attempt const&);
    void count_unused(attempt&);
    bool may_replay(bool billed) const;
    void tell(std::optional<duration> next);
    void tell(attempt const&, std::optional<duration> next) const;
    void complete(response&);

    completion<error_code, response&&> completion_;
    detail::prepared_request request_;
    admission::admittance admittance_;

    std::optional<attempt> attempt_; // the latest
    std::vector<attempt> unused_;    // beside it, which count for nothing
    unsigned latest_number_ = 0;     // of those that were put on a connection
    bool reuse_ = true;              // whether the next may use a connection that others used
    bool replayed_ = false;          // after a connection had turned out to be stale
    bool racing_ = false;            // other operations made or make attempts
    unsigned retries_ = 0;
    unsigned attempts_ = 0;
    unsigned possibly_billed_ = 0;
    unsigned hedges_ = 0;
    exchange_timings waits_;

    error_code failure_;
    transport::stopwatch since_start_;
};

} // namespace vidi
