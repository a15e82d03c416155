#include "protocol/redact.hpp"

namespace vidi::protocol {

void redact(std::string& text, std::string_view secret)
{
    constexpr std::string_view in_its_place = "[secret]";
    constexpr std::size_t shortest = in_its_place.size();
    if (secret.size() < shortest)
        return;
    for (auto at = text.find(secret); at != std::string::npos; at = text.find(secret, at)) {
        text.replace(at, secret.size(), in_its_place);
        at += in_its_place.size();
    }
}

} // namespace vidi::protocol
