#include "emulator/certificate.hpp"
#include "emulator/digest.hpp"
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
    STACK_OF(X509)* const sent = sk_X509_new_null();
    x509_ptr intermediate;
    if (!identity.intermediate_certificate.empty()) {
        intermediate = read_certificate(identity.intermediate_certificate);
        sk_X509_push(sent, intermediate.get());
    }
    X509_STORE_CTX_init(context.get(), store.get(), leaf.get(), sent);
    X509_STORE_CTX_set_default(context.get(), "ssl_server");
    auto const param = X509_STORE_CTX_get0_param(context.get());
    X509_VERIFY_PARAM_set1_ip_asc(param, ip);
    X509_verify_cert(context.get());
    sk_X509_free(sent);
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
    auto const no_issuer = X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY;
    EXPECT_EQ(error_of(certificate_kind::unknown_ca), no_issuer);
    EXPECT_EQ(error_of(certificate_kind::missing_intermediate), no_issuer);
}

TEST(certificate, an_intermediate_authority_vouches_if_it_is_known)
{
    auto identity = make_identity(certificate_kind::with_intermediate);
    EXPECT_EQ(verify(identity, "127.0.0.1"), X509_V_OK);
    identity.intermediate_certificate.clear();
    EXPECT_NE(verify(identity, "127.0.0.1"), X509_V_OK);
}

TEST(certificate, the_pin_is_that_of_the_public_key)
{
    auto const identity = make_identity(certificate_kind::valid);
    EXPECT_EQ(identity.public_key_pin.size(), 44u);
    EXPECT_TRUE(identity.public_key_pin.ends_with('='));
    auto const leaf = read_certificate(identity.certificate);
    unsigned char* der = nullptr;
    auto const size = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(leaf.get()), &der);
    std::string const key{reinterpret_cast<char*>(der), static_cast<std::size_t>(size)};
    OPENSSL_free(der);
    unsigned char decoded[33];
    EVP_DecodeBlock(
        decoded, reinterpret_cast<unsigned char const*>(identity.public_key_pin.data()), 44);
    std::string hexadecimal;
    for (int i = 0; i < 32; ++i) {
        char digits[3];
        std::snprintf(digits, sizeof digits, "%02x", decoded[i]);
        hexadecimal += digits;
    }
    EXPECT_EQ(hexadecimal, sha256_hex(key));
}

TEST(certificate, that_of_a_client_is_another_authority_s)
{
    auto const identity = make_identity(certificate_kind::valid);
    EXPECT_NE(identity.client.authority_certificate, identity.authority_certificate);
    auto const certificate = read_certificate(identity.client.certificate);
    auto const authority = read_certificate(identity.client.authority_certificate);
    EXPECT_EQ(X509_verify(certificate.get(), X509_get0_pubkey(authority.get())), 1);
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
