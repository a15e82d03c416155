#include "input_stream.hpp"

#include "command.hpp"
#include "last_error.hpp"
#include "printable.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <stdexcept>
#include <utility>

namespace vidi_tool {
namespace {

namespace asio = boost::asio;

std::uint64_t bytes_left(int file, struct stat const& status)
{
    auto const here = ::lseek(file, 0, SEEK_CUR);
    return here >= 0 && here < status.st_size ? static_cast<std::uint64_t>(status.st_size - here)
                                              : 0;
}

[[noreturn]] void throw_unreadable(boost::system::error_code failure)
{
    throw std::runtime_error{"cannot read the list any further: " + failure.message()};
}

} // namespace

input_stream::input_stream(asio::any_io_executor executor, std::string const& name)
    : executor_{std::move(executor)}, shown_name_{
                                          name == "-" ? std::string{"standard input"}
                                                      : one_line(name)}
{
    open(name);
}

void input_stream::open(std::string const& name)
{
    file_ = STDIN_FILENO;
    if (name != "-") {
        opened_ = descriptor{::open(name.c_str(), O_RDONLY | O_CLOEXEC)};
        file_ = opened_.get();
    }
    struct stat status
    {
    };
    if (::fstat(file_, &status) != 0)
        throw usage_error("cannot open " + shown_name_ + ": " + last_error().message());
    if (S_ISDIR(status.st_mode))
        throw usage_error(shown_name_ + " is a directory, not a list of images");
    identity_.emplace(status);
    if (S_ISREG(status.st_mode))
        size_ = bytes_left(file_, status);
}

std::size_t input_stream::read_blocking(std::span<char> piece)
{
    for (;;) {
        auto const count = ::read(file_, piece.data(), piece.size());
        if (count >= 0)
            return static_cast<std::size_t>(count);
        if (errno != EINTR)
            throw_unreadable(last_error());
    }
}

// Between two pieces of a file everything else gets its turn.
asio::awaitable<std::size_t> input_stream::read(std::span<char> piece)
{
    if (!stream_ && shared_stream::may_block(file_))
        stream_.emplace(executor_, file_, O_RDONLY);
    if (!stream_) {
        co_await asio::post(asio::use_awaitable);
        co_return stopped_ ? 0 : read_blocking(piece);
    }
    auto const [ec, size] = co_await stream_->descriptor().async_read_some(
        asio::buffer(piece.data(), piece.size()), asio::as_tuple(asio::use_awaitable));
    if (ec && ec != asio::error::eof && !stopped_)
        throw_unreadable(ec);
    co_return stopped_ ? 0 : size;
}

void input_stream::stop()
{
    stopped_ = true;
    if (stream_)
        stream_->descriptor().cancel();
}

} // namespace vidi_tool
