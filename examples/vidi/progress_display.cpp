#include "progress_display.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <utility>

namespace vidi_tool {
namespace {

namespace asio = boost::asio;

constexpr std::chrono::milliseconds interval{100};

} // namespace

progress_display::progress_display(
    asio::any_io_executor executor, console& out, std::function<progress_snapshot()> snapshot)
    : console_{out}, snapshot_{std::move(snapshot)}, timer_{std::move(executor)}
{
}

void progress_display::start()
{
    begin_ = std::chrono::steady_clock::now();
    if (console_.can_draw())
        asio::co_spawn(timer_.get_executor(), keep_drawing(), asio::detached);
}

void progress_display::stop()
{
    stopped_ = true;
    timer_.cancel();
    console_.clear();
}

asio::awaitable<void> progress_display::keep_drawing()
{
    while (!stopped_) {
        draw();
        timer_.expires_after(interval);
        co_await timer_.async_wait(asio::as_tuple(asio::use_awaitable));
    }
}

void progress_display::draw()
{
    auto [shown, position] = snapshot_();
    meter_.observe(std::chrono::steady_clock::now() - begin_, shown.done);
    shown.per_second = meter_.per_second();
    if (position)
        shown.left = time_left(*position, shown.per_second);
    // A terminal may begin a new line when the last column is written.
    console_.draw(format_progress(shown, console_.width() - 1));
}

} // namespace vidi_tool
