#pragma once

#include <vidi/batch/item.hpp>
#include <vidi/batch/journal_reader.hpp>
#include <vidi/batch/result.hpp>

#include "prices.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace vidi_tool {

/// What a report is made of.
struct report_source
{
    using visitor =
        std::function<bool(vidi::batch::origin const&, vidi::batch::result const* result)>;

    /// For the heading, such as the name of the file with the results.
    std::string name{};
    /// What the run said of the job: an object of JSON, or any text.
    std::string job{};
    vidi::batch::journal_counts counts{};
    /// Calls its argument with each item, until it returns false.
    std::function<void(visitor const&)> each{};
};

/// How the page of a report is made.
struct report_settings
{
    /// A small picture for the name of an image that is no URL, as a data URL, or an empty text.
    /// Not called if there is none.
    std::function<std::string(std::string const&)> thumbnail{};
    /// So many bytes of thumbnails at most, all together.
    std::size_t thumbnail_bytes = std::size_t{48} << 20;
    /// The price of the job's tokens, if it is known.
    std::optional<token_price> price{};
    /// Such as `USD`; may be empty.
    std::string currency{};
    /// The page may load pictures from the web, each when it is asked to. Otherwise it cannot.
    bool remote_pictures = false;
    /// What the page says of when it was made.
    std::chrono::sys_seconds made{};
};

/// Writes one page of HTML to look through the results of a batch. It contains all that it needs;
/// its Content-Security-Policy keeps it from loading anything else. Memory does not depend on the
/// number of results.
void write_report(
    report_source const& source, report_settings const& settings,
    std::function<void(std::string_view)> const& write);

} // namespace vidi_tool
