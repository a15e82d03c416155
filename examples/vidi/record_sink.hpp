#pragma once

#include <vidi/batch/sink.hpp>

#include "record_writer.hpp"

#include <cstdint>
#include <functional>
#include <string>
#include <utility>

namespace vidi_tool {

/// How results are written.
enum class record_format
{
    json_lines, ///< As make_record() does.
    csv         ///< As make_csv_record() does, after the names of the columns.
};

/// The results of a batch as records. What it throws is for people.
class record_sink final : public vidi::batch::sink
{
public:
    /// @param before_writing Called before each record.
    record_sink(record_writer& writer, record_format format, std::function<void()> before_writing)
        : writer_{writer}, format_{format}, before_writing_{std::move(before_writing)}
    {
    }

    boost::asio::awaitable<std::uint64_t>
    write(vidi::batch::origin const& from, vidi::batch::result const& what) override;
    std::uint64_t size() override { return writer_.is_file() ? writer_.size() : 0; }
    void cut(std::uint64_t size) override;
    void synchronise() override;

private:
    std::string make(vidi::batch::origin const& from, vidi::batch::result const& what) const;
    void check(boost::system::error_code failure) const;

    record_writer& writer_;
    record_format format_;
    std::function<void()> before_writing_;
};

} // namespace vidi_tool
