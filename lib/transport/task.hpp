#pragma once

#include <coroutine>
#include <exception>
#include <optional>
#include <utility>

namespace vidi::transport {

// The library's own coroutine: it starts when awaited and resumes whoever awaits it when it ends.
//
// It knows no executor, slot or allocator: those belong to the operation on whose behalf it runs
// and are brought in by the operation's completion token. So a task costs one frame and nothing
// else, and a frame that is destroyed while suspended destroys what it awaits.
//
// GCC before 13 copies aggregates that are made within a co_await expression byte by byte. So they
// are made, and named, before it.
template <class T>
class task;

namespace detail {

class promise_base
{
public:
    std::suspend_always initial_suspend() const noexcept { return {}; }

    struct resume_continuation
    {
        bool await_ready() const noexcept { return false; }

        template <class Promise>
        std::coroutine_handle<> await_suspend(std::coroutine_handle<Promise> ended) const noexcept
        {
            auto const continuation = ended.promise().continuation_;
            return continuation ? continuation : std::noop_coroutine();
        }

        void await_resume() const noexcept {}
    };

    resume_continuation final_suspend() const noexcept { return {}; }

    void unhandled_exception() noexcept { exception_ = std::current_exception(); }

    void continue_with(std::coroutine_handle<> continuation) noexcept
    {
        continuation_ = continuation;
    }

protected:
    void rethrow() const
    {
        if (exception_)
            std::rethrow_exception(exception_);
    }

private:
    std::coroutine_handle<> continuation_;
    std::exception_ptr exception_;
};

template <class T>
class promise : public promise_base
{
public:
    task<T> get_return_object() noexcept;

    template <class U>
    void return_value(U&& value)
    {
        value_.emplace(std::forward<U>(value));
    }

    T result()
    {
        rethrow();
        return std::move(*value_);
    }

private:
    std::optional<T> value_;
};

template <>
class promise<void> : public promise_base
{
public:
    task<void> get_return_object() noexcept;
    void return_void() const noexcept {}
    void result() const { rethrow(); }
};

} // namespace detail

template <class T>
class [[nodiscard]] task
{
public:
    using promise_type = detail::promise<T>;
    using handle = std::coroutine_handle<promise_type>;

    task() = default;
    explicit task(handle coroutine) noexcept : coroutine_{coroutine} {}
    task(task&& other) noexcept : coroutine_{std::exchange(other.coroutine_, {})} {}

    task& operator=(task&& other) noexcept
    {
        std::swap(coroutine_, other.coroutine_);
        return *this;
    }

    ~task()
    {
        if (coroutine_)
            coroutine_.destroy();
    }

    bool await_ready() const noexcept { return false; }

    std::coroutine_handle<> await_suspend(std::coroutine_handle<> continuation) noexcept
    {
        coroutine_.promise().continue_with(continuation);
        return coroutine_;
    }

    T await_resume() { return coroutine_.promise().result(); }

    // For the outermost task, which nobody awaits.
    explicit operator bool() const noexcept { return static_cast<bool>(coroutine_); }
    std::coroutine_handle<> coroutine() const noexcept { return coroutine_; }
    bool done() const noexcept { return coroutine_.done(); }
    void rethrow() const { (void)coroutine_.promise().result(); }

private:
    handle coroutine_;
};

template <class T>
task<T> detail::promise<T>::get_return_object() noexcept
{
    return task<T>{task<T>::handle::from_promise(*this)};
}

inline task<void> detail::promise<void>::get_return_object() noexcept
{
    return task<void>{task<void>::handle::from_promise(*this)};
}

} // namespace vidi::transport
