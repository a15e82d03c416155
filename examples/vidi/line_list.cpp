#include "line_list.hpp"

#include "expected_rest.hpp"
#include "input_line.hpp"

#include <utility>

namespace vidi_tool {
namespace {

namespace asio = boost::asio;

constexpr std::size_t longest_line = 1024 * 1024;

} // namespace

line_list::line_list(asio::any_io_executor executor, std::string const& name)
    : input_{std::move(executor), name}, splitter_{longest_line}
{
}

asio::awaitable<std::optional<listed>> line_list::next()
{
    text_line line;
    while (co_await next_line(line)) {
        auto parsed = line.too_long ? bad_line{"longer than 1 MiB"} : parse_line(line.text);
        if (std::holds_alternative<no_item>(parsed))
            continue;
        ++count_;
        listed made{.number = line.number, .what = {}};
        if (auto const item = std::get_if<list_item>(&parsed))
            made.what = std::move(*item);
        else
            made.what = std::get<bad_line>(std::move(parsed));
        co_return made;
    }
    co_return std::nullopt;
}

asio::awaitable<bool> line_list::next_line(text_line& line)
{
    while (!input_.is_stopped()) {
        if (splitter_.next(line))
            co_return true;
        if (at_end_)
            break;
        auto const size = co_await input_.read(piece_);
        splitter_.feed({piece_.data(), size});
        at_end_ = size == 0 && !input_.is_stopped();
        if (at_end_ && splitter_.last(line))
            co_return true;
    }
    co_return false;
}

std::optional<double> line_list::expected_rest() const
{
    return at_end_ ? 0 : vidi_tool::expected_rest(count_, splitter_.position(), input_.size());
}

} // namespace vidi_tool
