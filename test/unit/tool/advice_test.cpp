#include "advice.hpp"

#include <boost/asio/error.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace vidi_tool {
namespace {

using ::testing::HasSubstr;
using vidi::errc;

TEST(advice, points_at_what_can_be_changed)
{
    EXPECT_THAT(advice(errc::authentication_failed), HasSubstr("DMXAPI_API_KEY or OPENAI_API_KEY"));
    EXPECT_THAT(advice(errc::tls_certificate_untrusted), HasSubstr("--ca-file"));
    EXPECT_THAT(advice(errc::operation_timeout), HasSubstr("--timeout"));
    EXPECT_THAT(advice(errc::connection_refused), HasSubstr("--base-url"));
    EXPECT_THAT(advice(errc::response_not_json), HasSubstr("--base-url"));
    EXPECT_EQ(advice(boost::asio::error::operation_aborted), "");
}

TEST(advice, on_an_incomplete_answer)
{
    vidi::batch::verdict verdict;
    verdict.result.failure = vidi::batch::failure{.kind = "incomplete"};
    EXPECT_THAT(advice(verdict), HasSubstr("--prompt"));
    verdict.result.failure->kind = "refused";
    EXPECT_EQ(advice(verdict), "");
}

} // namespace
} // namespace vidi_tool
