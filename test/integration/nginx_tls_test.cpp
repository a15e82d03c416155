#include "integration/client_fixture.hpp"
#include "integration/nginx.hpp"
#include "integration/openssl_files.hpp"

namespace vidi::testing {
namespace {

// Answers each request. As the request id it tells what it knows of the connection: whether it
// was resumed ("r"), what it thinks of the client's certificate, and the name that was asked for.
constexpr char server_block[] = R"(
    add_header x-request-id "$ssl_session_reused $ssl_client_verify $ssl_server_name" always;
    location / {
        default_type application/json;
        return 200 '{"id":"resp_1","output":[]}';
    }
)";

class nginx_tls : public client_test
{
protected:
    void SetUp() override
    {
        if (!nginx::is_installed())
            GTEST_SKIP() << "there is no nginx";
        files.make_authority("authority");
        files.make_certificate("server", "authority");
    }

    // A server with the certificate in a file, and a client that trusts in `authority`.
    void start(std::string const& directives, std::string const& certificate_file)
    {
        destroy_client();
        web_server.emplace(
            server_block + directives, "",
            nginx::identity{certificate_file, files.private_key_file("server")});
        config = {};
        config.base_url = "https://127.0.0.1:" + std::to_string(web_server->port()) + "/v1";
        config.tls.ca_certificates = files.certificate("authority");
    }

    void start(std::string const& directives = {})
    {
        start(directives, files.certificate_file("server"));
    }

    outcome answer()
    {
        auto result = exchange(vidi::request{.model = "gpt-5-mini", .input = "?"});
        expect_nothing_in_use();
        return result;
    }

    // What nginx knows of an exchange that succeeded.
    std::string knowledge()
    {
        auto const result = answer();
        EXPECT_FALSE(result.ec) << describe_failure(result.ec, result.response);
        return result.response.exchange.request_id;
    }

    void expect_refusal(errc expected, std::string const& reason)
    {
        auto const [called, ec, response] = answer();
        EXPECT_EQ(ec, expected) << describe_failure(ec, response);
        EXPECT_EQ(ec, condition::tls);
        EXPECT_NE(ec, condition::retryable);
        EXPECT_EQ(response.exchange.attempts, 0U);
        EXPECT_NE(response.exchange.detail.find(reason), std::string::npos)
            << response.exchange.detail;
    }

