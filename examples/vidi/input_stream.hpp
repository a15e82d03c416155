#pragma once

#include "descriptor.hpp"
#include "file_identity.hpp"
#include "shared_stream.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <cstdint>
#include <optional>
#include <span>
#include <string>

namespace vidi_tool {

/// The bytes of a file or of standard input, read as they are asked for.
class input_stream
{
public:
    /// @param name A file, or `-` for standard input.
    /// @throws usage_error It cannot be opened, or is a directory.
    input_stream(boost::asio::any_io_executor executor, std::string const& name);

    /// Reads what there is, as much as fits; 0 bytes at the end and after stop(). One call at a
    /// time.
    /// @throws std::runtime_error It cannot be read.
    boost::asio::awaitable<std::size_t> read(std::span<char> piece);

    /// The same, and blocks. Only before the first read().
    std::size_t read_blocking(std::span<char> piece);

    /// Ends the reading, also where it waits for input.
    void stop();

    bool is_stopped() const noexcept { return stopped_; }

    /// Of all that there was to read at first, where that can be known.
    std::optional<std::uint64_t> size() const noexcept { return size_; }

    file_identity const& identity() const noexcept { return *identity_; }

    /// For messages.
    std::string const& name() const noexcept { return shown_name_; }

private:
    void open(std::string const& name);

    boost::asio::any_io_executor executor_;
    descriptor opened_;
    int file_ = -1;
    std::string shown_name_;
    std::optional<file_identity> identity_;
    std::optional<shared_stream> stream_;
    std::optional<std::uint64_t> size_;
    bool stopped_ = false;
};

} // namespace vidi_tool
