#include "samples.hpp"

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

vidi::request url_request()
{
    return ask_about(vidi::input_image::from_url("https://doc.dmxapi.cn/example.jpg"));
}

vidi::request picture_request(std::size_t bytes)
{
    // Its first bytes say that it is a picture; what follows is of no importance here.
    std::string picture = "\xff\xd8\xff\xe0";
    picture.resize(bytes, 'x');
    return ask_about(vidi::input_image::from_bytes(picture));
}

std::string gateway_answer()
{
    std::ifstream file{VIDI_TEST_DATA "/gateway-response.json", std::ios::binary};
    if (!file)
        throw std::runtime_error{"cannot read " VIDI_TEST_DATA "/gateway-response.json"};
    return {std::istreambuf_iterator<char>{file}, {}};
}

} // namespace vidi_benchmark
