#include "emulator/data_url.hpp"
#include "emulator/fetch.hpp"
#include "emulator/json_text.hpp"
#include "emulator/latency.hpp"
#include "emulator/message.hpp"
#include "emulator/model_family.hpp"
#include "emulator/picture.hpp"
#include "emulator/picture_shelf.hpp"
#include "emulator/token_count.hpp"

#include <boost/json/parse.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <stdexcept>
#include <string>

namespace {

using namespace std::literals;
using namespace vidi::emulation;
using namespace std::chrono_literals;

TEST(base64, is_decoded_strictly)
{
    EXPECT_EQ(decode_base64(""), "");
    EXPECT_EQ(decode_base64("Zg=="), "f");
    EXPECT_EQ(decode_base64("Zm8="), "fo");
    EXPECT_EQ(decode_base64("Zm9vYmFy"), "foobar");
    EXPECT_EQ(decode_base64("+/+/"), "\xfb\xff\xbf");
    for (auto const bad :
         {"Zg", "Zg=", "Zh==", "Zm9=", "Zm9v\n", "Zm 9", "Zm9-",
          "====", "Z===", "Zg==Zg==", "=Zg="})
        EXPECT_FALSE(decode_base64(bad)) << bad;
}

std::string data_url_error(std::string const& url)
{
    try {
        decode_data_url(url);
        return "none";
    }
    catch (picture_error const& error) {
        return error.code();
    }
}

TEST(data_url, is_taken_apart)
{
    auto const url = decode_data_url("data:image/png;base64,Zm9v");
    EXPECT_EQ(url.media_type, "image/png");
    EXPECT_EQ(url.bytes, "foo");
    EXPECT_EQ(decode_data_url("data:image/webp;name=x;base64,").media_type, "image/webp");
}

TEST(data_url, is_refused_for_its_fault)
{
    EXPECT_EQ(data_url_error("data:image/png,Zm9v"), "invalid_image_url");
    EXPECT_EQ(data_url_error("data:image/png;base64"), "invalid_image_url");
    EXPECT_EQ(data_url_error("data:image/bmp;base64,Zm9v"), "unsupported_image_media_type");
    EXPECT_EQ(data_url_error("data:;base64,Zm9v"), "unsupported_image_media_type");
    EXPECT_EQ(data_url_error("data:image/png;base64,Zm9"), "invalid_base64_image");
}

TEST(web_address, is_taken_apart)
{
    auto const address = parse_web_address("https://127.0.0.1:8443/a/b.png?c=d");
    ASSERT_TRUE(address);
    EXPECT_TRUE(address->tls);
    EXPECT_EQ(address->host, "127.0.0.1");
    EXPECT_EQ(address->port, 8443);
    EXPECT_EQ(address->target, "/a/b.png?c=d");
    auto const v6 = parse_web_address("http://[::1]");
    ASSERT_TRUE(v6);
    EXPECT_EQ(v6->host, "::1");
    EXPECT_EQ(v6->port, 80);
    EXPECT_EQ(v6->target, "/");
    for (auto const bad : {"ftp://localhost/x", "localhost/x", "", "http://", "http:///x"})
        EXPECT_FALSE(parse_web_address(bad)) << bad;
}

TEST(web_address, loopback_is_known_by_its_name)
{
    for (auto const host : {"127.0.0.1", "127.9.9.9", "::1", "localhost", "LocalHost"})
        EXPECT_TRUE(is_loopback(host)) << host;
    for (auto const host : {"10.0.0.1", "0.0.0.0", "localhost.example", "example.com", "", "::2"})
        EXPECT_FALSE(is_loopback(host)) << host;
}

TEST(json_text, is_indented_and_keeps_what_was_there)
{
    auto const text = R"({
  "a": 1.0,
  "b": [
    "描述",
    0.5,
    null
  ],
  "c": {},
  "d": []
}
)";
    EXPECT_EQ(to_text(boost::json::parse(text)), text);
}

TEST(message, header_fields_are_found_in_any_case)
{
    std::vector<header_field> const fields{{"Content-Type", "a"}, {"X", "b"}};
    EXPECT_EQ(find_header(fields, "content-type"), "a");
    EXPECT_EQ(find_header(fields, "y"), "");
    EXPECT_TRUE(has_token("keep-alive, Close", "close"));
    EXPECT_FALSE(has_token("closed", "close"));
}

TEST(message, fields_are_added_unless_they_are_there)
{
    auto const plain = serialise({.status = 200, .body = "abc"}, true, body_part::send);
    EXPECT_TRUE(plain.starts_with("HTTP/1.1 200 OK\r\nDate: ")) << plain;
    EXPECT_TRUE(plain.ends_with("\r\nContent-Length: 3\r\nConnection: keep-alive\r\n\r\nabc"));
    auto const own = serialise(
        {.status = 299, .headers = {{"date", "today"}, {"content-length", "9"}}, .body = "abc"},
        false, body_part::omit);
    EXPECT_EQ(
        own, "HTTP/1.1 299 \r\ndate: today\r\ncontent-length: 9\r\nConnection: close\r\n\r\n");
    EXPECT_EQ(
        serialise({.status = 204}, true, body_part::send).find("Content-Length"),
        std::string::npos);
}

