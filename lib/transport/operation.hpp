#pragma once

#include <vidi/error.hpp>

#include "transport/task.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <coroutine>
#include <memory>
#include <optional>
#include <tuple>
#include <utility>

namespace vidi::transport {

class operation;

// The completion token of the library's own coroutines. An asynchronous operation that is given it
// yields an awaitable whose result is the tuple of what the operation completed with; errors are
// values.
struct use_operation
{
    operation& on_behalf_of;
};

// One operation of the client, from its start to its completion: the executor that everything done
// on its behalf runs on, its time limits, and how it is stopped early.
//
// All members are to be called on its executor, which runs one handler at a time. Outstanding
// handlers own the operation. So if they are destroyed instead of called (the execution context was
// destroyed), the operation is destroyed, and with it its coroutines and all that they hold.
class operation : public std::enable_shared_from_this<operation>
{
public:
    using clock = std::chrono::steady_clock;
    using duration = std::chrono::milliseconds;

    explicit operation(asio::any_io_executor executor);
    operation(operation const&) = delete;
    operation& operator=(operation const&) = delete;
    virtual ~operation() = default;

    asio::any_io_executor const& executor() const noexcept { return executor_; }
    use_operation token() noexcept { return {*this}; }

    // Runs `root` to its end; its end is reported by finished().
    void run(task<void> root);

    // Ends whatever is being awaited, and at once whatever will be. The first reason stands.
    void stop(error_code reason);
    bool stopped() const noexcept { return stop_reason_.has_value(); }

    // The time limit of the whole operation; zero for none. Its expiry stops the operation.
    void limit(duration, error_code reason);

    // The time limit of the stage that begins; zero for none. Its expiry ends what is being awaited
    // and leaves the operation to decide how to go on.
    void begin_stage(duration, error_code reason);
    void end_stage() { begin_stage(duration::zero(), {}); }

    // Why what was awaited was ended early, if it was: it then failed with an error that says less.
    std::optional<error_code> interruption() const;

protected:
    // `failure` is what escaped the root coroutine, if anything did.
    virtual void finished(std::exception_ptr failure) = 0;

    // Frees what the operation still waits for on its own account. To be called when it is done.
    void detach();

private:
    template <class Signature, class Initiation, class... Arguments>
    friend class leaf;
    template <class... Results>
    friend class resume_handler;

    void resume(std::coroutine_handle<>);
    void interrupt() { interruption_.emit(asio::cancellation_type::terminal); }
    bool interrupted() const noexcept { return stopped() || stage_expired_; }

    void schedule();
    void on_timer();

    struct time_limit
    {
        clock::time_point at = clock::time_point::max();
        error_code reason;
    };

    static time_limit make_limit(duration, error_code reason);

    asio::any_io_executor executor_;
    task<void> root_;
    asio::cancellation_signal interruption_;
    std::optional<error_code> stop_reason_;

    asio::steady_timer timer_;
    clock::time_point timer_at_ = clock::time_point::max(); // when timer_ wakes; max: not running
    time_limit whole_;
    time_limit stage_;
    bool stage_expired_ = false;
};

// Completes an asynchronous operation by resuming the coroutine that awaits it.
template <class... Results>
class resume_handler
{
public:
    using executor_type = asio::any_io_executor;
    using cancellation_slot_type = asio::cancellation_slot;

    resume_handler(
        operation& on_behalf_of, std::coroutine_handle<> awaiting,
        std::optional<std::tuple<Results...>>& result)
        : operation_{on_behalf_of.shared_from_this()}, awaiting_{awaiting}, result_{&result}
    {
    }

    executor_type get_executor() const noexcept { return operation_->executor(); }
    cancellation_slot_type get_cancellation_slot() const noexcept
    {
        return operation_->interruption_.slot();
    }

    template <class... Values>
    void operator()(Values&&... values)
    {
        result_->emplace(std::forward<Values>(values)...);
        auto const keep_alive = std::move(operation_);
        keep_alive->interruption_.slot().clear();
        keep_alive->resume(awaiting_);
    }

private:
    std::shared_ptr<operation> operation_;
    std::coroutine_handle<> awaiting_;
    std::optional<std::tuple<Results...>>* result_;
};

template <class Signature, class Initiation, class... Arguments>
class leaf;

// An asynchronous operation that has not started yet, waiting to be awaited.
template <class... Results, class Initiation, class... Arguments>
class leaf<void(Results...), Initiation, Arguments...>
{
public:
    leaf(use_operation token, Initiation initiation, Arguments... arguments)
        : operation_{token.on_behalf_of}, initiation_{std::move(initiation)}, arguments_{std::move(
                                                                                  arguments)...}
    {
    }

    bool await_ready() const noexcept { return false; }

    void await_suspend(std::coroutine_handle<> awaiting)
    {
        auto& on_behalf_of = operation_;
        std::apply(
            [&](auto&&... arguments) {
                std::move(initiation_)(
                    resume_handler<std::decay_t<Results>...>{on_behalf_of, awaiting, result_},
                    std::move(arguments)...);
            },
            std::move(arguments_));
        // Handlers run on the operation's executor, as this does, so not before this returns.
        if (on_behalf_of.interrupted())
            on_behalf_of.interrupt();
    }

    std::tuple<std::decay_t<Results>...> await_resume() { return std::move(*result_); }

private:
    operation& operation_;
    Initiation initiation_;
    std::tuple<Arguments...> arguments_;
    std::optional<std::tuple<std::decay_t<Results>...>> result_;
};

} // namespace vidi::transport

template <class... Results>
class boost::asio::async_result<vidi::transport::use_operation, void(Results...)>
{
public:
    template <class Initiation, class... Arguments>
    static auto
    initiate(Initiation initiation, vidi::transport::use_operation token, Arguments... arguments)
    {
        return vidi::transport::leaf<void(Results...), Initiation, Arguments...>{
            token, std::move(initiation), std::move(arguments)...};
    }
};
