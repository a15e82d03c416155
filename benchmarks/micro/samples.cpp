#include "samples.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <fstream>
#include <iterator>
#include <stdexcept>
#include <utility>

namespace vidi_benchmark {
namespace {

vidi::request ask_about(vidi::input_image image)
{
    vidi::request request{.model = "gpt-5-mini"};
    request.input = {
        vidi::user_message{vidi::input_text{"描述这张图片中的内容"}, std::move(image)}};
    return request;
}

} // namespace

std::string repeated(std::string_view text, std::size_t bytes)
{
    std::string result;
    while (result.size() < bytes)
        result += text;
    return result;
}

std::string jpeg(std::size_t bytes)
{
    std::string picture = "\xff\xd8\xff\xe0";
    picture.resize(bytes, 'x');
    return picture;
}

vidi::request url_request()
{
    return ask_about(vidi::input_image::from_url("https://doc.dmxapi.cn/example.jpg"));
}

vidi::request picture_request(std::size_t bytes)
{
    return ask_about(vidi::input_image::from_bytes(jpeg(bytes)));
}

std::string gateway_answer()
{
    std::ifstream file{VIDI_TEST_DATA "/gateway-response.json", std::ios::binary};
    if (!file)
        throw std::runtime_error{"cannot read " VIDI_TEST_DATA "/gateway-response.json"};
    return {std::istreambuf_iterator<char>{file}, {}};
}

std::string long_answer(std::size_t bytes)
{
    auto document = boost::json::parse(gateway_answer());
    auto& text = document.at_pointer("/output/1/content/0/text").as_string();
    text = repeated(text, bytes);
    return boost::json::serialize(document);
}

std::string http_answer(std::string const& body)
{
    // The fields that the API sends, and those of a proxy before it.
    return "HTTP/1.1 200 OK\r\n"
           "Date: Fri, 07 Nov 2025 10:12:47 GMT\r\n"
           "Content-Type: application/json; charset=utf-8\r\n"
           "Content-Length: " +
           std::to_string(body.size()) +
           "\r\n"
           "Connection: keep-alive\r\n"
           "x-request-id: req_0c3b7023f672732800690dd29dad188193\r\n"
           "openai-version: 2020-10-01\r\n"
           "openai-organization: example\r\n"
           "openai-processing-ms: 9412\r\n"
           "x-ratelimit-limit-requests: 10000\r\n"
           "x-ratelimit-limit-tokens: 10000000\r\n"
           "x-ratelimit-remaining-requests: 9999\r\n"
           "x-ratelimit-remaining-tokens: 9999065\r\n"
           "x-ratelimit-reset-requests: 6ms\r\n"
           "x-ratelimit-reset-tokens: 0s\r\n"
           "strict-transport-security: max-age=31536000; includeSubDomains; preload\r\n"
           "X-Content-Type-Options: nosniff\r\n"
           "Server: cloudflare\r\n"
           "\r\n" +
           body;
}

} // namespace vidi_benchmark
