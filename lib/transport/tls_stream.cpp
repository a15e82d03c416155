#include "transport/tls_stream.hpp"

#include <boost/asio/ssl/error.hpp>

#include <openssl/crypto.h>
#include <openssl/err.h>

#include <new>

namespace vidi::transport {
namespace {

// What another's call left in the thread's queue would be taken for the next call's.
void forget_errors()
{
    if (ERR_peek_error() != 0)
        ERR_clear_error();
}

error_code openssl_error()
{
    auto const code = ERR_get_error();
    if (ERR_GET_LIB(code) == ERR_LIB_SSL &&
        ERR_GET_REASON(code) == SSL_R_UNEXPECTED_EOF_WHILE_READING)
        return asio::ssl::error::stream_truncated;
    return {static_cast<int>(code), asio::error::get_ssl_category()};
}

} // namespace

bool may_free_buffers(unsigned long openssl_version) noexcept
{
    // 0xMNNPPPPS: the major, the minor and the patch number, and a status.
    auto const series = openssl_version >> 20;
    auto const patch = (openssl_version >> 4) & 0xffff;
    switch (series) {
    case 0x300:
        return patch >= 14;
    case 0x301:
        return patch >= 6;
    case 0x302:
        return patch >= 2;
    case 0x303:
        return patch >= 1;
    default:
        return series > 0x303;
    }
}

tls_stream::tls_stream(next_layer_type& socket, SSL_CTX* context)
    : socket_{socket}, bio_{socket.native_handle()}, ssl_{SSL_new(context)}
{
    set_up();
    error_code ignored; // a socket that cannot be used fails when it is
    socket_.non_blocking(true, ignored);
}

tls_stream::tls_stream(tls_stream& below, SSL_CTX* context)
    : socket_{below.socket_}, bio_{below}, ssl_{SSL_new(context)}
{
    set_up();
}

void tls_stream::set_up()
{
    if (!ssl_)
        throw std::bad_alloc{};
    bio_.attach_to(ssl_.get());
    SSL_set_connect_state(ssl_.get());
    SSL_set_mode(
        ssl_.get(), SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE |
                        SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    // One system call a read instead of one for a record's header and one for the rest.
    SSL_set_read_ahead(ssl_.get(), 1);
}

tls_stream::~tls_stream()
{
    error_code ignored;
    if (SSL_is_init_finished(ssl_.get()) == 1)
        shutdown(ignored);
    // OpenSSL takes a connection that ends in any other way for a failed one, and refuses to
    // resume its session.
    SSL_set_shutdown(ssl_.get(), SSL_SENT_SHUTDOWN | SSL_RECEIVED_SHUTDOWN);
}

void tls_stream::handshake(error_code& ec)
{
    forget_errors();
    ec = outcome_of(SSL_do_handshake(ssl_.get()));
}

std::size_t tls_stream::read_some(asio::mutable_buffer to, error_code& ec)
{
    std::size_t bytes = 0;
    // OpenSSL would take a buffer, ask in vain, and free it again.
    bool const may_come = !broken_ && SSL_get_shutdown(ssl_.get()) == 0;
    if (may_come && bio_.drained() && !has_input()) {
        wanted_ = next_layer_type::wait_read;
        ec = asio::error::would_block;
        return bytes;
    }
    forget_errors();
    ec = to.size() == 0 ? error_code{}
                        : outcome_of(SSL_read_ex(ssl_.get(), to.data(), to.size(), &bytes));
    return bytes;
}

std::size_t tls_stream::write_some(asio::const_buffer from, error_code& ec)
{
    std::size_t bytes = 0;
    forget_errors();
    ec = from.size() == 0 ? error_code{}
                          : outcome_of(SSL_write_ex(ssl_.get(), from.data(), from.size(), &bytes));
    return bytes;
}

void tls_stream::shutdown(error_code& ec)
{
    ec = {};
    if (failed_)
        return;
    forget_errors();
    if (auto const result = SSL_shutdown(ssl_.get()); result < 0)
        ec = outcome_of(result);
}

// Twice: behind what TLS says for itself, the stream may have ended.
bool tls_stream::silent() { return gives_nothing() && gives_nothing() && !has_input(); }

bool tls_stream::gives_nothing()
{
    char byte;
    std::size_t bytes = 0;
    forget_errors();
    expect_input();
    return outcome_of(SSL_peek_ex(ssl_.get(), &byte, 1, &bytes)) == asio::error::would_block;
}

void tls_stream::expect_input()
{
    bio_.expect_input();
    if (auto* const below = bio_.below())
        below->expect_input();
}

void tls_stream::prepare_to_wait()
{
    bio_.expect_input();
    if (auto* const below = bio_.below()) {
        below->prepare_to_wait();
        wanted_ = below->wanted_;
    }
    static bool const may_free = may_free_buffers(OpenSSL_version_num());
    // A session ticket makes OpenSSL take a buffer for writing, which it then keeps.
    if (may_free)
        SSL_free_buffers(ssl_.get());
}

error_code tls_stream::outcome_of(int result)
{
    if (result > 0)
        return {};
    // OpenSSL says it once only, and may then want what it wanted before, for ever.
    if (broken_)
        return broken_;
    switch (SSL_get_error(ssl_.get(), result)) {
    case SSL_ERROR_WANT_READ:
        wanted_ = next_layer_type::wait_read;
        return asio::error::would_block;
    case SSL_ERROR_WANT_WRITE:
        wanted_ = next_layer_type::wait_write;
        return asio::error::would_block;
    case SSL_ERROR_ZERO_RETURN:
        return asio::error::eof;
    case SSL_ERROR_SYSCALL:
        failed_ = true;
        return bio_.failure() ? bio_.failure() : asio::ssl::error::stream_truncated;
    default:
        failed_ = true;
        return broken_ = openssl_error();
    }
}

} // namespace vidi::transport
