#include "line_source.hpp"

#include "command.hpp"
#include "last_error.hpp"
#include "printable.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <utility>

namespace vidi_tool {
namespace {

namespace asio = boost::asio;

constexpr std::size_t longest_line = 1024 * 1024;

std::uint64_t bytes_left(int file, struct stat const& status)
{
    auto const here = ::lseek(file, 0, SEEK_CUR);
    return here >= 0 && here < status.st_size ? static_cast<std::uint64_t>(status.st_size - here)
                                              : 0;
}

std::size_t read_some(int file, char* data, std::size_t size)
{
    for (;;) {
        auto const count = ::read(file, data, size);
        if (count >= 0)
            return static_cast<std::size_t>(count);
        if (errno != EINTR)
            throw boost::system::system_error{last_error()};
    }
}

} // namespace

line_source::line_source(asio::any_io_executor executor, std::string const& name)
    : splitter_{longest_line}
{
    open(name);
    if (shared_stream::may_block(file_))
        stream_.emplace(std::move(executor), file_, O_RDONLY);
}

void line_source::open(std::string const& name)
{
    file_ = STDIN_FILENO;
    if (name != "-") {
        opened_ = descriptor{::open(name.c_str(), O_RDONLY | O_CLOEXEC)};
        file_ = opened_.get();
    }
    struct stat status
    {
    };
    auto const shown = name == "-" ? std::string{"standard input"} : one_line(name);
    if (::fstat(file_, &status) != 0)
        throw usage_error("cannot open " + shown + ": " + last_error().message());
    if (S_ISDIR(status.st_mode))
        throw usage_error(shown + " is a directory, not a list of images");
    identity_.emplace(status);
    if (S_ISREG(status.st_mode))
        size_ = bytes_left(file_, status);
}

asio::awaitable<std::optional<text_line>> line_source::next()
{
    text_line line;
    while (!stopped_) {
        if (splitter_.next(line))
            co_return line;
        if (at_end_)
            break;
        auto const size = co_await read_piece();
        splitter_.feed({piece_.data(), size});
        at_end_ = size == 0 && !stopped_;
        if (at_end_ && splitter_.last(line))
            co_return line;
    }
    co_return std::nullopt;
}

// Between two pieces of a file everything else gets its turn.
asio::awaitable<std::size_t> line_source::read_piece()
{
    if (!stream_) {
        co_await asio::post(asio::use_awaitable);
        co_return stopped_ ? 0 : read_some(file_, piece_.data(), piece_.size());
    }
    auto const [ec, size] = co_await stream_->descriptor().async_read_some(
        asio::buffer(piece_), asio::as_tuple(asio::use_awaitable));
    if (ec && ec != asio::error::eof && !stopped_)
        throw boost::system::system_error{ec};
    co_return size;
}

void line_source::stop()
{
    stopped_ = true;
    if (stream_)
        stream_->descriptor().cancel();
}

} // namespace vidi_tool
