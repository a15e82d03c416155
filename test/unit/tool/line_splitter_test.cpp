#include "line_splitter.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace vidi_tool {
namespace {

constexpr std::size_t limit = 10;

// The lines of a text that arrives in pieces of that size.
std::vector<text_line> split(std::string_view text, std::size_t piece_size)
{
    line_splitter splitter{limit};
    std::vector<text_line> lines;
    text_line line;
    auto const total = text.size();
    while (!text.empty()) {
        auto const piece = text.substr(0, piece_size);
        text.remove_prefix(piece.size());
        splitter.feed(piece);
        while (splitter.next(line))
            lines.push_back(line);
    }
    if (splitter.last(line))
        lines.push_back(line);
    EXPECT_EQ(splitter.position(), total);
    EXPECT_EQ(splitter.line_number(), lines.size());
    return lines;
}

void expect_lines(std::string_view text, std::vector<text_line> const& expected)
{
    for (std::size_t piece_size = 1; piece_size <= text.size() + 1; ++piece_size)
        EXPECT_EQ(split(text, piece_size), expected) << text << " in pieces of " << piece_size;
}

TEST(line_splitter, numbers_lines)
{
    expect_lines("", {});
    expect_lines("a", {{1, "a"}});
    expect_lines("a\n", {{1, "a"}});
    expect_lines("a\n\nb\n", {{1, "a"}, {2, ""}, {3, "b"}});
    expect_lines("\n\n", {{1, ""}, {2, ""}});
}

TEST(line_splitter, tolerates_crlf)
{
    expect_lines("a\r\nb\r\n\r\nc\rd\r", {{1, "a"}, {2, "b"}, {3, ""}, {4, "c\rd"}});
}

TEST(line_splitter, tolerates_a_byte_order_mark_at_the_beginning_alone)
{
    expect_lines(
        "\xef\xbb\xbf"
        "a\n\xef\xbb\xbf"
        "b",
        {{1, "a"},
         {2, "\xef\xbb\xbf"
             "b"}});
}

TEST(line_splitter, drops_lines_that_are_too_long)
{
    expect_lines("0123456789\n", {{1, "0123456789"}});
    expect_lines("0123456789x\nb", {{1, "", true}, {2, "b"}});
    expect_lines("a\n0123456789012345678901234567890", {{1, "a"}, {2, "", true}});
    expect_lines("0123456789012345678901234567890\n\n", {{1, "", true}, {2, ""}});
}

} // namespace
} // namespace vidi_tool
