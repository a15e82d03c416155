#include "tls.hpp"

#include <openssl/x509v3.h>

#include <stdexcept>

namespace load::tls {
namespace {

void require(bool succeeded, char const* what)
{
    if (!succeeded)
        throw std::runtime_error{what};
}

} // namespace

void set_up(SSL_CTX* context, std::string const& ca_file)
{
    ::SSL_CTX_set_min_proto_version(context, TLS1_3_VERSION);
    ::SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nullptr);
    require(::SSL_CTX_load_verify_file(context, ca_file.c_str()) == 1, "the authority's file");
}

void expect_address(SSL* connection, std::string const& address)
{
    auto* const parameters = ::SSL_get0_param(connection);
    require(::X509_VERIFY_PARAM_set1_ip_asc(parameters, address.c_str()) == 1, "the address");
}

// Asio keeps something of its own at the index that OpenSSL leaves to applications.
int session_store::index()
{
    static int const reserved = ::SSL_CTX_get_ex_new_index(0, nullptr, nullptr, nullptr, nullptr);
    return reserved;
}

void session_store::collect_from(SSL_CTX* context)
{
    ::SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL);
    ::SSL_CTX_set_ex_data(context, index(), this);
    ::SSL_CTX_sess_set_new_cb(context, &session_store::keep);
}

int session_store::keep(SSL* connection, SSL_SESSION* offered)
{
    auto* const context = ::SSL_get_SSL_CTX(connection);
    auto* const store = static_cast<session_store*>(::SSL_CTX_get_ex_data(context, index()));
    store->sessions_.emplace_back(offered);
    return 1;
}

void session_store::resume_one(SSL* connection)
{
    if (sessions_.empty())
        return;
    ::SSL_set_session(connection, sessions_.back().get());
    sessions_.pop_back();
}

} // namespace load::tls
