#include <vidi/response.hpp>

namespace vidi {
namespace {

// All text of one kind of part, in order.
template <class Part>
std::string concatenate(std::vector<output_item> const& output, std::string Part::*text)
{
    std::string result;
    for (output_item const& item : output) {
        auto const* message = std::get_if<output_message>(&item);
        if (!message)
            continue;
        for (output_part const& part : message->content)
            if (auto const* held = std::get_if<Part>(&part))
                result += held->*text;
    }
    return result;
}

} // namespace

std::string response::output_text() const { return concatenate(output, &vidi::output_text::text); }

std::string response::refusal() const { return concatenate(output, &output_refusal::refusal); }

} // namespace vidi
