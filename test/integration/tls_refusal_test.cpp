#include "integration/client_fixture.hpp"
#include "integration/openssl_files.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/ssl/stream.hpp>

#include <thread>

namespace vidi::testing {
namespace {

namespace ssl = asio::ssl;
using tcp = asio::ip::tcp;

// A server that ends the handshake if the client shows no certificate of `authority`. It serves one
// connection, and reads it to its end, so that no reset overtakes what it has to say.
class demanding_server
{
public:
    demanding_server(openssl_files const& files, ssl::context::method version) : tls_{version}
    {
        tls_.use_certificate_chain_file(files.certificate_file("server"));
        tls_.use_private_key_file(files.private_key_file("server"), ssl::context::pem);
        tls_.load_verify_file(files.certificate_file("authority"));
        tls_.set_verify_mode(ssl::verify_peer | ssl::verify_fail_if_no_peer_cert);
        thread_ = std::jthread{[this] { serve(); }};
    }

    std::string url() const
    {
        return "https://127.0.0.1:" + std::to_string(acceptor_.local_endpoint().port());
    }

    std::string base_url() const { return url() + "/v1"; }

private:
    void serve()
    {
        error_code ec;
        ssl::stream<tcp::socket> stream{acceptor_.accept(), tls_};
        stream.handshake(ssl::stream_base::server, ec);
        stream.next_layer().shutdown(tcp::socket::shutdown_send, ec);
        std::string rest;
        asio::read(stream.next_layer(), asio::dynamic_buffer(rest), ec);
    }

    asio::io_context context_;
    tcp::acceptor acceptor_{context_, {asio::ip::address_v4::loopback(), 0}};
    ssl::context tls_;
    std::jthread thread_;
};

class tls_refusal : public client_test
{
protected:
    tls_refusal()
    {
        files.make_authority("authority");
        files.make_certificate("server", "authority");
    }

    openssl_files files;
};

TEST_F(tls_refusal, of_a_client_without_a_certificate)
{
    // With TLS 1.3 the client learns of it when the handshake has ended for it.
    for (auto const version : {ssl::context::tlsv12_server, ssl::context::tlsv13_server}) {
        demanding_server const demanding{files, version};
        config.base_url = demanding.base_url();
        config.tls.ca_certificates = files.certificate("authority");
        destroy_client();
        auto const [called, ec, response] =
            exchange(vidi::request{.model = "gpt-5-mini", .input = "?"});
        EXPECT_EQ(ec, errc::tls_handshake_failed) << describe_failure(ec, response);
        EXPECT_NE(ec, condition::retryable);
        EXPECT_EQ(response.exchange.possibly_billed, 0U);
        EXPECT_NE(response.exchange.detail.find("alert"), std::string::npos)
            << response.exchange.detail;
    }
}

TEST_F(tls_refusal, of_a_certificate_of_an_unknown_authority)
{
    files.make_authority("stranger");
    files.make_certificate("client", "stranger");
    for (auto const version : {ssl::context::tlsv12_server, ssl::context::tlsv13_server}) {
        demanding_server const demanding{files, version};
        config.base_url = demanding.base_url();
        config.tls.ca_certificates = files.certificate("authority");
        config.tls.certificate_file = files.certificate_file("client");
        config.tls.private_key_file = files.private_key_file("client");
        destroy_client();
        auto const [called, ec, response] =
            exchange(vidi::request{.model = "gpt-5-mini", .input = "?"});
        EXPECT_EQ(ec, errc::tls_handshake_failed) << describe_failure(ec, response);
        EXPECT_EQ(response.exchange.possibly_billed, 0U);
        EXPECT_NE(response.exchange.detail.find("unknown ca"), std::string::npos)
            << response.exchange.detail;
    }
}

TEST_F(tls_refusal, by_a_proxy)
{
    for (auto const version : {ssl::context::tlsv12_server, ssl::context::tlsv13_server}) {
        demanding_server const demanding{files, version};
        config.base_url = "https://api.example.com/v1";
        config.proxy.emplace();
        config.proxy->url = demanding.url();
        config.proxy->tls.ca_certificates = files.certificate("authority");
        destroy_client();
        auto const [called, ec, response] =
            exchange(vidi::request{.model = "gpt-5-mini", .input = "?"});
        EXPECT_EQ(ec, errc::tls_handshake_failed) << describe_failure(ec, response);
        EXPECT_NE(ec, condition::retryable);
        EXPECT_EQ(response.exchange.attempts, 0U);
        auto const& detail = response.exchange.detail;
        EXPECT_TRUE(detail.starts_with("proxy: 127.0.0.1:")) << detail;
        EXPECT_NE(detail.find("alert"), std::string::npos) << detail;
    }
}

} // namespace
} // namespace vidi::testing
