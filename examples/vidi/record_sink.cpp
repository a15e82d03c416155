#include "record_sink.hpp"

#include "csv_record.hpp"
#include "record.hpp"

#include <stdexcept>
#include <utility>

namespace vidi_tool {

boost::asio::awaitable<std::uint64_t>
record_sink::write(vidi::batch::origin const& from, vidi::batch::result const& what)
{
    before_writing_();
    auto record = make(from, what);
    check(co_await writer_.write(std::move(record)));
    co_return writer_.size();
}

std::string
record_sink::make(vidi::batch::origin const& from, vidi::batch::result const& what) const
{
    if (format_ == record_format::json_lines)
        return make_record(from, what);
    auto row = make_csv_record(from, what);
    return writer_.size() == 0 ? csv_header() + row : row;
}

void record_sink::cut(std::uint64_t size) { check(writer_.cut(size)); }

void record_sink::synchronise() { check(writer_.synchronise()); }

void record_sink::check(boost::system::error_code failure) const
{
    if (failure)
        throw std::runtime_error{"cannot write to " + writer_.name() + ": " + failure.message()};
}

} // namespace vidi_tool
