#pragma once

#include <vidi/tls_options.hpp>

#include "emulator/openssl.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <cstddef>
#include <limits>
#include <string>
#include <string_view>
#include <utility>

namespace vidi_test {

using stream_socket = boost::asio::ip::tcp::socket;

// Two ends of a connection that has no network in it: what is sent at one has arrived at the other.
std::pair<stream_socket, stream_socket> make_socket_pair(boost::asio::io_context&);

// Two ends of a connection through the loopback interface, which knows resets.
std::pair<stream_socket, stream_socket> make_loopback_pair(boost::asio::io_context&);

// The certificate of `localhost`, made with a fixed key, as PEM. It is its own authority.
std::string const& peer_certificate();

// What a client needs to trust it.
vidi::tls_options trust_in_peer();

// A server's context for one version of TLS, or for all if that is 0.
vidi::emulation::ssl_ctx_ptr make_server_context(int version);

// A TLS server whose every byte is in the test's hands: OpenSSL works on memory, and what it has to
// say goes to the client when, and cut up as, the test has it.
class scripted_peer
{
public:
    static constexpr auto unlimited = std::numeric_limits<std::size_t>::max();

    scripted_peer(SSL_CTX*, stream_socket);

    SSL* native_handle() noexcept { return ssl_.get(); }
    stream_socket& socket() noexcept { return socket_; }

    // Takes in what the client has sent, and sends one piece of what there is to say. Returns how
    // many bytes that were; 0: until the client says or takes something, nothing can be done.
    std::size_t work();

    // The two halves of work(), of which the second may be left out.
    std::size_t listen();
    std::size_t send_piece();

    // Will be sent: application data, unless it is too early or too late for it; what OpenSSL has
    // been asked to say otherwise.
    bool say(std::string_view);
    void say_what_was_asked();
    void say_close_notify();

    // As if the client had sent this.
    void hear(std::string_view);

    // Sends bytes that are none of OpenSSL's. Returns how many the socket took.
    std::size_t send(std::string_view);

    std::size_t piece = unlimited;  // how much is sent at a time at most
    std::size_t cut_at = unlimited; // where in all that is sent one piece ends in any case
    std::string unsent;
    std::size_t sent = 0;
    std::string received;  // application data
    int outcome = 0;       // why reading ended, as SSL_get_error gives it
    bool ended = false;    // the client has closed its side of the connection, or reset it
    unsigned long why = 0; // OpenSSL's reason for the last failure

private:
    void read_all();
    void collect();

    stream_socket socket_;
    vidi::emulation::ssl_ptr ssl_;
    BIO* in_;
    BIO* out_;
};

} // namespace vidi_test
