#pragma once

#include <openssl/ssl.h>

#include <memory>
#include <string>
#include <vector>

/// What the hand-written peers need of OpenSSL beside a connection.
namespace load::tls {

/// Verifies the server's certificate against the authority in the file.
void set_up(SSL_CTX*, std::string const& ca_file);

/// Verifies that the certificate is for this address.
void expect_address(SSL*, std::string const& address);

/// Sessions that the server offered, each to be resumed once (RFC 8446, C.4).
class session_store
{
public:
    void collect_from(SSL_CTX*);
    void resume_one(SSL*);

private:
    struct release
    {
        void operator()(SSL_SESSION* session) const { ::SSL_SESSION_free(session); }
    };

    static int index();
    static int keep(SSL*, SSL_SESSION*);

    std::vector<std::unique_ptr<SSL_SESSION, release>> sessions_;
};

} // namespace load::tls
