#include "model/estimate_tokens.hpp"

#include <algorithm>
#include <variant>

namespace vidi::model {
namespace {

// English text has about four bytes a token; that a picture costs about so much holds for the
// common models and sizes.
constexpr std::size_t bytes_a_token = 4;
constexpr std::uint64_t tokens_an_image = 1'000;
constexpr std::uint64_t tokens_an_image_in_low_detail = 100;
constexpr std::uint64_t usual_output = 500;

struct pictures
{
    std::uint64_t tokens = 0;
    std::size_t data_size = 0; // of those that are within the request

    void add(content_part const& part) noexcept
    {
        auto const* image = std::get_if<input_image>(&part);
        if (!image)
            return;
        tokens +=
            image->detail == image_detail::low ? tokens_an_image_in_low_detail : tokens_an_image;
        if (image->image_url && image->image_url->starts_with("data:"))
            data_size += image->image_url->size();
    }

    void add(input_item const& item) noexcept
    {
        auto const* m = std::get_if<message>(&item);
        if (!m || m->content.is_text())
            return;
        for (auto const& part : m->content.list())
            add(part);
    }
};

} // namespace

token_estimate estimate_tokens(request const& r, std::size_t text_size) noexcept
{
    pictures sum;
    if (!r.input.is_text())
        for (auto const& item : r.input.list())
            sum.add(item);
    auto const text = text_size - std::min(text_size, sum.data_size);
    auto const output = r.max_output_tokens && *r.max_output_tokens > 0
                            ? std::min<std::uint64_t>(
                                  static_cast<std::uint64_t>(*r.max_output_tokens), usual_output)
                            : usual_output;
    return {.input = text / bytes_a_token + sum.tokens, .output = output};
}

} // namespace vidi::model
