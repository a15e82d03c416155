#include "csv_rows.hpp"

#include <cstdlib>
#include <new>
#include <stdexcept>
#include <utility>

namespace vidi_tool {
namespace {

constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";

// The parser then says that it has no memory for the field.
void* bounded_realloc(void* old, std::size_t size)
{
    return size > csv_rows::longest_row ? nullptr : std::realloc(old, size);
}

} // namespace

csv_rows::csv_rows()
{
    if (csv_init(&parser_, CSV_STRICT | CSV_STRICT_FINI) != 0)
        throw std::bad_alloc{};
    csv_set_realloc_func(&parser_, bounded_realloc);
}

csv_rows::~csv_rows() { csv_free(&parser_); }

void csv_rows::feed(std::string_view piece)
{
    if (!failure_.empty())
        return;
    if (begun_)
        return parse(piece);
    first_bytes_ += piece;
    if (first_bytes_.size() < byte_order_mark.size() && byte_order_mark.starts_with(first_bytes_))
        return;
    begun_ = true;
    std::string_view text = first_bytes_;
    if (text.starts_with(byte_order_mark))
        text.remove_prefix(byte_order_mark.size());
    parse(text);
    first_bytes_.clear();
}

void csv_rows::end()
{
    if (!begun_)
        parse(first_bytes_);
    if (!failure_.empty())
        return;
    check(csv_fini(&parser_, on_field, on_row, this) == 0);
}

std::optional<csv_rows::row> csv_rows::next()
{
    if (rows_.empty() && !failure_.empty())
        throw std::runtime_error{failure_};
    if (rows_.empty())
        return std::nullopt;
    auto first = std::move(rows_.front());
    rows_.pop_front();
    return first;
}

void csv_rows::on_field(void* field, std::size_t size, void* self)
{
    static_cast<csv_rows*>(self)->take_field({static_cast<char const*>(field), size});
}

void csv_rows::on_row(int, void* self) { static_cast<csv_rows*>(self)->take_row(); }

void csv_rows::parse(std::string_view text)
{
    auto const parsed = csv_parse(&parser_, text.data(), text.size(), on_field, on_row, this);
    check(parsed == text.size());
}

void csv_rows::check(bool is_parsed)
{
    auto const number = std::to_string(rows_read_ + 1);
    if (unfinished_size_ > longest_row || (!is_parsed && csv_error(&parser_) == CSV_ENOMEM))
        failure_ = "row " + number + " is longer than 1 MiB, as if a quote were never closed";
    else if (!is_parsed)
        failure_ = "row " + number +
                   " is not CSV: a quote is never closed, or it stands in a field "
                   "that is not in quotes";
}

void csv_rows::take_field(std::string_view field)
{
    unfinished_size_ += field.size() + sizeof(std::string);
    if (unfinished_size_ <= longest_row)
        unfinished_.emplace_back(field);
}

// One that is too long is the last.
void csv_rows::take_row()
{
    if (unfinished_size_ > longest_row)
        return;
    ++rows_read_;
    unfinished_size_ = 0;
    rows_.push_back(std::exchange(unfinished_, {}));
}

} // namespace vidi_tool
