#pragma once

#include "image_list.hpp"
#include "input_stream.hpp"
#include "line_splitter.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string>

namespace vidi_tool {

/// A list with an image a line, as parse_line() reads it.
class line_list final : public image_list
{
public:
    /// @param name A file, or `-` for standard input.
    /// @throws usage_error It cannot be opened, or is a directory.
    line_list(boost::asio::any_io_executor executor, std::string const& name);

    boost::asio::awaitable<std::optional<listed>> next() override;
    void stop() override { input_.stop(); }
    std::optional<double> expected_rest() const override;
    std::string_view unit() const override { return "line"; }
    file_identity const& identity() const override { return input_.identity(); }

private:
    boost::asio::awaitable<bool> next_line(text_line& line);

    input_stream input_;
    line_splitter splitter_;
    std::array<char, 64 * 1024> piece_;
    std::uint64_t count_ = 0;
    bool at_end_ = false;
};

} // namespace vidi_tool
