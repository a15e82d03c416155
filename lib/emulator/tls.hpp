#pragma once

#include "emulator/certificate.hpp"
#include "emulator/openssl.hpp"

#include <boost/asio/buffer.hpp>

#include <string>

namespace vidi::emulation {

/// A context for the server's side, which issues session tickets.
ssl_ctx_ptr make_server_context(identity const& identity, testing::emulator_options const& options);

/// A context for fetching pictures. It does not verify: it only ever talks to loopback, and what
/// answers there seldom has a certificate that an authority issued.
ssl_ctx_ptr make_client_context();

/// The TLS protocol of one connection, without input or output of its own.
///
/// After each call, what `take_output` returns must be sent to the peer; on `needs_input`, what the
/// peer sent must be given to `add_input` before the call is repeated.
class tls_engine
{
public:
    enum class side
    {
        server,
        client,
    };

    enum class outcome
    {
        done,
        needs_input,
        closed, ///< The peer said close_notify.
        failed,
    };

    tls_engine(SSL_CTX& context, side which);

    outcome handshake();
    /// Sets `size` if done.
    outcome read(boost::asio::mutable_buffer to, std::size_t& size);
    outcome write(boost::asio::const_buffer from);
    void close_notify();

    void add_input(boost::asio::const_buffer bytes);
    std::string take_output();

    bool resumed() const;
    /// Whether something was received and not read yet.
    bool has_input() const;

private:
    outcome outcome_of(int result);

    ssl_ptr ssl_;
    // Owned by ssl_.
    BIO* input_;
    BIO* output_;
};

} // namespace vidi::emulation
