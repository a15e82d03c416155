#include "transport/tls_context.hpp"

#include "transport/tls_identity.hpp"

#include <boost/asio/error.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/ssl/error.hpp>

#include <openssl/err.h>
#include <openssl/x509_vfy.h>

#include <mutex>
#include <new>

namespace vidi::transport {
namespace {

// RFC 8446, C.4: a ticket is used once, so a few are kept for connections made at the same time.
constexpr std::size_t sessions_kept = 64;

// Of a call that failed, so that it is never no error.
error_code last_openssl_error()
{
    if (auto const code = ERR_get_error())
        return {static_cast<int>(code), asio::error::get_ssl_category()};
    return asio::error::invalid_argument;
}

errc classify_verification(long result) noexcept
{
    switch (result) {
    case X509_V_ERR_CERT_HAS_EXPIRED:
    case X509_V_ERR_CERT_NOT_YET_VALID:
        return errc::tls_certificate_expired;
    case X509_V_ERR_HOSTNAME_MISMATCH:
    case X509_V_ERR_IP_ADDRESS_MISMATCH:
        return errc::tls_wrong_host;
    case X509_V_ERR_APPLICATION_VERIFICATION:
        return errc::tls_public_key_mismatch;
    default:
        return errc::tls_certificate_untrusted;
    }
}

void trust(
    asio::ssl::context& context, tls_options const& options, error_code& ec, std::string& detail)
{
    context.set_default_verify_paths(ec);
    if (ec) {
        detail = "tls: the system's trust store cannot be read: " + ec.message();
    }
    else if (!options.ca_file.empty()) {
        context.load_verify_file(options.ca_file, ec);
        if (ec)
            detail = "tls.ca_file: " + options.ca_file +
                     ": no certificates could be read: " + ec.message();
    }
    if (!ec && !options.ca_certificates.empty()) {
        context.add_certificate_authority(asio::buffer(options.ca_certificates), ec);
        if (ec)
            detail = "tls.ca_certificates: no certificates could be read: " + ec.message();
    }
    if (ec)
        ec = errc::invalid_configuration;
}

} // namespace

tls_context::tls_context(
    tls_options const& options, bool single_threaded, error_code& ec, std::string& detail)
    : verification_{options, ec, detail}, context_{asio::ssl::context::tls_client},
      single_threaded_{single_threaded}, mutex_{single_threaded}
{
    if (ec)
        return;
    auto* const native = context_.native_handle();
    auto const oldest = options.min_version == tls_version::v1_3 ? TLS1_3_VERSION : TLS1_2_VERSION;
    require_version(native, oldest, ec, detail);
    SSL_CTX_set_options(native, SSL_OP_NO_RENEGOTIATION);
    SSL_CTX_set_verify(native, SSL_VERIFY_PEER, nullptr);
    SSL_CTX_set_session_cache_mode(native, SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL);
    SSL_CTX_sess_set_new_cb(native, &tls_context::on_new_session);

    verification_.attach_to(native);
    if (!ec)
        trust(context_, options, ec, detail);
    if (!ec)
        load_identity(context_, options, ec, detail);
}

void require_version(SSL_CTX* context, int oldest, error_code& ec, std::string& detail)
{
    if (SSL_CTX_set_min_proto_version(context, oldest) == 1)
        return;
    ec = errc::invalid_configuration;
    detail = "tls.min_version: OpenSSL does not support it";
}

error_code tls_context::prepare(SSL* connection, protocol::origin const& to)
{
    ERR_clear_error();
    auto* const parameters = SSL_get0_param(connection);
    error_code not_an_address;
    asio::ip::make_address(to.host, not_an_address);
    bool ok = false;
    if (!not_an_address) {
        ok = X509_VERIFY_PARAM_set1_ip_asc(parameters, to.host.c_str()) == 1;
    }
    else {
        X509_VERIFY_PARAM_set_hostflags(parameters, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
        ok = X509_VERIFY_PARAM_set1_host(parameters, to.host.c_str(), to.host.size()) == 1 &&
             SSL_set_tlsext_host_name(connection, to.host.c_str()) == 1; // NOLINT: OpenSSL's cast
    }
    if (!ok)
        return last_openssl_error();
    auto& store = sessions_of(to);
    SSL_set_ex_data(connection, store_index(), &store);
    if (auto const resumable = store.take())
        SSL_set_session(connection, resumable.get());
    return {};
}

int tls_context::store_index()
{
    static int const index = SSL_get_ex_new_index(0, nullptr, nullptr, nullptr, nullptr);
    return index;
}

tls_context::session_store& tls_context::sessions_of(protocol::origin const& to)
{
    std::lock_guard const lock{mutex_};
    return sessions_.try_emplace(to, single_threaded_).first->second;
}

int tls_context::on_new_session(SSL* connection, SSL_SESSION* offered)
{
    session owned{offered};
    auto* const store = static_cast<session_store*>(SSL_get_ex_data(connection, store_index()));
    try {
        if (store)
            store->keep(std::move(owned));
    }
    catch (std::bad_alloc const&) {
        // It is OpenSSL that calls, and a session fewer is no failure.
    }
    return 1;
}

void tls_context::session_store::keep(session offered)
{
    if (SSL_SESSION_is_resumable(offered.get()) == 0)
        return;
    std::lock_guard const lock{mutex_};
    if (sessions_.size() == sessions_kept)
        sessions_.erase(sessions_.begin());
    sessions_.push_back(std::move(offered));
}

// The last session stays, to be used again: better than a full handshake, where the server lets it.
tls_context::session tls_context::session_store::take()
{
    std::lock_guard const lock{mutex_};
    if (sessions_.empty())
        return {};
    // A copy, as OpenSSL gives up a session for good when a connection that resumed it gets
    // another.
    if (sessions_.size() == 1)
        return session{SSL_SESSION_dup(sessions_.back().get())};
    auto taken = std::move(sessions_.back());
    sessions_.pop_back();
    return taken;
}

error_code classify_handshake_failure(SSL* connection, error_code ec, std::string& detail)
{
    detail = ec.message();
    if (auto const verification = SSL_get_verify_result(connection); verification != X509_V_OK) {
        auto const result = classify_verification(verification);
        detail += ": ";
        detail += result == errc::tls_public_key_mismatch
                      ? "no certificate of the chain has a pinned public key"
                      : X509_verify_cert_error_string(verification);
        return result;
    }
    if (ec == asio::ssl::error::stream_truncated || ec == asio::error::eof) {
        detail = "the server closed the connection during the handshake";
        return errc::tls_handshake_interrupted;
    }
    return ec.category() == asio::error::get_ssl_category() ? errc::tls_handshake_failed
                                                            : errc::tls_handshake_interrupted;
}

bool refuses_certificate(error_code ec) noexcept
{
    if (ec.category() != asio::error::get_ssl_category())
        return false;
    switch (ERR_GET_REASON(static_cast<unsigned long>(ec.value()))) {
    case SSL_R_TLSV13_ALERT_CERTIFICATE_REQUIRED:
    case SSL_R_SSLV3_ALERT_BAD_CERTIFICATE:
    case SSL_R_SSLV3_ALERT_UNSUPPORTED_CERTIFICATE:
    case SSL_R_SSLV3_ALERT_CERTIFICATE_REVOKED:
    case SSL_R_SSLV3_ALERT_CERTIFICATE_EXPIRED:
    case SSL_R_SSLV3_ALERT_CERTIFICATE_UNKNOWN:
    case SSL_R_TLSV1_ALERT_UNKNOWN_CA:
    case SSL_R_TLSV1_ALERT_ACCESS_DENIED:
        return true;
    default:
        return false;
    }
}

} // namespace vidi::transport
