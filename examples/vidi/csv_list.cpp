#include "csv_list.hpp"

#include "command.hpp"
#include "expected_rest.hpp"
#include "printable.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace vidi_tool {
namespace {

namespace asio = boost::asio;

std::optional<std::size_t> find(csv_rows::row const& names, std::string const& name)
{
    auto const found = std::ranges::find(names, name);
    if (found == names.end())
        return std::nullopt;
    return static_cast<std::size_t>(found - names.begin());
}

std::string list_names(csv_rows::row const& names)
{
    std::string text;
    for (auto const& name : names)
        text += (text.empty() ? "" : ", ") + one_line(name);
    return text;
}

} // namespace

csv_list::csv_list(
    asio::any_io_executor executor, std::string const& name, std::string const& column)
    : input_{std::move(executor), name}
{
    try {
        read_header(column);
    }
    catch (std::runtime_error const& error) {
        throw usage_error{input_.name() + ": " + error.what()};
    }
}

void csv_list::read_header(std::string const& column)
{
    auto names = rows_.next();
    while (!names && !at_end_) {
        take(input_.read_blocking(piece_));
        names = rows_.next();
    }
    if (!names)
        throw std::runtime_error{"it has no row that names its columns"};
    auto const image = find(*names, column);
    if (!image)
        throw std::runtime_error{
            "it has no column " + one_line(column) + ", but " + list_names(*names) +
            "; name one of them with --column"};
    image_column_ = *image;
    id_column_ = find(*names, "id");
    prompt_column_ = find(*names, "prompt");
    columns_ = names->size();
}

asio::awaitable<std::optional<listed>> csv_list::next()
{
    auto row = co_await next_row();
    if (!row)
        co_return std::nullopt;
    ++number_;
    co_return make_listed(*std::move(row));
}

asio::awaitable<std::optional<csv_rows::row>> csv_list::next_row()
{
    while (!input_.is_stopped()) {
        if (auto row = rows_.next())
            co_return row;
        if (at_end_)
            break;
        auto const size = co_await input_.read(piece_);
        if (!input_.is_stopped())
            take(size);
    }
    co_return std::nullopt;
}

void csv_list::take(std::size_t size)
{
    bytes_ += size;
    at_end_ = size == 0;
    if (at_end_)
        rows_.end();
    else
        rows_.feed({piece_.data(), size});
}

listed csv_list::make_listed(csv_rows::row row) const
{
    listed made{.number = number_, .what = {}};
    if (row.size() != columns_) {
        made.what = bad_line{
            "it has " + std::to_string(row.size()) + " fields, and the first row " +
            std::to_string(columns_)};
        return made;
    }
    if (!std::ranges::all_of(row, [](auto const& field) { return is_utf8(field); })) {
        made.what = bad_line{"not UTF-8"};
        return made;
    }
    if (row[image_column_].empty()) {
        made.what = bad_line{"it names no image"};
        return made;
    }
    list_item item;
    item.image = std::move(row[image_column_]);
    if (id_column_ && !row[*id_column_].empty())
        item.id = row[*id_column_];
    if (prompt_column_ && !row[*prompt_column_].empty())
        item.prompt = std::move(row[*prompt_column_]);
    made.what = std::move(item);
    return made;
}

std::optional<double> csv_list::expected_rest() const
{
    auto const waiting = static_cast<double>(rows_.size());
    if (at_end_)
        return waiting;
    auto const unread = vidi_tool::expected_rest(number_ - 1 + rows_.size(), bytes_, input_.size());
    // The end of the text can make a row of what is left.
    return unread ? std::optional{std::max(1.0, waiting + *unread)} : std::nullopt;
}

} // namespace vidi_tool
