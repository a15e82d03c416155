#include "ask.hpp"

#include <vidi/batch/one_line.hpp>

#include "image.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <utility>

namespace vidi_tool {

namespace asio = boost::asio;

asio::awaitable<outcome>
ask(vidi::client& client, request_settings const& settings, std::string image, std::string prompt)
{
    outcome result;
    vidi::request request;
    try {
        request = make_request(settings, load_image(image), std::move(prompt));
    }
    catch (image_error const& error) {
        result.verdict.result.failure = vidi::batch::failure{
            .kind = unreadable_image, .message = vidi::batch::one_line(error.what())};
        co_return result;
    }
    auto [code, response] =
        co_await client.async_create(std::move(request), asio::as_tuple(asio::use_awaitable));
    result.verdict = vidi::batch::judge(code, response);
    result.response = std::move(response);
    co_return result;
}

} // namespace vidi_tool
