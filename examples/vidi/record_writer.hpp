#pragma once

#include "descriptor.hpp"
#include "file_identity.hpp"
#include "semaphore.hpp"
#include "shared_stream.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/system/error_code.hpp>

#include <cstdint>
#include <optional>
#include <string>

namespace vidi_tool {

/// Where the records go.
struct record_target
{
    /// Empty or `-`: standard output.
    std::string name{};
    /// A file of that name may be overwritten.
    bool overwrite = false;
};

/// Writes records to a file or to standard output, one after the other, each as a whole.
class record_writer
{
public:
    /// @param input The list, which must not be written to.
    /// @throws usage_error The file cannot be opened, exists already, or is the list.
    record_writer(
        boost::asio::any_io_executor executor, record_target const& target,
        file_identity const& input);

    /// Writes a record. After a failure nothing more is written, and every call gives that failure.
    boost::asio::awaitable<boost::system::error_code> write(std::string record);

    /// Makes sure that all is written.
    boost::system::error_code close();

    /// For messages.
    std::string const& name() const noexcept { return shown_name_; }

    std::uint64_t written() const noexcept { return written_; }

    bool is_terminal() const noexcept;

private:
    void open(record_target const& target, file_identity const& input);

    descriptor opened_;
    int file_ = -1;
    std::optional<shared_stream> stream_;
    std::string shown_name_;
    semaphore turn_;
    boost::system::error_code failure_;
    std::uint64_t written_ = 0;
};

} // namespace vidi_tool
