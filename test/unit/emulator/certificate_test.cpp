#include "emulator/certificate.hpp"
#include "emulator/openssl.hpp"

#include <gtest/gtest.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <string>

namespace {

using namespace vidi::emulation;
using vidi::testing::certificate_kind;

using store_ptr = std::unique_ptr<X509_STORE, openssl_deleter<X509_STORE_free>>;
using store_ctx_ptr = std::unique_ptr<X509_STORE_CTX, openssl_deleter<X509_STORE_CTX_free>>;

bio_ptr reader_of(std::string const& text)
{
    return bio_ptr{BIO_new_mem_buf(text.data(), static_cast<int>(text.size()))};
}

x509_ptr read_certificate(std::string const& pem)
{
    auto const bio = reader_of(pem);
    return x509_ptr{PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr)};
}

// What a client that trusts the authority alone finds.
int verify(identity const& identity, char const* ip)
{
    auto const authority = read_certificate(identity.authority_certificate);
    auto const leaf = read_certificate(identity.certificate);
    store_ptr const store{X509_STORE_new()};
    X509_STORE_add_cert(store.get(), authority.get());
    store_ctx_ptr const context{X509_STORE_CTX_new()};
    X509_STORE_CTX_init(context.get(), store.get(), leaf.get(), nullptr);
    X509_STORE_CTX_set_default(context.get(), "ssl_server");
    auto const param = X509_STORE_CTX_get0_param(context.get());
    X509_VERIFY_PARAM_set1_ip_asc(param, ip);
    X509_verify_cert(context.get());
    return X509_STORE_CTX_get_error(context.get());
}

TEST(certificate, a_valid_one_is_accepted_for_both_loopback_addresses)
{
    auto const identity = make_identity(certificate_kind::valid);
    EXPECT_EQ(verify(identity, "127.0.0.1"), X509_V_OK);
    EXPECT_EQ(verify(identity, "::1"), X509_V_OK);
    EXPECT_EQ(verify(identity, "127.0.0.2"), X509_V_ERR_IP_ADDRESS_MISMATCH);
    auto const leaf = read_certificate(identity.certificate);
    EXPECT_EQ(X509_check_host(leaf.get(), "localhost", 0, 0, nullptr), 1);
}

TEST(certificate, every_other_kind_is_refused_for_its_reason)
{
    auto const error_of = [](certificate_kind kind) {
        return verify(make_identity(kind), "127.0.0.1");
    };
    EXPECT_EQ(error_of(certificate_kind::expired), X509_V_ERR_CERT_HAS_EXPIRED);
    EXPECT_EQ(error_of(certificate_kind::not_yet_valid), X509_V_ERR_CERT_NOT_YET_VALID);
    EXPECT_EQ(error_of(certificate_kind::wrong_host), X509_V_ERR_IP_ADDRESS_MISMATCH);
    EXPECT_EQ(error_of(certificate_kind::self_signed), X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT);
}

TEST(certificate, the_key_is_that_of_the_certificate)
{
    auto const identity = make_identity(certificate_kind::valid);
    auto const leaf = read_certificate(identity.certificate);
    auto const bio = reader_of(identity.private_key);
    evp_pkey_ptr const key{PEM_read_bio_PrivateKey(bio.get(), nullptr, nullptr, nullptr)};
    ASSERT_TRUE(key);
    EXPECT_EQ(X509_check_private_key(leaf.get(), key.get()), 1);
    EXPECT_EQ(EVP_PKEY_get_bits(key.get()), 256);
}

TEST(certificate, two_authorities_do_not_vouch_for_each_other)
{
    auto identity = make_identity(certificate_kind::valid);
    identity.authority_certificate = make_identity(certificate_kind::valid).authority_certificate;
    EXPECT_NE(verify(identity, "127.0.0.1"), X509_V_OK);
}

} // namespace
