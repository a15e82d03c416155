// Asks a model what is in a picture and prints its answer.
//
//     describe_image [IMAGE_URL [CA_FILE]]
//
// The key comes from the environment: DMXAPI_API_KEY for DMXAPI, or OPENAI_API_KEY for OpenAI.
// CA_FILE holds an authority to trust beside the system's, such as that of a private gateway.

#include <vidi/vidi.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>

#include <exception>
#include <iostream>
#include <stdexcept>
#include <string>
#include <utility>

namespace asio = boost::asio;

asio::awaitable<void> describe(vidi::client& client, std::string image_url)
{
    vidi::request request{.model = "gpt-5-mini"};
    request.input = {vidi::user_message{
        vidi::input_text{"描述这张图片中的内容"},
        vidi::input_image::from_url(std::move(image_url))}};

    vidi::response const response = co_await client.create(std::move(request));

    // The server may also say that it failed, or stop half-way.
    if (!response.ok())
        throw std::runtime_error{"not a complete answer: " + serialize(response)};
    std::cout << response.output_text() << response.refusal() << '\n';
}

int main(int argc, char** argv)
{
    try {
        auto config = vidi::client_config::from_environment();
        if (argc > 2)
            config.tls.ca_file = argv[2];

        asio::io_context context;
        vidi::client client{context, std::move(config)};
        auto const image_url = argc > 1 ? argv[1] : "https://doc.dmxapi.cn/example.jpg";
        auto done = asio::co_spawn(context, describe(client, image_url), asio::use_future);
        context.run();
        done.get();
        return 0;
    }
    catch (std::exception const& failure) {
        std::cerr << "describe_image: " << failure.what() << '\n';
        return 1;
    }
}
