#pragma once

#include "console.hpp"
#include "progress_line.hpp"
#include "rate_meter.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <functional>

namespace vidi_tool {

/// How the progress is shown.
enum class progress_style
{
    automatic, ///< On a terminal a line that is redrawn; elsewhere a line now and then.
    json,      ///< A JSON object on a line, each second and at the end.
    none
};

/// Shows the progress of a batch on standard error.
class progress_display
{
public:
    /// @param snapshot Gives what is to be shown; the display measures the speed.
    progress_display(
        boost::asio::any_io_executor executor, console& out, progress_style style,
        std::function<progress()> snapshot);

    void start();

    /// Shows the end, or removes the line.
    void stop();

private:
    boost::asio::awaitable<void> keep_showing();
    std::chrono::milliseconds interval() const;
    void show(bool ended);

    console& console_;
    progress_style style_;
    std::function<progress()> snapshot_;
    boost::asio::steady_timer timer_;
    std::chrono::steady_clock::time_point begin_;
    rate_meter meter_;
    bool stopped_ = false;
};

} // namespace vidi_tool
