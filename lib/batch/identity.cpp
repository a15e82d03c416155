#include "batch/identity.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <stdexcept>

namespace vidi::batch {
namespace {

// Looked up once: to do so for each digest takes as long as the digest. Never freed, since OpenSSL
// may be gone before what is static here.
EVP_MD const* sha_256()
{
    static EVP_MD const* const algorithm = EVP_MD_fetch(nullptr, "SHA256", nullptr);
    return algorithm;
}

} // namespace

identity identify(std::string_view request)
{
    unsigned char digest[EVP_MAX_MD_SIZE];
    if (!sha_256() ||
        !EVP_Digest(request.data(), request.size(), digest, nullptr, sha_256(), nullptr))
        throw std::runtime_error("OpenSSL cannot make a SHA-256 digest");
    identity half;
    std::copy_n(digest, half.size(), half.begin());
    return half;
}

} // namespace vidi::batch
