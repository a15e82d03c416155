#include "protocol/wipe.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace {

// All memory of a string, beyond its end too.
bool is_zero(std::string const& text)
{
    auto const* const begin = text.data();
    return std::all_of(begin, begin + text.capacity(), [](char c) { return c == '\0'; });
}

TEST(wipe, leaves_nothing_of_a_string)
{
    for (auto const& kept : {std::string{}, std::string{"short"}, std::string(1000, 'x')}) {
        auto text = kept;
        vidi::protocol::wipe(text);
        EXPECT_TRUE(text.empty());
        EXPECT_TRUE(is_zero(text)) << kept;
    }
}

TEST(wipe, leaves_nothing_of_what_a_string_was)
{
    std::string text(1000, 'x');
    text.resize(3);
    vidi::protocol::wipe(text);
    EXPECT_TRUE(is_zero(text));
}

} // namespace
