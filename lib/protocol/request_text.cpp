#include <vidi/detail/request_text.hpp>

#include <openssl/crypto.h>

namespace vidi::detail {

request_text::request_text(request_text const& other) : attempt_at_{other.attempt_at_}
{
    text_.reserve(other.text_.capacity());
    text_.append(other.text_);
}

request_text::~request_text() { OPENSSL_cleanse(text_.data(), attempt_at_); }

void request_text::set_attempt(unsigned number)
{
    auto const end = text_.find('\r', attempt_at_);
    text_.replace(attempt_at_, end - attempt_at_, std::to_string(number));
}

} // namespace vidi::detail
