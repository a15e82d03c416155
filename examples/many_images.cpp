// Asks about many pictures, so many at a time, and prints the answers as they come.
//
//     many_images CONCURRENCY [IMAGE_URL]...
//
// Without URLs, reads them from standard input, one a line. The key comes from the environment, as
// for describe_image; OpenSSL's own variable SSL_CERT_FILE replaces the system's trust store.

#include <vidi/vidi.hpp>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <cstddef>
#include <cstdint>
#include <exception>
#include <iostream>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace asio = boost::asio;

struct work
{
    std::vector<std::string> urls;
    std::size_t next = 0;
    std::size_t failed = 0;
    std::int64_t tokens = 0;
};

// One of the workers that share the list. All run on one thread, so that nothing is locked.
asio::awaitable<void> describe_next(vidi::client& client, work& list)
{
    while (list.next != list.urls.size()) {
        auto const& url = list.urls[list.next++];
        vidi::request request{.model = "gpt-5-mini"};
        request.input = {vidi::user_message{
            vidi::input_text{"描述这张图片中的内容"}, vidi::input_image::from_url(url)}};

        // One picture that fails must not end the others: no exception here.
        auto const [ec, response] =
            co_await client.async_create(std::move(request), asio::as_tuple(asio::use_awaitable));

        if (response.usage)
            list.tokens += response.usage->total_tokens;
        if (!ec && response.ok()) {
            std::cout << url << ":\n" << response.output_text() << response.refusal() << std::endl;
            continue;
        }
        ++list.failed;
        std::cerr << url << ": "
                  << (ec ? describe_failure(ec, response)
                         : "not a complete answer: " + serialize(response))
                  << '\n';
    }
}

std::vector<std::string> read_lines(std::istream& stream)
{
    std::vector<std::string> lines;
    for (std::string line; std::getline(stream, line);) {
        if (!line.empty())
            lines.push_back(std::move(line));
    }
    return lines;
}

int main(int argc, char** argv)
{
    try {
        int const concurrency = argc > 1 ? std::stoi(argv[1]) : 0;
        if (concurrency < 1)
            throw std::invalid_argument{"usage: many_images CONCURRENCY [IMAGE_URL]..."};
        work list;
        list.urls =
            argc > 2 ? std::vector<std::string>(argv + 2, argv + argc) : read_lines(std::cin);

        auto config = vidi::client_config::from_environment();
        config.single_threaded = true;
        // Each worker has one request in flight, and a request has a connection to itself.
        config.pool.max_connections = static_cast<std::size_t>(concurrency);

        asio::io_context context{1};
        vidi::client client{context, std::move(config)};
        for (int i = 0; i != concurrency; ++i) {
            asio::co_spawn(
                context, describe_next(client, list), [](std::exception_ptr const& failure) {
                    if (failure)
                        std::rethrow_exception(failure);
                });
        }
        context.run();

        std::cerr << list.urls.size() - list.failed << " described, " << list.failed << " failed, "
                  << list.tokens << " tokens, " << client.statistics().created << " connections\n";
        return list.failed == 0 ? 0 : 1;
    }
    catch (std::exception const& failure) {
        std::cerr << "many_images: " << failure.what() << '\n';
        return 1;
    }
}
