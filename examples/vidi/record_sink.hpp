#pragma once

#include <vidi/batch/sink.hpp>

#include "record_writer.hpp"

#include <cstdint>
#include <functional>
#include <utility>

namespace vidi_tool {

/// The results of a batch as records. What it throws is for people.
class record_sink final : public vidi::batch::sink
{
public:
    /// @param before_writing Called before each record.
    record_sink(record_writer& writer, std::function<void()> before_writing)
        : writer_{writer}, before_writing_{std::move(before_writing)}
    {
    }

    boost::asio::awaitable<std::uint64_t>
    write(vidi::batch::origin const& from, vidi::batch::result const& what) override;
    std::uint64_t size() override { return writer_.is_file() ? writer_.size() : 0; }
    void cut(std::uint64_t size) override;
    void synchronise() override;

private:
    void check(boost::system::error_code failure) const;

    record_writer& writer_;
    std::function<void()> before_writing_;
};

} // namespace vidi_tool
