#include <vidi/secret.hpp>

#include "protocol/wipe.hpp"

#include <utility>

namespace vidi {

// A string that is moved from keeps what it holds in itself, being short.
secret::secret(std::string value) noexcept : value_{std::move(value)} { protocol::wipe(value); }

secret::secret(secret&& other) noexcept : value_{std::move(other.value_)}
{
    protocol::wipe(other.value_);
}

secret& secret::operator=(secret const& other)
{
    if (this != &other) {
        protocol::wipe(value_);
        value_ = other.value_;
    }
    return *this;
}

secret& secret::operator=(secret&& other) noexcept
{
    if (this != &other) {
        protocol::wipe(value_);
        value_ = std::move(other.value_);
        protocol::wipe(other.value_);
    }
    return *this;
}

secret::~secret() { protocol::wipe(value_); }

} // namespace vidi
