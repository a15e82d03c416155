#include "csv_rows.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace vidi_tool {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using rows = std::vector<csv_rows::row>;

// The rows of a text that arrives in pieces of that size, and how it ends.
struct outcome
{
    rows read{};
    std::string failure{};
};

void take_all(csv_rows& from, outcome& to)
{
    while (auto row = from.next())
        to.read.push_back(*std::move(row));
}

outcome read(std::string_view text, std::size_t piece)
{
    outcome result;
    csv_rows parser;
    try {
        for (; !text.empty(); text.remove_prefix(std::min(piece, text.size()))) {
            parser.feed(text.substr(0, piece));
            take_all(parser, result);
        }
        parser.end();
        take_all(parser, result);
    }
    catch (std::runtime_error const& error) {
        result.failure = error.what();
    }
    return result;
}

struct csv_case
{
    char const* name;
    std::string_view text;
    rows expected;
    char const* failure = "";
};

class csv_text : public ::testing::TestWithParam<csv_case>
{
};

TEST_P(csv_text, gives_the_same_rows_in_pieces_of_any_size)
{
    auto const& param = GetParam();
    for (std::size_t piece = 1; piece <= param.text.size() + 1; ++piece) {
        auto const result = read(param.text, piece);
        EXPECT_EQ(result.read, param.expected) << piece;
        EXPECT_THAT(result.failure, HasSubstr(param.failure)) << piece;
        EXPECT_EQ(result.failure.empty(), std::string_view{param.failure}.empty()) << piece;
    }
}

INSTANTIATE_TEST_SUITE_P(
    all, csv_text,
    ::testing::Values(
        csv_case{"empty", "", {}}, csv_case{"one_field", "a", {{"a"}}},
        csv_case{"lines", "a,b\nc,d\n", {{"a", "b"}, {"c", "d"}}},
        csv_case{"carriage_returns", "a,b\r\nc,d\r\n", {{"a", "b"}, {"c", "d"}}},
        csv_case{"no_last_line_break", "a,b\nc,d", {{"a", "b"}, {"c", "d"}}},
        csv_case{"empty_lines", "a\n\n\r\nb\n", {{"a"}, {"b"}}},
        csv_case{"empty_fields", ",a,\n", {{"", "a", ""}}},
        csv_case{"quotes", "\"a,\"\"b\"\"\nc\",d\n", {{"a,\"b\"\nc", "d"}}},
        csv_case{
            "chinese",
            "图片,描述\n猫.jpg,\"一只猫,黑\"\n",
            {{"图片", "描述"}, {"猫.jpg", "一只猫,黑"}}},
        csv_case{"byte_order_mark", "\xef\xbb\xbf\"a\",b\n", {{"a", "b"}}},
        csv_case{"only_a_byte_order_mark", "\xef\xbb\xbf", {}},
        csv_case{"half_a_byte_order_mark", "\xef\xbb", {{"\xef\xbb"}}},
        csv_case{"open_quote", "a\n\"b\n", {{"a"}}, "row 2 is not CSV"},
        csv_case{"quote_inside", "a\nb\"c\nd\n", {{"a"}}, "row 2 is not CSV"}),
    [](auto const& each) { return each.param.name; });

TEST(csv_rows, a_row_that_is_too_long_is_the_end)
{
    std::string const field(csv_rows::longest_row / 2, 'x');
    auto const many_fields = read("a\n" + field + ',' + field + ',' + field + "\nb\n", 65'536);
    EXPECT_THAT(many_fields.read, ElementsAre(ElementsAre("a")));
    EXPECT_THAT(many_fields.failure, HasSubstr("row 2 is longer than 1 MiB"));
    auto const never_closed = read("\"" + field + field + field, 65'536);
    EXPECT_THAT(never_closed.read, IsEmpty());
    EXPECT_THAT(never_closed.failure, HasSubstr("row 1 is longer than 1 MiB"));
    auto const commas = read(std::string(csv_rows::longest_row, ','), 65'536);
    EXPECT_THAT(commas.failure, HasSubstr("row 1 is longer than 1 MiB"));
    EXPECT_EQ(read(field + "\n" + field + "\n", 65'536).read.size(), 2U);
}

} // namespace
} // namespace vidi_tool
