#include "emulator/digest.hpp"

#include "emulator/openssl.hpp"

namespace vidi::emulation {

std::string sha256_hex(std::string_view bytes)
{
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned size = 0;
    check(
        EVP_Digest(bytes.data(), bytes.size(), digest, &size, EVP_sha256(), nullptr),
        "cannot make a digest");
    static char const digits[] = "0123456789abcdef";
    std::string text;
    for (unsigned i = 0; i < size; ++i) {
        text.push_back(digits[digest[i] >> 4]);
        text.push_back(digits[digest[i] & 15]);
    }
    return text;
}

} // namespace vidi::emulation
