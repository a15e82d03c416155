#include "protocol/public_key_pin.hpp"

#include <gtest/gtest.h>

#include <string>

namespace {

using vidi::protocol::parse_public_key_pin;

// RFC 7469, 2.1.5.
constexpr char example[] = "d6qzRu9zOECb90Uez27xWltNsj0e1Md7GkYYkVoZWmM=";

TEST(public_key_pin, is_read_with_and_without_its_prefix)
{
    auto const plain = parse_public_key_pin(example);
    ASSERT_TRUE(plain);
    EXPECT_EQ((*plain)[0], 0x77);
    EXPECT_EQ((*plain)[31], 0x63);
    EXPECT_EQ(parse_public_key_pin(std::string{"sha256//"} + example), plain);
}

TEST(public_key_pin, whatever_else_is_refused)
{
    std::string const pin = example;
    std::string const table[]{
        "",
        "sha256//",
        "sha256/" + pin,
        "SHA256//" + pin,
        "sha1//" + pin,
        pin + '\n',
        ' ' + pin,
        pin.substr(0, 43),
        pin + pin,
        "d6qzRu9zOECb90Uez27xWltNsj0e1Md7GkYYkVoZWmN=", // bits that stand for nothing
        "d6qzRu9zOECb90Uez27xWltNsj0e1Md7GkYYkVoZWm==",
        "d6qzRu9zOECb90Uez27xWltN=j0e1Md7GkYYkVoZWmM=",
        "d6qzRu9zOECb90Uez27xWltN\rj0e1Md7GkYYkVoZWmM=",
        std::string(44, '='),
        std::string(44, '\0'),
    };
    for (auto const& text : table)
        EXPECT_FALSE(parse_public_key_pin(text)) << text;
}

} // namespace