    openssl_files files;
    std::optional<nginx> web_server;
};

TEST_F(nginx_tls, an_unknown_authority)
{
    start();
    files.make_authority("stranger");
    config.tls.ca_certificates = files.certificate("stranger");
    expect_refusal(errc::tls_certificate_untrusted, "unable to get local issuer certificate");
}

TEST_F(nginx_tls, an_intermediate_certificate_that_is_missing)
{
    files.make_authority("intermediate", "authority");
    files.make_certificate("server", "intermediate");
    start();
    expect_refusal(errc::tls_certificate_untrusted, "unable to get local issuer certificate");

    start({}, files.bundle("server", "intermediate"));
    knowledge();
}

TEST_F(nginx_tls, versions_that_are_too_old)
{
    struct row
    {
        char const* directives;
        vidi::tls_version min_version;
        bool spoken;
    };
    row const table[]{
        {"ssl_protocols TLSv1.1; ssl_ciphers ALL:@SECLEVEL=0;", vidi::tls_version::v1_2, false},
        {"ssl_protocols TLSv1.2;", vidi::tls_version::v1_3, false},
        {"ssl_protocols TLSv1.2;", vidi::tls_version::v1_2, true},
        {"ssl_protocols TLSv1.3;", vidi::tls_version::v1_3, true},
    };
    for (auto const& [directives, min_version, spoken] : table) {
        SCOPED_TRACE(directives);
        start(directives);
        config.tls.min_version = min_version;
        if (spoken)
            knowledge();
        else
            expect_refusal(errc::tls_handshake_failed, "protocol version");
    }
}

TEST_F(nginx_tls, pinned_public_keys)
{
    start();
    files.make_authority("stranger");
    struct row
    {
        std::vector<std::string> pins;
        bool accepted;
    };
    row const table[]{
        {{files.pin("server")}, true},
        {{"sha256//" + files.pin("server")}, true},
        {{files.pin("stranger"), files.pin("server")}, true},
        {{files.pin("authority")}, true},
        {{files.pin("stranger")}, false},
    };
    for (auto const& [pins, accepted] : table) {
        destroy_client();
        config.tls.pinned_public_keys = pins;
        if (accepted)
            knowledge();
        else
            expect_refusal(errc::tls_public_key_mismatch, "pinned");
    }
}

TEST_F(nginx_tls, a_pin_does_not_replace_verification)
{
    start();
    config.tls.ca_certificates.clear();
    config.tls.pinned_public_keys = {files.pin("server")};
    expect_refusal(errc::tls_certificate_untrusted, "unable to get local issuer certificate");
}

TEST_F(nginx_tls, a_refused_server_leaves_no_session_to_resume)
{
    for (std::string const version : {"TLSv1.2", "TLSv1.3"}) {
        start("ssl_protocols " + version + ';');
        config.tls.pinned_public_keys = {files.pin("authority")};
        EXPECT_EQ(knowledge(), ". NONE");
        client().close_idle_connections();
        EXPECT_EQ(knowledge(), "r NONE");

        destroy_client();
        files.make_authority("stranger");
        config.tls.pinned_public_keys = {files.pin("stranger")};
        for (int i = 0; i != 3; ++i)
            expect_refusal(errc::tls_public_key_mismatch, "pinned");
        EXPECT_EQ(client().statistics().failures[errc::tls_public_key_mismatch], 3U);
    }
}

TEST_F(nginx_tls, verification_that_is_switched_off)
{
    start();
    files.make_authority("stranger");
    config.base_url = "https://localhost:" + std::to_string(web_server->port()) + "/v1";
    config.tls.ca_certificates = files.certificate("stranger");
    EXPECT_TRUE(config.tls.verifies_peer());
    config.tls.disable_verification_insecurely();
    EXPECT_FALSE(config.tls.verifies_peer());
    EXPECT_EQ(knowledge(), ". NONE localhost");

    destroy_client();
    config.tls.pinned_public_keys = {files.pin("server")};
    EXPECT_EQ(knowledge(), ". NONE localhost");

    // Anybody can send along a certificate that is not his.
    start({}, files.bundle("server", "authority"));
    config.tls.disable_verification_insecurely();
    config.tls.pinned_public_keys = {files.pin("authority")};
    expect_refusal(errc::tls_public_key_mismatch, "pinned");
}

class nginx_tls_client_certificate : public nginx_tls
{
protected:
    void SetUp() override
    {
        nginx_tls::SetUp();
        if (IsSkipped())
            return;
        files.make_certificate("client", "authority");
    }

