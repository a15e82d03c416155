#pragma once

#include <vidi/secret.hpp>

#include <string>
#include <vector>

namespace vidi {

/// A version of TLS.
enum class tls_version
{
    v1_2,
    v1_3,
};

/// How TLS is spoken: whom to trust, and who this side is. The settings are checked when a
/// @ref client is made.
///
/// The certificate chain and the host name are verified, the name is sent (RFC 6066, 3), and
/// sessions are resumed: only those that began with a verification under the same settings.
class tls_options
{
public:
    /// The oldest version that is accepted.
    tls_version min_version = tls_version::v1_2;

    /// PEM file with further authorities to trust, beside the system's. Empty: none.
    std::string ca_file;

    /// The same as text.
    std::string ca_certificates;

    /// PEM file with the certificate that this side shows if it is asked for one, followed by the
    /// intermediate ones that lead to an authority. Empty: none. It needs a private key.
    std::string certificate_file;

    /// The same as text, in place of the file.
    std::string certificate;

    /// PEM file with the private key of the certificate. May be the same file.
    std::string private_key_file;

    /// The same as text, in place of the file.
    secret private_key;

    /// What the private key is encrypted with, if it is.
    secret private_key_password;

    /// If not empty, the server must have one of these public keys, or have been vouched for by
    /// one: a certificate of the verified chain must hold it (RFC 7469, 2.6), the server's own or
    /// an authority's. Else the connection is refused: `errc::tls_public_key_mismatch`.
    ///
    /// Each is the SHA-256 of a SubjectPublicKeyInfo in base64, with or without curl's `sha256//`
    /// before it. Name a spare one: who loses the key, or replaces it, locks this client out.
    std::vector<std::string> pinned_public_keys;

    /// Accepts whatever certificate the server shows, expired, of another host, or made by
    /// whoever sits on the way: who that is can read the key and all that is sent. For experiments.
    ///
    /// `pinned_public_keys` still hold, for the server's own key alone.
    void disable_verification_insecurely() noexcept { verifies_peer_ = false; }

    bool verifies_peer() const noexcept { return verifies_peer_; }

private:
    bool verifies_peer_ = true;
};

} // namespace vidi
