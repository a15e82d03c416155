#include "support/blocking_client.hpp"

#include <boost/asio/read.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/buffers_to_string.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value_to.hpp>

#include <openssl/evp.h>

#include <stdexcept>

namespace vidi_test {

namespace http = boost::beast::http;
namespace json = boost::json;
namespace net = boost::asio;

blocking_client::blocking_client(std::uint16_t port, client_settings settings, session_ptr session)
    : context_{net::ssl::context::tls_client}, socket_{io_}
{
    socket_.connect({net::ip::address_v4::loopback(), port});
    if (!settings.tls)
        return;
    if (!settings.ca.empty()) {
        context_.set_verify_mode(net::ssl::verify_peer);
        context_.add_certificate_authority(net::buffer(settings.ca));
        context_.set_verify_callback(net::ssl::host_name_verification("127.0.0.1"));
    }
    if (!settings.certificate.empty()) {
        context_.use_certificate(
            net::buffer(settings.certificate), net::ssl::context::file_format::pem);
        context_.use_private_key(
            net::buffer(settings.private_key), net::ssl::context::file_format::pem);
    }
    if (settings.only_version != 0) {
        // Asio's context refuses old versions by an option, and OpenSSL by the security level.
        context_.clear_options(net::ssl::context::no_tlsv1 | net::ssl::context::no_tlsv1_1);
        if (settings.only_version < TLS1_2_VERSION)
            SSL_CTX_set_security_level(context_.native_handle(), 0);
        SSL_CTX_set_min_proto_version(context_.native_handle(), settings.only_version);
        SSL_CTX_set_max_proto_version(context_.native_handle(), settings.only_version);
    }
    tls_.emplace(socket_, context_);
    if (session)
        SSL_set_session(tls_->native_handle(), session.get());
    tls_->handshake(net::ssl::stream_base::client);
}

void blocking_client::send(std::string_view bytes)
{
    with_stream([&](auto& stream) { return net::write(stream, net::buffer(bytes)); });
}

blocking_client::response blocking_client::read(bool to_head)
{
    http::response_parser<http::string_body> parser;
    parser.skip(to_head);
    parser.body_limit(1u << 30);
    with_stream([&](auto& stream) { return http::read(stream, buffer_, parser); });
    return parser.release();
}

blocking_client::rest blocking_client::read_rest()
{
    rest result{boost::beast::buffers_to_string(buffer_.data()), {}};
    buffer_.consume(buffer_.size());
    with_stream([&](auto& stream) {
        return net::read(stream, net::dynamic_buffer(result.bytes), result.end);
    });
    return result;
}

std::string blocking_client::read_bytes(std::size_t size)
{
    std::string bytes(size, '\0');
    with_stream([&](auto& stream) { return net::read(stream, net::buffer(bytes)); });
    return bytes;
}

blocking_client::session_ptr blocking_client::session()
{
    return {SSL_get1_session(tls_->native_handle()), SSL_SESSION_free};
}

bool blocking_client::resumed() { return SSL_session_reused(tls_->native_handle()) == 1; }

std::string blocking_client::cipher_version() { return SSL_get_version(tls_->native_handle()); }

void blocking_client::close() { socket_.close(); }

std::string post(std::string_view body, std::string_view fields)
{
    std::string text = "POST /v1/responses HTTP/1.1\r\n"
                       "Host: 127.0.0.1\r\n"
                       "Authorization: Bearer sk-emulator\r\n"
                       "Content-Type: application/json\r\n"
                       "Content-Length: ";
    return text.append(std::to_string(body.size()))
        .append("\r\n")
        .append(fields)
        .append("\r\n")
        .append(body);
}

std::string question(std::string_view text, std::initializer_list<std::string> image_urls)
{
    json::array content{{{"type", "input_text"}, {"text", text}}};
    for (auto const& url : image_urls)
        content.push_back({{"type", "input_image"}, {"image_url", url}});
    json::object const body{
        {"model", "gpt-5-mini"}, {"input", json::array{{{"role", "user"}, {"content", content}}}}};
    return json::serialize(body);
}

std::string output_text(std::string const& body)
{
    auto const response = json::parse(body);
    for (auto const& item : response.at("output").as_array())
        if (item.at("type") == "message")
            return json::value_to<std::string>(item.at("content").at(0).at("text"));
    throw std::runtime_error("no message in " + body);
}

std::string to_data_url(std::string_view media_type, std::string_view bytes)
{
    std::string base64(4 * ((bytes.size() + 2) / 3) + 1, '\0');
    EVP_EncodeBlock(
        reinterpret_cast<unsigned char*>(base64.data()),
        reinterpret_cast<unsigned char const*>(bytes.data()), static_cast<int>(bytes.size()));
    base64.pop_back();
    std::string url("data:");
    return url.append(media_type).append(";base64,").append(base64);
}

} // namespace vidi_test
