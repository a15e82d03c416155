#pragma once

#include "descriptor.hpp"
#include "file_identity.hpp"
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
    /// What a file of that name holds is kept; records are written after it.
    bool keep = false;

    bool is_standard_output() const { return name.empty() || name == "-"; }
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

    /// Writes a record. One call at a time. After a failure nothing more is written, and every call
    /// gives that failure.
    boost::asio::awaitable<boost::system::error_code> write(std::string record);

    /// How long the file is, in bytes; of what is no file, how much was written to it.
    std::uint64_t size() const noexcept { return size_; }

    /// Drops what is after the first `size` bytes of a file.
    boost::system::error_code cut(std::uint64_t size);

    /// Returns when what was written is safe from a loss of power. Thread-safe.
    boost::system::error_code synchronise() const;

    /// It is a file, and not something that records go through, such as a pipe.
    bool is_file() const noexcept { return is_file_; }

    /// Makes sure that all is written.
    boost::system::error_code close();

    /// For messages.
    std::string const& name() const noexcept { return shown_name_; }

    bool is_terminal() const noexcept;

private:
    void open(record_target const& target, file_identity const& input);

    descriptor opened_;
    int file_ = -1;
    std::optional<shared_stream> stream_;
    std::string shown_name_;
    boost::system::error_code failure_;
    std::uint64_t size_ = 0;
    bool is_file_ = false;
};

} // namespace vidi_tool
