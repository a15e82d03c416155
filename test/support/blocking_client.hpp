#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/string_body.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace vidi_test {

struct client_settings
{
    bool tls = true;
    /// In PEM; empty verifies nothing.
    std::string ca{};
    /// One of OpenSSL's constants, such as TLS1_2_VERSION, or 0.
    int only_version = 0;
    /// In PEM; empty for none.
    std::string certificate{};
    std::string private_key{};
};

/// An HTTP client that owes nothing to the library: it blocks, and sends what it is told to.
class blocking_client
{
public:
    using response = boost::beast::http::response<boost::beast::http::string_body>;
    using session_ptr = std::shared_ptr<SSL_SESSION>;

    /// Connects. Throws boost::system::system_error.
    explicit blocking_client(
        std::uint16_t port, client_settings settings = {}, session_ptr session = nullptr);

    void send(std::string_view bytes);
    /// Throws boost::system::system_error.
    response read(bool to_head = false);
    /// Everything until the connection ends, and how it ends.
    struct rest
    {
        std::string bytes;
        boost::system::error_code end;
    };
    rest read_rest();
    /// Waits for that many bytes.
    std::string read_bytes(std::size_t size);

    /// What another connection needs for resuming this one.
    session_ptr session();
    bool resumed();
    std::string cipher_version();

    void close();

private:
    template <typename F>
    auto with_stream(F&& f)
    {
        return tls_ ? f(*tls_) : f(socket_);
    }

    boost::asio::io_context io_;
    boost::asio::ssl::context context_;
    boost::asio::ip::tcp::socket socket_;
    std::optional<boost::asio::ssl::stream<boost::asio::ip::tcp::socket&>> tls_;
    boost::beast::flat_buffer buffer_;
};

/// The text of a `POST /v1/responses` with the emulator's key; `fields` are further header lines,
/// each with its CRLF.
std::string post(std::string_view body, std::string_view fields = {});

/// A request body that asks about pictures.
std::string question(std::string_view text, std::initializer_list<std::string> image_urls = {});

/// The text that a response's message says.
std::string output_text(std::string const& body);

std::string to_data_url(std::string_view media_type, std::string_view bytes);

} // namespace vidi_test
