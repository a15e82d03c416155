#include "model/base64.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace {

struct base64_vector
{
    std::string_view bytes;
    std::string_view text;
};

class base64 : public ::testing::TestWithParam<base64_vector>
{
};

TEST_P(base64, encodes)
{
    auto const [bytes, text] = GetParam();
    std::string out = "before:";
    vidi::model::append_base64(out, bytes);
    EXPECT_EQ(out, "before:" + std::string{text});
    EXPECT_EQ(vidi::model::base64_size(bytes.size()), text.size());
}

using namespace std::string_view_literals;

INSTANTIATE_TEST_SUITE_P(
    rfc_4648_section_10, base64,
    ::testing::Values(
        base64_vector{"", ""}, base64_vector{"f", "Zg=="}, base64_vector{"fo", "Zm8="},
        base64_vector{"foo", "Zm9v"}, base64_vector{"foob", "Zm9vYg=="},
        base64_vector{"fooba", "Zm9vYmE="}, base64_vector{"foobar", "Zm9vYmFy"}));

INSTANTIATE_TEST_SUITE_P(
    bytes_beyond_ascii, base64,
    ::testing::Values(
        base64_vector{"\0"sv, "AA=="}, base64_vector{"\0\0\0"sv, "AAAA"},
        base64_vector{"\xff"sv, "/w=="}, base64_vector{"\xff\xff\xff"sv, "////"},
        base64_vector{"\xfb\xef\xbe"sv, "++++"}, base64_vector{"\x80\x81"sv, "gIE="}));

} // namespace
