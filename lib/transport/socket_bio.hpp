#pragma once

#include <vidi/error.hpp>

#include <openssl/types.h>

namespace vidi::transport {

class tls_stream;

// OpenSSL's way to a socket that does not block: it reads and writes the socket itself, so that no
// bytes are copied on the way, never raises SIGPIPE, and remembers the system's reason for a
// failure. OpenSSL's own socket BIO does the first only.
//
// Or its way to another TLS stream, where a proxy is spoken to over TLS.
class socket_bio
{
public:
    explicit socket_bio(int socket) noexcept : socket_{socket} {}
    explicit socket_bio(tls_stream& below) noexcept : below_{&below} {}
    socket_bio(socket_bio const&) = delete;
    socket_bio& operator=(socket_bio const&) = delete;

    // Gives `connection` this to read from and to write to; it must live as long as `connection`.
    // Throws std::bad_alloc.
    void attach_to(SSL* connection);

    // The stream in place of a socket, if there is one.
    tls_stream* below() const noexcept { return below_; }

    // Once the socket had less than was asked for, it counts as empty, and the system is not asked
    // again, until somebody has waited for it to become readable.
    bool drained() const noexcept { return drained_; }
    void expect_input() noexcept { drained_ = false; }

    // Why the system, or the stream below, refused, if it did.
    error_code failure() const noexcept { return failure_; }

private:
    struct method;
    struct plain_method;
    struct tunnel_method;

    int result_of(error_code) noexcept;
    void note_failure() noexcept;

    int socket_ = -1;
    tls_stream* below_ = nullptr;
    bool drained_ = false;
    bool ended_ = false;
    error_code failure_;
};

} // namespace vidi::transport
