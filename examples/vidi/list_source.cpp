#include "list_source.hpp"

#include <vidi/batch/one_line.hpp>

#include "image.hpp"

#include <boost/system/system_error.hpp>

#include <optional>
#include <stdexcept>
#include <utility>
#include <variant>

namespace vidi_tool {

using vidi::batch::item;

boost::asio::awaitable<std::optional<item>> list_source::next()
{
    while (most_ == 0 || count_ != most_) {
        std::optional<text_line> line;
        try {
            line = co_await lines_.next();
        }
        catch (boost::system::system_error const& error) {
            throw std::runtime_error{"cannot read the list any further: " + error.code().message()};
        }
        if (!line)
            break;
        auto parsed = line->too_long ? bad_line{"longer than 1 MiB"} : parse_line(line->text);
        if (std::holds_alternative<no_item>(parsed))
            continue;
        auto const listed = std::get_if<list_item>(&parsed);
        auto made = listed ? make_item(std::move(*listed)) : bad(std::get<bad_line>(parsed).reason);
        made.origin.position = line->number;
        ++count_;
        co_return made;
    }
    co_return std::nullopt;
}

item list_source::make_item(list_item from) const
{
    item result;
    try {
        result.question =
            make_request(settings_, load_image(from.image), from.prompt.value_or(settings_.prompt));
    }
    catch (image_error const& error) {
        result.question = vidi::batch::unusable{
            .kind = unreadable_image, .message = vidi::batch::one_line(error.what())};
    }
    result.origin.id = std::move(from.id);
    result.origin.image = std::move(from.image);
    return result;
}

item list_source::bad(std::string const& reason) const
{
    complain_(lines_.line_number(), reason);
    item result;
    result.question =
        vidi::batch::unusable{.kind = "bad_line", .message = vidi::batch::one_line(reason)};
    return result;
}

} // namespace vidi_tool
