#include "protocol/public_key_pin.hpp"

#include "model/base64.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <string>

namespace vidi::protocol {

std::optional<public_key_digest> parse_public_key_pin(std::string_view text)
{
    constexpr std::string_view prefix = "sha256//";
    if (text.starts_with(prefix))
        text.remove_prefix(prefix.size());
    public_key_digest digest{};
    if (text.size() != model::base64_size(digest.size()))
        return {};
    std::array<unsigned char, digest.size() + 1> decoded{}; // what is padding counts as a zero
    auto const* const encoded = reinterpret_cast<unsigned char const*>(text.data());
    if (EVP_DecodeBlock(decoded.data(), encoded, static_cast<int>(text.size())) < 0)
        return {};
    std::copy_n(decoded.begin(), digest.size(), digest.begin());
    // OpenSSL lets pass what stands for nothing.
    std::string again;
    model::append_base64(again, {reinterpret_cast<char const*>(digest.data()), digest.size()});
    if (again != text)
        return {};
    return digest;
}

} // namespace vidi::protocol
