// One request against the emulator. Ends with 0 if the answer is right.
#include <vidi/testing/emulator.hpp>
#include <vidi/vidi.hpp>

#include <boost/asio/io_context.hpp>

#include <cstdlib>
#include <iostream>

int main()
{
    vidi::testing::emulator emulator;
    auto config = vidi::client_config::openai("sk-emulator");
    config.base_url = emulator.base_url();
    config.tls.ca_certificates = emulator.ca_certificate_pem();

    boost::asio::io_context context;
    vidi::client client{context, config};
    vidi::request request{.model = "gpt-5-mini", .input = "Hello"};
    int status = EXIT_FAILURE;
    client.async_create(
        std::move(request), [&](vidi::error_code ec, vidi::response const& response) {
            if (ec)
                std::cerr << vidi::describe_failure(ec, response) << '\n';
            else if (response.output_text() == "prompt: Hello")
                status = EXIT_SUCCESS;
            else
                std::cerr << "unexpected answer: " << response.output_text() << '\n';
        });
    context.run();
    return status;
}
