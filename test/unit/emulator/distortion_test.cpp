#include "emulator/distortion.hpp"
#include "emulator/gzip.hpp"

#include <gtest/gtest.h>
#include <zlib.h>

#include <set>
#include <string>

namespace {

using namespace vidi::emulation;
using vidi::testing::all_faults;
using vidi::testing::closing;
using vidi::testing::fault;

http_reply answer()
{
    return {
        .headers = {{"Content-Type", "application/json"}},
        .body = "{\n  \"id\": \"resp_1\",\n  \"created_at\": 1753000000,\n"
                "  \"text\": \"prompt: hello\"\n}\n"};
}

transmission distorted(fault how) { return distort(how, answer(), true); }

std::string head_of(transmission const& out) { return out.bytes.substr(0, out.body_at); }
std::string body_of(transmission const& out) { return out.bytes.substr(out.body_at); }

bool has(std::string const& text, std::string_view part)
{
    return text.find(part) != std::string::npos;
}

std::string gunzip(std::string const& compressed)
{
    std::string text(10'000, '\0');
    auto input = compressed;
    z_stream stream{};
    inflateInit2(&stream, 15 + 16);
    stream.next_in = reinterpret_cast<Bytef*>(input.data());
    stream.avail_in = static_cast<uInt>(input.size());
    stream.next_out = reinterpret_cast<Bytef*>(text.data());
    stream.avail_out = static_cast<uInt>(text.size());
    EXPECT_EQ(inflate(&stream, Z_FINISH), Z_STREAM_END);
    text.resize(stream.total_out);
    inflateEnd(&stream);
    return text;
}

TEST(distortion, leaves_alone_what_is_no_matter_of_bytes)
{
    auto const plain = transmit(answer(), true, body_part::send);
    EXPECT_EQ(body_of(plain), answer().body);
    EXPECT_EQ(plain.complete_at, plain.bytes.size());
    for (auto const how : {fault::drip, fault::next_request_reset, fault::status_500})
        EXPECT_EQ(distorted(how).bytes, plain.bytes);
}

TEST(distortion, announces_the_wrong_length)
{
    auto const size = answer().body.size();
    auto const field = [](std::string const& value) {
        return "\r\nContent-Length: " + value + "\r\n";
    };
    auto const large = distorted(fault::content_length_too_large);
    EXPECT_TRUE(has(head_of(large), field(std::to_string(size + 100))));
    EXPECT_EQ(large.close, closing::orderly);
    EXPECT_FALSE(large.complete_at);
    auto const small = distorted(fault::content_length_too_small);
    EXPECT_TRUE(has(head_of(small), field(std::to_string(size - 10))));
    EXPECT_EQ(small.complete_at, small.bytes.size() - 10);
    EXPECT_TRUE(has(head_of(distorted(fault::content_length_negative)), field("-1")));
    EXPECT_TRUE(has(head_of(distorted(fault::content_length_not_a_number)), field("many")));
    auto const twice = head_of(distorted(fault::content_length_twice));
    EXPECT_TRUE(has(twice, field(std::to_string(size))));
    EXPECT_TRUE(has(twice, field(std::to_string(size + 1))));
    auto const both = head_of(distorted(fault::content_length_and_chunked));
    EXPECT_TRUE(has(both, field(std::to_string(size))));
    EXPECT_TRUE(has(both, "\r\nTransfer-Encoding: chunked\r\n"));
}

TEST(distortion, spoils_chunks)
{
    EXPECT_TRUE(body_of(distorted(fault::chunked)).ends_with("\r\n0\r\n\r\n"));
    EXPECT_TRUE(has(body_of(distorted(fault::chunked_with_trailers)), "\r\n0\r\nX-Checksum: "));
    EXPECT_TRUE(body_of(distorted(fault::chunk_size_bad)).ends_with("\r\na lot\r\n"));
    EXPECT_TRUE(
        body_of(distorted(fault::chunk_size_overflow)).starts_with("10000000000000001\r\n"));
    auto const missing = distorted(fault::last_chunk_missing);
    EXPECT_FALSE(has(body_of(missing), "\r\n0\r\n"));
    EXPECT_EQ(missing.close, closing::orderly);
    EXPECT_FALSE(distorted(fault::chunk_extension_endless).endless.empty());
}

TEST(distortion, spoils_the_head)
{
    EXPECT_GT(head_of(distorted(fault::header_huge)).size(), 1u << 20);
    auto const endless = distorted(fault::header_endless);
    EXPECT_FALSE(has(endless.bytes, "\r\n\r\n"));
    EXPECT_TRUE(endless.endless.ends_with("\r\n"));
    EXPECT_TRUE(distorted(fault::status_line_bad).bytes.starts_with("HTTP/1.1 fine\r\nContent-"));
    EXPECT_EQ(distorted(fault::http_0_9).bytes, answer().body);
    auto const old = distorted(fault::http_1_0_without_length);
    EXPECT_TRUE(old.bytes.starts_with("HTTP/1.0 200 OK\r\n"));
    EXPECT_FALSE(has(head_of(old), "Content-Length"));
    EXPECT_EQ(body_of(old), answer().body);
    EXPECT_TRUE(has(head_of(distorted(fault::announced_close)), "\r\nConnection: close\r\n"));
    EXPECT_FALSE(distorted(fault::announced_close).keep_alive);
}

TEST(distortion, sends_more_than_one_message)
{
    EXPECT_TRUE(
        distorted(fault::interim_continue).bytes.starts_with("HTTP/1.1 100 Continue\r\n\r\n"));
    EXPECT_EQ(body_of(distorted(fault::interim_early_hints)), answer().body);
    auto const second = distorted(fault::second_response);
    ASSERT_TRUE(second.complete_at);
    EXPECT_TRUE(second.bytes.substr(*second.complete_at).starts_with("HTTP/1.1 200 OK"));
    EXPECT_TRUE(has(second.bytes.substr(*second.complete_at), "another prompt: hello"));
    auto const late = distorted(fault::second_response_late);
    EXPECT_TRUE(late.bytes.ends_with(answer().body));
    EXPECT_TRUE(late.late.starts_with("HTTP/1.1 200 OK"));
    EXPECT_TRUE(distorted(fault::timeout_response_late).late.starts_with("HTTP/1.1 408 "));
    EXPECT_TRUE(distorted(fault::surplus_line_end).bytes.ends_with(answer().body + "\r\n"));
}

TEST(distortion, spoils_the_content)
{
    EXPECT_TRUE(has(distorted(fault::json_huge_exponent).bytes, "\"created_at\": 1e999,"));
    EXPECT_TRUE(has(distorted(fault::json_huge_integer).bytes, std::string(400, '9') + ","));
    EXPECT_TRUE(has(distorted(fault::json_invalid_utf8).bytes, "\"id\": \"\xc0\xffresp_1\""));
    EXPECT_EQ(body_of(distorted(fault::json_truncated)).size(), answer().body.size() / 2);
    auto const compressed = distorted(fault::content_gzip);
    EXPECT_TRUE(has(head_of(compressed), "\r\nContent-Encoding: gzip\r\n"));
    EXPECT_EQ(gunzip(body_of(compressed)), answer().body);
}

TEST(fault_catalogue, names_each_once)
{
    std::set<std::string_view> names;
    for (auto const& entry : all_faults()) {
        EXPECT_TRUE(names.insert(entry.name).second) << entry.name;
        EXPECT_EQ(describe(entry.id).name, entry.name);
        EXPECT_TRUE(entry.complete || !entry.usable) << entry.name;
        EXPECT_TRUE(entry.executed || !entry.usable) << entry.name;
    }
    EXPECT_EQ(describe(fault::json_too_deep).name, "json_too_deep");
}

} // namespace
