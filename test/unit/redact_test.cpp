#include "protocol/redact.hpp"

#include <gtest/gtest.h>

namespace vidi::protocol {
namespace {

TEST(redact, replaces_the_secret_wherever_it_is)
{
    struct
    {
        char const* text;
        char const* secret;
        char const* expected;
    } const table[]{
        {"", "sk-secret", ""},
        {"nothing of it", "sk-secret", "nothing of it"},
        {"sk-secret", "sk-secret", "[secret]"},
        {"Incorrect API key provided: sk-secret.", "sk-secret",
         "Incorrect API key provided: [secret]."},
        {"sk-secretsk-secret!", "sk-secret", "[secret][secret]!"},
        {"sk-secre sk-secret", "sk-secret", "sk-secre [secret]"},
        {"[secret]", "[secret]", "[secret]"},
        {"a short one", "short", "a short one"},
        {"none", "", "none"}};
    for (auto const& row : table) {
        std::string text = row.text;
        redact(text, row.secret);
        EXPECT_EQ(text, row.expected) << row.text;
    }
}

} // namespace
} // namespace vidi::protocol
