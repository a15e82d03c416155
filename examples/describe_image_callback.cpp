// The same as describe_image, with a callback in place of a coroutine.
//
//     describe_image_callback [IMAGE_URL [CA_FILE]]

#include <vidi/vidi.hpp>

#include <boost/asio/io_context.hpp>

#include <exception>
#include <iostream>
#include <utility>

namespace asio = boost::asio;

int main(int argc, char** argv)
{
    try {
        auto config = vidi::client_config::from_environment();
        if (argc > 2)
            config.tls.ca_file = argv[2];

        vidi::request request{.model = "gpt-5-mini"};
        request.input = {vidi::user_message{
            vidi::input_text{"描述这张图片中的内容"},
            vidi::input_image::from_url(argc > 1 ? argv[1] : "https://doc.dmxapi.cn/example.jpg")}};

        asio::io_context context;
        vidi::client client{context, std::move(config)};
        int status = 1;
        client.async_create(
            std::move(request), [&](vidi::error_code ec, vidi::response const& response) {
                // The response is there on failure too, with all that is known of it.
                if (ec) {
                    std::cerr << "describe_image_callback: " << describe_failure(ec, response)
                              << '\n';
                    return;
                }
                if (!response.ok()) {
                    std::cerr << "not a complete answer: " << serialize(response) << '\n';
                    return;
                }
                std::cout << response.output_text() << response.refusal() << '\n';
                status = 0;
            });
        context.run();
        return status;
    }
    catch (std::exception const& failure) {
        std::cerr << "describe_image_callback: " << failure.what() << '\n';
        return 1;
    }
}
