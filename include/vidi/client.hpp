#pragma once

#include <vidi/admission.hpp>
#include <vidi/client_config.hpp>
#include <vidi/detail/config.hpp>
#include <vidi/detail/prepared_request.hpp>
#include <vidi/error.hpp>
#include <vidi/pool_statistics.hpp>
#include <vidi/request.hpp>
#include <vidi/response.hpp>
#include <vidi/retry.hpp>

#include <boost/asio/any_completion_handler.hpp>
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>

namespace vidi {

class client_state;

/// What may differ from one request to the next.
///
/// A duration converts to it: `client.create(request, 30s)`.
struct request_options
{
    // Not an aggregate: GCC before 13 miscompiles aggregates that are made within a co_await
    // expression, which is where options are made.
    request_options() {}
    template <class Rep, class Period>
    request_options(std::chrono::duration<Rep, Period> limit)
        : timeout{std::chrono::ceil<std::chrono::milliseconds>(limit)}
    {
    }

    /// In place of `client_config::timeouts.operation`. Zero: no limit.
    std::optional<std::chrono::milliseconds> timeout;

    /// In place of `retry_options::max_retries`, and also an upper bound for a policy of the
    /// caller's. Zero: the request is not tried again.
    std::optional<unsigned> max_retries;

    /// In place of `retry_options::retry_possibly_billed`.
    std::optional<bool> retry_possibly_billed;

    /// Sent as `X-Client-Request-Id`, with `-` and the number of the attempt after it, so that the
    /// provider can find a request of which no answer came. Empty: a random one is made. What a
    /// header field can hold, at most 500 bytes.
    std::string client_request_id;
};

/// A client of the Responses API: a connection pool, and operations on it.
///
/// All operations may be in flight at the same time, as many as `pool_options` allows. The client
/// runs on the executor it is given; it has no thread and no timer of its own, so
/// `io_context::run()` returns when the operations are done. It must be destroyed before the
/// execution context it runs on.
///
/// @par Completion
/// A completion handler is invoked through its associated executor (the client's, if it has none),
/// never from within the initiating function. Its associated cancellation slot is used, and its
/// associated allocator for the memory that holds the handler until it is invoked.
///
/// @par Thread safety
/// All members but the destructor and move operations may be called from any thread, and the
/// execution context may be run by any number of threads; unless `client_config::single_threaded`
/// is set: then the executor must run on one thread, and all calls must come from it. An operation
/// is cancelled through its slot from the thread that its handler's executor runs on, as everywhere
/// in Asio.
class VIDI_DECL client
{
public:
    using executor_type = asio::any_io_executor;

    /// A client on `executor`. Reads the trust store; opens no connection.
    ///
    /// @throws boost::system::system_error `errc::invalid_configuration`; the message says which
    /// setting is wrong, and why.
    client(executor_type executor, client_config config);

    /// A client on the executor of an execution context, such as an `io_context`.
    template <class ExecutionContext>
    requires std::is_convertible_v<ExecutionContext&, asio::execution_context&>
    client(ExecutionContext& context, client_config config)
        : client{executor_type{context.get_executor()}, std::move(config)}
    {
    }

    client(client&&) noexcept;
    client& operator=(client&&) noexcept;

    /// Completes all outstanding operations with `boost::asio::error::operation_aborted`; their
    /// handlers are invoked later. Closes all connections.
    ~client();

    executor_type get_executor() const noexcept;

    /// Sends a request, `POST /responses`, and reads the response.
    ///
    /// The request is made into text at once, in the caller's time, and not looked at again.
    ///
    /// @par Completion signature
    /// `void(vidi::error_code, vidi::response)`
    ///
    /// The response is given on failure too: `response::exchange` holds all that is known of it,
    /// `response::error` the API's error object. Without an error, `response::status` says how far
    /// the server got: `failed` and `incomplete` are answers.
    ///
    /// @par Errors
    /// @ref errc, `boost::asio::error::operation_aborted` if cancelled: that of the last attempt.
    /// What is tried again, and when, is for @ref retry_options to say. A connection that the
    /// server closed while it was idle is no failure: the request goes again, once, on a new one.
    ///
    /// @par Cancellation
    /// `terminal` and `partial` at any time: the connection is closed, and the server may or may
    /// not have answered (and charged for) the request. `total` until the first byte of the request
    /// was sent: nothing has happened then; later it is ignored.
    ///
    /// @par Thread safety
    /// See @ref client.
    template <class CompletionToken>
    auto
    async_create(vidi::request const& request, request_options options, CompletionToken&& token)
    {
        return asio::async_initiate<CompletionToken, void(error_code, response)>(
            initiate_create{this}, token, prepare(request, std::move(options)));
    }

    /// The same, with the options of the client.
    template <class CompletionToken>
    auto async_create(vidi::request const& request, CompletionToken&& token)
    {
        return async_create(request, request_options{}, std::forward<CompletionToken>(token));
    }

    /// The same for `co_await`.
    ///
    /// Cancelled with the coroutine that awaits it, by default for `terminal` alone. The client
    /// must exist when it is awaited.
    ///
    /// @throws api_error The error code, and the response as far as it arrived.
    asio::awaitable<response> create(vidi::request const& request, request_options options = {});

    /// Opens connections in advance, at the same time, until the pool has `connections` of them (or
    /// `pool_options::max_connections`, if that is less), so that the first requests need not.
    ///
    /// @par Completion signature
    /// `void(vidi::error_code, std::size_t)`: how many were opened. The error is that of the first
    /// one that could not be opened.
    ///
    /// @par Errors
    /// Those of connecting; see @ref errc.
    ///
    /// @par Cancellation
    /// `terminal`, `partial` and `total`: the connections opened so far stay.
    ///
    /// @par Thread safety
    /// See @ref client.
    template <class CompletionToken>
    auto async_warm_up(std::size_t connections, CompletionToken&& token)
    {
        return asio::async_initiate<CompletionToken, void(error_code, std::size_t)>(
            initiate_warm_up{this}, token, connections);
    }

    /// The same for `co_await`.
    /// @throws boost::system::system_error
    asio::awaitable<std::size_t> warm_up(std::size_t connections);

    /// Closes the connections that no operation uses.
    void close_idle_connections();

    /// A snapshot of the connection pool.
    pool_statistics statistics() const;

    /// A snapshot of what is held back.
    vidi::admission_statistics admission() const;

    /// A snapshot of the retry budget.
    vidi::retry_statistics retries() const;

private:
    // A reference, as a response is large: it is moved once, into the caller's parameter.
    using create_handler = asio::any_completion_handler<void(error_code, response&&)>;
    using warm_up_handler = asio::any_completion_handler<void(error_code, std::size_t)>;

    // Defined in the library, so that what a request or response consists of is instantiated there
    // and not wherever this header is included.
    struct VIDI_DECL initiate_create
    {
        using executor_type = client::executor_type;
        client* self;

        executor_type get_executor() const noexcept;
        void operator()(create_handler, detail::prepared_request) const;
    };

    struct VIDI_DECL initiate_warm_up
    {
        using executor_type = client::executor_type;
        client* self;

        executor_type get_executor() const noexcept;
        void operator()(warm_up_handler, std::size_t connections) const;
    };

    detail::prepared_request prepare(vidi::request const&, request_options) const;
    asio::awaitable<response> create_prepared(detail::prepared_request);

    std::shared_ptr<client_state> state_;
};

} // namespace vidi
