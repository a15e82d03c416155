#pragma once

#include <vidi/testing/emulator.hpp>

#include <cstddef>
#include <optional>
#include <string>

namespace vidi::emulation {

/// What is sent in answer to one request, and how the connection goes on.
struct transmission
{
    /// 0 if what is sent is not a response of HTTP.
    unsigned status = 0;
    std::string bytes{};
    /// Where the body begins.
    std::size_t body_at = 0;
    /// After how many bytes the client has a whole response, if it ever has one.
    std::optional<std::size_t> complete_at{};
    /// Sent after the bytes, again and again, until the client has had enough.
    std::string endless{};
    /// Sent after the bytes, by itself and later.
    std::string late{};
    bool keep_alive = false;
    /// How the connection ends after all that, whether it was announced or not.
    std::optional<testing::closing> close{};
};

} // namespace vidi::emulation
