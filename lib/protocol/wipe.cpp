#include "protocol/wipe.hpp"

#include <openssl/crypto.h>

namespace vidi::protocol {

void wipe(std::string& text) noexcept
{
    // What it once held may reach beyond its end.
    text.resize(text.capacity());
    OPENSSL_cleanse(text.data(), text.size());
    text.clear();
}

} // namespace vidi::protocol
