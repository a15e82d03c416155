#include <vidi/version.hpp>

#include "protocol/request_head.hpp"

#include <gtest/gtest.h>

namespace {

using namespace vidi::protocol;

struct built
{
    vidi::error_code failure;
    std::string detail;
    std::string prefix;
};

built build(vidi::client_config const& config)
{
    built result;
    auto const to = parse_endpoint(config, result.failure, result.detail);
    result.prefix = make_head_prefix(config, to, result.failure, result.detail).reveal();
    return result;
}

TEST(request_head, is_complete)
{
    auto config = vidi::client_config::dmxapi("sk-key");
    config.organization = "org";
    config.project = "proj";
    config.headers = {{"X-Team", "图像 team"}};
    auto const [failure, detail, prefix] = build(config);
    ASSERT_FALSE(failure) << detail;
    auto message = make_request(prefix, "id", "{\"a\": true}");
    std::string const head = "POST /v1/responses HTTP/1.1\r\n"
                             "Host: www.dmxapi.cn\r\n"
                             "User-Agent: vidi/" VIDI_VERSION_STRING "\r\n"
                             "Accept: application/json\r\n"
                             "Accept-Encoding: identity\r\n"
                             "Content-Type: application/json\r\n"
                             "Authorization: Bearer sk-key\r\n"
                             "OpenAI-Organization: org\r\n"
                             "OpenAI-Project: proj\r\n"
                             "X-Team: 图像 team\r\n"
                             "X-Client-Request-Id: id-";
    std::string const rest = "\r\n"
                             "Content-Length: 11\r\n"
                             "\r\n"
                             "{\"a\": true}";
    EXPECT_EQ(message.view(), head + "1" + rest);
    for (auto const number : {2U, 17U, 4U, 4'294'967'295U}) {
        message.set_attempt(number);
        EXPECT_EQ(message.view(), head + std::to_string(number) + rest);
    }
}

// Where it grows it leaves the key behind.
TEST(request_head, copies_have_room_for_a_larger_number_too)
{
    auto const message = make_request("prefix\r\n", "id", "{}");
    auto copied = message;
    vidi::detail::request_text assigned;
    assigned = message;
    for (auto* const each : {&copied, &assigned}) {
        EXPECT_EQ(each->view(), message.view());
        auto const* const before = each->view().data();
        each->set_attempt(4'294'967'295U);
        EXPECT_EQ(each->view().data(), before);
    }
}

TEST(request_head, leaves_out_what_is_not_set)
{
    auto const prefix = build(vidi::client_config::openai("")).prefix;
    EXPECT_EQ(prefix.find("Authorization"), std::string::npos);
    EXPECT_EQ(prefix.find("OpenAI-"), std::string::npos);
}

struct injection
{
    void (*apply)(vidi::client_config&);
    std::string named;
};

TEST(request_head, injections_are_refused_without_quoting_the_value)
{
    using config_type = vidi::client_config;
    injection const table[]{
        {[](config_type& c) { c.api_key = "hunter2\r\nX: y"; }, "api_key"},
        {[](config_type& c) { c.api_key = "hunter2\n"; }, "api_key"},
        {[](config_type& c) { c.api_key = " hunter2"; }, "api_key"},
        {[](config_type& c) {
             c.organization = std::string{"a\0b", 3};
         },
         "organization"},
        {[](config_type& c) { c.project = "a\x7f"; }, "project"},
        {[](config_type& c) {
             c.headers = {{"X-A", "hunter2\n"}};
         },
         "X-A"},
        {[](config_type& c) {
             c.headers = {{"X A", "v"}};
         },
         "headers"},
        {[](config_type& c) {
             c.headers = {{"", "v"}};
         },
         "headers"},
        {[](config_type& c) {
             c.headers = {{"hOsT", "v"}};
         },
         "hOsT"},
        {[](config_type& c) {
             c.headers = {{"Content-Length", "1"}};
         },
         "Content-Length"},
    };
    for (auto const& [apply, named] : table) {
        auto config = vidi::client_config::openai("sk-key");
        apply(config);
        auto const result = build(config);
        EXPECT_EQ(result.failure, vidi::errc::invalid_configuration) << named;
        EXPECT_NE(result.detail.find(named), std::string::npos) << result.detail;
        EXPECT_EQ(result.detail.find("hunter2"), std::string::npos) << result.detail;
    }
}

} // namespace
