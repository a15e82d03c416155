#include "support/scripted_peer.hpp"

#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <system_error>

namespace vidi_test {
namespace {

using namespace vidi::emulation;
namespace asio = boost::asio;
using asio::ip::tcp;

// Ed25519, whose signatures are all of one length, so that the same conversation has the same
// lengths each time.
EVP_PKEY* peer_key()
{
    static evp_pkey_ptr const key = [] {
        std::array<unsigned char, 32> bytes;
        bytes.fill('k');
        return evp_pkey_ptr{check(
            EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr, bytes.data(), bytes.size()),
            "no key")};
    }();
    return key.get();
}

void set_name(X509* certificate)
{
    auto* const name = X509_get_subject_name(certificate);
    auto const* const text = reinterpret_cast<unsigned char const*>("localhost");
    check(X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, text, -1, -1, 0), "no name");
    check(X509_set_issuer_name(certificate, name), "no issuer");
    x509_extension_ptr const names{check(
        X509V3_EXT_conf_nid(nullptr, nullptr, NID_subject_alt_name, "DNS:localhost"),
        "no alternative name")};
    check(X509_add_ext(certificate, names.get(), -1), "no alternative name");
}

X509* peer_x509()
{
    static x509_ptr const made = [] {
        x509_ptr certificate{check(X509_new(), "no certificate")};
        auto* const x = certificate.get();
        check(X509_set_version(x, X509_VERSION_3), "no version");
        check(ASN1_INTEGER_set(X509_get_serialNumber(x), 1), "no serial number");
        check(X509_gmtime_adj(X509_getm_notBefore(x), -60L * 60), "no validity");
        check(X509_gmtime_adj(X509_getm_notAfter(x), 24L * 60 * 60), "no validity");
        check(X509_set_pubkey(x, peer_key()), "no public key");
        set_name(x);
        check(X509_sign(x, peer_key(), nullptr), "no signature");
        return certificate;
    }();
    return made.get();
}

} // namespace

std::pair<stream_socket, stream_socket> make_socket_pair(asio::io_context& context)
{
    std::array<int, 2> ends;
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0)
        throw std::system_error{errno, std::system_category(), "socketpair"};
    return {stream_socket{context, tcp::v4(), ends[0]}, stream_socket{context, tcp::v4(), ends[1]}};
}

std::pair<stream_socket, stream_socket> make_loopback_pair(asio::io_context& context)
{
    tcp::acceptor acceptor{context, {asio::ip::address_v4::loopback(), 0}};
    stream_socket client{context};
    client.connect(acceptor.local_endpoint());
    return {std::move(client), acceptor.accept()};
}

std::string const& peer_certificate()
{
    static std::string const pem = [] {
        bio_ptr const bio{check(BIO_new(BIO_s_mem()), "out of memory")};
        check(PEM_write_bio_X509(bio.get(), peer_x509()), "cannot write a certificate");
        char* data = nullptr;
        auto const size = BIO_get_mem_data(bio.get(), &data);
        return std::string{data, static_cast<std::size_t>(size)};
    }();
    return pem;
}

vidi::tls_options trust_in_peer()
{
    vidi::tls_options options;
    options.ca_certificates = peer_certificate();
    return options;
}

ssl_ctx_ptr make_server_context(int version)
{
    ssl_ctx_ptr context{check(SSL_CTX_new(TLS_server_method()), "no context")};
    auto* const c = context.get();
    check(SSL_CTX_use_certificate(c, peer_x509()), "unusable certificate");
    check(SSL_CTX_use_PrivateKey(c, peer_key()), "unusable key");
    check(SSL_CTX_set_min_proto_version(c, version), "no such version");
    check(SSL_CTX_set_max_proto_version(c, version), "no such version");
    return context;
}

scripted_peer::scripted_peer(SSL_CTX* context, stream_socket socket)
    : socket_{std::move(socket)}, ssl_{check(SSL_new(context), "no connection")},
      in_{check(BIO_new(BIO_s_mem()), "out of memory")}, out_{check(
                                                             BIO_new(BIO_s_mem()), "out of memory")}
{
    SSL_set_bio(ssl_.get(), in_, out_);
    SSL_set_accept_state(ssl_.get());
    socket_.non_blocking(true);
}

std::size_t scripted_peer::work()
{
    auto const heard = listen();
    return heard + send_piece();
}

std::size_t scripted_peer::listen()
{
    std::size_t heard = 0;
    boost::system::error_code ec;
    std::array<char, 32 * 1024> buffer;
    while (!ended && !ec) {
        auto const bytes = socket_.read_some(asio::buffer(buffer), ec);
        BIO_write(in_, buffer.data(), static_cast<int>(bytes));
        heard += bytes;
    }
    ended = ended || (ec && ec != asio::error::would_block);
    read_all();
    return heard;
}

// Reading makes the handshake too.
void scripted_peer::read_all()
{
    std::array<char, 16 * 1024> buffer;
    std::size_t bytes = 0;
    int result = 0;
    ERR_clear_error();
    while ((result = SSL_read_ex(ssl_.get(), buffer.data(), buffer.size(), &bytes)) == 1)
        received.append(buffer.data(), bytes);
    outcome = SSL_get_error(ssl_.get(), result);
    if (auto const reason = ERR_peek_error())
        why = reason;
    ERR_clear_error();
    collect();
}

void scripted_peer::collect()
{
    char* data = nullptr;
    auto const size = BIO_get_mem_data(out_, &data);
    unsent.append(data, static_cast<std::size_t>(size));
    BIO_reset(out_);
}

std::size_t scripted_peer::send_piece()
{
    auto size = std::min(unsent.size(), piece);
    if (sent < cut_at)
        size = std::min(size, cut_at - sent);
    auto const bytes = send({unsent.data(), size});
    unsent.erase(0, bytes);
    return bytes;
}

std::size_t scripted_peer::send(std::string_view bytes)
{
    boost::system::error_code ec;
    auto const result = socket_.write_some(asio::buffer(bytes), ec);
    sent += result;
    return result;
}

bool scripted_peer::say(std::string_view text)
{
    std::size_t bytes = 0;
    bool const said = SSL_write_ex(ssl_.get(), text.data(), text.size(), &bytes) == 1;
    ERR_clear_error();
    collect();
    return said;
}

void scripted_peer::say_what_was_asked()
{
    SSL_do_handshake(ssl_.get());
    ERR_clear_error();
    collect();
}

void scripted_peer::say_close_notify()
{
    SSL_shutdown(ssl_.get());
    ERR_clear_error();
    collect();
}

void scripted_peer::hear(std::string_view bytes)
{
    BIO_write(in_, bytes.data(), static_cast<int>(bytes.size()));
    read_all();
}

} // namespace vidi_test
