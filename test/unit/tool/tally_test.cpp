#include "tally.hpp"

#include <gtest/gtest.h>

namespace vidi_tool {
namespace {

using vidi::errc;

outcome success()
{
    outcome result;
    result.response.emplace();
    result.response->usage = vidi::usage{.input_tokens = 100, .output_tokens = 20};
    return result;
}

outcome failure(errc code) { return judge(code, {}); }

tally tally_of(std::initializer_list<outcome> outcomes)
{
    tally counts;
    for (auto const& one : outcomes)
        add(counts, one);
    return counts;
}

TEST(tally, counts)
{
    auto const counts = tally_of(
        {success(), success(), failure(errc::rate_limited), failure(errc::rate_limited),
         unusable("bad_line", "")});
    EXPECT_EQ(counts.succeeded, 2u);
    EXPECT_EQ(counts.failed, 3u);
    EXPECT_EQ(counts.done(), 5u);
    EXPECT_EQ(counts.asked, 4u);
    EXPECT_EQ(counts.input_tokens, 200);
    EXPECT_EQ(counts.output_tokens, 40);
    EXPECT_EQ(
        counts.failures,
        (std::map<std::string, std::uint64_t>{{"bad_line", 1}, {"rate_limited", 2}}));
}

TEST(exit_status, is_0_if_all_succeeded)
{
    EXPECT_EQ(status_of(tally_of({success(), success()})), exit_success);
    EXPECT_EQ(status_of({}), exit_success);
}

TEST(exit_status, is_1_if_some_failed)
{
    EXPECT_EQ(status_of(tally_of({success(), unusable("bad_line", "")})), exit_failures);
    EXPECT_EQ(
        status_of(tally_of({success(), failure(errc::authentication_failed)})), exit_failures);
    EXPECT_EQ(status_of(tally_of({failure(errc::bad_request)})), exit_failures);
    EXPECT_EQ(
        status_of(tally_of({failure(errc::connection_refused), failure(errc::server_error)})),
        exit_failures);
}

TEST(exit_status, is_2_if_nothing_was_sent)
{
    EXPECT_EQ(status_of(tally_of({unusable("unreadable_image", "")})), exit_usage);
}

TEST(exit_status, is_3_if_refused_for_all)
{
    EXPECT_EQ(status_of(tally_of({failure(errc::authentication_failed)})), exit_refused);
    EXPECT_EQ(
        status_of(tally_of({failure(errc::resolve_failed), unusable("unreadable_image", "")})),
        exit_refused);
}

TEST(hopelessness, follows_at_once_from_a_rejected_key)
{
    auto const rejected = failure(errc::authentication_failed);
    EXPECT_TRUE(is_hopeless(tally_of({rejected}), rejected));
    EXPECT_TRUE(is_hopeless(tally_of({success(), rejected}), rejected));
}

TEST(hopelessness, takes_several_refused_connections)
{
    auto const refused = failure(errc::connection_refused);
    auto counts = tally_of({refused});
    EXPECT_FALSE(is_hopeless(counts, refused));
    for (int i = 1; i != 8; ++i)
        add(counts, refused);
    EXPECT_TRUE(is_hopeless(counts, refused));
}

TEST(hopelessness, does_not_follow_from_refused_connections_after_a_success)
{
    auto const refused = failure(errc::connection_refused);
    auto counts = tally_of({success()});
    for (int i = 0; i != 100; ++i)
        add(counts, refused);
    EXPECT_FALSE(is_hopeless(counts, refused));
}

TEST(hopelessness, does_not_follow_from_bad_images)
{
    auto const bad = failure(errc::bad_request);
    tally counts;
    for (int i = 0; i != 100; ++i)
        add(counts, bad);
    EXPECT_FALSE(is_hopeless(counts, bad));
}

} // namespace
} // namespace vidi_tool
