#pragma once

#include "client/client_state.hpp"
#include "client/completion.hpp"

#include <boost/asio/cancellation_type.hpp>

#include <cstddef>
#include <memory>
#include <vector>

namespace vidi {

// One call of client::warm_up: several connections made at the same time.
class warm_up : public std::enable_shared_from_this<warm_up>
{
public:
    using handler = asio::any_completion_handler<void(error_code, std::size_t)>;

    static void start(std::shared_ptr<client_state>, handler, std::size_t connections);

    warm_up(std::shared_ptr<client_state>, handler);

    client::executor_type const& executor() const noexcept { return shared_->environment.executor; }
    void cancel(asio::cancellation_type);

private:
    class opening;

    void open(std::size_t connections);
    void on_opened(error_code);

    std::shared_ptr<client_state> const shared_;
    completion<error_code, std::size_t> completion_;
    transport::optional_mutex mutex_; // for what follows: openings end on any thread
    bool cancelled_ = false;
    std::vector<std::weak_ptr<opening>> openings_;
    std::size_t pending_ = 0;
    std::size_t opened_ = 0;
    error_code first_failure_;
};

} // namespace vidi
