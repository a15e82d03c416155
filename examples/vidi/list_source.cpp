#include "list_source.hpp"

#include "image.hpp"
#include "printable.hpp"

namespace vidi_tool {
namespace {

using vidi::batch::item;

item make_bad(std::string const& reason)
{
    item result;
    result.question =
        vidi::batch::unusable{.kind = "bad_line", .message = vidi::batch::one_line(reason)};
    return result;
}

} // namespace

boost::asio::awaitable<std::optional<item>> list_source::next()
{
    auto taken = co_await list_.next();
    if (!taken)
        co_return std::nullopt;
    ++count_;
    last_number_ = taken->number;
    item made;
    if (auto const bad = std::get_if<bad_line>(&taken->what)) {
        complain_(taken->number, bad->reason);
        made = make_bad(bad->reason);
    }
    else {
        made = make_item(std::get<list_item>(std::move(taken->what)));
    }
    made.origin.position = taken->number;
    co_return made;
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

} // namespace vidi_tool
