#include "answering_server.hpp"

#include "emulator/certificate.hpp"
#include "samples.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/completion_condition.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/write.hpp>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <string>
#include <string_view>
#include <thread>
#include <utility>

namespace vidi_benchmark {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;

// Long enough that even a client that is slowed down by its measurement has to wait for the answer,
// as it has to wait for a real one.
constexpr std::chrono::milliseconds thinking{3};

std::size_t content_length(std::string_view head)
{
    constexpr std::string_view name = "\r\nContent-Length: ";
    return std::strtoull(head.data() + head.find(name) + name.size(), nullptr, 10);
}

void converse(tcp::socket socket, asio::ssl::context& tls, std::string const& answer)
{
    socket.set_option(tcp::no_delay{true});
    asio::ssl::stream<tcp::socket> stream{std::move(socket), tls};
    boost::system::error_code ended;
    stream.handshake(asio::ssl::stream_base::server, ended);
    std::string input;
    while (!ended) {
        auto const head = asio::read_until(stream, asio::dynamic_buffer(input), "\r\n\r\n", ended);
        if (ended)
            break;
        auto const size = head + content_length(std::string_view{input}.substr(0, head));
        if (input.size() < size)
            asio::read(
                stream, asio::dynamic_buffer(input), asio::transfer_exactly(size - input.size()),
                ended);
        input.clear();
        std::this_thread::sleep_for(thinking);
        asio::write(stream, asio::buffer(answer), ended);
    }
}

void accept_all(tcp::acceptor& acceptor, asio::ssl::context& tls, std::string const& answer)
{
    for (;;)
        std::thread{converse, acceptor.accept(), std::ref(tls), std::cref(answer)}.detach();
}

void present(asio::ssl::context& tls, vidi::emulation::identity const& identity)
{
    tls.use_certificate(asio::buffer(identity.certificate), asio::ssl::context::pem);
    tls.use_private_key(asio::buffer(identity.private_key), asio::ssl::context::pem);
}

} // namespace

void serve()
{
    auto const answer = http_answer(gateway_answer());
    auto const identity = vidi::emulation::make_identity(vidi::testing::certificate_kind::valid);
    asio::ssl::context tls{asio::ssl::context::tls_server};
    present(tls, identity);
    asio::io_context context;
    tcp::acceptor acceptor{context, {asio::ip::address_v4::loopback(), 0}};

    std::cout << acceptor.local_endpoint().port() << '\n'
              << identity.authority_certificate << std::flush;
    std::fclose(stdout);

    std::thread{accept_all, std::ref(acceptor), std::ref(tls), std::cref(answer)}.detach();
    while (std::getchar() != EOF)
        continue;
    // The threads still use what is here.
    std::_Exit(EXIT_SUCCESS);
}

} // namespace vidi_benchmark
