#pragma once

#include <vidi/error.hpp>
#include <vidi/tls_options.hpp>

#include "protocol/public_key_pin.hpp"

#include <openssl/types.h>

#include <string>
#include <vector>

namespace vidi::transport {

// What is asked of the peer's certificate: that it is verified, and that its key is a pinned one,
// or one of those that vouch for it.
//
// It is asked within the handshake, so that a connection that is refused leaves no session behind
// that another could resume.
class peer_verification
{
public:
    // On failure, `detail` says which setting cannot be used and why.
    peer_verification(tls_options const&, error_code&, std::string& detail);
    peer_verification(peer_verification const&) = delete;
    peer_verification& operator=(peer_verification const&) = delete;

    // It must live as long as the context.
    void attach_to(SSL_CTX*);

private:
    static int on_chain(X509_STORE_CTX*, void* self);
    bool accepts(X509_STORE_CTX*) const;
    bool has_pinned_key(X509_STORE_CTX*) const;
    bool is_pinned(X509*) const;

    bool verified_;
    std::vector<protocol::public_key_digest> pins_;
};

} // namespace vidi::transport