    void start_asking(std::string const& more = {})
    {
        start(
            "ssl_verify_client on; ssl_client_certificate " + files.certificate_file("authority") +
            ';' + more);
    }
};

TEST_F(nginx_tls_client_certificate, from_files)
{
    start_asking();
    config.tls.certificate_file = files.certificate_file("client");
    config.tls.private_key_file = files.private_key_file("client");
    EXPECT_EQ(knowledge(), ". SUCCESS");
}

TEST_F(nginx_tls_client_certificate, from_text_with_an_encrypted_key)
{
    start_asking();
    files.encrypt_key("client", "pass word");
    config.tls.certificate = files.certificate("client");
    config.tls.private_key = files.private_key("client");
    config.tls.private_key_password = "pass word";
    EXPECT_EQ(knowledge(), ". SUCCESS");
}

TEST_F(nginx_tls_client_certificate, with_an_intermediate_one)
{
    start_asking("ssl_verify_depth 2;");
    files.make_authority("intermediate", "authority");
    files.make_certificate("client", "intermediate");
    config.tls.certificate_file = files.bundle("client", "intermediate");
    config.tls.private_key_file = files.private_key_file("client");
    EXPECT_EQ(knowledge(), ". SUCCESS");
}

TEST_F(nginx_tls_client_certificate, that_is_missing)
{
    start_asking();
    auto const [called, ec, response] = answer();
    EXPECT_EQ(ec, errc::bad_request) << describe_failure(ec, response);
    EXPECT_NE(
        response.exchange.body_excerpt.find("No required SSL certificate was sent"),
        std::string::npos);
}

TEST_F(nginx_tls_client_certificate, that_nobody_knows)
{
    start_asking();
    files.make_authority("stranger");
    files.make_certificate("client", "stranger");
    config.tls.certificate_file = files.certificate_file("client");
    config.tls.private_key_file = files.private_key_file("client");
    auto const [called, ec, response] = answer();
    EXPECT_EQ(ec, errc::bad_request) << describe_failure(ec, response);
    EXPECT_NE(response.exchange.body_excerpt.find("The SSL certificate error"), std::string::npos);
}

TEST_F(nginx_tls_client_certificate, settings_that_cannot_be_used_are_named)
{
    start_asking();
    files.make_certificate("other", "authority");
    files.make_certificate("encrypted", "authority");
    files.encrypt_key("encrypted", "password");
    struct row
    {
        void (*spoil)(tls_options&, openssl_files const&);
        char const* named;
    };
    row const table[]{
        {[](tls_options& o, openssl_files const&) { o.certificate_file = "/nowhere.pem"; },
         "tls.certificate_file: /nowhere.pem"},
        {[](tls_options& o, openssl_files const& f) {
             o.certificate_file = f.private_key_file("client");
         },
         "tls.certificate_file"},
        {[](tls_options& o, openssl_files const& f) { o.certificate = f.certificate("client"); },
         "tls.certificate:"},
        {[](tls_options& o, openssl_files const&) {
             o.certificate_file.clear();
             o.certificate = "nonsense";
         },
         "tls.certificate:"},
        {[](tls_options& o, openssl_files const&) { o.certificate_file.clear(); },
         "tls.certificate_file"},
        {[](tls_options& o, openssl_files const&) { o.private_key_file = "/nowhere.key"; },
         "tls.private_key_file: /nowhere.key"},
        {[](tls_options& o, openssl_files const&) { o.private_key_file.clear(); },
         "tls.private_key_file"},
        {[](tls_options& o, openssl_files const&) { o.private_key = "hunter2"; },
         "tls.private_key:"},
        {[](tls_options& o, openssl_files const&) {
             o.private_key_file.clear();
             o.private_key = "hunter2";
         },
         "tls.private_key:"},
        {[](tls_options& o, openssl_files const& f) {
             o.private_key_file = f.private_key_file("other");
         },
         "key values mismatch"},
        {[](tls_options& o, openssl_files const& f) {
             o.certificate_file = f.certificate_file("encrypted");
             o.private_key_file = f.private_key_file("encrypted");
         },
         "tls.private_key_password"},
        {[](tls_options& o, openssl_files const& f) {
             o.certificate_file = f.certificate_file("encrypted");
             o.private_key_file = f.private_key_file("encrypted");
             o.private_key_password = "hunter2";
         },
         "tls.private_key_password"},
        {[](tls_options& o, openssl_files const&) {
             o = {};
             o.private_key_password = "hunter2";
         },
         "tls.private_key_password"},
        {[](tls_options& o, openssl_files const&) { o.pinned_public_keys = {"hunter2"}; },
         "tls.pinned_public_keys"},
    };
    config.tls.certificate_file = files.certificate_file("client");
    config.tls.private_key_file = files.private_key_file("client");
    for (auto const& [spoil, named] : table) {
        auto bad = config;
        spoil(bad.tls, files);
        try {
            vidi::client refused{context, bad};
            ADD_FAILURE() << named << " must be refused";
        }
        catch (boost::system::system_error const& e) {
            EXPECT_EQ(e.code(), errc::invalid_configuration);
            EXPECT_NE(std::string{e.what()}.find(named), std::string::npos) << e.what();
            EXPECT_EQ(std::string{e.what()}.find("hunter2"), std::string::npos) << e.what();
        }
    }
}

} // namespace
} // namespace vidi::testing
