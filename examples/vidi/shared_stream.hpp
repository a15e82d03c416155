#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>

namespace vidi_tool {

/// A pipe, terminal or socket for asynchronous use that other programs may have open too.
///
/// They would all see it become non-blocking. So it is opened once more where the system can, and
/// else set back in the end.
class shared_stream
{
public:
    /// @param file An open file, which stays open.
    /// @param access `O_RDONLY` or `O_WRONLY`.
    shared_stream(boost::asio::any_io_executor executor, int file, int access);
    shared_stream(shared_stream const&) = delete;
    shared_stream& operator=(shared_stream const&) = delete;
    ~shared_stream();

    boost::asio::posix::stream_descriptor& descriptor() noexcept { return descriptor_; }

    /// Whether reading or writing that file may have to wait for another program.
    static bool may_block(int file) noexcept;

private:
    boost::asio::posix::stream_descriptor descriptor_;
    int flags_;
};

} // namespace vidi_tool
