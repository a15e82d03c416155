#pragma once

#include <vidi/error.hpp>
#include <vidi/tls_options.hpp>

#include "protocol/origin.hpp"
#include "transport/optional_mutex.hpp"
#include "transport/peer_verification.hpp"

#include <boost/asio/ssl/context.hpp>

#include <openssl/ssl.h>

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace vidi::transport {

// The client's side of TLS: one context for all connections, and the sessions they may resume.
//
// Callable from any thread once constructed.
class tls_context
{
public:
    // On failure, `detail` says which setting cannot be used and why.
    tls_context(tls_options const&, bool single_threaded, error_code&, std::string& detail);
    tls_context(tls_context const&) = delete;
    tls_context& operator=(tls_context const&) = delete;

    SSL_CTX* native() noexcept { return context_.native_handle(); }

    // Before the handshake: whom to expect (RFC 9110, 4.3.4; RFC 6066, 3), and a session to resume
    // if there is one. `connection` and this must outlive the handshake.
    error_code prepare(SSL* connection, protocol::origin const&);

private:
    struct free_session
    {
        void operator()(SSL_SESSION* s) const noexcept { SSL_SESSION_free(s); }
    };
    using session = std::unique_ptr<SSL_SESSION, free_session>;

    // The sessions of one origin.
    class session_store
    {
    public:
        explicit session_store(bool single_threaded) : mutex_{single_threaded} {}
        void keep(session);
        session take();

    private:
        optional_mutex mutex_;
        std::vector<session> sessions_; // the newest last
    };

    static int store_index();
    static int on_new_session(SSL*, SSL_SESSION*);
    session_store& sessions_of(protocol::origin const&);

    peer_verification verification_;
    asio::ssl::context context_;
    bool single_threaded_;
    optional_mutex mutex_;
    std::map<protocol::origin, session_store> sessions_; // its elements stay where they are
};

// Refuses all that is older than a version, in OpenSSL's terms. Where OpenSSL was built without it,
// nothing would be refused: errc::invalid_configuration, and `detail` names the setting.
void require_version(SSL_CTX*, int oldest, error_code&, std::string& detail);

// What a failed handshake means to the caller, and OpenSSL's reasons in words.
error_code classify_handshake_failure(SSL*, error_code, std::string& detail);

// Whether the peer ends a connection because of this side's certificate, or for want of one. With
// TLS 1.3 it says so when the handshake has ended on this side (RFC 8446, 4.4.2.4 and E.1).
bool refuses_certificate(error_code) noexcept;

} // namespace vidi::transport