TEST(token_count, of_text)
{
    EXPECT_EQ(count_text_tokens(""), 0u);
    EXPECT_EQ(count_text_tokens("abcd"), 1u);
    EXPECT_EQ(count_text_tokens("abcde"), 2u);
    EXPECT_EQ(count_text_tokens("描述"), 2u);
    EXPECT_EQ(count_text_tokens("a描"), 2u);
    EXPECT_EQ(cut_to_tokens("abcdefgh", 1), "abcd");
    EXPECT_EQ(cut_to_tokens("描述", 1), "描");
    EXPECT_EQ(cut_to_tokens("描述", 2), "描述");
    EXPECT_EQ(cut_to_tokens("x", 0), "");
}

TEST(token_count, of_pictures)
{
    struct row
    {
        char const* model;
        char const* detail;
        std::uint32_t width;
        std::uint32_t height;
        std::uint64_t tokens;
    };
    for (auto const& row : std::initializer_list<row>{
             {"gpt-5-mini", "auto", 32, 32, 2},        // 1 patch x 1.62
             {"gpt-5-mini", "auto", 1024, 1024, 1659}, // 1024 patches x 1.62
             {"gpt-5-mini", "low", 1024, 1024, 415},   // 256 patches x 1.62
             {"gpt-5-nano", "auto", 33, 32, 5},        // 2 patches x 2.46
             {"gpt-5.6", "auto", 8000, 6000, 47'000},  // 250 x 188 patches
             {"gpt-5.5", "original", 3200, 3200, 10'000},
             {"gpt-4o", "auto", 1024, 1024, 765},  // 4 tiles
             {"gpt-4o", "auto", 2048, 4096, 1105}, // 6 tiles
             {"gpt-4o", "low", 4096, 8192, 85},
             {"gpt-4o-mini", "auto", 512, 512, 8500},
             {"gpt-5", "auto", 100, 100, 210},
             {"o3", "auto", 513, 512, 375}})
        EXPECT_EQ(
            count_picture_tokens(family_of(row.model), row.detail, row.width, row.height),
            row.tokens)
            << row.model << ' ' << row.detail << ' ' << row.width << 'x' << row.height;
    // However large or narrow, no picture has more patches than the model takes.
    for (std::uint32_t const height : {1u, 7u, 640u, 4001u, 20'000u})
        EXPECT_LE(count_picture_tokens(family_of("gpt-5.2"), "auto", 20'000, height), 1536u)
            << height;
}

TEST(model, snapshot_is_dated)
{
    EXPECT_EQ(snapshot_of("gpt-5-mini"), "gpt-5-mini-2025-08-07");
    EXPECT_EQ(snapshot_of("gpt-5-mini-2025-08-07"), "gpt-5-mini-2025-08-07");
    EXPECT_EQ(snapshot_of("gpt-4o"), "gpt-4o-2024-08-06");
}

TEST(latency, is_drawn_from_its_model)
{
    latency_sampler fixed{vidi::testing::fixed_latency{5ms}};
    EXPECT_EQ(fixed(), 5ms);

    vidi::testing::uniform_latency const uniform{2ms, 4ms, 7};
    latency_sampler a{uniform};
    latency_sampler b{uniform};
    for (int i = 0; i < 1000; ++i) {
        auto const time = a();
        EXPECT_GE(time, 2ms);
        EXPECT_LE(time, 4ms);
        EXPECT_EQ(time, b());
    }

    latency_sampler log_normal{vidi::testing::log_normal_latency{10ms, 0.5, 3}};
    std::vector<std::chrono::microseconds> times(1001);
    std::ranges::generate(times, std::ref(log_normal));
    std::ranges::sort(times);
    EXPECT_NEAR(static_cast<double>(times[500].count()), 10'000, 1000);
    EXPECT_GT(times[990], 2 * times[500]);
}

TEST(latency, what_makes_no_sense_is_refused)
{
    using namespace vidi::testing;
    EXPECT_THROW(latency_sampler{fixed_latency{-1ms}}, std::invalid_argument);
    EXPECT_THROW((latency_sampler{uniform_latency{3ms, 2ms}}), std::invalid_argument);
    EXPECT_THROW((latency_sampler{log_normal_latency{2h, 0}}), std::invalid_argument);
}

TEST(picture_shelf, names_are_plain)
{
    picture_shelf shelf;
    shelf.add("a-b_c.~1.png", "GIF89a");
    auto const found = shelf.find("/images/a-b_c.~1.png");
    ASSERT_TRUE(found);
    EXPECT_EQ(found->media_type, "image/gif");
    EXPECT_FALSE(shelf.find("/images/b.png"));
    EXPECT_FALSE(shelf.find("a-b_c.~1.png"));
    for (auto const bad : {"", ".", "..", "a/b", "a b", "a?b", "%61", "ä"})
        EXPECT_THROW(shelf.add(bad, "x"), std::invalid_argument) << bad;
}

} // namespace
