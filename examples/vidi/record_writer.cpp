#include "record_writer.hpp"

#include "command.hpp"
#include "last_error.hpp"
#include "printable.hpp"
#include "write_all.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <utility>

namespace vidi_tool {
namespace {

namespace asio = boost::asio;

[[noreturn]] void throw_cannot_open(std::string const& name)
{
    throw usage_error("cannot write to " + name + ": " + last_error().message());
}

// Without --force the file is made, so that no other program can have made it in between. What is
// not a file, such as a pipe, holds nothing that could be lost.
int open_target(record_target const& target, std::string const& shown)
{
    auto const path = target.name.c_str();
    int const access = O_WRONLY | O_CLOEXEC | O_CREAT;
    bool const may_be_there = target.overwrite || target.keep;
    int const made = ::open(path, access | (may_be_there ? 0 : O_EXCL), 0666);
    if (made >= 0)
        return made;
    struct stat status
    {
    };
    if (errno != EEXIST || ::stat(path, &status) != 0)
        throw_cannot_open(shown);
    if (S_ISREG(status.st_mode))
        throw usage_error(
            shown + " exists already and is not overwritten; choose another name, or add --force");
    int const opened = ::open(path, O_WRONLY | O_CLOEXEC);
    if (opened < 0)
        throw_cannot_open(shown);
    return opened;
}

} // namespace

record_writer::record_writer(
    asio::any_io_executor executor, record_target const& target, file_identity const& input)
    : shown_name_{target.is_standard_output() ? "standard output" : one_line(target.name)}
{
    open(target, input);
    if (shared_stream::may_block(file_))
        stream_.emplace(std::move(executor), file_, O_WRONLY);
}

void record_writer::open(record_target const& target, file_identity const& input)
{
    bool const own = !target.is_standard_output();
    file_ = STDOUT_FILENO;
    if (own) {
        struct stat existing
        {
        };
        if (::stat(target.name.c_str(), &existing) == 0 && S_ISREG(existing.st_mode) &&
            file_identity{existing} == input)
            throw usage_error(
                shown_name_ + " is the list itself; choose another file for the results");
        opened_ = descriptor{open_target(target, shown_name_)};
        file_ = opened_.get();
    }
    struct stat status
    {
    };
    if (::fstat(file_, &status) != 0)
        throw_cannot_open(shown_name_);
    if (!S_ISREG(status.st_mode))
        return;
    if (file_identity{status} == input)
        throw usage_error(shown_name_ + " is the list itself; choose another file for the results");
    if (!own)
        return;
    is_file_ = true;
    if (target.keep)
        size_ = static_cast<std::uint64_t>(status.st_size);
    else if (::ftruncate(file_, 0) != 0)
        throw_cannot_open(shown_name_);
    if (::lseek(file_, 0, SEEK_END) < 0)
        throw_cannot_open(shown_name_);
}

boost::system::error_code record_writer::cut(std::uint64_t size)
{
    if (!is_file_)
        return {};
    auto const end = static_cast<off_t>(size);
    if (::ftruncate(file_, end) != 0 || ::lseek(file_, end, SEEK_SET) < 0)
        return last_error();
    size_ = size;
    return {};
}

boost::system::error_code record_writer::synchronise() const
{
    return is_file_ && ::fdatasync(file_) != 0 ? last_error() : boost::system::error_code{};
}

asio::awaitable<boost::system::error_code> record_writer::write(std::string record)
{
    if (!failure_ && stream_) {
        co_await asio::async_write(
            stream_->descriptor(), asio::buffer(record),
            asio::redirect_error(asio::use_awaitable, failure_));
    }
    else if (!failure_) {
        failure_ = write_all(file_, record);
    }
    if (!failure_)
        size_ += record.size();
    co_return failure_;
}

boost::system::error_code record_writer::close()
{
    stream_.reset();
    // A full disk is sometimes noticed only here.
    if (opened_ && ::close(opened_.release()) != 0 && !failure_)
        failure_ = last_error();
    return failure_;
}

bool record_writer::is_terminal() const noexcept { return ::isatty(file_) == 1; }

} // namespace vidi_tool
