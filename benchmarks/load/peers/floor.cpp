// As little as can be done: OpenSSL on non-blocking sockets under epoll, the request made once.

#include "answer.hpp"
#include "descriptor.hpp"
#include "peer.hpp"
#include "question.hpp"
#include "tls.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace load {
namespace {

bool is_refusal(std::string_view response) { return response.starts_with("HTTP/1.1 429 "); }

// The length of the first response in the bytes; 0 if that is not known yet, or more than there is.
std::size_t response_size(std::string_view bytes, std::size_t& body_begin)
{
    constexpr std::string_view head_end = "\r\n\r\n", field = "\r\nContent-Length: ";
    auto const end = bytes.find(head_end);
    if (end == std::string_view::npos)
        return 0;
    auto const head = bytes.substr(0, end);
    auto const found = head.find(field);
    bool const expected = head.starts_with("HTTP/1.1 200 ") || is_refusal(head);
    if (!expected || found == std::string_view::npos)
        throw std::runtime_error{"not the answer that was expected: " + std::string{head}};
    std::size_t body = 0;
    std::from_chars(head.data() + found + field.size(), head.data() + head.size(), body);
    body_begin = end + head_end.size();
    auto const size = body_begin + body;
    return size <= bytes.size() ? size : 0;
}

std::string whole_request(options const& chosen)
{
    auto const body = chosen.question.body();
    return "POST " + std::string{question::target} + " HTTP/1.1\r\nHost: " + chosen.hosts.front() +
           ':' + std::to_string(chosen.port) + "\r\nAuthorization: Bearer " + question::key +
           "\r\nContent-Type: application/json\r\nAccept: application/json\r\nContent-Length: " +
           std::to_string(body.size()) + "\r\n\r\n" + body;
}

// What all connections of one run have in common.
struct surroundings
{
    handshakes& made;
    SSL_CTX* tls;
    std::string request;
    descriptor epoll{::epoll_create1(EPOLL_CLOEXEC), "epoll_create1"};
    std::array<char, 32 * 1024> buffer{};
};

class connection
{
public:
    connection(surroundings& around, tally& account, std::string const& host, std::uint16_t port)
        : around_{around}, account_{account}, socket_{open(host, port), "socket"}, tls_{::SSL_new(
                                                                                       around.tls)}
    {
        ::SSL_set_fd(tls_.get(), socket_.get());
        // A record in one system call.
        ::SSL_set_read_ahead(tls_.get(), 1);
        ::SSL_set_connect_state(tls_.get());
        tls::expect_address(tls_.get(), host);
        wait_for(EPOLL_CTL_ADD, EPOLLOUT);
        sending_ = take();
    }

    // OpenSSL refuses to resume the session of a connection that ends without a shutdown.
    ~connection() { ::SSL_set_shutdown(tls_.get(), SSL_SENT_SHUTDOWN | SSL_RECEIVED_SHUTDOWN); }

    SSL* tls() { return tls_.get(); }

    void advance()
    {
        if (!::SSL_is_init_finished(tls_.get())) {
            if (!succeeded(::SSL_do_handshake(tls_.get())))
                return;
            ++(::SSL_session_reused(tls_.get()) ? around_.made.resumed : around_.made.full);
        }
        sending_ ? write() : read();
    }

private:
    struct release
    {
        void operator()(SSL* tls) const { ::SSL_free(tls); }
    };

