#pragma once

#include "csv_rows.hpp"
#include "image_list.hpp"
#include "input_stream.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

namespace vidi_tool {

/// A CSV table with an image a row. Its first row names the columns: of the images as it is told,
/// and `id` and `prompt` if there are such.
class csv_list final : public image_list
{
public:
    /// Reads the first row, and blocks.
    /// @param name A file, or `-` for standard input.
    /// @throws usage_error It cannot be opened or read, or has no such column.
    csv_list(
        boost::asio::any_io_executor executor, std::string const& name, std::string const& column);

    boost::asio::awaitable<std::optional<listed>> next() override;
    void stop() override { input_.stop(); }
    std::optional<double> expected_rest() const override;
    std::string_view unit() const override { return "row"; }
    file_identity const& identity() const override { return input_.identity(); }

private:
    void read_header(std::string const& column);
    boost::asio::awaitable<std::optional<csv_rows::row>> next_row();
    void take(std::size_t size);
    listed make_listed(csv_rows::row row) const;

    input_stream input_;
    std::array<char, 64 * 1024> piece_;
    csv_rows rows_;
    std::size_t image_column_ = 0;
    std::optional<std::size_t> id_column_;
    std::optional<std::size_t> prompt_column_;
    std::size_t columns_ = 0;
    // The first row is that of the names.
    std::uint64_t number_ = 1;
    std::uint64_t bytes_ = 0;
    bool at_end_ = false;
};

} // namespace vidi_tool
