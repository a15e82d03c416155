#include "transport/peer_verification.hpp"

#include <openssl/evp.h>
#include <openssl/ssl.h>
#include <openssl/x509_vfy.h>

#include <algorithm>
#include <memory>

namespace vidi::transport {
namespace {

struct free_encoding
{
    void operator()(unsigned char* bytes) const noexcept { OPENSSL_free(bytes); }
};

} // namespace

peer_verification::peer_verification(
    tls_options const& options, error_code& ec, std::string& detail)
    : verified_{options.verifies_peer()}
{
    for (auto const& text : options.pinned_public_keys) {
        if (auto const pin = protocol::parse_public_key_pin(text)) {
            pins_.push_back(*pin);
            continue;
        }
        ec = errc::invalid_configuration;
        detail = "tls.pinned_public_keys: number " + std::to_string(pins_.size() + 1) +
                 " is not a SHA-256 in base64";
        return;
    }
}

void peer_verification::attach_to(SSL_CTX* context)
{
    if (!verified_ || !pins_.empty())
        SSL_CTX_set_cert_verify_callback(context, &peer_verification::on_chain, this);
}

int peer_verification::on_chain(X509_STORE_CTX* chain, void* self)
{
    return static_cast<peer_verification const*>(self)->accepts(chain) ? 1 : 0;
}

bool peer_verification::accepts(X509_STORE_CTX* chain) const
{
    if (verified_ && X509_verify_cert(chain) != 1)
        return false;
    if (pins_.empty() || has_pinned_key(chain)) {
        X509_STORE_CTX_set_error(chain, X509_V_OK);
        return true;
    }
    X509_STORE_CTX_set_error(chain, X509_V_ERR_APPLICATION_VERIFICATION);
    return false;
}

// Without verification, what else a peer sends along proves nothing.
bool peer_verification::has_pinned_key(X509_STORE_CTX* chain) const
{
    if (!verified_)
        return is_pinned(X509_STORE_CTX_get0_cert(chain));
    auto const* const certificates = X509_STORE_CTX_get0_chain(chain);
    for (int i = 0; i < sk_X509_num(certificates); ++i) {
        if (is_pinned(sk_X509_value(certificates, i)))
            return true;
    }
    return false;
}

bool peer_verification::is_pinned(X509* certificate) const
{
    unsigned char* bytes = nullptr;
    auto const size = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(certificate), &bytes);
    std::unique_ptr<unsigned char, free_encoding> const encoding{bytes};
    protocol::public_key_digest digest{};
    return size > 0 &&
           EVP_Digest(
               bytes, static_cast<std::size_t>(size), digest.data(), nullptr, EVP_sha256(),
               nullptr) == 1 &&
           std::ranges::find(pins_, digest) != pins_.end();
}

} // namespace vidi::transport
