#include "progress_display.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <utility>

namespace vidi_tool {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;

// A log has no columns, but whoever reads it has.
constexpr std::size_t log_width = 120;

} // namespace

progress_display::progress_display(
    asio::any_io_executor executor, console& out, progress_style style,
    std::function<progress()> snapshot)
    : console_{out}, style_{style}, snapshot_{std::move(snapshot)}, timer_{std::move(executor)}
{
}

void progress_display::start()
{
    begin_ = std::chrono::steady_clock::now();
    if (style_ != progress_style::none)
        asio::co_spawn(timer_.get_executor(), keep_showing(), asio::detached);
}

void progress_display::stop()
{
    stopped_ = true;
    timer_.cancel();
    console_.clear();
    if (style_ == progress_style::json)
        show(true);
}

asio::awaitable<void> progress_display::keep_showing()
{
    // What a log says at first it says of every batch.
    if (style_ == progress_style::json || console_.can_draw())
        show(false);
    for (;;) {
        timer_.expires_after(interval());
        co_await timer_.async_wait(asio::as_tuple(asio::use_awaitable));
        if (stopped_)
            co_return;
        show(false);
    }
}

std::chrono::milliseconds progress_display::interval() const
{
    if (style_ == progress_style::json)
        return 1s;
    return console_.can_draw() ? 100ms : 30s;
}

void progress_display::show(bool ended)
{
    auto const elapsed = std::chrono::steady_clock::now() - begin_;
    auto shown = snapshot_();
    meter_.observe(elapsed, shown.counts.done());
    shown.per_second = meter_.per_second();
    if (style_ == progress_style::json) {
        auto const time = std::chrono::duration_cast<std::chrono::milliseconds>(elapsed);
        console_.say(progress_json(shown, time, ended));
    }
    else if (console_.can_draw()) {
        // A terminal may begin a new line when the last column is written.
        console_.draw(format_progress(shown, console_.width() - 1));
    }
    else {
        console_.say("vidi batch: " + format_progress(shown, log_width));
    }
}

} // namespace vidi_tool
