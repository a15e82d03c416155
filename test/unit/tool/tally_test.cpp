#include "tally.hpp"

#include <gtest/gtest.h>

namespace vidi_tool {
namespace {

using vidi::errc;

outcome success()
{
    outcome result;
    result.response.emplace();
    return result;
}

outcome failure(errc code)
{
    outcome result;
    result.response.emplace();
    result.verdict = vidi::batch::judge(code, *result.response);
    return result;
}

outcome unusable(std::string kind)
{
    outcome result;
    result.verdict.result.failure = vidi::batch::failure{.kind = std::move(kind)};
    return result;
}

vidi::batch::progress tally_of(std::initializer_list<outcome> outcomes)
{
    vidi::batch::progress counts;
    for (auto const& one : outcomes)
        add(counts, one);
    return counts;
}

TEST(tally, counts)
{
    auto const counts = tally_of(
        {success(), success(), failure(errc::rate_limited), failure(errc::rate_limited),
         unusable("bad_line")});
    EXPECT_EQ(counts.succeeded, 2u);
    EXPECT_EQ(counts.failed, 3u);
    EXPECT_EQ(counts.done(), 5u);
    EXPECT_EQ(counts.asked, 4u);
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
    EXPECT_EQ(status_of(tally_of({success(), unusable("bad_line")})), exit_failures);
    EXPECT_EQ(
        status_of(tally_of({success(), failure(errc::authentication_failed)})), exit_failures);
    EXPECT_EQ(status_of(tally_of({failure(errc::bad_request)})), exit_failures);
    EXPECT_EQ(
        status_of(tally_of({failure(errc::connection_refused), failure(errc::server_error)})),
        exit_failures);
}

TEST(exit_status, is_2_if_nothing_was_sent)
{
    EXPECT_EQ(status_of(tally_of({unusable("unreadable_image")})), exit_usage);
}

TEST(exit_status, is_3_if_refused_for_all)
{
    EXPECT_EQ(status_of(tally_of({failure(errc::authentication_failed)})), exit_refused);
    EXPECT_EQ(
        status_of(tally_of({failure(errc::resolve_failed), unusable("unreadable_image")})),
        exit_refused);
}

} // namespace
} // namespace vidi_tool
