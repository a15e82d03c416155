#include "ask.hpp"

#include "image.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <utility>

namespace vidi_tool {

namespace asio = boost::asio;

asio::awaitable<outcome>
ask(vidi::client& client, request_settings const& settings, std::string image, std::string prompt)
{
    vidi::request request;
    try {
        request = make_request(settings, load_image(image), std::move(prompt));
    }
    catch (image_error const& error) {
        co_return unusable("unreadable_image", error.what());
    }
    auto [code, response] =
        co_await client.async_create(std::move(request), asio::as_tuple(asio::use_awaitable));
    co_return judge(code, std::move(response));
}

} // namespace vidi_tool
