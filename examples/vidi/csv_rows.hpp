#pragma once

#include <csv.h>

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace vidi_tool {

/// Reads the rows of a CSV text (RFC 4180) that arrives in pieces. It never holds more than a piece
/// and a row. Empty lines are no rows.
class csv_rows
{
public:
    using row = std::vector<std::string>;

    /// Of all fields of a row together, in bytes.
    static constexpr std::size_t longest_row = 1024 * 1024;

    csv_rows();
    csv_rows(csv_rows const&) = delete;
    csv_rows& operator=(csv_rows const&) = delete;
    ~csv_rows();

    /// Adds a piece of the text.
    void feed(std::string_view piece);

    /// The text ends here.
    void end();

    /// Takes the next row, if it is complete.
    /// @throws std::runtime_error It is not CSV, or too long; so is everything after it.
    std::optional<row> next();

    /// Rows that are complete and not taken.
    std::size_t size() const noexcept { return rows_.size(); }

private:
    // What the parser calls.
    static void on_field(void* field, std::size_t size, void* self);
    static void on_row(int last, void* self);

    void parse(std::string_view text);
    void check(bool is_parsed);
    void take_field(std::string_view field);
    void take_row();

    csv_parser parser_;
    std::deque<row> rows_;
    row unfinished_;
    std::size_t unfinished_size_ = 0;
    std::uint64_t rows_read_ = 0;
    std::string failure_;
    // While it may be the beginning of a byte order mark.
    std::string first_bytes_;
    bool begun_ = false;
};

} // namespace vidi_tool
