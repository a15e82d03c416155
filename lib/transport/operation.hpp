#pragma once

#include <vidi/error.hpp>

#include "transport/deadlines.hpp"
#include "transport/gate.hpp"
#include "transport/task.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/execution/blocking.hpp>
#include <boost/asio/require.hpp>

#include <chrono>
#include <coroutine>
#include <memory>
#include <optional>
#include <tuple>
#include <utility>

namespace vidi::transport {

class operation;
class waiter;

// The completion token of the library's own coroutines. An asynchronous operation that is given it
// yields an awaitable whose result is the tuple of what the operation completed with; errors are
// values.
//
// Such an operation consists of one step, or guards itself: cancelling it is all that is done to it
// by whoever is inside the operation on whose behalf it runs.
struct use_operation
{
    operation& on_behalf_of;
};

// What the operations of a client have in common.
struct operation_environment
{
    asio::any_io_executor executor;
    bool single_threaded;
    std::shared_ptr<deadlines> limits = std::make_shared<deadlines>(executor, single_threaded);

    // The same executor, for what must not run before the caller has returned.
    asio::any_io_executor later = asio::require(executor, asio::execution::blocking_t::never_t{});
};

// One operation of the client, from its start to its completion: the executor that everything done
// on its behalf runs on, its time limits, and how it is stopped early.
//
// Whatever threads run the executor, one at a time is inside the operation; all members but those
// marked otherwise are to be called there. Who waits to continue the operation owns it. So if
// outstanding handlers are destroyed instead of called (the execution context was destroyed), the
// operation is destroyed, and with it its coroutines and all that they hold.
class operation : public std::enable_shared_from_this<operation>, private deadlines::entry
{
public:
    using clock = deadlines::clock;
    using duration = std::chrono::milliseconds;

    // `environment` must outlive the operation.
    explicit operation(operation_environment const& environment);
    operation(operation const&) = delete;
    operation& operator=(operation const&) = delete;
    virtual ~operation();

    asio::any_io_executor const& executor() const noexcept { return environment_.executor; }
    use_operation token() noexcept { return {*this}; }

    // Runs `root` to its end, from within the executor but not from within this call; its end is
    // reported by finished(). Called once, by the operation's creator, who is inside until then.
    //
    // Not from within this call even where that could be: requests that are made one after the
    // other then leave one after the other, which wakes the other side once instead of each time.
    void start(task<void> root);

    // Asks the operation to end early; what becomes of that is for on_cancel() to say. Callable
    // from any thread, on the executor.
    void cancel(asio::cancellation_type);

    // For when nothing will run on the executor any more: if the operation waits for a call that
    // only another operation could make, it owns itself, and gives that up.
    void abandon() noexcept;

    // Ends whatever is being awaited, and at once whatever will be. The first reason stands.
    void stop(error_code reason);
    bool stopped() const noexcept { return stop_reason_.has_value(); }

    // The time limit of the whole operation; zero for none. Its expiry stops the operation.
    void limit(duration, error_code reason);

    // What is done until resume_limit() does not count against that limit.
    void pause_limit();
    void resume_limit();

    // How much is left of it; nothing if there is none, or while it is paused.
    std::optional<duration> time_left() const;

    // The time limit of the stage that begins; zero for none. Its expiry ends what is being awaited
    // and leaves the operation to decide how to go on.
    void begin_stage(duration, error_code reason);
    void end_stage() { begin_stage(duration::zero(), {}); }

    // Why what was awaited was ended early, if it was: it then failed with an error that says less.
    std::optional<error_code> interruption() const;

protected:
    virtual void on_cancel(asio::cancellation_type) = 0;

    // `failure` is set if the root coroutine did not come to its end for want of memory.
    virtual void finished(error_code failure) = 0;

private:
    template <class Signature, class Initiation, class... Arguments>
    friend class leaf;
    template <class... Results>
    friend class resume_handler;
    friend class waiter;

    // The one right to continue a waiting operation.
    class continuation
    {
    public:
        explicit continuation(operation& waiting) noexcept : operation_{&waiting} {}
        continuation(continuation&& other) noexcept
            : operation_{std::exchange(other.operation_, nullptr)}
        {
        }
        continuation& operator=(continuation&&) = delete;

        ~continuation()
        {
            if (operation_)
                operation_->self_.reset();
        }

        operation& get() const noexcept { return *operation_; }
        void operator()() { std::exchange(operation_, nullptr)->enter(to_resume); }

    private:
        operation* operation_;
    };

    // What can be left for the one inside to do: to resume, to look at the time limits, or a set of
    // cancellation types.
    static constexpr gate::words to_resume = 1;
    static constexpr gate::words to_check_limits = 2;
    static constexpr unsigned cancellation_shift = 2;

    void wait_for(std::coroutine_handle<> awaiting);
    enum class resumption
    {
        here,
        later, // from within the executor, but not from within this call
    };

    void enter(gate::words);
    void leave(resumption);
    void do_what_was_asked(gate::words, resumption);
    void resume();
    void finish();

    void interrupt() { interruption_.emit(asio::cancellation_type::terminal); }
    bool interrupted() const noexcept { return stopped() || stage_expired_; }

    void on_deadline() final { enter(to_check_limits); }
    std::shared_ptr<deadlines::entry> owner() final;
    void check_limits();
    void schedule();

    struct time_limit
    {
        clock::time_point at = deadlines::never;
        error_code reason;
    };

    static time_limit make_limit(duration, error_code reason);

    operation_environment const& environment_;
    gate gate_;
    std::shared_ptr<operation> self_; // from the start to the end
    task<void> root_;
    std::coroutine_handle<> awaiting_; // null while it runs, and when it is done
    waiter* waiting_in_ = nullptr;     // what it waits in, if that holds the continuation
    asio::cancellation_signal interruption_;
    std::optional<error_code> stop_reason_;

    time_limit whole_;
    std::optional<clock::duration> paused_; // what was left of the whole
    time_limit stage_;
    clock::time_point scheduled_ = deadlines::never;
    bool stage_expired_ = false;
};

// Completes an asynchronous operation by resuming the coroutine that awaits it.
//
// It has no executor of its own, so that it is called wherever the asynchronous operation
// completes: that is on the operation's executor.
template <class... Results>
class resume_handler
{
public:
    using cancellation_slot_type = asio::cancellation_slot;

    resume_handler(operation& waiting, std::optional<std::tuple<Results...>>& result) noexcept
        : continuation_{waiting}, result_{&result}
    {
    }

    cancellation_slot_type get_cancellation_slot() const noexcept
    {
        return continuation_.get().interruption_.slot();
    }

    template <class... Values>
    void operator()(Values&&... values)
    {
        result_->emplace(std::forward<Values>(values)...);
        continuation_();
    }

private:
    operation::continuation continuation_;
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
        operation_.wait_for(awaiting);
        std::apply(
            [&](auto&&... arguments) {
                std::move(initiation_)(
                    resume_handler<std::decay_t<Results>...>{operation_, result_},
                    std::move(arguments)...);
            },
            std::move(arguments_));
        // The operation is not resumed before its gate is left, so not before this returns.
        if (operation_.interrupted())
            operation_.interrupt();
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
