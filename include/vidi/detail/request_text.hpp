#pragma once

#include <vidi/detail/config.hpp>

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

namespace vidi::detail {

/// A request as it goes over the wire, head and body. The key is in the head, which is overwritten
/// when it ends.
class VIDI_DECL request_text
{
public:
    request_text() = default;

    /// The number of the attempt stands at `attempt_at`, after all that is secret.
    request_text(std::string text, std::size_t attempt_at) noexcept
        : text_{std::move(text)}, attempt_at_{attempt_at}
    {
    }

    /// A copy has the room that the other has, so that it need not leave the key behind to grow.
    request_text(request_text const& other);
    request_text(request_text&& other) noexcept { swap(other); }
    request_text& operator=(request_text other) noexcept
    {
        swap(other);
        return *this;
    }
    ~request_text();

    std::string_view view() const noexcept { return text_; }

    /// Makes it into the text of another attempt.
    void set_attempt(unsigned number);

private:
    void swap(request_text& other) noexcept
    {
        std::swap(text_, other.text_);
        std::swap(attempt_at_, other.attempt_at_);
    }

    std::string text_;
    std::size_t attempt_at_ = 0;
};

} // namespace vidi::detail
