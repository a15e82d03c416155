#include "emulator/tls.hpp"

#include <openssl/pem.h>

#include <algorithm>
#include <limits>

namespace vidi::emulation {
namespace {

int number_of(testing::tls_version version)
{
    switch (version) {
    case testing::tls_version::v1_0:
        return TLS1_VERSION;
    case testing::tls_version::v1_1:
        return TLS1_1_VERSION;
    case testing::tls_version::v1_2:
        return TLS1_2_VERSION;
    case testing::tls_version::v1_3:
        break;
    }
    return TLS1_3_VERSION;
}

bio_ptr read_only(std::string const& text)
{
    return bio_ptr{
        check(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())), "out of memory")};
}

int clamp(std::size_t size)
{
    return static_cast<int>(
        std::min<std::size_t>(size, static_cast<std::size_t>(std::numeric_limits<int>::max())));
}

// A client that offers HTTP/2 as well must learn that it is HTTP/1.1 here.
int choose_protocol(
    SSL*, unsigned char const** chosen, unsigned char* chosen_size, unsigned char const* offered,
    unsigned offered_size, void*)
{
    static unsigned char const ours[] = "\x08http/1.1";
    unsigned char* out = nullptr;
    if (SSL_select_next_proto(&out, chosen_size, ours, sizeof ours - 1, offered, offered_size) !=
        OPENSSL_NPN_NEGOTIATED)
        return SSL_TLSEXT_ERR_NOACK;
    *chosen = out;
    return SSL_TLSEXT_ERR_OK;
}

x509_ptr read_certificate(std::string const& pem)
{
    auto const text = read_only(pem);
    return x509_ptr{check(
        PEM_read_bio_X509(text.get(), nullptr, nullptr, nullptr), "cannot read a certificate")};
}

void use_versions(SSL_CTX* ctx, testing::emulator_options const& options)
{
    // What they sign with is not secure any more, so that it has to be allowed.
    if (options.min_tls < testing::tls_version::v1_2)
        SSL_CTX_set_security_level(ctx, 0);
    check(
        SSL_CTX_set_min_proto_version(ctx, number_of(options.min_tls)),
        "cannot set the TLS version");
    check(
        SSL_CTX_set_max_proto_version(ctx, number_of(options.max_tls)),
        "cannot set the TLS version");
}

void use_identity(SSL_CTX* ctx, identity const& identity)
{
    auto const certificate = read_certificate(identity.certificate);
    auto const key_text = read_only(identity.private_key);
    evp_pkey_ptr const key{check(
        PEM_read_bio_PrivateKey(key_text.get(), nullptr, nullptr, nullptr), "cannot read the key")};
    check(SSL_CTX_use_certificate(ctx, certificate.get()), "cannot use the certificate");
    check(SSL_CTX_use_PrivateKey(ctx, key.get()), "cannot use the key");
    if (identity.intermediate_certificate.empty())
        return;
    auto const intermediate = read_certificate(identity.intermediate_certificate);
    check(SSL_CTX_add1_chain_cert(ctx, intermediate.get()), "cannot use the certificate");
}

void require_client_certificate(SSL_CTX* ctx, credentials const& client)
{
    auto const authority = read_certificate(client.authority_certificate);
    check(
        X509_STORE_add_cert(SSL_CTX_get_cert_store(ctx), authority.get()),
        "cannot trust an authority");
    check(SSL_CTX_add_client_CA(ctx, authority.get()), "cannot trust an authority");
    SSL_CTX_set_verify(ctx, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
}

} // namespace

ssl_ctx_ptr make_server_context(identity const& identity, testing::emulator_options const& options)
{
    ssl_ctx_ptr context{check(SSL_CTX_new(TLS_server_method()), "cannot make a TLS context")};
    auto const ctx = context.get();
    use_versions(ctx, options);
    use_identity(ctx, identity);
    if (options.require_client_certificate)
        require_client_certificate(ctx, identity.client);
    static unsigned char const session_context[] = "vidi emulator";
    check(
        SSL_CTX_set_session_id_context(ctx, session_context, sizeof session_context - 1),
        "cannot set the session context");
    // Tickets carry the state, so that the server need not remember sessions.
    SSL_CTX_set_session_cache_mode(ctx, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_mode(ctx, SSL_MODE_RELEASE_BUFFERS);
    SSL_CTX_set_alpn_select_cb(ctx, choose_protocol, nullptr);
    return context;
}

ssl_ctx_ptr make_client_context()
{
    ssl_ctx_ptr context{check(SSL_CTX_new(TLS_client_method()), "cannot make a TLS context")};
    SSL_CTX_set_verify(context.get(), SSL_VERIFY_NONE, nullptr);
    return context;
}

tls_engine::tls_engine(SSL_CTX& context, side which)
    : ssl_{check(SSL_new(&context), "cannot make a TLS connection")}
{
    bio_ptr input{check(BIO_new(BIO_s_mem()), "out of memory")};
    bio_ptr output{check(BIO_new(BIO_s_mem()), "out of memory")};
    input_ = input.release();
    output_ = output.release();
    SSL_set_bio(ssl_.get(), input_, output_);
    if (which == side::server)
        SSL_set_accept_state(ssl_.get());
    else
        SSL_set_connect_state(ssl_.get());
}

tls_engine::outcome tls_engine::handshake()
{
    ERR_clear_error();
    return outcome_of(SSL_do_handshake(ssl_.get()));
}

tls_engine::outcome tls_engine::read(boost::asio::mutable_buffer to, std::size_t& size)
{
    ERR_clear_error();
    auto const result = SSL_read(ssl_.get(), to.data(), clamp(to.size()));
    size = result > 0 ? static_cast<std::size_t>(result) : 0;
    return outcome_of(result);
}

tls_engine::outcome tls_engine::write(boost::asio::const_buffer from)
{
    ERR_clear_error();
    return outcome_of(SSL_write(ssl_.get(), from.data(), clamp(from.size())));
}

void tls_engine::close_notify()
{
    ERR_clear_error();
    SSL_shutdown(ssl_.get());
}

void tls_engine::add_input(boost::asio::const_buffer bytes)
{
    check(
        BIO_write(input_, bytes.data(), clamp(bytes.size())) == clamp(bytes.size()),
        "out of memory");
}

std::string tls_engine::take_output()
{
    std::string output(BIO_ctrl_pending(output_), '\0');
    if (!output.empty())
        BIO_read(output_, output.data(), clamp(output.size()));
    return output;
}

bool tls_engine::resumed() const { return SSL_session_reused(ssl_.get()) == 1; }

bool tls_engine::has_input() const
{
    return SSL_has_pending(ssl_.get()) == 1 || BIO_ctrl_pending(input_) != 0;
}

tls_engine::outcome tls_engine::outcome_of(int result)
{
    if (result > 0)
        return outcome::done;
    switch (SSL_get_error(ssl_.get(), result)) {
    case SSL_ERROR_WANT_READ:
        return outcome::needs_input;
    case SSL_ERROR_ZERO_RETURN:
        return outcome::closed;
    default:
        return outcome::failed;
    }
}

} // namespace vidi::emulation
