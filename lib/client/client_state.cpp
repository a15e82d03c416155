#include "client/client_state.hpp"

#include "protocol/request_head.hpp"

#include <boost/asio/dispatch.hpp>
#include <boost/system/system_error.hpp>

#include <array>
#include <charconv>
#include <mutex>
#include <random>
#include <vector>

namespace vidi {
namespace {

std::string hexadecimal(std::uint64_t value)
{
    std::array<char, 16> digits{};
    auto const end = std::to_chars(digits.data(), digits.data() + digits.size(), value, 16).ptr;
    return {digits.data(), end};
}

// Different for each client, so that its requests can be told from those of all others.
std::string random_id_prefix()
{
    std::random_device source;
    std::uint64_t const high = source();
    return "vidi-" + hexadecimal((high << 32) | source()) + '-';
}

// Where nothing is allowed, nothing would ever be done; and what is not a number, or beyond all
// measure, is a mistake.
void check_bounds(client_config const& config, error_code& ec, std::string& detail)
{
    constexpr std::size_t most = 1'000'000;
    auto const& admission = config.admission;
    auto const& hedging = config.hedging;
    auto const is_share = [](double value) { return value >= 0 && value <= 1; };
    struct setting
    {
        char const* name;
        char const* rule;
        bool good;
    };
    setting const all[]{
        {"pool.max_connections", "at least 1", config.pool.max_connections >= 1},
        {"pool.max_connecting", "at least 1", config.pool.max_connecting >= 1},
        {"admission.window", "from 1 ms to 366 days",
         admission.window.count() >= 1 && admission.window <= std::chrono::hours{24 * 366}},
        {"admission.initial_concurrency", "from 1 to 1,000,000",
         admission.initial_concurrency >= 1 && admission.initial_concurrency <= most},
        {"admission.min_concurrency", "from 1 to 1,000,000",
         admission.min_concurrency >= 1 && admission.min_concurrency <= most},
        {"admission.max_concurrency", "at most 1,000,000", admission.max_concurrency <= most},
        {"hedging.quantile", "from 0 to 1", is_share(hedging.quantile)},
        {"hedging.max_share", "from 0 to 1", is_share(hedging.max_share)}};
    for (auto const& each : all) {
        if (!each.good) {
            ec = errc::invalid_configuration;
            detail = std::string{each.name} + ": must be " + each.rule;
            return;
        }
    }
}

// Cancels an operation, on its executor. If that never comes to it, as the execution context is
// destroyed before, the operation is let go of instead.
class cancellation
{
public:
    explicit cancellation(std::shared_ptr<transport::operation> o) noexcept
        : operation_{std::move(o)}
    {
    }
    cancellation(cancellation&&) = default;
    cancellation& operator=(cancellation&&) = delete;

    ~cancellation()
    {
        if (operation_)
            operation_->abandon();
    }

    void operator()()
    {
        auto const cancelled = std::move(operation_);
        cancelled->cancel(asio::cancellation_type::terminal);
    }

private:
    std::shared_ptr<transport::operation> operation_;
};

} // namespace

client_state::client_state(executor_type e, client_config c)
    : client_state{std::move(e), std::move(c), error_code{}, std::string{}}
{
}

client_state::client_state(executor_type e, client_config c, error_code ec, std::string detail)
    : config{std::move(c)}, environment{std::move(e), config.single_threaded},
      endpoint{protocol::parse_endpoint(config, ec, detail)},
      gatekeeper{std::make_shared<admission::gatekeeper>(
          config.admission, config.pool.max_connections, environment.limits,
          config.single_threaded)},
      retries{config}, mutex_{config.single_threaded}, id_prefix_{random_id_prefix()}
{
    if (!ec)
        head_prefix = protocol::make_head_prefix(config, endpoint, ec, detail);
    if (!ec)
        check_bounds(config, ec, detail);
    if (!ec)
        pool.emplace(config, ec, detail);
    if (ec)
        throw boost::system::system_error(ec, detail);
}

void client_state::close()
{
    std::vector<std::shared_ptr<transport::operation>> running;
    {
        std::lock_guard const lock{mutex_};
        for (auto& each : outstanding_) {
            // One that is being destroyed at this moment can no longer be had.
            if (auto owned = each.weak_from_this().lock())
                running.push_back(std::move(owned));
        }
    }
    for (auto& each : running) {
        auto const executor = each->executor();
        asio::dispatch(executor, cancellation{std::move(each)});
    }
    pool->close();
}

std::string client_state::next_client_request_id()
{
    return id_prefix_ + std::to_string(next_id_.fetch_add(1, std::memory_order_relaxed));
}

outstanding_operation::outstanding_operation(std::shared_ptr<client_state> s)
    : client_state_owner{std::move(s)}, operation{shared().environment}
{
}

outstanding_operation::~outstanding_operation()
{
    std::lock_guard const lock{shared().mutex_};
    if (is_linked())
        shared().outstanding_.erase(shared().outstanding_.iterator_to(*this));
}

void outstanding_operation::launch(transport::task<void> task)
{
    {
        std::lock_guard const lock{shared().mutex_};
        shared().outstanding_.push_back(*this);
    }
    operation::start(std::move(task));
}

} // namespace vidi
