#pragma once

#include <vidi/testing/emulator.hpp>

#include <string>

namespace vidi::emulation {

/// A certificate and what it is worth nothing without. All in PEM.
struct credentials
{
    /// Of the authority that vouches for it.
    std::string authority_certificate;
    std::string certificate;
    std::string private_key;
};

/// What a server needs to prove who it is, and its clients to believe it. All in PEM.
struct identity
{
    std::string authority_certificate;
    std::string certificate;
    std::string private_key;
    /// Sent after the certificate; may be empty.
    std::string intermediate_certificate;
    /// The SHA-256 of the certificate's public key, in Base64.
    std::string public_key_pin;
    /// Of a client that the server believes.
    credentials client;
};

/// Makes authorities and a certificate of the given kind. Throws std::runtime_error.
identity make_identity(testing::certificate_kind kind);

} // namespace vidi::emulation
