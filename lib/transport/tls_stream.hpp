#pragma once

#include <vidi/error.hpp>

#include "transport/socket_bio.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/cancellation_type.hpp>
#include <boost/asio/compose.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>

#include <openssl/ssl.h>

#include <cstddef>
#include <memory>
#include <type_traits>
#include <utility>

namespace vidi::transport {

// Whether a version of OpenSSL, as OpenSSL_version_num() gives it, can be told to free the buffers
// of a connection: some free what is still in use (CVE-2024-4741).
bool may_free_buffers(unsigned long openssl_version) noexcept;

// TLS over a connected TCP socket, whose bytes OpenSSL reads and writes itself; or over another
// such stream.
//
// Used like Asio's non-blocking sockets: each call does what can be done at once; where that is
// nothing, it fails with would_block, and async_wait says when to call again. On these rest the
// composed operations of Beast's AsyncStream. While it waits, a stream holds no buffer, but
// for one that some versions of OpenSSL keep for writing.
//
// Errors: asio::error::eof is the peer's close_notify; asio::ssl::error::stream_truncated the end
// of the TCP stream without it (RFC 8446, 6.1); otherwise the system's reason, or OpenSSL's.
//
// Cancellation: an operation that waits ends with operation_aborted. Of any type where no byte of
// the caller's was taken or given; a write that OpenSSL has begun can only be ended for good
// (terminal or partial), as the stream is of no use afterwards.
//
// Not thread-safe. One read and one write may be outstanding at a time.
class tls_stream
{
public:
    using next_layer_type = asio::ip::tcp::socket;
    using executor_type = next_layer_type::executor_type;

    // Throws std::bad_alloc. The socket must outlive the stream.
    tls_stream(next_layer_type& socket, SSL_CTX* context);

    // Within another stream, which must outlive this one, and is used by nobody else.
    tls_stream(tls_stream& below, SSL_CTX* context);

    tls_stream(tls_stream const&) = delete;
    tls_stream& operator=(tls_stream const&) = delete;

    // Says close_notify if that can be done at once.
    ~tls_stream();

    executor_type get_executor() noexcept { return socket_.get_executor(); }
    next_layer_type& next_layer() noexcept { return socket_; }
    SSL* native_handle() const noexcept { return ssl_.get(); }

    void handshake(error_code&);
    std::size_t read_some(asio::mutable_buffer, error_code&);
    std::size_t write_some(asio::const_buffer, error_code&);

    // Says close_notify. The peer's own is read as the end of the stream.
    void shutdown(error_code&);

    // Without waiting: whether the peer has sent nothing that a read would give, not even a part of
    // it, nor ended the stream. Takes in what TLS says for itself, such as session tickets.
    bool silent();

    // Whether there are bytes from the peer that were received and not read yet.
    bool has_input() const
    {
        return SSL_has_pending(ssl_.get()) == 1 || (bio_.below() && bio_.below()->has_input());
    }

    // Whether the last read had all that the socket had.
    bool drained() const noexcept { return bio_.drained(); }

    // Until that for which the last call would have blocked.
    template <class CompletionToken>
    auto async_wait(CompletionToken&& token)
    {
        prepare_to_wait();
        return socket_.async_wait(wanted_, std::forward<CompletionToken>(token));
    }

    template <class CompletionToken>
    auto async_handshake(CompletionToken&& token)
    {
        return compose<void(error_code)>(
            asio::cancellation_type::terminal, std::forward<CompletionToken>(token),
            [this](error_code& ec) { handshake(ec); });
    }

    template <class MutableBufferSequence, class CompletionToken>
    auto async_read_some(MutableBufferSequence const& buffers, CompletionToken&& token)
    {
        return compose<void(error_code, std::size_t)>(
            any_cancellation, std::forward<CompletionToken>(token),
            [this, to = first_of<asio::mutable_buffer>(buffers)](error_code& ec) {
                return read_some(to, ec);
            });
    }

    template <class ConstBufferSequence, class CompletionToken>
    auto async_write_some(ConstBufferSequence const& buffers, CompletionToken&& token)
    {
        return compose<void(error_code, std::size_t)>(
            asio::cancellation_type::terminal | asio::cancellation_type::partial,
            std::forward<CompletionToken>(token),
            [this, from = first_of<asio::const_buffer>(buffers)](error_code& ec) {
                return write_some(from, ec);
            });
    }

    template <class CompletionToken>
    auto async_shutdown(CompletionToken&& token)
    {
        return compose<void(error_code)>(
            asio::cancellation_type::terminal, std::forward<CompletionToken>(token),
            [this](error_code& ec) { shutdown(ec); });
    }

private:
    static constexpr auto any_cancellation = asio::cancellation_type::terminal |
                                             asio::cancellation_type::partial |
                                             asio::cancellation_type::total;

    struct free_ssl
    {
        void operator()(SSL* ssl) const noexcept { SSL_free(ssl); }
    };

    // Tries; waits; tries again. What succeeds at once completes through the executor all the same.
    template <class Step>
    struct composed
    {
        tls_stream& stream;
        asio::cancellation_type cancellable;
        Step step;
        enum class state
        {
            initial,
            waiting,
            done
        } now = state::initial;
        error_code result{};
        std::size_t bytes = 0;

        template <class Self>
        void operator()(Self& self, error_code ec = {})
        {
            if (now == state::done)
                return complete(self);
            if (now == state::initial)
                self.reset_cancellation_state(
                    [allowed = cancellable](asio::cancellation_type type) {
                        return type & allowed;
                    });
            if (ec)
                return result = ec, complete(self);
            take_step();
            // Its wait was over already when it was cancelled.
            if (result == asio::error::would_block &&
                self.cancelled() != asio::cancellation_type::none)
                result = asio::error::operation_aborted;
            if (result == asio::error::would_block) {
                now = state::waiting;
                return stream.async_wait(std::move(self));
            }
            if (std::exchange(now, state::done) == state::initial)
                return asio::post(stream.get_executor(), std::move(self));
            complete(self);
        }

        void take_step()
        {
            result = {};
            if constexpr (std::is_void_v<std::invoke_result_t<Step&, error_code&>>)
                step(result);
            else
                bytes = step(result);
        }

        template <class Self>
        void complete(Self& self)
        {
            if constexpr (std::is_void_v<std::invoke_result_t<Step&, error_code&>>)
                self.complete(result);
            else
                self.complete(result, bytes);
        }
    };

    template <class Signature, class CompletionToken, class Step>
    auto compose(asio::cancellation_type cancellable, CompletionToken&& token, Step step)
    {
        return asio::async_compose<CompletionToken, Signature>(
            composed<Step>{*this, cancellable, std::move(step)}, token, socket_);
    }

    // Reading or writing some may do with the first buffer that is not empty.
    template <class Buffer, class Sequence>
    static Buffer first_of(Sequence const& buffers)
    {
        auto const end = asio::buffer_sequence_end(buffers);
        for (auto each = asio::buffer_sequence_begin(buffers); each != end; ++each) {
            if (Buffer const buffer{*each}; buffer.size() != 0)
                return buffer;
        }
        return {};
    }

    void set_up();
    bool gives_nothing();
    void expect_input();
    void prepare_to_wait();
    error_code outcome_of(int result);

    next_layer_type& socket_;
    socket_bio bio_;
    std::unique_ptr<SSL, free_ssl> ssl_;
    next_layer_type::wait_type wanted_ = next_layer_type::wait_read;
    bool failed_ = false; // OpenSSL forbids to say close_notify
    error_code broken_;   // why OpenSSL refuses any further use
};

} // namespace vidi::transport
