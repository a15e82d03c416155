#include "support/scripted_peer.hpp"
#include "transport/tls_context.hpp"

#include <gtest/gtest.h>

#include <string>
#include <utility>

namespace {

using namespace vidi::transport;
using vidi::errc;
using vidi::error_code;
using vidi::tls_version;

TEST(tls_context, accepts_no_older_version_than_it_is_to)
{
    for (auto const& [oldest, expected] :
         {std::pair{tls_version::v1_2, TLS1_2_VERSION},
          std::pair{tls_version::v1_3, TLS1_3_VERSION}})
    {
        auto options = vidi_test::trust_in_peer();
        options.min_version = oldest;
        error_code ec;
        std::string detail;
        tls_context context{options, true, ec, detail};
        EXPECT_FALSE(ec) << detail;
        EXPECT_EQ(SSL_CTX_get_min_proto_version(context.native()), expected);
    }
}

TEST(tls_context, is_of_no_use_without_the_version)
{
    auto const context = vidi_test::make_server_context(TLS1_3_VERSION);
    error_code ec;
    std::string detail;
    require_version(context.get(), TLS1_3_VERSION, ec, detail);
    EXPECT_FALSE(ec) << detail;
    constexpr int of_the_future = 0x03ff;
    require_version(context.get(), of_the_future, ec, detail);
    EXPECT_EQ(ec, errc::invalid_configuration);
    EXPECT_EQ(detail, "tls.min_version: OpenSSL does not support it");
}

} // namespace
