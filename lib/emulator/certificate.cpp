#include "emulator/certificate.hpp"

#include "emulator/openssl.hpp"

#include <openssl/bio.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>

#include <optional>
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

/// Who issues certificates.
struct authority
{
    evp_pkey_ptr key;
    x509_name_ptr name;
    x509_ptr certificate;
};

void add_authority_extensions(X509* certificate, X509* issuer)
{
    add_extension(certificate, issuer, NID_basic_constraints, "critical,CA:TRUE");
    add_extension(certificate, issuer, NID_key_usage, "critical,keyCertSign,cRLSign");
    add_extension(certificate, issuer, NID_subject_key_identifier, "hash");
}

// The root of a hierarchy, or what is below another authority.
authority make_authority(char const* common_name, authority const* above = nullptr)
{
    authority result{.key = make_key(), .name = make_name(common_name), .certificate = {}};
    auto const& issuer = above ? *above : result;
    result.certificate = make_certificate(
        result.key.get(), result.name.get(), issuer.name.get(), {-60 * day, 60 * day});
    auto const x = result.certificate.get();
    add_authority_extensions(x, above ? above->certificate.get() : x);
    if (above)
        add_extension(x, above->certificate.get(), NID_authority_key_identifier, "keyid");
    sign(x, issuer.key.get());
    return result;
}

void add_leaf_extensions(X509* certificate, X509* issuer, char const* purpose)
{
    add_extension(certificate, issuer, NID_basic_constraints, "critical,CA:FALSE");
    add_extension(certificate, issuer, NID_key_usage, "critical,digitalSignature");
    add_extension(certificate, issuer, NID_ext_key_usage, purpose);
    add_extension(certificate, issuer, NID_subject_key_identifier, "hash");
    add_extension(certificate, issuer, NID_authority_key_identifier, "keyid");
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

// As certificates are pinned.
std::string pin_of(EVP_PKEY* key)
{
    unsigned char* der = nullptr;
    auto const size = i2d_PUBKEY(key, &der);
    check(size > 0, "cannot write a public key");
    unsigned char digest[32];
    check(
        EVP_Digest(der, static_cast<std::size_t>(size), digest, nullptr, EVP_sha256(), nullptr),
        "cannot hash a public key");
    OPENSSL_free(der);
    // With the zero that it ends with.
    std::string text(4 * ((sizeof digest + 2) / 3) + 1, '\0');
    EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()), digest, sizeof digest);
    text.pop_back();
    return text;
}

credentials make_client_credentials()
{
    auto const authority = make_authority("vidi emulator authority of clients");
    auto const key = make_key();
    auto const name = make_name("vidi emulator client");
    auto const certificate = make_certificate(
        key.get(), name.get(), authority.name.get(), validity_of(certificate_kind::valid));
    add_leaf_extensions(certificate.get(), authority.certificate.get(), "clientAuth");
    sign(certificate.get(), authority.key.get());
    return {to_pem(authority.certificate.get()), to_pem(certificate.get()), to_pem(key.get())};
}

x509_ptr make_server_certificate(EVP_PKEY* key, authority const* issuer, certificate_kind kind)
{
    auto const name = make_name("vidi emulator");
    auto certificate = make_certificate(
        key, name.get(), issuer ? issuer->name.get() : name.get(), validity_of(kind));
    auto const x = certificate.get();
    auto const issuer_certificate = issuer ? issuer->certificate.get() : x;
    add_leaf_extensions(x, issuer_certificate, "serverAuth");
    auto const names = kind == certificate_kind::wrong_host ? "DNS:elsewhere.invalid"
                                                            : "IP:127.0.0.1,IP:::1,DNS:localhost";
    add_extension(x, issuer_certificate, NID_subject_alt_name, names);
    sign(x, issuer ? issuer->key.get() : key);
    return certificate;
}

} // namespace

identity make_identity(certificate_kind kind)
{
    auto const root = make_authority("vidi emulator authority");
    std::optional<authority> other;
    if (kind == certificate_kind::unknown_ca)
        other = make_authority("another authority");
    if (kind == certificate_kind::with_intermediate ||
        kind == certificate_kind::missing_intermediate)
        other = make_authority("vidi emulator intermediate authority", &root);
    auto const key = make_key();
    bool const self_signed = kind == certificate_kind::self_signed;
    auto const issuer = self_signed ? nullptr : other ? &*other : &root;
    auto const certificate = make_server_certificate(key.get(), issuer, kind);
    identity result{
        .authority_certificate = to_pem(root.certificate.get()),
        .certificate = to_pem(certificate.get()),
        .private_key = to_pem(key.get()),
        .intermediate_certificate = {},
        .public_key_pin = pin_of(key.get()),
        .client = make_client_credentials()};
    if (kind == certificate_kind::with_intermediate)
        result.intermediate_certificate = to_pem(other->certificate.get());
    return result;
}

} // namespace vidi::emulation
