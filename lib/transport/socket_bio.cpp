#include "transport/socket_bio.hpp"

#include "transport/tls_stream.hpp"

#include <boost/asio/error.hpp>

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <sys/socket.h>

#include <cerrno>
#include <new>

namespace vidi::transport {

struct socket_bio::method
{
    using read_function = int (*)(BIO*, char*, std::size_t, std::size_t*);
    using write_function = int (*)(BIO*, char const*, std::size_t, std::size_t*);

    // Never freed: a client may be a static object that ends later than any of ours.
    static BIO_METHOD* make(char const* name, read_function read, write_function write)
    {
        auto* const made = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, name);
        if (!made)
            throw std::bad_alloc{};
        BIO_meth_set_read_ex(made, read);
        BIO_meth_set_write_ex(made, write);
        BIO_meth_set_ctrl(made, &control);
        return made;
    }

    static socket_bio& state(BIO* bio) { return *static_cast<socket_bio*>(BIO_get_data(bio)); }

    static long control(BIO* bio, int command, long, void*)
    {
        switch (command) {
        case BIO_CTRL_FLUSH:
            return 1;
        case BIO_CTRL_EOF:
            return state(bio).ended_ ? 1 : 0;
        default:
            return 0;
        }
    }
};

struct socket_bio::plain_method : method
{
    static BIO_METHOD const* get()
    {
        static BIO_METHOD const* const instance = make("non-blocking socket", &read, &write);
        return instance;
    }

    static int read(BIO* bio, char* to, std::size_t size, std::size_t* bytes)
    {
        auto& self = state(bio);
        BIO_clear_retry_flags(bio);
        if (self.drained_) {
            BIO_set_retry_read(bio);
            return -1;
        }
        auto const result = retry_if_interrupted([&] { return ::recv(self.socket_, to, size, 0); });
        self.drained_ = result < 0 ? would_block() : static_cast<std::size_t>(result) < size;
        self.ended_ = result == 0;
        if (result > 0) {
            *bytes = static_cast<std::size_t>(result);
            return 1;
        }
        if (result == 0)
            return 0;
        if (would_block())
            BIO_set_retry_read(bio);
        else
            self.note_failure();
        return -1;
    }

    static int write(BIO* bio, char const* from, std::size_t size, std::size_t* bytes)
    {
        auto& self = state(bio);
        BIO_clear_retry_flags(bio);
        auto const result =
            retry_if_interrupted([&] { return ::send(self.socket_, from, size, MSG_NOSIGNAL); });
        if (result >= 0) {
            *bytes = static_cast<std::size_t>(result);
            return 1;
        }
        if (would_block())
            BIO_set_retry_write(bio);
        else
            self.note_failure();
        return -1;
    }

    template <class Call>
    static ssize_t retry_if_interrupted(Call call)
    {
        ssize_t result = call();
        while (result < 0 && errno == EINTR)
            result = call();
        return result;
    }

    static bool would_block() { return errno == EAGAIN || errno == EWOULDBLOCK; }
};

struct socket_bio::tunnel_method : method
{
    static BIO_METHOD const* get()
    {
        static BIO_METHOD const* const instance = make("TLS stream", &read, &write);
        return instance;
    }

    static int read(BIO* bio, char* to, std::size_t size, std::size_t* bytes)
    {
        auto& self = state(bio);
        error_code ec;
        BIO_clear_retry_flags(bio);
        *bytes = self.below_->read_some({to, size}, ec);
        bool const blocked = ec == asio::error::would_block;
        self.drained_ = blocked || (self.below_->drained() && !self.below_->has_input());
        self.ended_ = ec == asio::error::eof;
        if (blocked)
            BIO_set_retry_read(bio);
        return self.result_of(ec);
    }

    static int write(BIO* bio, char const* from, std::size_t size, std::size_t* bytes)
    {
        auto& self = state(bio);
        error_code ec;
        BIO_clear_retry_flags(bio);
        *bytes = self.below_->write_some({from, size}, ec);
        if (ec == asio::error::would_block)
            BIO_set_retry_write(bio);
        return self.result_of(ec);
    }
};

// What the stream below left in OpenSSL's queue would be taken for a failure of the one above.
int socket_bio::result_of(error_code ec) noexcept
{
    if (!ec)
        return 1;
    ERR_clear_error();
    if (ec == asio::error::eof)
        return 0;
    if (ec != asio::error::would_block)
        failure_ = ec;
    return -1;
}

void socket_bio::note_failure() noexcept { failure_ = {errno, asio::error::get_system_category()}; }

void socket_bio::attach_to(SSL* connection)
{
    auto* const bio = BIO_new(below_ ? tunnel_method::get() : plain_method::get());
    if (!bio)
        throw std::bad_alloc{};
    BIO_set_data(bio, this);
    BIO_set_init(bio, 1);
    SSL_set_bio(connection, bio, bio);
}

} // namespace vidi::transport
