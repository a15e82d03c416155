#pragma once

#include <vidi/batch/source.hpp>

#include "input_line.hpp"
#include "line_source.hpp"
#include "request_settings.hpp"

#include <cstdint>
#include <functional>
#include <string>

namespace vidi_tool {

/// The items of a list: one a line.
class list_source final : public vidi::batch::source
{
public:
    /// Called with a line that cannot be used, and why.
    using complaint = std::function<void(std::uint64_t line, std::string const& reason)>;

    /// @param most Items of it, at most; 0 for all.
    list_source(
        line_source& lines, request_settings const& settings, std::uint64_t most,
        complaint complain)
        : lines_{lines}, settings_{settings}, most_{most}, complain_{std::move(complain)}
    {
    }

    boost::asio::awaitable<std::optional<vidi::batch::item>> next() override;
    void stop() override { lines_.stop(); }

    /// Items handed out.
    std::uint64_t count() const noexcept { return count_; }

private:
    vidi::batch::item make_item(list_item from) const;
    vidi::batch::item bad(std::string const& reason) const;

    line_source& lines_;
    request_settings const& settings_;
    std::uint64_t most_;
    complaint complain_;
    std::uint64_t count_ = 0;
};

} // namespace vidi_tool
