#pragma once

#include "descriptor.hpp"
#include "file_identity.hpp"
#include "line_splitter.hpp"
#include "shared_stream.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <array>
#include <cstdint>
#include <optional>
#include <string>

namespace vidi_tool {

/// The lines of a file or of standard input, read as they are asked for.
class line_source
{
public:
    /// @param name A file, or `-` for standard input.
    /// @throws usage_error It cannot be opened, or is a directory.
    line_source(boost::asio::any_io_executor executor, std::string const& name);

    /// The next line; none at the end, and after stop(). One call at a time.
    /// @throws boost::system::system_error It cannot be read.
    boost::asio::awaitable<std::optional<text_line>> next();

    /// Ends the reading, also where it waits for input.
    void stop();

    std::uint64_t line_number() const noexcept { return splitter_.line_number(); }

    /// The bytes of the lines that were handed out.
    std::uint64_t position() const noexcept { return splitter_.position(); }

    /// The bytes of all lines, where that can be known.
    std::optional<std::uint64_t> size() const noexcept { return size_; }

    /// The end was reached.
    bool at_end() const noexcept { return at_end_; }

    file_identity const& identity() const noexcept { return *identity_; }

private:
    void open(std::string const& name);
    boost::asio::awaitable<std::size_t> read_piece();

    descriptor opened_;
    int file_ = -1;
    std::optional<file_identity> identity_;
    std::optional<shared_stream> stream_;
    std::optional<std::uint64_t> size_;
    line_splitter splitter_;
    std::array<char, 64 * 1024> piece_;
    bool at_end_ = false;
    bool stopped_ = false;
};

} // namespace vidi_tool
