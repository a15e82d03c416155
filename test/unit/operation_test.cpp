#include "transport/operation.hpp"

#include <boost/asio/any_completion_handler.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

#include <gtest/gtest.h>

#include <memory>
#include <optional>

namespace {

namespace asio = boost::asio;
using vidi::error_code;
using vidi::transport::operation;
using vidi::transport::operation_environment;
using vidi::transport::task;
using vidi::transport::use_operation;

// Waits for one completion, which the test brings about.
class waiting_operation final : public operation
{
public:
    using handler = asio::any_completion_handler<void()>;
    using operation::operation;

    task<void> wait()
    {
        auto token = this->token();
        co_await asio::async_initiate<use_operation, void()>(
            [this](auto h) { handler_.emplace(std::move(h)); }, token);
        resumed = true;
    }

    bool waiting() const { return handler_.has_value(); }

    std::optional<handler> take_handler()
    {
        std::optional<handler> taken{std::move(*handler_)};
        handler_.reset();
        return taken;
    }

    void complete() { std::move (*take_handler())(); }

    bool resumed = false;
    bool ended = false;
    bool completes_when_cancelled = false;

private:
    void on_cancel(asio::cancellation_type) override
    {
        if (completes_when_cancelled)
            complete();
        else
            stop(asio::error::operation_aborted);
    }

    void finished(error_code) override { ended = true; }

    std::optional<handler> handler_;
};

class operation_test : public ::testing::TestWithParam<bool>
{
protected:
    std::shared_ptr<waiting_operation> start()
    {
        auto const one = std::make_shared<waiting_operation>(environment);
        one->start(one->wait());
        EXPECT_FALSE(one->waiting()) << "not from within start()";
        context.poll();
        context.restart();
        EXPECT_TRUE(one->waiting());
        return one;
    }

    asio::io_context context;
    operation_environment environment{context.get_executor(), GetParam()};
};

class instant_operation final : public operation
{
public:
    using operation::operation;

    task<void> end()
    {
        begun = true;
        co_return;
    }

    bool begun = false;
    bool ended = false;

private:
    void on_cancel(asio::cancellation_type) override {}
    void finished(error_code) override { ended = true; }
};

TEST_P(operation_test, neither_begins_nor_ends_within_its_start)
{
    bool ran = false;
    asio::post(context, [&] {
        ran = true;
        auto const one = std::make_shared<instant_operation>(environment);
        one->start(one->end());
        EXPECT_FALSE(one->begun);
        asio::post(context, [one] { EXPECT_TRUE(one->ended); });
    });
    context.run();
    EXPECT_TRUE(ran);
}

TEST_P(operation_test, is_resumed_by_what_it_waits_for)
{
    auto const one = start();
    one->complete();
    EXPECT_TRUE(one->resumed && one->ended);
}

// A completion that comes while somebody cancels, as it may from another thread, leads to the
// caller's handler, which may take a lock that whoever cancels holds.
TEST_P(operation_test, is_not_resumed_from_within_cancel)
{
    auto const one = start();
    one->completes_when_cancelled = true;
    one->cancel(asio::cancellation_type::terminal);
    EXPECT_FALSE(one->resumed);
    context.poll();
    EXPECT_TRUE(one->resumed && one->ended);
}

TEST_P(operation_test, ends_with_the_handler_that_would_have_resumed_it)
{
    auto one = start();
    std::weak_ptr<waiting_operation> const watched = one;
    auto handler = one->take_handler();
    one.reset();
    EXPECT_FALSE(watched.expired()) << "who may resume it owns it";
    handler.reset();
    EXPECT_TRUE(watched.expired());
}

INSTANTIATE_TEST_SUITE_P(threads, operation_test, ::testing::Bool(), [](auto const& chosen) {
    return chosen.param ? "single" : "several";
});

} // namespace
