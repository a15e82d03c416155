#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace vidi_tool {

/// A line of a text, without its line break.
struct text_line
{
    std::uint64_t number = 0; ///< From 1.
    std::string text{};       ///< Empty if the line is too long.
    bool too_long = false;

    bool operator==(text_line const&) const = default;
};

/// Splits a text that arrives in pieces into lines. It never holds more than a piece and a line.
class line_splitter
{
public:
    explicit line_splitter(std::size_t longest_line) : longest_line_{longest_line} {}

    /// Adds a piece of the text.
    void feed(std::string_view piece);

    /// Takes the next line, if it is complete.
    bool next(text_line& line);

    /// Takes the line that the text ended in, if it ended in one without a line break.
    bool last(text_line& line);

    /// The number of the last line taken.
    std::uint64_t line_number() const noexcept { return number_; }

    /// The bytes of the text up to the end of the last line taken.
    std::uint64_t position() const noexcept { return position_; }

private:
    void take(text_line& line, std::size_t size);
    void forget_long_line();

    std::size_t longest_line_;
    std::string pieces_;
    std::size_t begin_ = 0;       // of the next line in pieces_
    std::size_t searched_ = 0;    // no line break from begin_ up to here
    std::uint64_t forgotten_ = 0; // bytes of the next line that were thrown away
    std::uint64_t number_ = 0;
    std::uint64_t position_ = 0;
};

} // namespace vidi_tool
