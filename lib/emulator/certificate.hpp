#pragma once

#include <vidi/testing/emulator.hpp>

#include <string>

namespace vidi::emulation {

/// What a server needs to prove who it is, and its clients to believe it. All in PEM.
struct identity
{
    std::string authority_certificate;
    std::string certificate;
    std::string private_key;
};

/// Makes an authority and a certificate of the given kind. Throws std::runtime_error.
identity make_identity(testing::certificate_kind kind);

} // namespace vidi::emulation
