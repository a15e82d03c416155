#include "model/utf8.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace {

using namespace std::string_view_literals;
using vidi::model::find_invalid_utf8;

constexpr std::size_t valid = std::string_view::npos;

struct utf8_case
{
    std::string_view text;
    std::size_t offset;
};

class utf8 : public ::testing::TestWithParam<utf8_case>
{
};

TEST_P(utf8, finds_the_first_invalid_byte)
{
    auto const [text, offset] = GetParam();
    EXPECT_EQ(find_invalid_utf8(text), offset);

    // At any position relative to the words that are tested at once, and with more text after it.
    for (std::size_t shift = 1; shift <= 9; ++shift) {
        std::string const shifted = std::string(shift, 'x') + std::string{text};
        EXPECT_EQ(find_invalid_utf8(shifted), offset == valid ? valid : shift + offset) << shift;
    }
}

INSTANTIATE_TEST_SUITE_P(
    table, utf8,
    ::testing::Values(
        utf8_case{"", valid}, utf8_case{"plain text of more than eight bytes", valid},
        utf8_case{"\0\x7f"sv, valid}, utf8_case{"\u0080\u07ff", valid},
        utf8_case{"描述这张图片中的内容", valid}, utf8_case{"\u0800\ud7ff\ue000\uffff", valid},
        utf8_case{"\U00010000\U0010ffff", valid}, utf8_case{"😀", valid}, utf8_case{"\x80", 0},
        utf8_case{"ab\xff", 2}, utf8_case{"\xc0\x80", 0}, utf8_case{"\xc1\xbf", 0},
        utf8_case{"\xe0\x9f\xbf", 0}, utf8_case{"\xed\xa0\x80", 0},
        utf8_case{"\xf0\x8f\xbf\xbf", 0}, utf8_case{"\xf4\x90\x80\x80", 0},
        utf8_case{"\xf5\x80\x80\x80", 0}, utf8_case{"\xc3", 0}, utf8_case{"\xe6\x8f", 0},
        utf8_case{"\xf0\x9f\x98", 0}, utf8_case{"\xe6\x8f\x41", 0}, utf8_case{"\xc3\x41", 0},
        utf8_case{"好\xe5\xa5", 3}));

} // namespace