    static int open(std::string const& host, std::uint16_t port)
    {
        int const opened = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
        int const on = 1;
        ::setsockopt(opened, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        sockaddr_in to{};
        to.sin_family = AF_INET;
        to.sin_port = htons(port);
        ::inet_pton(AF_INET, host.c_str(), &to.sin_addr);
        if (::connect(opened, reinterpret_cast<sockaddr*>(&to), sizeof to) != 0 &&
            errno != EINPROGRESS)
            fail("connect");
        return opened;
    }

    void wait_for(int operation, std::uint32_t events)
    {
        if (operation == EPOLL_CTL_MOD && events == awaited_)
            return;
        awaited_ = events;
        epoll_event event{};
        event.events = events;
        event.data.ptr = this;
        if (::epoll_ctl(around_.epoll.get(), operation, socket_.get(), &event) != 0)
            fail("epoll_ctl");
    }

    bool succeeded(int result)
    {
        if (result > 0)
            return true;
        switch (::SSL_get_error(tls_.get(), result)) {
        case SSL_ERROR_WANT_READ:
            // The buffer that session tickets were read into is not released by the mode.
            ::SSL_free_buffers(tls_.get());
            wait_for(EPOLL_CTL_MOD, EPOLLIN);
            return false;
        case SSL_ERROR_WANT_WRITE:
            wait_for(EPOLL_CTL_MOD, EPOLLOUT);
            return false;
        default:
            throw std::runtime_error{
                "a connection failed: " + std::string{std::strerror(errno)} + ", OpenSSL's error " +
                std::to_string(::ERR_peek_error())};
        }
    }

    bool take()
    {
        if (!account_.take())
            return false;
        sent_ = clock::now();
        return true;
    }

    void write()
    {
        auto const& request = around_.request;
        if (!succeeded(::SSL_write(tls_.get(), request.data(), static_cast<int>(request.size()))))
            return;
        sending_ = false;
        wait_for(EPOLL_CTL_MOD, EPOLLIN);
    }

    void read()
    {
        auto& buffer = around_.buffer;
        int const got = ::SSL_read(tls_.get(), buffer.data(), static_cast<int>(buffer.size()));
        if (!succeeded(got))
            return;
        std::string_view bytes{buffer.data(), static_cast<std::size_t>(got)};
        if (!unfinished_.empty())
            bytes = unfinished_.append(bytes);
        std::size_t body_begin = 0;
        if (auto const size = response_size(bytes, body_begin))
            return finish(bytes.substr(0, size), body_begin);
        if (unfinished_.empty())
            unfinished_ = bytes;
        // What OpenSSL has taken from the socket makes no event.
        if (::SSL_has_pending(tls_.get()) == 1)
            read();
    }

    void finish(std::string_view response, std::size_t body_begin)
    {
        if (is_refusal(response))
            account_.refused();
        else
            account_.done(sent_, output_text(response.substr(body_begin)));
        unfinished_.clear();
        sending_ = take();
        if (sending_)
            write();
    }

    surroundings& around_;
    tally& account_;
    descriptor socket_;
    std::unique_ptr<SSL, release> tls_;
    std::uint32_t awaited_ = 0;
    bool sending_ = false;
    clock::time_point sent_{};
    std::string unfinished_;
};

class floor : public peer
{
public:
    explicit floor(options const& chosen)
        : chosen_{chosen}, tls_{::SSL_CTX_new(::TLS_client_method())}
    {
        tls::set_up(tls_.get(), chosen.ca_file);
        ::SSL_CTX_set_mode(tls_.get(), SSL_MODE_RELEASE_BUFFERS);
        sessions_.collect_from(tls_.get());
    }

    handshakes made() const override { return made_; }

    void run(workload const& work) override
    {
        surroundings around{made_, tls_.get(), whole_request(chosen_)};
        std::vector<std::unique_ptr<connection>> connections;
        connections.reserve(work.connections());
        while (!work.finished()) {
            auto const due = work.due();
            while (connections.size() < due)
                connections.push_back(open(around, work, connections.size()));
            wait(around, due == work.connections() ? -1 : 1);
        }
    }

private:
    struct release
    {
        void operator()(SSL_CTX* tls) const { ::SSL_CTX_free(tls); }
    };

    std::unique_ptr<connection> open(surroundings& around, workload const& work, std::size_t number)
    {
        auto opened = std::make_unique<connection>(
            around, work.account_of(number), work.host_of(number), chosen_.port);
        sessions_.resume_one(opened->tls());
        return opened;
    }

    static void wait(surroundings& around, int milliseconds)
    {
        std::array<epoll_event, 256> events{};
        int const ready = ::epoll_wait(
            around.epoll.get(), events.data(), static_cast<int>(events.size()), milliseconds);
        for (int i = 0; i < ready; ++i)
            static_cast<connection*>(events[static_cast<std::size_t>(i)].data.ptr)->advance();
    }

    options const chosen_;
    std::unique_ptr<SSL_CTX, release> tls_;
    tls::session_store sessions_;
    handshakes made_;
};

} // namespace
} // namespace load

int main(int argc, char** argv)
{
    auto const chosen = load::parse_options(argc, argv);
    return load::drive(chosen, [&] { return std::make_unique<load::floor>(chosen); });
}
