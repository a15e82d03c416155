#include "emulator/certificate.hpp"

#include "emulator/openssl.hpp"

#include <openssl/bio.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>

#include <string>

namespace vidi::emulation {
namespace {

using testing::certificate_kind;

constexpr long day = 24L * 60 * 60;

struct validity
{
    long begin;
    long end;
};

// Clocks of test machines differ, so that a valid certificate begins an hour ago.
validity validity_of(certificate_kind kind)
{
    switch (kind) {
    case certificate_kind::expired:
        return {-30 * day, -day};
    case certificate_kind::not_yet_valid:
        return {day, 30 * day};
    default:
        return {-60L * 60, 30 * day};
    }
}

evp_pkey_ptr make_key() { return evp_pkey_ptr{check(EVP_EC_gen("P-256"), "cannot make a key")}; }

void set_random_serial(X509* certificate)
{
    unsigned char bytes[16];
    check(RAND_bytes(bytes, sizeof bytes), "no random bytes");
    // A serial number is positive.
    bytes[0] &= 0x7f;
    bignum_ptr const number{check(BN_bin2bn(bytes, sizeof bytes, nullptr), "no serial number")};
    check(BN_to_ASN1_INTEGER(number.get(), X509_get_serialNumber(certificate)), "no serial number");
}

x509_name_ptr make_name(char const* common_name)
{
    x509_name_ptr name{check(X509_NAME_new(), "cannot make a name")};
    auto const text = reinterpret_cast<unsigned char const*>(common_name);
    check(
        X509_NAME_add_entry_by_txt(name.get(), "CN", MBSTRING_UTF8, text, -1, -1, 0),
        "cannot make a name");
    return name;
}

void add_extension(X509* certificate, X509* issuer, int id, char const* value)
{
    X509V3_CTX context;
    X509V3_set_ctx_nodb(&context);
    X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
    x509_extension_ptr const extension{
        check(X509V3_EXT_conf_nid(nullptr, &context, id, value), "cannot make an extension")};
    check(X509_add_ext(certificate, extension.get(), -1), "cannot add an extension");
}

x509_ptr
make_certificate(EVP_PKEY* key, X509_NAME const* subject, X509_NAME const* issuer, validity valid)
{
    x509_ptr certificate{check(X509_new(), "cannot make a certificate")};
    auto const x = certificate.get();
    check(X509_set_version(x, X509_VERSION_3), "cannot set the version");
    set_random_serial(x);
    check(X509_gmtime_adj(X509_getm_notBefore(x), valid.begin), "cannot set the validity");
    check(X509_gmtime_adj(X509_getm_notAfter(x), valid.end), "cannot set the validity");
    check(X509_set_subject_name(x, subject), "cannot set the subject");
    check(X509_set_issuer_name(x, issuer), "cannot set the issuer");
    check(X509_set_pubkey(x, key), "cannot set the key");
    return certificate;
}

void sign(X509* certificate, EVP_PKEY* key)
{
    check(X509_sign(certificate, key, EVP_sha256()), "cannot sign a certificate");
}

x509_ptr make_authority(EVP_PKEY* key, X509_NAME const* name)
{
    auto certificate = make_certificate(key, name, name, {-60 * day, 60 * day});
    auto const x = certificate.get();
    add_extension(x, x, NID_basic_constraints, "critical,CA:TRUE,pathlen:0");
    add_extension(x, x, NID_key_usage, "critical,keyCertSign,cRLSign");
    add_extension(x, x, NID_subject_key_identifier, "hash");
    sign(x, key);
    return certificate;
}

void add_leaf_extensions(X509* certificate, X509* issuer, certificate_kind kind)
{
    add_extension(certificate, issuer, NID_basic_constraints, "critical,CA:FALSE");
    add_extension(certificate, issuer, NID_key_usage, "critical,digitalSignature");
    add_extension(certificate, issuer, NID_ext_key_usage, "serverAuth");
    add_extension(certificate, issuer, NID_subject_key_identifier, "hash");
    add_extension(certificate, issuer, NID_authority_key_identifier, "keyid");
    auto const names = kind == certificate_kind::wrong_host ? "DNS:elsewhere.invalid"
                                                            : "IP:127.0.0.1,IP:::1,DNS:localhost";
    add_extension(certificate, issuer, NID_subject_alt_name, names);
}

std::string text_of(BIO* bio)
{
    char* data = nullptr;
    auto const size = BIO_get_mem_data(bio, &data);
    return {data, static_cast<std::size_t>(size)};
}

std::string to_pem(X509* certificate)
{
    bio_ptr const bio{check(BIO_new(BIO_s_mem()), "out of memory")};
    check(PEM_write_bio_X509(bio.get(), certificate), "cannot write a certificate");
    return text_of(bio.get());
}

std::string to_pem(EVP_PKEY* key)
{
    bio_ptr const bio{check(BIO_new(BIO_s_mem()), "out of memory")};
    check(
        PEM_write_bio_PrivateKey(bio.get(), key, nullptr, nullptr, 0, nullptr, nullptr),
        "cannot write a key");
    return text_of(bio.get());
}

} // namespace

identity make_identity(certificate_kind kind)
{
    auto const authority_key = make_key();
    auto const authority_name = make_name("vidi emulator authority");
    auto const authority = make_authority(authority_key.get(), authority_name.get());

    auto const key = make_key();
    auto const name = make_name("vidi emulator");
    bool const self_signed = kind == certificate_kind::self_signed;
    auto const leaf = make_certificate(
        key.get(), name.get(), self_signed ? name.get() : authority_name.get(), validity_of(kind));
    add_leaf_extensions(leaf.get(), self_signed ? leaf.get() : authority.get(), kind);
    sign(leaf.get(), self_signed ? key.get() : authority_key.get());
    return {to_pem(authority.get()), to_pem(leaf.get()), to_pem(key.get())};
}

} // namespace vidi::emulation
