#include "batch/identity.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <stdexcept>

namespace vidi::batch {

identity identify(std::string_view request)
{
    unsigned char digest[EVP_MAX_MD_SIZE];
    if (!EVP_Digest(request.data(), request.size(), digest, nullptr, EVP_sha256(), nullptr))
        throw std::runtime_error("OpenSSL cannot make a SHA-256 digest");
    identity half;
    std::copy_n(digest, half.size(), half.begin());
    return half;
}

} // namespace vidi::batch
