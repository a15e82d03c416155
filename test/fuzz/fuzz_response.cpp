// Whatever text a server sends is read or refused; what was read is written and read again the
// same.

#include <vidi/json.hpp>
#include <vidi/response.hpp>

#include "fuzz/fuzzing.hpp"

using vidi_fuzz::expect;

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    std::string_view const text{reinterpret_cast<char const*>(data), size};
    vidi::parse_error error;
    auto const read = vidi::parse_response(text, error);
    if (error.code) {
        expect(!error.message.empty() && read == vidi::response{});
        return 0;
    }
    auto const written = serialize(read);
    auto const again = vidi::parse_response(written, error);
    expect(!error.code && again == read && serialize(again) == written);
    return 0;
}
