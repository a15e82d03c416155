#include "protocol/http_date.hpp"

#include <gtest/gtest.h>

namespace {

using namespace std::chrono_literals;
using std::chrono::sys_days;
using std::chrono::sys_seconds;
using vidi::protocol::parse_http_date;

TEST(http_date, the_three_formats)
{
    sys_seconds const expected = sys_days{1994y / 11 / 6} + 8h + 49min + 37s;
    for (auto const* text :
         {"Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT",
          "Sun Nov  6 08:49:37 1994"})
        EXPECT_EQ(parse_http_date(text), expected) << text;
}

TEST(http_date, other_days)
{
    EXPECT_EQ(parse_http_date("Thu, 29 Feb 2024 23:59:60 GMT"), sys_days{2024y / 2 / 29} + 24h);
    EXPECT_EQ(parse_http_date("Wed Dec 25 00:00:00 2030"), sys_seconds{sys_days{2030y / 12 / 25}});
}

TEST(http_date, a_year_of_two_digits)
{
    EXPECT_EQ(
        parse_http_date("Friday, 01-Jan-69 00:00:00 GMT"), sys_seconds{sys_days{2069y / 1 / 1}});
    EXPECT_EQ(
        parse_http_date("Friday, 01-Jan-70 00:00:00 GMT"), sys_seconds{sys_days{1970y / 1 / 1}});
}

TEST(http_date, anything_else_is_none)
{
    for (auto const* text :
         {"", "Sun", "Sun,", "Sun, 6 Nov 1994 08:49:37 GMT", "Sun, 06 Nov 1994 08:49:37",
          "Sun, 06 Nov 1994 08:49:37 UTC", "Sun, 06 Nov 1994 08:49:37 GMT ",
          "sun, 06 nov 1994 08:49:37 GMT", "Sun, 31 Feb 2025 08:49:37 GMT",
          "Sun, 00 Nov 1994 08:49:37 GMT", "Sun, 06 Nov 1994 24:00:00 GMT",
          "Sun, 06 Nov 1994 08:60:00 GMT", "Sun, 06 Nov 1994 08:49:61 GMT",
          "Sun, 06 Nov +994 08:49:37 GMT", "Sunday, 06-Nov-1994 08:49:37 GMT",
          "Sun Nov 06 08:49:37 94", "Nov, 06 Nov 1994 08:49:37 GMT", "120", "2026-11-25T00:00:00Z"})
        EXPECT_FALSE(parse_http_date(text)) << text;
}

} // namespace
