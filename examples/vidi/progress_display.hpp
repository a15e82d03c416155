#pragma once

#include "console.hpp"
#include "progress_line.hpp"
#include "rate_meter.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <functional>
#include <optional>

namespace vidi_tool {

/// What a progress display needs to know.
struct progress_snapshot
{
    /// Speed and time left are filled in by the display.
    progress shown{};
    /// None if the size of the list is not known.
    std::optional<list_position> position{};
};

/// Keeps the progress line of a terminal up to date, ten times a second. Does nothing where there
/// is no terminal.
class progress_display
{
public:
    progress_display(
        boost::asio::any_io_executor executor, console& out,
        std::function<progress_snapshot()> snapshot);

    void start();

    /// Removes the line.
    void stop();

private:
    boost::asio::awaitable<void> keep_drawing();
    void draw();

    console& console_;
    std::function<progress_snapshot()> snapshot_;
    boost::asio::steady_timer timer_;
    std::chrono::steady_clock::time_point begin_;
    rate_meter meter_;
    bool stopped_ = false;
};

} // namespace vidi_tool
