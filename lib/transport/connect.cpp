#include "transport/connect.hpp"

#include <boost/asio/any_completion_handler.hpp>
#include <boost/asio/append.hpp>
#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>

#include <algorithm>
#include <list>
#include <memory>
#include <sstream>

namespace vidi::transport {
namespace {

using tcp = asio::ip::tcp;
using race_handler = asio::any_completion_handler<void(error_code, std::optional<tcp::socket>)>;

class race : public std::enable_shared_from_this<race>
{
public:
    race(
        asio::any_io_executor const& executor, std::vector<tcp::endpoint> endpoints,
        std::string& detail, race_handler handler)
        : strand_{asio::make_strand(executor)}, endpoints_{std::move(endpoints)},
          next_{endpoints_.begin()}, delay_{strand_}, detail_{detail}, handler_{std::move(handler)}
    {
    }

    auto const& strand() const noexcept { return strand_; }

    void start_next()
    {
        if (next_ == endpoints_.end())
            return;
        auto const endpoint = *next_++;
        auto const attempt = attempts_.emplace(attempts_.end(), strand_.get_inner_executor());
        attempt->async_connect(
            endpoint, asio::bind_executor(
                          strand_, [self = shared_from_this(), attempt, endpoint](error_code ec) {
                              self->on_connect(attempt, endpoint, ec);
                          }));
        wait_for_delay();
    }

    void cancel()
    {
        asio::dispatch(strand_, [self = shared_from_this()] {
            self->finish(asio::error::operation_aborted, {});
        });
    }

    void finish(error_code ec, std::optional<tcp::socket> winner)
    {
        if (!handler_)
            return;
        delay_.cancel();
        next_ = endpoints_.end();
        error_code ignored;
        for (auto& attempt : attempts_)
            attempt.close(ignored);
        asio::post(
            strand_.get_inner_executor(), asio::append(std::move(handler_), ec, std::move(winner)));
    }

private:
    using attempt_iterator = std::list<tcp::socket>::iterator;

    void wait_for_delay()
    {
        if (next_ == endpoints_.end())
            return;
        delay_.expires_after(connection_attempt_delay);
        delay_.async_wait([self = shared_from_this()](error_code ec) {
            if (!ec)
                self->start_next();
        });
    }

    void on_connect(attempt_iterator attempt, tcp::endpoint const& endpoint, error_code ec)
    {
        if (!handler_)
            return;
        auto socket = std::move(*attempt);
        attempts_.erase(attempt);
        if (!ec)
            return finish({}, std::move(socket));
        note_failure(endpoint, ec);
        if (next_ != endpoints_.end())
            start_next();
        else if (attempts_.empty())
            finish(failure_, {});
    }

    void note_failure(tcp::endpoint const& endpoint, error_code ec)
    {
        std::ostringstream text;
        text << (detail_.empty() ? "" : "; ") << endpoint << ": " << ec.message();
        detail_ += text.str();
        // A refusal says least of what is wrong with the others.
        if (!failure_ || failure_ == asio::error::connection_refused)
            failure_ = ec;
    }

    asio::strand<asio::any_io_executor> strand_;
    std::vector<tcp::endpoint> endpoints_;
    std::vector<tcp::endpoint>::iterator next_;
    std::list<tcp::socket> attempts_;
    asio::steady_timer delay_;
    error_code failure_;
    std::string& detail_; // valid while handler_ is
    race_handler handler_;
};

struct initiate_race
{
    asio::any_io_executor executor;
    std::string* detail;

    void operator()(race_handler handler, std::vector<tcp::endpoint> endpoints) const
    {
        auto slot = asio::get_associated_cancellation_slot(handler);
        auto const state =
            std::make_shared<race>(executor, std::move(endpoints), *detail, std::move(handler));
        if (slot.is_connected()) {
            slot.assign([weak = std::weak_ptr{state}](asio::cancellation_type) {
                if (auto const cancelled = weak.lock())
                    cancelled->cancel();
            });
        }
        asio::dispatch(state->strand(), [state] { state->start_next(); });
    }
};

} // namespace

std::vector<tcp::endpoint> interleave_families(std::vector<tcp::endpoint> endpoints)
{
    if (endpoints.empty())
        return endpoints;
    auto const is_first_family =
        [family = endpoints.front().protocol().family()](tcp::endpoint const& e) {
            return e.protocol().family() == family;
        };
    std::vector<tcp::endpoint> result;
    result.reserve(endpoints.size());
    // Not std::ranges: Clang before 16 does not compile its subrange.
    auto const second = std::stable_partition(endpoints.begin(), endpoints.end(), is_first_family);
    auto a = endpoints.begin();
    auto b = second;
    while (a != second || b != endpoints.end()) {
        if (a != second)
            result.push_back(*a++);
        if (b != endpoints.end())
            result.push_back(*b++);
    }
    return result;
}

task<connect_result> connect(operation& on_behalf_of, std::vector<tcp::endpoint> endpoints)
{
    connect_result result;
    auto token = on_behalf_of.token();
    initiate_race const initiation{on_behalf_of.executor(), &result.detail};
    auto [ec, socket] =
        co_await asio::async_initiate<use_operation, void(error_code, std::optional<tcp::socket>)>(
            initiation, token, interleave_families(std::move(endpoints)));
    result.failure = ec;
    result.socket = std::move(socket);
    co_return result;
}

} // namespace vidi::transport
